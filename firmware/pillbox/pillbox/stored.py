"""The schedule in the box's flash: the one that runs, and the one before it.

Knows: two files and their CRC, which of them to believe. May not know: clocks, slots, who sent it.
A newest copy that cannot be believed leaves the one before running (`lost` KEPT_OLD); with no copy
left there is no schedule and nothing is prompted (`lost` NONE): no reminder is ever made up.
"""

import struct
from binascii import crc32

from micropython import const

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.schedule import MAX_BYTES, UTC, Schedule, decode_schedule

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class Store(Protocol):
        """Where the schedule is kept."""

        durable: bool  # False: there is no store

        def read(self, name: str, offset_bytes: int, size_bytes: int) -> bytes:
            """Bytes of a file. Raises OSError."""

        def replace(self, name: str, blob: bytes, keep: str = "") -> None:
            """Writes a file whole or not at all, the old bytes stay as `keep`. Raises OSError."""


# what was found at the start, and is so until a schedule is stored; the value of SCHEDULE_LOST
KEPT_OLD = 0
NONE = 1
WELL = -1

_NEWEST = "schedule"
_BEFORE = "schedule.old"
_HEAD = "<HHI"  # version, size, CRC32 of what follows
_HEAD_BYTES = const(8)
_ENOENT = const(2)


class Schedules:
    """`version` 0 and an empty `blob` until there is one."""

    def __init__(self, disk: "Store") -> None:
        self._disk = disk
        self._runs = _NEWEST  # the file that holds the one that runs
        self.version = 0
        self.blob = b""
        self.lost = WELL

    def load(self) -> "Schedule":
        """The schedule to run at start; one without entries where none can be believed."""
        broken = False
        for name in (_NEWEST, _BEFORE):
            data = self._read(name)
            schedule = self._believed(data) if data else None
            if schedule is not None:
                self._runs = name
                self.lost = KEPT_OLD if broken else WELL
                return schedule
            broken = broken or data is not None
        self.lost = NONE if broken else WELL
        return Schedule(UTC, [])

    def _read(self, name: str) -> "bytes | None":
        """The file's bytes, b"" where they cannot be read, None where there is no file."""
        try:
            return self._disk.read(name, 0, _HEAD_BYTES + MAX_BYTES)
        except OSError as error:
            return None if error.errno == _ENOENT else b""

    def _believed(self, data: bytes) -> "Schedule | None":
        if len(data) < _HEAD_BYTES:
            return None
        version, size, crc = struct.unpack(_HEAD, data[:_HEAD_BYTES])
        blob = data[_HEAD_BYTES:]
        if len(blob) != size or crc32(blob) != crc or not version:
            return None
        try:
            schedule = decode_schedule(blob)
        except RemoteProtocolError:
            return None
        self.version, self.blob = version, blob
        return schedule

    def store(self, version: int, blob: bytes) -> None:
        """Keeps a schedule and, beside it, the one that ran. Raises OSError: the old one runs.

        A copy that is not believed is written over; the one that runs never is. Where there is no
        store at all (which is a fault that shows) the schedule runs as long as the power lasts.
        """
        if self._disk.durable:
            head = struct.pack(_HEAD, version, len(blob), crc32(blob))
            keep = _BEFORE if self._runs == _NEWEST and self.version else ""
            self._disk.replace(_NEWEST, head + blob, keep)
            self._runs = _NEWEST
        self.version, self.blob = version, bytes(blob)
        self.lost = WELL
