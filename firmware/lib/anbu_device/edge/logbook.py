"""The device's own log: journal (what goes where) and disk (bytes) joined with the clock.

Knows: how a record becomes durable, and how one is read back.
May not know: what a record means to a dose or a person.
"""

from binascii import crc32
from os import urandom

from anbu_device.core.clock import DeviceClock
from anbu_device.core.journal import SEGMENT_RECORDS, Journal
from anbu_wire.messages import (
    LOG_NEARLY_FULL,
    NO_COMPARTMENT,
    NO_SLOT,
    RECORD_BYTES,
    Record,
    encode_record,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from anbu_device.edge.disk import Disk

_NEARLY_FULL_PERCENT = 80
_LOG_SUFFIX = ".log"


def _name(first_seq: int) -> str:
    return "%08x%s" % (first_seq, _LOG_SUFFIX)


class Logbook:
    """Appends, reads and frees records. `failed`: what was last written is not durable."""

    def __init__(self, disk: "Disk", clock: DeviceClock, boot: int) -> None:
        self._disk = disk
        self._clock = clock
        self._boot = boot
        self._said_nearly_full = False
        self.failed = False
        self.schedule_version = 0
        self.journal = Journal(self._epoch(), disk.size_blocks() * 3 // 4)

    def _epoch(self) -> int:
        """The epoch of this log store, drawn when the store is created; 0 without a store."""
        blob = self._disk.read_or_empty("epoch")
        if len(blob) == 8 and crc32(blob[:4]) == int.from_bytes(blob[4:], "little"):
            return int.from_bytes(blob[:4], "little")
        epoch = urandom(4)
        try:
            self._disk.replace("epoch", epoch + crc32(epoch).to_bytes(4, "little"))
        except OSError:
            self.failed = True
            return 0
        return int.from_bytes(epoch, "little")

    def read_in(self, seen: "Callable[[Record], None]") -> None:
        """Reads the whole log at start, oldest first; `seen(record)` gets each record."""
        for name in self._disk.names():
            if name.endswith(_LOG_SUFFIX):
                size = SEGMENT_RECORDS * RECORD_BYTES
                data = self._disk.read(name, 0, size)
                self.journal.read_in(int(name[: -len(_LOG_SUFFIX)], 16), data, seen)
        self._clock.timeline = self.journal.timeline

    def append(
        self,
        kind: int,
        slot: "tuple[int, int]" = NO_SLOT,
        compartment: int = NO_COMPARTMENT,
        value: int = 0,
    ) -> bytes:
        """Writes one record and flushes it. Returns its 32 bytes, b"" when the log is broken."""
        blob = encode_record(self._record(kind, slot, compartment, value))
        try:
            self._disk.append(_name(self.journal.place()), blob)
        except OSError:
            self.failed = True
            self.journal.broke()
            return b""
        self.failed = False
        self.journal.wrote(slot[0])
        return blob

    def _record(self, kind: int, slot: "tuple[int, int]", compartment: int, value: int) -> Record:
        clock = self._clock
        return Record(
            self.journal.next_seq,
            self._boot & 0xFFFF,
            clock.uptime_ms,
            clock.wall_s(),
            clock.timeline,
            clock.quality(),
            kind,
            compartment,
            slot,
            self.schedule_version,
            max(-32768, min(32767, value)),
        )

    def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
        """The records of that range that are held, in order; the caller bounds the range."""
        found = []
        for seq in range(first_seq, min(last_seq, self.journal.newest_seq) + 1):
            place = self.journal.locate(seq)
            if place:
                found.append(self._disk.read(_name(place[0]), place[1], RECORD_BYTES))
        return found

    def acknowledge(self, epoch: int, up_to_seq: int) -> bool:
        """Notes the acknowledgement and frees what may be freed."""
        if not self.journal.acknowledge(epoch, up_to_seq):
            return False
        for first_seq in self.journal.freeable():
            self._disk.remove(_name(first_seq))
            self.journal.freed(first_seq)
        return True

    def warn_when_nearly_full(self) -> bytes:
        """Writes LOG_NEARLY_FULL once a boot; returns the record's bytes or b""."""
        if self._said_nearly_full or self.journal.full_percent() < _NEARLY_FULL_PERCENT:
            return b""
        self._said_nearly_full = True
        return self.append(LOG_NEARLY_FULL, value=self.journal.full_percent())
