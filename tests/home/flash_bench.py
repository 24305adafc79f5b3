"""What the tests of flashing share: a small image, and what a board's flash must hold after it.

Knows: device images, virtual boards. May not know: what a test wants of them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from tools.home.official import stand_in
from tools.technician import partitions as p
from tools.technician.device_image import DeviceImage, build, pack
from tools.technician.micropython import read

APP_BYTES = 300_000


@cache
def small_image(
    board: str = "pillbox-s3", chip: str = "", mib: int = 0, app_bytes: int = APP_BYTES
) -> DeviceImage:
    """An image with a program of three pieces; quick to write."""
    base = p.BOARDS[board]
    chip = chip or base.chip.name
    wanted = replace(base, chip=p.CHIPS[chip], flash_mib=mib or base.flash_mib)
    official = read(stand_in(chip, app_bytes=app_bytes))
    files = {"main.mpy": b"program"}
    root = {"main.py": b"loader"}
    return build(wanted, official, version=7, signer=bytes(64), root=root, slot=files)


def saved(image: DeviceImage, folder: Path) -> Path:
    """The image as a file."""
    file = folder / "device.img"
    file.write_bytes(pack(image))
    return file


def stands(image: DeviceImage, flash: bytes, *, but: tuple[str, ...] = ()) -> bool:
    """Whether every segment stands in the flash, those of `but` aside."""
    return all(
        flash[segment.at : segment.at + len(segment.data)] == segment.data
        for label, segment in image.segments.items()
        if label not in but
    )
