"""The state that a plug keeps over restarts, as bytes: packed, checked, taken apart.

Knows: how many numbers each room saves, the CRC. May not know: what the numbers mean, a file.

version u8 · boot u16 · wall s u32 · uptime ms i64 · the rooms' numbers i64 each · the week · CRC32
of all before it (little-endian). Bytes that are not such a state, whole, are nothing.
"""

import struct
from binascii import crc32

from micropython import const

from careplug import automatic, hour, load

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Numbers = tuple[int, ...]

_VERSION = const(1)
_HEAD = "<BHIq"
_NUMBERS = load.FIELDS + automatic.FIELDS + hour.FIELDS
_FORMAT = "<" + "q" * _NUMBERS
_HEAD_BYTES = struct.calcsize(_HEAD)
_NUMBERS_BYTES = struct.calcsize(_FORMAT)
WEEK_AT = _HEAD_BYTES + _NUMBERS_BYTES
BYTES = WEEK_AT + automatic.BYTES + 4


def pack(blob: bytearray, boot: int, uptime_ms: int, wall_s: int, numbers: "Numbers") -> None:
    """Writes the state into `blob`, BYTES long, that has the week from WEEK_AT on already."""
    struct.pack_into(_HEAD, blob, 0, _VERSION, boot, wall_s, uptime_ms)
    struct.pack_into(_FORMAT, blob, _HEAD_BYTES, *numbers)
    struct.pack_into("<I", blob, BYTES - 4, crc32(memoryview(blob)[: BYTES - 4]))


def unpack(blob: bytes) -> "tuple[int, int, int, Numbers, bytes] | None":
    """(boot, uptime_ms, wall_s, numbers, days), None where the bytes are no such state."""
    if len(blob) != BYTES or blob[0] != _VERSION:
        return None
    body = blob[:-4]
    if crc32(body) != struct.unpack("<I", blob[-4:])[0]:
        return None
    _version, boot, wall_s, uptime_ms = struct.unpack(_HEAD, body[:_HEAD_BYTES])
    numbers = struct.unpack(_FORMAT, body[_HEAD_BYTES:WEEK_AT])
    return boot, uptime_ms, wall_s, numbers, bytes(body[WEEK_AT:])


def split(numbers: "Numbers") -> "tuple[Numbers, Numbers, Numbers]":
    """The numbers of load, week and hour."""
    week = load.FIELDS
    ours = week + automatic.FIELDS
    return numbers[:week], numbers[week:ours], numbers[ours:]
