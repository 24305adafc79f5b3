"""Simulated `esp32`: flash partitions as NOR on files, NVS as files, with the flash's times.

Knows: ANBU_FLASH (a folder: one file a partition, one a name space). May not know: littlefs, keys.
Where a whole flash lies in the folder ("flash.bin", as the flash tool wrote it), its own partition
table counts, and partitions are where that says.
NOR truths: a program only clears bits, an erase sets a whole 4 KiB block; everything goes through
to the file page by page, so that a killed process leaves a torn write behind as a power cut does.
While a file "broken" lies in the folder nothing is written: OSError (EIO).
ANBU_FLASH_TIMES=maximum takes the data sheet's maximum times in place of the typical ones, "none"
takes no time at all (for filling a log by the ten thousand).
"""

import json
import os
import struct

import utime

import sleep
from sleep import (  # noqa: F401 - part of the port's `esp32`
    WAKEUP_ALL_LOW,
    WAKEUP_ANY_HIGH,
    wake_on_ext0,
    wake_on_ext1,
)

_BLOCK = 4096
_BLANK = b"\xff" * 256
_PAGE = 256

# W25Q64JV: sector erase and page program
_TIMES_US = {"typical": (45000, 700), "maximum": (400000, 3000), "none": (0, 0)}
_ERASE_US, _PROGRAM_US = _TIMES_US[os.getenv("ANBU_FLASH_TIMES") or "typical"]

_NOT_FOUND = -0x1102  # ESP_ERR_NVS_NOT_FOUND
_INVALID_NAME = -0x1106  # ESP_ERR_NVS_INVALID_NAME: longer than 15 characters
_INVALID_LENGTH = -0x110C  # ESP_ERR_NVS_INVALID_LENGTH: the buffer is too small

# label: (type, subtype, address, size); what the flash tool's table gives the box.
_TABLE = {
    "app_a": (1, 0x41, 0x400000, 0x80000),
    "app_b": (1, 0x41, 0x480000, 0x80000),
    "log": (1, 0x40, 0x600000, 0x100000),
    "keys": (1, 0x42, 0x220000, 0x1000),
}


_TABLE_AT = 0x8000
_ROW = "<HBBII16sI"  # magic, type, subtype, address, size, label, flags
_ROW_MAGIC = 0x50AA


def _table() -> "dict[str, tuple[int, int, int, int]]":
    """The flashed table, or the one above where no flash lies there."""
    whole = _folder() + "/flash.bin"
    if not _exists(whole):
        return _TABLE
    found: "dict[str, tuple[int, int, int, int]]" = {}
    with open(whole, "rb") as file:
        file.seek(_TABLE_AT)
        while True:
            row = struct.unpack(_ROW, file.read(struct.calcsize(_ROW)))
            if row[0] != _ROW_MAGIC:
                return found
            found[row[5].rstrip(b"\0").decode()] = row[1:5]


def _folder() -> str:
    folder = os.getenv("ANBU_FLASH")
    if not folder:
        raise OSError("ANBU_FLASH is not set: start the box from the house")
    return folder


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _refuse_if_broken() -> None:
    """A flash that is broken (a file "broken" beside it) takes nothing; what it has is read."""
    if _exists(_folder() + "/broken"):
        raise OSError(5)


def _spend_us(started: int, duration: int) -> None:
    sleep.flash_us[0] += duration
    left = duration - utime.ticks_diff(utime.ticks_us(), started)
    if left > 0:
        utime.sleep_us(left)


