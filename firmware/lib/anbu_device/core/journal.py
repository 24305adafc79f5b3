"""Where each record of the log stands, and what may be freed.

Knows: segments of 4 KiB (128 records), sequence numbers, torn ends, what was acknowledged.
May not know: a file system. It plans; edge/logbook does, then says `wrote`.

A segment is a file named after its first sequence number. Only whole segments are freed, and only
when every record in them was acknowledged *and* no slot in them is younger than KEEP_DAYS *and*
it is not among the KEEP_SEGMENTS before the newest: after a restart the box rebuilds its slots from
here, and must know what was taken, also where a clock that was ahead gave it slots of another year,
which make those of today look old. While something
`lasts` (a compartment that is empty) nothing is freed. All that may fill half of the store; beyond
it acknowledgement alone decides. A sequence number is never given twice.

A full store takes no record more but a few urgent ones: a call for help must have a number, or no
gateway could give a receipt for it. For those RESERVE_SEGMENTS more may be begun, two, so that one
failed write does not use the reserve up; nothing else goes there.
"""

from micropython import const

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.messages import CLOCK_SET, RECORD_BYTES, Record, decode_record

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

SEGMENT_RECORDS = const(128)
KEEP_DAYS = const(3)
KEEP_SEGMENTS = const(1)
RESERVE_SEGMENTS = const(2)

_FIRST = const(0)
_COUNT = const(1)
_LAST_DAY = const(2)


class Journal:
    """The index of the log store. Segments are [first_seq, count, newest slot day]."""

    def __init__(self, epoch: int, max_segments: int) -> None:
        self.epoch = epoch
        self.acknowledged_seq = 0
        self.timeline = 0
        self.torn = False  # a damaged record was met while reading in
        self._damaged_seq = 0  # the last one of them that keeps its number
        self.lasts = False  # something in the log holds until another record ends it
        self._max_segments = max_segments
        self._segments: list[list[int]] = []
        self._sealed = True  # True: the next record starts a new segment
        self._next_seq = 1

    @property
    def newest_seq(self) -> int:
        """The last written sequence number, 0 for an empty log."""
        return self._next_seq - 1

    @property
    def oldest_seq(self) -> int:
        """The first sequence number still held (the next one, for an empty log)."""
        return self._segments[0][_FIRST] if self._segments else self._next_seq

    @property
    def next_seq(self) -> int:
        """The sequence number of the record to be written next."""
        return self._next_seq

    def read_in(self, first_seq: int, data: bytes, seen: "Callable[[Record], None]") -> None:
        """Takes one segment at start, oldest first; calls `seen(record)` for each good record.

        `data` ends where the next segment begins: a number is given to the later one of two.
        A damaged record keeps its number, which may have been pushed already. Half a record at the
        end was never flushed: its number is free, and writing goes on in a new segment.
        """
        segment = self._begin(first_seq, len(data))
        count = segment[_COUNT]
        for i in range(count):
            record = _good(data[i * RECORD_BYTES : (i + 1) * RECORD_BYTES], first_seq + i)
            if record is None:
                self.torn = True
                self._damaged_seq = first_seq + i
                continue
            segment[_LAST_DAY] = max(segment[_LAST_DAY], record.slot[0])
            # A clock set as the last word: the power went, perhaps before the clock chip took it.
            self.timeline = (record.timeline + (record.kind == CLOCK_SET)) & 0xFFFF
            seen(record)

    def skim(self, first_seq: int, size_bytes: int) -> None:
        """Takes a segment at start by its size alone: one too old for a slot to be rebuilt from it.

        Call it for all such segments before `read_in` gets the younger ones. Its slots count as
        old: what is not read at a start need not be kept for one.
        """
        self._begin(first_seq, size_bytes)

    def _begin(self, first_seq: int, size_bytes: int) -> "list[int]":
        count = size_bytes // RECORD_BYTES
        whole = count * RECORD_BYTES == size_bytes
        self.torn = self.torn or not whole
        self._sealed = not whole or count in (0, SEGMENT_RECORDS)
        segment = [first_seq, count, 0]
        if count:
            self._segments.append(segment)
        self._next_seq = first_seq + count
        return segment

    def lacks(self) -> bool:
        """At start: whether something recent was damaged, or refused because the store was full."""
        damaged = self._damaged_seq and self._next_seq - self._damaged_seq <= SEGMENT_RECORDS
        return bool(damaged) or self.full()

    def place(self) -> int:
        """The first sequence number (= name) of the segment the next record goes into."""
        if self._sealed or not self._segments:
            return self._next_seq
        return self._segments[-1][_FIRST]

    def starts_segment(self) -> bool:
        """Whether the next record is the first of its segment."""
        return self.place() == self._next_seq

    def full(self, urgent: bool = False) -> bool:
        """Whether the next record would need a segment more than the store may have."""
        held = len(self._segments) + self.starts_segment()
        return held > self._max_segments + (RESERVE_SEGMENTS if urgent else 0)

    def wrote(self, slot_day: int) -> None:
        """The next record is flushed to where `place` said."""
        if self.starts_segment():
            self._segments.append([self._next_seq, 0, 0])
        segment = self._segments[-1]
        segment[_COUNT] += 1
        segment[_LAST_DAY] = max(segment[_LAST_DAY], slot_day)
        self._next_seq += 1
        self._sealed = segment[_COUNT] == SEGMENT_RECORDS

    def broke(self) -> None:
        """A write failed: whatever stands there now is not trusted; go on in a new segment."""
        self._sealed = True

    def locate(self, seq: int) -> "tuple[int, int, int] | None":
        """(segment name, byte offset, records from there to its end), None where it is not held."""
        for segment in self._segments:
            before = seq - segment[_FIRST]
            if 0 <= before < segment[_COUNT]:
                return segment[_FIRST], before * RECORD_BYTES, segment[_COUNT] - before
        return None

    def acknowledge(self, epoch: int, up_to_seq: int) -> bool:
        """The gateway has committed all up to here. False for another epoch or the future.

        Less than before is believed too: the gateway's database was put back to an older copy, and
        what is still held here must go there again.
        """
        if epoch != self.epoch or up_to_seq > self.newest_seq:
            return False
        self.acknowledged_seq = up_to_seq
        return True

    def freeable(self) -> "list[int]":
        """Names of segments that may be deleted now, oldest first; never the newest one."""
        newest_day = max([s[_LAST_DAY] for s in self._segments] or [0])
        spare = len(self._segments) - self._max_segments // 2
        names: list[int] = []
        others = len(self._segments)
        for segment in self._segments[:-1]:
            others -= 1
            last = segment[_FIRST] + segment[_COUNT] - 1
            day = segment[_LAST_DAY]
            young = day > 0 and (day + KEEP_DAYS > newest_day or others <= KEEP_SEGMENTS)
            young = young or self.lasts
            if last > self.acknowledged_seq or (young and len(names) >= spare):
                break
            names.append(segment[_FIRST])
        return names

    def freed(self, name: int) -> None:
        """The oldest segment is gone from the store."""
        self._segments = [s for s in self._segments if s[_FIRST] != name]

    def full_percent(self) -> int:
        """How much of the store's segments is in use."""
        return min(100, len(self._segments) * 100 // self._max_segments)


def _good(data: bytes, seq: int) -> "Record | None":
    """The record in `data` if it is whole and has that number."""
    try:
        record = decode_record(data)
    except RemoteProtocolError:
        return None
    return record if record.seq == seq else None
