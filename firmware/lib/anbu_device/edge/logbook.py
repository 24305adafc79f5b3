"""The device's own log: journal (what goes where) and disk (bytes) joined with the clock.

Knows: how a record becomes durable, and how one is read back.
May not know: what a record means to a dose or a person.

A full store takes no record more (`failed`) until acknowledged segments were freed; the box goes on
reminding. What was refused is counted, and RECORDS_LOST tells how many as soon as there is room.
The call for help has a small reserve (journal), or no receipt could ever name it. Nothing here
raises: a log that cannot be written never stops the box.
"""

from binascii import crc32
from os import urandom

from anbu_device.core.clock import DeviceClock
from anbu_device.core.journal import SEGMENT_RECORDS, Journal
from anbu_wire.messages import (
    HELP_NOT_SENT,
    HELP_PRESSED,
    LOG_NEARLY_FULL,
    NO_COMPARTMENT,
    NO_SLOT,
    RECORD_BYTES,
    RECORDS_LOST,
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
_URGENT = (HELP_PRESSED, HELP_NOT_SENT)  # may go into the journal's reserve
# A start reads the youngest segments only (2,048 records, some weeks of an ordinary life), so that
# it takes no longer in a full store.
_READ_SEGMENTS = 16
_VALUE_MAX = 32767


def _name(first_seq: int) -> str:
    return "%08x%s" % (first_seq, _LOG_SUFFIX)


class Logbook:
    """Appends, reads and frees records."""

    def __init__(self, disk: "Disk", clock: DeviceClock, boot: int) -> None:
        self._disk = disk
        self._clock = clock
        self._boot = boot
        self._said_nearly_full = False
        self._broken = False  # no epoch could be kept, or the store cannot be listed
        self._lost = 0  # records refused and not yet told
        self.halted = False  # the supply is too weak for flash: every record is refused
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
            self._broken = True
            return _NO_EPOCH
        return int.from_bytes(epoch, "little")

    @property
    def failed(self) -> bool:
        """Whether something is not durable that should be."""
        return self._broken or self._lost > 0

    @property
    def lacks(self) -> bool:
        """After `read_in`: whether what happened before this start may not be in the log."""
        return self._broken or self.journal.lacks()

    def read_in(
        self, seen: "Callable[[Record], None]", unread: "Callable[[], None] | None" = None
    ) -> None:
        """Reads the log's young end at start, oldest first; `seen(record)` gets each record.

        `unread()` before them where others were written that nobody reads now: freed, or too many.
        """
        try:
            files = [file for file in self._disk.files() if file[0].endswith(_LOG_SUFFIX)]
        except OSError:
            self._broken = True
            self.journal.epoch = _NO_EPOCH  # which numbers were given is not known
            return
        old = len(files) - _READ_SEGMENTS
        starts = [int(name[: -len(_LOG_SUFFIX)], 16) for name, _size_bytes in files]
        if unread and starts and starts[max(0, old)] > 1:
            unread()
        starts.append(starts[-1] + SEGMENT_RECORDS if starts else 0)
        for place, (name, size_bytes) in enumerate(files):
            first_seq = starts[place]
            # From where the next segment begins, what stands here was said to have failed: nobody
            # else gets to know of it, so the box does not either.
            most_bytes = min(SEGMENT_RECORDS, starts[place + 1] - first_seq) * RECORD_BYTES
            if place < old:
                self.journal.skim(first_seq, min(size_bytes, most_bytes))
            else:
                self.journal.read_in(first_seq, self._segment(name, most_bytes), seen)
        self._clock.timeline = self.journal.timeline

    def _segment(self, name: str, most_bytes: int) -> bytes:
        """A whole segment. Zeros where it is unreadable: none of its numbers is given again."""
        try:
            return self._disk.read(name, 0, most_bytes)
        except OSError:
            return bytes(most_bytes)

    def append(
        self,
        kind: int,
        slot: "tuple[int, int]" = NO_SLOT,
        compartment: int = NO_COMPARTMENT,
        value: int = 0,
    ) -> bytes:
        """Writes one record and flushes it. Returns its 32 bytes, b"" when that was not possible.

        RECORDS_LOST goes before it where records were refused, LOG_NEARLY_FULL follows once a boot;
        the gateway gets those by the next report.
        """
        urgent = kind in _URGENT
        self.tell_lost()
        blob = b""
        if urgent or not self._lost:
            blob = self._append(kind, slot, compartment, value, urgent)
        if not blob:
            self._lost += 1
        percent = self.journal.full_percent()
        if blob and percent >= _NEARLY_FULL_PERCENT and not self._said_nearly_full:
            self._said_nearly_full = bool(
                self._append(LOG_NEARLY_FULL, NO_SLOT, NO_COMPARTMENT, percent)
            )
        return blob

    def tell_lost(self) -> None:
        """Writes how many records were refused, where some were and the log takes records again."""
        count = min(self._lost, _VALUE_MAX)
        if count and self._append(RECORDS_LOST, NO_SLOT, NO_COMPARTMENT, count):
            self._lost = 0

    def _append(
        self,
        kind: int,
        slot: "tuple[int, int]",
        compartment: int,
        value: int,
        urgent: bool = False,
    ) -> bytes:
        journal = self.journal
        if self.halted or journal.epoch == _NO_EPOCH or journal.full(urgent):
            return b""
        blob = encode_record(self._record(kind, slot, compartment, value))
        try:
            self._disk.append(_name(journal.place()), blob, journal.starts_segment())
        except OSError:
            journal.broke()
            return b""
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
            max(-_VALUE_MAX - 1, min(_VALUE_MAX, value)),
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
        self.tell_lost()
        return True
