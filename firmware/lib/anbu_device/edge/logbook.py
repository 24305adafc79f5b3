"""The device's own log: journal (what goes where) and disk (bytes) joined with the clock.

Knows: how a record becomes durable, and how one is read back.
May not know: what a record means to a dose or a person.

A full store takes no record more (`failed`) until acknowledged segments were freed; the box goes on
reminding. Nothing here raises: a log that cannot be written never stops the box.
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
_NO_EPOCH = 0  # no store, or one that cannot be listed: nothing is written
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
        self.journal = Journal(self._epoch(), disk.size_blocks() * 2 // 3)  # the rest is littlefs's

    def _epoch(self) -> int:
        """The epoch of this log store, drawn when the store is created."""
        blob = self._disk.read_or_empty("epoch")
        if len(blob) == 8 and crc32(blob[:4]) == int.from_bytes(blob[4:], "little"):
            return int.from_bytes(blob[:4], "little")
        epoch = urandom(4)
        try:
            self._disk.replace("epoch", epoch + crc32(epoch).to_bytes(4, "little"))
        except OSError:
            self.failed = True
            return _NO_EPOCH
        return int.from_bytes(epoch, "little")

    def read_in(self, seen: "Callable[[Record], None]") -> None:
        """Reads the whole log at start, oldest first; `seen(record)` gets each record."""
        try:
            names = self._disk.names()
        except OSError:
            self.failed = True
            self.journal.epoch = _NO_EPOCH  # which numbers were given is not known
            return
        for name in names:
            if name.endswith(_LOG_SUFFIX):
                first_seq = int(name[: -len(_LOG_SUFFIX)], 16)
                self.journal.read_in(first_seq, self._segment(name), seen)
        self._clock.timeline = self.journal.timeline

    def _segment(self, name: str) -> bytes:
        """A whole segment. Zeros where it is unreadable: none of its numbers is given again."""
        size_bytes = SEGMENT_RECORDS * RECORD_BYTES
        try:
            return self._disk.read(name, 0, size_bytes)
        except OSError:
            return bytes(size_bytes)

    def append(
        self,
        kind: int,
        slot: "tuple[int, int]" = NO_SLOT,
        compartment: int = NO_COMPARTMENT,
        value: int = 0,
    ) -> bytes:
        """Writes one record and flushes it. Returns its 32 bytes, b"" when that was not possible.

        Once a boot LOG_NEARLY_FULL follows; the gateway gets it by the next report.
        """
        blob = self._append(kind, slot, compartment, value)
        percent = self.journal.full_percent()
        if blob and percent >= _NEARLY_FULL_PERCENT and not self._said_nearly_full:
            self._said_nearly_full = bool(
                self._append(LOG_NEARLY_FULL, NO_SLOT, NO_COMPARTMENT, percent)
            )
        return blob

    def _append(self, kind: int, slot: "tuple[int, int]", compartment: int, value: int) -> bytes:
        journal = self.journal
        self.failed = True
        if journal.epoch == _NO_EPOCH or journal.full():
            return b""
        blob = encode_record(self._record(kind, slot, compartment, value))
        try:
            self._disk.append(_name(journal.place()), blob, journal.starts_segment())
        except OSError:
            journal.broke()
            return b""
        self.failed = False
        journal.wrote(slot[0])
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
        """The records of that range that are held, in order; the caller bounds the range.

        A damaged one is given as it stands: the gateway notes the gap.
        """
        found: list[bytes] = []
        seq, end = first_seq, min(last_seq, self.journal.newest_seq) + 1
        while seq < end:
            place = self.journal.locate(seq)
            count = min(place[2], end - seq) if place else 1
            if place:
                found += self._run(place[0], place[1], count)
            seq += count
        return found

    def _run(self, first_seq: int, offset_bytes: int, count: int) -> "list[bytes]":
        try:
            data = self._disk.read(_name(first_seq), offset_bytes, count * RECORD_BYTES)
        except OSError:
            return []
        return [
            data[i : i + RECORD_BYTES] for i in range(0, len(data) - RECORD_BYTES + 1, RECORD_BYTES)
        ]

    def acknowledge(self, epoch: int, up_to_seq: int) -> bool:
        """Notes the acknowledgement and frees what may be freed."""
        if not self.journal.acknowledge(epoch, up_to_seq):
            return False
        for first_seq in self.journal.freeable():
            try:
                self._disk.remove(_name(first_seq))
            except OSError:
                break  # the next acknowledgement tries again
            self.journal.freed(first_seq)
        return True
