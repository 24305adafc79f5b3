"""An official MicroPython image for ESP32 as bytes: what it says of itself, whether it is whole.

Knows: Espressif's image format (esptool docs: "Firmware Image Format"), the application descriptor
(ESP-IDF `esp_app_desc_t`), where MicroPython's image has what. May not know: files, ports, boards.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from operator import xor

from tools.technician.partitions import CHIPS, TABLE_AT, Chip, Partition, decode, part

IDF_NEWEST = (5, 5, 2)  # the newest IDF that this project's firmware is known to run on
APP_AT = 0x10000
_MAGIC = 0xE9
_HEAD_BYTES = 24
_CHECKSUM_SEED = 0xEF
_DESCRIPTOR_AT = _HEAD_BYTES + 8  # the first segment's data
_DESCRIPTOR_MAGIC = 0xABCD5432
_MIB_CODES = {1: 0, 2: 1, 4: 2, 8: 3, 16: 4, 32: 5}
_HASH_BYTES = 32


class NotOfficial(ValueError):  # noqa: N818 - says what the bytes are not
    """These bytes are no whole MicroPython image; the text is one line."""


@dataclass(frozen=True, slots=True)
class Official:
    """An image: its chip, versions as `v1.26.0` and `v5.4.2`, the bytes of boot loader and app."""

    chip: Chip
    version: str
    idf: str
    boot: bytes
    app: bytes
    digest: str  # SHA-256 of the whole file, hex


def read(data: bytes) -> Official:
    """What an official image holds. Raises NotOfficial where it is another's, or not whole."""
    if len(data) < _HEAD_BYTES or data[0] != _MAGIC:
        raise NotOfficial("it does not begin as an image for ESP32 (first byte 0xE9)")
    number = struct.unpack_from("<H", data, 12)[0]
    chip = next((chip for chip in CHIPS.values() if chip.image_id == number), None)
    if chip is None:
        raise NotOfficial(f"it is for a chip we have no board with (chip id {number})")
    table = data[TABLE_AT - chip.boot_at :]
    try:
        factory = part(decode(table), "factory")
    except (ValueError, KeyError) as error:
        raise NotOfficial(f"no partition table in it: {error}") from error
    app = _app(data[APP_AT - chip.boot_at :], factory, chip)
    boot = data[: image_bytes(data, "boot loader")]
    if len(boot) > TABLE_AT - chip.boot_at:
        raise NotOfficial("its boot loader reaches over the partition table")
    version, idf = _descriptor(app)
    return Official(chip, version, idf, boot, app, sha256(data).hexdigest())


def _app(data: bytes, factory: Partition, chip: Chip) -> bytes:
    if factory.offset != APP_AT:
        raise NotOfficial(f"its application begins at {factory.offset:#x}, not at {APP_AT:#x}")
    if len(data) < _HEAD_BYTES or data[0] != _MAGIC:
        raise NotOfficial("the application is missing: the file is cut off, or is another's")
    if struct.unpack_from("<H", data, 12)[0] != chip.image_id:
        raise NotOfficial("boot loader and application are for different chips")
    return data[: image_bytes(data, "application")]


def image_bytes(data: bytes, what: str) -> int:
    """How long the image at the start of `data` is. Raises NotOfficial where it is not whole."""
    at, checksum = _HEAD_BYTES, _CHECKSUM_SEED
    for _segment in range(data[1]):
        if at + 8 > len(data):
            raise NotOfficial(f"the {what} is cut off after {len(data)} bytes")
        size = struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            raise NotOfficial(f"the {what} is cut off: {size - len(body)} bytes are missing")
        checksum ^= _xor(body)
        at += 8 + size
    at += 16 - at % 16
    hashed = bool(data[_HEAD_BYTES - 1])
    if at + hashed * _HASH_BYTES > len(data):
        raise NotOfficial(f"the {what} is cut off: its end is missing")
    if data[at - 1] != checksum:
        raise NotOfficial(f"the {what} is damaged: its checksum is wrong")
    if hashed:
        if sha256(data[:at]).digest() != data[at : at + _HASH_BYTES]:
            raise NotOfficial(f"the {what} is damaged: its SHA-256 is wrong")
        at += _HASH_BYTES
    return at


def _xor(body: bytes) -> int:
    """All bytes XORed; eight at a time, for a megabyte has many."""
    whole = len(body) // 8 * 8
    words = reduce(xor, struct.unpack(f"<{whole // 8}Q", body[:whole]), 0)
    return reduce(xor, [*words.to_bytes(8, "little"), *body[whole:]], 0)


def _descriptor(app: bytes) -> tuple[str, str]:
    """(version, IDF version). Raises NotOfficial where it is not MicroPython's."""
    if struct.unpack_from("<I", app, _DESCRIPTOR_AT)[0] != _DESCRIPTOR_MAGIC:
        raise NotOfficial("the application says nothing of itself")
    version, project = (_text(app, _DESCRIPTOR_AT + offset) for offset in (16, 48))
    idf = _text(app, _DESCRIPTOR_AT + 112)
    if project != "micropython":
        raise NotOfficial(f"it is {project or 'nameless'}, not micropython")
    return version, idf


def _text(data: bytes, at: int) -> str:
    return data[at : at + 32].split(b"\0")[0].decode("ascii", "replace")


def idf_known(idf: str) -> bool:
    """Whether this IDF is not newer than the newest known good."""
    match = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", idf)
    return match is not None and tuple(int(n or 0) for n in match.groups()) <= IDF_NEWEST


def sized(boot: bytes, flash_mib: int) -> bytes:
    """The boot loader for that much flash: what its head says counts, not what the chip has."""
    end = image_bytes(boot, "boot loader")
    changed = bytearray(boot[:end])
    changed[3] = _MIB_CODES[flash_mib] << 4 | changed[3] & 0x0F
    if changed[_HEAD_BYTES - 1]:
        changed[-_HASH_BYTES:] = sha256(changed[:-_HASH_BYTES]).digest()
    return bytes(changed)
