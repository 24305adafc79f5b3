"""Bytes taken apart into what the layers speak: chunks, messages, records, schedules.

Knows: the table of messages, values a home would really use. May not know: who gets them.
Any string of bytes is a story; most of it is likely enough to come past the first check.
"""

from __future__ import annotations

import struct
from binascii import crc32

from anbu_wire import messages as m
from anbu_wire.frame import FRAME_LIMIT_BYTES
from anbu_wire.schedule import FORMAT, HEAD_BYTES, UTC, Entry, Schedule, encode_schedule
from anbu_wire.session import OVERHEAD_BYTES

MESSAGE_BYTES = FRAME_LIMIT_BYTES - OVERHEAD_BYTES
EPOCH = 0x07070707
START_S = 825_758_400  # 2026-03-02 in seconds since 2000
KINDS = sorted(m.TABLE)
TO_BOX = [kind for kind in KINDS if kind < m.STATUS]
TO_GATEWAY = [kind for kind in KINDS if kind >= m.STATUS]

# fields for which any number would hardly ever mean something: this and up to 255 more
_LIKELY = {
    "epoch": EPOCH, "wall_s": START_S, "offset_min": 540, "next_offset_min": 540, "oldest_seq": 1,
    "from_wall_s": START_S - 100, "until_wall_s": START_S, "schedule_version": 0,
}  # fmt: skip
_EXACT = ("epoch", "offset_min", "next_offset_min", "oldest_seq")


class Source:
    """Takes a string of bytes apart; zeros where it has ended."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """The next bytes."""
        part = self._data[self._at : self._at + size]
        self._at += size
        return part + bytes(size - len(part))

    def number(self, size: int) -> int:
        """The next bytes as a number."""
        return int.from_bytes(self.take(size), "little")

    def chunk(self) -> bytes:
        """So many of the next bytes as the first of them says."""
        size = min(self.number(1), max(0, len(self._data) - self._at))
        return self.take(size)

    def message(self, kinds: list[int], request_id: int | None = None, next_seq: int = 1) -> bytes:
        """A message of one of these kinds with any values, now and then any bytes at all.

        `next_seq`: where a likely RECORDS goes on.
        """
        choice = self.number(1)
        if choice == 0xFF:
            return self.chunk()[:MESSAGE_BYTES]
        kind = (KINDS if choice > 0xF0 else kinds)[choice % len(kinds)]
        _name, fmt, names, has_tail = m.TABLE[kind]
        number = self.number(2) if request_id is None else request_id
        fields = [self._field(name, letter) for name, letter in zip(names, fmt[1:], strict=True)]
        tail = self._tail(kind, next_seq) if has_tail else b""
        return (struct.pack("<BH", kind, number) + b"".join(fields) + tail)[:MESSAGE_BYTES]

    def _field(self, name: str, letter: str) -> bytes:
        """One field: mostly a value that could be, else any, else one at an edge."""
        size = struct.calcsize(letter)
        flavour = self.number(1)
        if flavour < 160:
            likely = _LIKELY.get(name, 0) + (0 if name in _EXACT else self.number(1))
            return (likely & (1 << 8 * size) - 1).to_bytes(size, "little")
        if flavour < 208:
            return self.take(size)
        return (bytes(size), b"\xff" * size, bytes(size - 1) + b"\x80")[flavour % 3]

    def _tail(self, kind: int, next_seq: int) -> bytes:
        if kind == m.RECORDS:
            first = next_seq if self.number(1) < 200 else self.number(1)
            tail = b"".join(self.record(first + i) for i in range(self.number(1) % 7))
            return tail + b"x" * (self.number(1) == 1)
        if kind == m.SCHEDULE_CHUNK:
            return self.entries()
        return self.chunk()

    def entries(self) -> bytes:
        """A schedule of up to eight entries that a box could believe, or not quite."""
        count = self.number(1) % 9
        flavour = self.number(1)
        head = struct.pack("<BBhhI", FORMAT, count if flavour else flavour, 540, 540, 0)
        return head + b"".join(self._entry(n) for n in range(count))

    def _entry(self, n: int) -> bytes:
        compartment, due, early, window, late, flavour, rule = self.take(7)
        slot = (9557 + n // 4, n % 4) if flavour < 240 else (flavour, 0)
        lid = compartment % 28 if flavour > 20 else compartment
        windows = (early * 2, 1 + window * 2, late * 2)
        due_s = START_S + (due - 40) * 600
        entry = Entry(slot, lid, due_s, *windows, 0, 0, 0, 0, rule % 3, 0, 0, 0, 0, 0)
        if rule & 0x80:  # each day, on some weekdays, to an end
            entry = entry._replace(every_days=1 + rule % 3, weekdays=rule & 0x7F, until_day=9570)
        elif rule & 0x40:
            entry = entry._replace(daily_max=rule & 7, spacing_min=rule)
        return encode_schedule(Schedule(UTC, [entry]))[HEAD_BYTES:]

    def schedule(self, version: int) -> list[bytes]:
        """The messages that bring a whole schedule, each with a request id of its own."""
        blob = self.entries()
        begin = m.encode(m.SCHEDULE_BEGIN, 11, version, len(blob), crc32(blob))
        chunk = m.encode(m.SCHEDULE_CHUNK, 12, version, 0, tail=blob)
        return [begin, chunk, m.encode(m.SCHEDULE_COMMIT, 13, version)]

    def record(self, seq: int) -> bytes:
        """A record of this number with any other values, now and then with a wrong CRC."""
        flavour = self.number(1)
        body = struct.pack("<I", seq) + self.take(24)
        return body + struct.pack("<I", crc32(body) if flavour else 0)
