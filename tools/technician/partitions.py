"""Where what stands in a device's flash: our partition tables, as data and as bytes.

Knows: chips, flash sizes, ESP-IDF's partition table (docs: "Partition Tables", binary format).
May not know: files, ports, what a partition holds.

MicroPython mounts the partition labelled `vfs` as its root. Its official image ends below 2 MiB;
behind it lie the root with the loader, a second copy of the keys, two app slots and the log.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import md5

KIB = 1024
MIB = 1024 * KIB
BLOCK = 4 * KIB  # the flash is erased by these
TABLE_AT = 0x8000
TABLE_BYTES = 0xC00
APP, DATA = 0, 1
_ROW = "<HBBII16sI"
_ROW_MAGIC = 0x50AA
_ROW_BYTES = 32
_MD5_HEAD = b"\xeb\xeb" + b"\xff" * 14
_FACTORY, _NVS, _PHY, _LOG, _SLOT, _KEYS, _FILES = 0x00, 0x02, 0x01, 0x40, 0x41, 0x42, 0x83

ROOT, SLOT_A, SLOT_B, LOG, NVS, KEYS = "vfs", "app_a", "app_b", "log", "nvs", "keys"
KEYS_MAGIC = b"ANBK"  # so the second copy of a device's keys begins


@dataclass(frozen=True, slots=True)
class Chip:
    """`image_id` stands in bytes 12–13 of an image; `boot_at`: where its bootloader begins."""

    name: str  # as esptool has it
    image_id: int
    boot_at: int


CHIPS = {
    chip.name: chip
    for chip in (Chip("esp32", 0, 0x1000), Chip("esp32s3", 9, 0), Chip("esp32c3", 5, 0))
}


@dataclass(frozen=True, slots=True)
class Partition:
    """One row; offset and size in bytes."""

    label: str
    type: int
    subtype: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + self.size


# What comes before the root is where MicroPython's own table has it.
_COMMON = (
    Partition(NVS, DATA, _NVS, 0x9000, 0x6000),
    Partition("phy_init", DATA, _PHY, 0xF000, 0x1000),
    Partition("factory", APP, _FACTORY, 0x10000, 0x1F0000),
    Partition(ROOT, DATA, _FILES, 0x200000, 0x20000),
    Partition(KEYS, DATA, _KEYS, 0x220000, 0x1000),
)
# MiB of flash: the table
TABLES: dict[int, tuple[Partition, ...]] = {
    4: (
        *_COMMON,
        Partition(SLOT_A, DATA, _SLOT, 0x230000, 0x80000),
        Partition(SLOT_B, DATA, _SLOT, 0x2B0000, 0x80000),
        Partition(LOG, DATA, _LOG, 0x330000, 0xD0000),
    ),
    8: (
        *_COMMON,
        Partition(SLOT_A, DATA, _SLOT, 0x400000, 0x80000),
        Partition(SLOT_B, DATA, _SLOT, 0x480000, 0x80000),
        Partition(LOG, DATA, _LOG, 0x600000, 0x100000),
    ),
}


@dataclass(frozen=True, slots=True)
class Board:
    """What a board must be: its chip, its flash in MiB, whether it hangs on the mains."""

    target: str
    name: str
    chip: Chip
    flash_mib: int
    mains: bool

    @property
    def table(self) -> tuple[Partition, ...]:
        """Its partitions."""
        return TABLES[self.flash_mib]


BOARDS = {
    board.name: board
    for board in (
        Board("pillbox", "pillbox-s3", CHIPS["esp32s3"], 8, mains=False),
        Board("careplug", "care-node", CHIPS["esp32c3"], 4, mains=True),
        Board("careplug", "metering-plug", CHIPS["esp32c3"], 4, mains=True),
    )
}


def part(table: tuple[Partition, ...], label: str) -> Partition:
    """The partition of that label. Raises KeyError."""
    for row in table:
        if row.label == label:
            return row
    raise KeyError(label)


def encode(table: tuple[Partition, ...]) -> bytes:
    """The table as it stands at TABLE_AT: rows, their MD5, blank to TABLE_BYTES."""
    rows = b"".join(
        struct.pack(
            _ROW, _ROW_MAGIC, row.type, row.subtype, row.offset, row.size, row.label.encode(), 0
        )
        for row in table
    )
    digest = md5(rows, usedforsecurity=False).digest()
    return (rows + _MD5_HEAD + digest).ljust(TABLE_BYTES, b"\xff")


def decode(data: bytes) -> tuple[Partition, ...]:
    """The rows of a table. Raises ValueError where there is none or its MD5 is wrong."""
    found: list[Partition] = []
    for at in range(0, min(len(data), TABLE_BYTES), _ROW_BYTES):
        row = data[at : at + _ROW_BYTES]
        if row[:16] == _MD5_HEAD:
            if md5(data[:at], usedforsecurity=False).digest() != row[16:]:
                raise ValueError("the partition table's MD5 is wrong")
            break
        if row == b"\xff" * _ROW_BYTES:
            break
        if len(row) < _ROW_BYTES or struct.unpack_from("<H", row)[0] != _ROW_MAGIC:
            raise ValueError("there is no partition table")
        _magic, kind, subtype, offset, size, label, _flags = struct.unpack(_ROW, row)
        name = label.rstrip(b"\0").decode("ascii", "replace")
        found.append(Partition(name, kind, subtype, offset, size))
    if not found:
        raise ValueError("there is no partition table")
    return tuple(found)
