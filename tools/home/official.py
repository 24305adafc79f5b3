"""Stands in for the official MicroPython image, which no registry ships: same shape, no program.

Knows: Espressif's image format, where MicroPython's image has what. May not know: who reads it.
Boot loader, partition table and application are whole by every check of esptool and of ours; the
virtual board runs MicroPython for this computer in their place.
"""

from __future__ import annotations

import struct
from functools import reduce
from hashlib import sha256
from operator import xor
from random import Random

from tools.technician.partitions import APP, CHIPS, DATA, TABLE_AT, Partition, encode

_APP_AT = 0x10000
_APP_BYTES = 1_600_000  # about what the real one has
_CHECKSUM_SEED = 0xEF
_ENTRY = 0x40080000
# MicroPython's own table since 1.26: its file system begins where the last partition ends
_TABLE = (
    Partition("nvs", DATA, 0x02, 0x9000, 0x6000),
    Partition("phy_init", DATA, 0x01, 0xF000, 0x1000),
    Partition("factory", APP, 0x00, _APP_AT, 0x1F0000),
)


def stand_in(
    chip: str,
    *,
    version: str = "v1.26.0",
    idf: str = "v5.4.2",
    project: str = "micropython",
    app_bytes: int = _APP_BYTES,
) -> bytes:
    """A .bin for "esp32", "esp32s3" or "esp32c3", the same bytes every time."""
    about = CHIPS[chip]
    noise = Random(chip)
    boot = _image(about.image_id, [noise.randbytes(18_000)])
    app = _image(about.image_id, [_descriptor(version, idf, project), _body(noise, app_bytes)])
    table_at, app_at = TABLE_AT - about.boot_at, _APP_AT - about.boot_at
    start = boot.ljust(table_at, b"\xff") + encode(_TABLE)
    return start.ljust(app_at, b"\xff") + app


def _body(noise: Random, size: int) -> bytes:
    """Half of it can be compressed, as a program can."""
    return b"".join(noise.randbytes(32) + bytes(32) for _ in range(size // 64))


def _descriptor(version: str, idf: str, project: str) -> bytes:
    texts = (version, project, "12:00:00", "Jan  1 2026", idf)
    sizes = (32, 32, 16, 16, 32)
    fields = b"".join(t.encode().ljust(n, b"\0") for t, n in zip(texts, sizes, strict=True))
    return (struct.pack("<IIII", 0xABCD5432, 0, 0, 0) + fields).ljust(256, b"\0")


def _image(chip_id: int, segments: list[bytes]) -> bytes:
    head = struct.pack("<BBBBI", 0xE9, len(segments), 2, 0x20, _ENTRY)
    head += struct.pack("<B3sHBHH4sB", 0xEE, bytes(3), chip_id, 0, 0, 0xFFFF, bytes(4), 1)
    data, checksum = head, _CHECKSUM_SEED
    for number, body in enumerate(segments):
        data += struct.pack("<II", 0x3F400020 + number * 0x10000, len(body)) + body
        checksum = reduce(xor, body, checksum)
    data = data.ljust(len(data) + 15 - len(data) % 16, b"\0") + bytes((checksum,))
    return data + sha256(data).digest()
