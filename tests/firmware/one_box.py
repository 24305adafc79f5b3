"""A box on the bench for the both_*.py tests: virtual time, a log that is read back at a restart.

Knows: the pure box's API, and how main joins it with the log. May not know: chips, files.
"""

from anbu_wire.messages import BOOT, NO_COMPARTMENT, NO_SLOT, SCHEDULE_STORED, Record
from anbu_wire.schedule import UTC, Entry, Schedule, Zone, once
from pillbox.box import Box

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effect = tuple[int, tuple[int, int], int, int]

LIDS = 28
MIN = 60
HOUR = 3600
DAY = 86_400
DUE_S = 826_000_200  # 2026-03-05 04:30 UTC
SLOT = (9560, 2)
LID = 10


def dose(
    slot: "tuple[int, int]" = SLOT,
    lid: int = LID,
    due_s: int = DUE_S,
    windows: "tuple[int, int, int]" = (30, 30, 0),
    criticality: int = 0,
    skip_min: int = 0,
    spacing: "tuple[int, int, int]" = (0, 0, 0),
) -> Entry:
    """One dose slot; windows early, window, late; spacing minutes, days back, index."""
    return once(slot, lid, due_s, windows, criticality, skip_min, spacing)


class Bench:
    """One box, its clock and its log. Every look and movement is written and flushed."""

    def __init__(
        self,
        entries: "list[Entry]",
        at_s: int = DUE_S - HOUR,
        zone: Zone = UTC,
        stored_s: "int | None" = None,
    ) -> None:
        self.schedule = Schedule(zone, entries)
        self.wall_s = at_s  # what the box's clock says, 0 = unknown
        self.uptime_ms = 0
        self.boot = 1
        self.open = 0
        self.log: list[Record] = []
        if stored_s is not None:
            self._record(SCHEDULE_STORED, NO_SLOT, NO_COMPARTMENT, 1, stored_s)
        self.box = self._start(None)

    def _start(self, moved: "int | None") -> Box:
        box = Box(LIDS)
        for record in self.log:
            box.recall(record)
        box.adopt(self.schedule, 0)
        box.resumed(self.open, moved)
        self._record(BOOT, NO_SLOT, NO_COMPARTMENT, 0, self.wall_s)
        return box

    def restart(self, off_s: int = 0, moved: "int | None" = None) -> None:
        """Power gone for so long; `moved` as for Box.resumed."""
        self.wall_s += off_s if self.wall_s else 0
        self.uptime_ms = 0
        self.boot += 1
        self.box = self._start(moved)

    def _record(
        self, kind: int, slot: "tuple[int, int]", lid: int, value: int, wall_s: int
    ) -> None:
        at = (self.boot, self.uptime_ms, wall_s, 0, 2 if wall_s else 0)
        self.log.append(Record(len(self.log) + 1, *at, kind, lid, slot, 1, value))

    def write(self, effects: "list[Effect]") -> "list[Effect]":
        """Makes effects durable, as main does."""
        for kind, slot, lid, value in effects:
            self._record(kind, slot, lid, value, self.wall_s)
        self.box.flushed()
        return effects

    def look(self) -> "list[Effect]":
        """One look now."""
        return self.write(self.box.look(self.wall_s, self.uptime_ms))

    def wait(self, ms: int) -> None:
        """Time passes unseen; whole seconds of the wall clock."""
        self.uptime_ms += ms
        if self.wall_s:
            self.wall_s += ms // 1000

    def walk(self, until_s: int, step_s: int = 10) -> "list[Effect]":
        """Looks each ten seconds up to that wall second; everything that happened."""
        effects: list[Effect] = []
        while self.wall_s < until_s:
            self.wait(min(step_s, until_s - self.wall_s) * 1000)
            effects = effects + self.look()
        return effects

    def lid(self, lid: int, opened: bool) -> "list[Effect]":
        """One lid moves now."""
        self.open = self.open | 1 << lid if opened else self.open & ~(1 << lid)
        return self.write(self.box.lid(lid, opened, self.wall_s, self.uptime_ms))

    def open_for(self, lid: int, ms: int) -> "list[Effect]":
        """Opened, and shut after so long, with no look between."""
        effects = self.lid(lid, True)
        self.wait(ms)
        return effects + self.lid(lid, False)

    def light(self, lid: int = LID) -> int:
        """The meaning of that lid's light now."""
        return self.box.show(self.wall_s, False)[lid]

    def sound(self) -> int:
        """The meaning of the sound now."""
        return self.box.sound(self.wall_s, self.uptime_ms)


def kinds(effects: "list[Effect]") -> "list[int]":
    """Their record kinds."""
    return [effect[0] for effect in effects]


def short(effects: "list[Effect]") -> "list[tuple[int, int]]":
    """(record kind, value) of each."""
    return [(effect[0], effect[3]) for effect in effects]