class Partition:
    """A block device with the extended interface: `writeblocks` with an offset does not erase."""

    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, label: str) -> None:
        table = _table()
        if label not in table:
            raise OSError("no partition %s" % label)
        self._info = table[label] + (label, False)
        self._blocks = table[label][3] // _BLOCK
        path = _folder() + "/flash.bin"
        self._start = table[label][2] if _exists(path) else 0
        if not self._start:
            path = _folder() + "/" + label + ".bin"
        if not _exists(path):
            self._blank(path)
        self._file = open(path, "r+b")  # noqa: SIM115 - open as long as the chip has power

    def _blank(self, path: str) -> None:
        with open(path, "wb") as file:
            for _ in range(self._blocks * (_BLOCK // len(_BLANK))):  # noqa: FURB122 - no writelines
                file.write(_BLANK)

    @classmethod
    def find(
        cls, type: int = 0, subtype: int = 255, label: "str | None" = None, block_size: int = _BLOCK
    ) -> "list[Partition]":
        """Partitions of the table that fit."""
        return [
            cls(name)
            for name, row in _table().items()
            if row[0] == type and subtype in (255, row[1]) and label in (None, name)
        ]

    def info(self) -> "tuple[object, ...]":
        """(type, subtype, address, size, label, encrypted)."""
        return self._info

    def readblocks(
        self, block: int, buf: "bytes | bytearray | memoryview", offset: int = 0
    ) -> None:
        """Fills `buf` from a block (and offset) on."""
        self._file.seek(self._place(block, offset, len(buf)))
        self._file.readinto(buf)

    def writeblocks(
        self, block: int, buf: "bytes | bytearray | memoryview", offset: "int | None" = None
    ) -> None:
        """Writes `buf`; without an offset the blocks are erased first."""
        if offset is None:
            for i in range(len(buf) // _BLOCK):
                self._erase(block + i)
            offset = 0
        place = self._place(block, offset, len(buf))
        view = memoryview(buf)
        done = 0
        while done < len(buf):
            size = min(_PAGE - (place + done) % _PAGE, len(buf) - done)
            self._program(place + done, view[done : done + size])
            done += size

    def ioctl(self, op: int, arg: int = 0) -> int:
        """4 = count of blocks, 5 = size of a block, 6 = erase a block."""
        if op == 4:
            return self._blocks
        if op == 5:
            return _BLOCK
        if op == 6:
            self._erase(arg)
        return 0

    def _place(self, block: int, offset: int, size: int) -> int:
        place = block * _BLOCK + offset
        if not 0 <= place <= place + size <= self._blocks * _BLOCK:
            raise OSError(22)
        return self._start + place

    def _erase(self, block: int) -> None:
        _refuse_if_broken()
        started = utime.ticks_us()
        self._file.seek(self._place(block, 0, _BLOCK))
        for _ in range(_BLOCK // len(_BLANK)):
            self._file.write(_BLANK)  # small: the chip needs no memory for it
        _spend_us(started, _ERASE_US)

    def _program(self, place: int, page: "bytes | memoryview") -> None:
        _refuse_if_broken()
        started = utime.ticks_us()
        self._file.seek(place)
        old = self._file.read(len(page))
        if old != b"\xff" * len(page):  # bits are only cleared
            page = bytes(a & b for a, b in zip(old, page))
        self._file.seek(place)
        self._file.write(page)
        _spend_us(started, _PROGRAM_US)


class NVS:
    """One name space: i32 and blobs. What is set is on flash after `commit()`."""

    def __init__(self, namespace: str) -> None:
        self._path = _folder() + "/nvs-" + _name(namespace) + ".json"
        self._values = {}
        if _exists(self._path):
            with open(self._path) as file:
                self._values = json.load(file)

    def set_i32(self, key: str, value: int) -> None:
        """Stores a number."""
        if not -(1 << 31) <= value < 1 << 31:
            raise OverflowError("value out of range")
        self._values[_name(key)] = value

    def get_i32(self, key: str) -> int:
        """A stored number; OSError where there is none."""
        value = self._values.get(key)
        if not isinstance(value, int):
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return value

    def set_blob(self, key: str, value: bytes) -> None:
        """Stores bytes."""
        self._values[_name(key)] = bytes(value).hex()

    def get_blob(self, key: str, buffer: bytearray) -> int:
        """Fills `buffer`; how many bytes the blob has."""
        value = self._values.get(key)
        if not isinstance(value, str):
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        blob = bytes.fromhex(value)
        if len(blob) > len(buffer):
            raise OSError(_INVALID_LENGTH, "ESP_ERR_NVS_INVALID_LENGTH")
        buffer[: len(blob)] = blob
        return len(blob)

    def erase_key(self, key: str) -> None:
        """Forgets a key; OSError where there is none."""
        if self._values.pop(key, None) is None:
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")

    def commit(self) -> None:
        """Everything set so far is on flash on return."""
        _refuse_if_broken()
        started = utime.ticks_us()
        with open(self._path + ".new", "w") as file:
            json.dump(self._values, file)
        os.rename(self._path + ".new", self._path)
        _spend_us(started, _PROGRAM_US)


def _name(text: str) -> str:
    if not 0 < len(text) <= 15:
        raise OSError(_INVALID_NAME, "ESP_ERR_NVS_INVALID_NAME")
    return text
