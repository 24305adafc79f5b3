"""Doses as needed: a compartment whose lid is the request.

Knows: the least time between two, the most a local day, which openings counted. May not know: dose
slots, lights, storage; the time is handed in.

Counted is what was accepted, and what was refused but stayed open for more than ten seconds.
"""

from array import array

from micropython import const

from anbu_wire.messages import (
    LID_CLOSED,
    LID_OPENED,
    OPENED_PRN,
    OPENED_PRN_TOO_MANY,
    OPENED_PRN_TOO_SOON,
    Record,
)
from anbu_wire.schedule import local_day

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Entry, Schedule

_COUNTED_MOST = const(64)  # openings remembered, by the order of the log
_KEPT_MS = const(10_000)
REFUSED = (OPENED_PRN_TOO_SOON, OPENED_PRN_TOO_MANY)


class Prn:
    """The openings that counted, the last ones by the order of the log."""

    def __init__(self) -> None:
        self._ids = array("I", [0] * _COUNTED_MOST)  # local day · 256 + index; 0 = free
        self._at_s = array("I", [0] * _COUNTED_MOST)
        self._next = 0  # the place of the next one, which is the oldest one's
        # compartment → (slot id, wall seconds, boot, uptime ms) of a refused lid that is still open
        self._refused: dict[int, tuple[tuple[int, int], int, int, int]] = {}

    def entry_of(self, schedule: "Schedule", compartment: int, wall_s: int) -> "Entry | None":
        """The as-needed entry of that compartment that is valid now."""
        found: "Entry | None" = None
        for entry in schedule.entries:
            if entry.daily_max and entry.compartment == compartment:
                over = entry.until_day and local_day(schedule.zone, wall_s) > entry.until_day
                if wall_s >= entry.due_wall_s and not over:
                    found = entry
        return found

    def judge(self, entry: "Entry", day: int, wall_s: int) -> int:
        """OPENED_PRN, _TOO_SOON or _TOO_MANY for an opening on that local day."""
        today = 0
        for i in range(_COUNTED_MOST):
            if self._ids[i] and self._ids[i] & 0xFF == entry.slot[1]:
                # Either way: a clock that was set back does not make it sooner.
                if -entry.spacing_min * 60 < wall_s - self._at_s[i] < entry.spacing_min * 60:
                    return OPENED_PRN_TOO_SOON
                today += self._ids[i] >> 8 == day
        return OPENED_PRN_TOO_MANY if today >= entry.daily_max else OPENED_PRN

    def opened(
        self,
        compartment: int,
        slot: "tuple[int, int]",
        value: int,
        wall_s: int,
        boot: int,
        at_ms: int,
    ) -> None:
        """A lid was opened and told as `value` (LID_OPENED's): counts, or waits ten seconds."""
        if value == OPENED_PRN:
            self._count(slot, wall_s)
        elif value in REFUSED:
            self._refused[compartment] = (slot, wall_s, boot, at_ms)

    def look(self, uptime_ms: int) -> None:
        """Time passed: what was refused and stays open for more than ten seconds counts."""
        for compartment in list(self._refused):
            if uptime_ms - self._refused[compartment][3] > _KEPT_MS:
                self._kept(compartment)

    def closed(self, compartment: int, boot: int, uptime_ms: int) -> None:
        """The lid was shut."""
        refused = self._refused.get(compartment)
        if refused is not None:
            if boot != refused[2] or uptime_ms - refused[3] > _KEPT_MS:
                self._kept(compartment)
            else:
                del self._refused[compartment]

    def resumed(self) -> None:
        """The box was off: how long a refused lid stood open is not known, so it counts."""
        for compartment in list(self._refused):
            self._kept(compartment)

    @property
    def waiting(self) -> bool:
        """Whether a refused lid is open and may yet count."""
        return bool(self._refused)

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first."""
        if record.kind == LID_OPENED:
            at = (record.wall_s, record.boot, record.uptime_ms)
            self.opened(record.compartment, record.slot, record.value, *at)
        elif record.kind == LID_CLOSED:
            self.closed(record.compartment, record.boot, record.uptime_ms)

    def _kept(self, compartment: int) -> None:
        slot, wall_s, _boot, _at_ms = self._refused.pop(compartment)
        self._count(slot, wall_s)

    def _count(self, slot: "tuple[int, int]", wall_s: int) -> None:
        self._ids[self._next] = slot[0] << 8 | slot[1]
        self._at_s[self._next] = wall_s
        self._next = (self._next + 1) % _COUNTED_MOST
