"""Update images that lie on the gateway: a folder beside the database.

Knows: files. May not know: what a bundle says (gateway.image), devices, the radio.

    updates/*.anbu    as `anbu image` makes them; whoever may write there may lay one there, too
"""

from __future__ import annotations

import os
from pathlib import Path

from gateway.image import MOST_BYTES, Image, ImageRefused, image_of

SUFFIX = ".anbu"
KEPT_MOST = 16  # beyond these nothing is taken in: they are thrown away by hand


class Images:
    """The folder of one database."""

    def __init__(self, database: Path) -> None:
        """Nothing is touched yet."""
        self._folder = database.parent / "updates"

    def every(self) -> tuple[Image, ...]:
        """Those that can be sent, the newest version of a board first; what is none is left out."""
        found = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else ():
            try:
                found.append(image_of(path.name, _read(path)))
            except (ImageRefused, OSError):
                continue
        return tuple(sorted(found, key=lambda image: (image.board, -image.version, image.name)))

    def data(self, crc: int) -> bytes | None:
        """The bytes of an image; None where it lies here no more."""
        name = next((image.name for image in self.every() if image.crc == crc), None)
        try:
            return _read(self._folder / name) if name is not None else None
        except OSError:
            return None

    def take(self, data: bytes) -> Image:
        """Lay down what somebody brought. Raises ImageRefused."""
        image = image_of("", data)
        name = f"{image.board}-{image.version}-{image.crc:08x}{SUFFIX}"
        here = self.every()
        if len(here) >= KEPT_MOST and all(one.crc != image.crc for one in here):
            raise ImageRefused("image_full")
        try:
            self._folder.mkdir(exist_ok=True)
            part = self._folder / f".{name}.part"
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / name)
        except OSError:
            raise ImageRefused("disk") from None
        return image_of(name, data)


def _read(path: Path) -> bytes:
    """At most one byte more than an image may have. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
