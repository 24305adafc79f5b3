"""An update image: what a bundle says of itself before any device has judged it.

Knows: the bundle's head (anbu_wire.bundle). May not know: files, who signed it: the device judges
that, by the key it was given at its making.
"""

from __future__ import annotations

import re
from binascii import crc32
from dataclasses import dataclass

from anbu_wire import bundle
from anbu_wire.errors import RemoteProtocolError

MOST_BYTES = bundle.HEAD_MAX_BYTES + bundle.SIGNATURE_BYTES + bundle.PAYLOAD_MAX_BYTES
_BOARD = re.compile(rb"[a-z0-9_-]{1,16}")


class ImageRefused(ValueError):  # noqa: N818  # an answer, not an error of this program
    """It is no image; `code`: "image" | "image_size" | "image_cut" | "image_full" | "disk"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Image:
    """One image. `crc`: of the whole file, by which an order names it."""

    name: str
    board: str
    version: int
    size_bytes: int
    crc: int


def image_of(name: str, data: bytes) -> Image:
    """What a bundle says of itself. Raises ImageRefused."""
    if len(data) > MOST_BYTES:
        raise ImageRefused("image_size")
    if len(data) < bundle.FIXED_BYTES:
        raise ImageRefused("image")
    try:
        manifest = bundle.Manifest(data[: bundle.head_bytes(data)])
    except RemoteProtocolError:
        raise ImageRefused("image") from None
    if not _BOARD.fullmatch(manifest.board):
        raise ImageRefused("image")
    if manifest.size_bytes != len(data):
        raise ImageRefused("image_cut")
    return Image(name, manifest.board.decode(), manifest.version, len(data), crc32(data))
