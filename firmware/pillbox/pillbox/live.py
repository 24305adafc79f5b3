"""Which slots live now: a few days of the schedule around the time, and whatever has begun.

Knows: the schedule, what the log says of its slots, spacing. May not know: lids, lights, storage;
the time is handed in. What has begun keeps its own entry, whatever schedule comes.
"""

from micropython import const

from anbu_wire.messages import DOUBT_BRIEF, SLOT_DOUBTFUL, SLOT_UNKNOWN
from anbu_wire.schedule import DAY_S, UTC, Schedule, occurrences
from pillbox.memory import Memory
from pillbox.slot import TOUCHED, WAITING, Slot

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Entry

    Effects = list[tuple[int, tuple[int, int], int, int]]

AROUND_S = const(172_800)  # two days back and ahead
_BACK_MOST_S = const(604_800)  # after a pause, back to its begin, a week at most
_LIVE_MOST = const(128)  # far beyond any household; bounds the RAM
_AT_FIRST_TIME = -1


def _due(slot: Slot) -> int:
    due_wall_s: int = slot.entry.due_wall_s
    return due_wall_s


class Live:
    """The live slots, by due time. `came_s`: when the schedule came, as far as the log knows."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self.schedule = Schedule(UTC, [])
        self.memory = Memory()
        self.came_s = 0
        self.seen_s = 0  # the last known time, from the log or a look
        self.expanded_s = 0  # 0: has to be done again

    def came(self, wall_s: int) -> None:
        """A schedule came at that time; 0 = at a time that becomes known later."""
        self.came_s = wall_s or _AT_FIRST_TIME

    def time_known(self, wall_s: int) -> None:
        """It is that time now."""
        if self.came_s == _AT_FIRST_TIME:
            self.came_s = wall_s

    def expand(self, wall_s: int) -> None:
        """Takes from the schedule the slots around that time; what has begun stays as it is."""
        by_id = {slot.entry.slot: slot for slot in self.slots}
        fresh: list[Slot] = []
        from_s = wall_s - AROUND_S
        if self.seen_s:
            from_s = max(wall_s - _BACK_MOST_S, min(from_s, self.seen_s))
        for rule in self.schedule.entries:
            for entry in occurrences(rule, self.schedule.zone, from_s, wall_s + AROUND_S):
                slot = by_id.pop(entry.slot, None)
                if slot is None or slot.state == WAITING:
                    slot = self._new(entry, wall_s)  # by what this schedule says of it, all of it
                if slot is not None:
                    fresh.append(slot)
        fresh += [slot for slot in by_id.values() if self._stays(slot, wall_s)]
        fresh.sort(key=_due)
        while len(fresh) > _LIVE_MOST:
            fresh.pop(-1 if fresh[-1].state == WAITING else 0)
        self.slots = fresh
        self.expanded_s = wall_s
        self.respace()

    def _stays(self, slot: Slot, wall_s: int) -> bool:
        """Whether a slot that the schedule does not name, or not now, lives on."""
        recent = -AROUND_S <= wall_s - slot.entry.due_wall_s <= AROUND_S
        return slot.state != WAITING and (not slot.final() or recent)

    def _new(self, entry: "Entry", wall_s: int) -> "Slot | None":
        slot = Slot(entry)
        self.memory.remind(slot)
        over = slot.state == WAITING and slot.ends_s <= min(self.came_s, wall_s)
        return None if over else slot  # over before its schedule came: not this box's

    def respace(self) -> None:
        """Reckons anew how early each slot may be opened, after a lid was."""
        for slot in self.slots:
            entry = slot.entry
            if entry.spacing_min:
                before = (entry.slot[0] - entry.after_days, entry.after_index)
                opened_s = self.memory.opened_s(before)
                slot.not_before_s = opened_s + entry.spacing_min * 60 if opened_s else 0

    def find_begun(self, effects: "Effects") -> None:
        """Brings back the slots that had begun before a restart, wherever the clock stands now.

        One that no schedule names any more ends here: nobody knows its windows.
        """
        live = [slot.entry.slot for slot in self.slots]
        for slot_id, compartment, state in self.memory.open_ones():
            if slot_id in live:
                continue
            entry = self._entry_of(slot_id)
            if entry is None:
                kind, value = SLOT_UNKNOWN, 0
                if state == TOUCHED:
                    kind, value = SLOT_DOUBTFUL, DOUBT_BRIEF
                effects.append((kind, slot_id, compartment, value))
            else:
                slot = Slot(entry)
                self.memory.remind(slot)
                self.slots.append(slot)
        self.slots.sort(key=_due)
        self.respace()

    def _entry_of(self, slot_id: "tuple[int, int]") -> "Entry | None":
        day, index = slot_id
        for rule in self.schedule.entries:
            if rule.slot[1] == index and not rule.daily_max:
                from_s = (day - 2) * DAY_S if rule.every_days else rule.due_wall_s
                until_s = from_s + 5 * DAY_S
                for entry in occurrences(rule, self.schedule.zone, from_s, until_s):
                    if entry.slot == slot_id:
                        return entry
        return None
