"""The pill box as a pure machine: time and lids in, records and meanings out.

Knows: the slots of its schedule and what each stimulus does to them.
May not know: chips, flash, the radio; time is handed in as wall seconds (0 = unknown) and uptime.

Effects are tuples (record kind, slot id, compartment, value). The caller shows the new meanings of
anything that turns *off* at once, then makes the effects durable, then calls `flushed()`: only
then does a new prompt show. A log that cannot be written never mutes a reminder: the caller calls
`flushed()` all the same.
"""

from micropython import const

from anbu_wire.messages import (
    LID_CLOSED,
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    OK_PRESSED,
    REFILL_BEGUN,
    REFILL_ENDED,
    SLOT_SNOOZED,
    Record,
    ScheduleEntry,
)
from pillbox import looks, signals
from pillbox.slot import (
    AWAY,
    DOUBT,
    DUE,
    LATE,
    LID,
    OPEN,
    OPENS,
    RECALLED,
    TAKEN,
    WAITING,
    Slot,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

WRONG_LID_S = const(10)  # a wrong lid open longer makes the due slot doubtful
_UNWATCHED_S = const(60)  # a longer gap between two looks at the clock was not watched
_KEEP_DAYS = const(3)
_SNOOZE_S = const(600)
_SNOOZES_MAX = const(3)

# LID_OPENED values
AS_DUE = const(0)
WRONG = const(1)
AGAIN = const(2)
NO_SLOT_NOW = const(3)
REFILL = const(4)

REFILL_S = const(1800)  # a refill nobody ended is over after half an hour


class Box:
    """All slots of the schedule, the lids, and the one prompt they share."""

    def __init__(self, compartments: int) -> None:
        self.compartments = compartments
        self.slots: list[Slot] = []
        self.meanings = bytearray(compartments)
        self._recalled: dict[tuple[int, int], int] = {}
        self._opened_s = [0] * compartments
        self._wrong_lids = 0  # one bit each
        self._blind = 0  # lids that were opened when the time was not known, one bit each
        self._last_wall_s = 0
        self._quiet_until_s = 0
        self._snoozes = 0
        self._refill_until_s = 0
        self._away = (0, 0)  # wall seconds from … until; equal = at home

    # --- restart and schedule ---

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first."""
        if record.kind == REFILL_BEGUN:
            self._refill_until_s = record.wall_s + REFILL_S
        elif record.kind == REFILL_ENDED:
            self._refill_until_s = 0
        state = RECALLED.get(record.kind)
        if state is not None and record.slot != NO_SLOT:
            self._recalled[record.slot] = state
            self._forget_before(record.slot[0] - _KEEP_DAYS)

    def _forget_before(self, day: int) -> None:
        for slot in [s for s in self._recalled if s[0] < day]:
            del self._recalled[slot]

    def adopt(self, entries: "list[ScheduleEntry]", wall_s: int) -> None:
        """Takes a new schedule. A slot that has begun keeps its state and its own times.

        Slots that were over before the schedule came (`wall_s`, 0 at start) are not this box's.
        """
        begun = {s.entry.slot: s for s in self.slots if s.state != WAITING}
        oldest_day = max([slot[0] for slot in begun] or [0]) - _KEEP_DAYS
        fresh = []
        for entry in entries:
            over = entry.due_wall_s + (entry.window_min + entry.late_min) * 60 <= wall_s
            slot = begun.pop(entry.slot, None)
            if slot is None and not (wall_s and over):
                slot = self._new_slot(entry)
            if slot is not None:
                fresh.append(slot)
        fresh += [s for s in begun.values() if s.entry.slot[0] >= oldest_day or not s.final()]
        fresh.sort(key=lambda s: s.entry.due_wall_s)
        self.slots = fresh

    def _new_slot(self, entry: ScheduleEntry) -> Slot:
        slot = Slot(entry)
        slot.state = self._recalled.get(entry.slot, WAITING)
        slot.armed = slot.state in (DUE, LATE)  # its series was begun, and goes on
        return slot

    def clock_jumped(self) -> None:
        """Wall time was lost or jumped: slots that are open now can no longer be called missed."""
        for slot in self.slots:
            if slot.state in (OPEN, DUE, LATE):
                slot.doubtful_clock = True
        self._last_wall_s = 0  # what the next look finds begun was not watched

    def found_open(self, mask: int) -> None:
        """Lids that stand open at the start: nobody knows when they were opened."""
        self._blind |= mask

    def away(self, from_wall_s: int, until_wall_s: int) -> None:
        """The resident is away: what falls due in between is paused. Equal = at home."""
        self._away = (from_wall_s, until_wall_s)

    @property
    def refilling(self) -> bool:
        """Whether the lids are being filled: an opening is refill, never intake."""
        return self._refill_until_s > 0

    def refill(self, begin: bool, wall_s: int) -> "Effects":
        """Begins or ends a refill; what is already so changes nothing. Needs a known time."""
        if begin == self.refilling or not wall_s:
            return []
        self._refill_until_s = wall_s + REFILL_S if begin else 0
        return [(REFILL_BEGUN if begin else REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, 0)]

    # --- stimuli ---

    def look(self, wall_s: int) -> "Effects":
        """Time passed. `wall_s` 0 (unknown) judges nothing and prompts nothing."""
        effects: "Effects" = []
        if not wall_s:
            return effects
        gap_s = wall_s - self._last_wall_s
        watched = self._last_wall_s > 0 and gap_s <= _UNWATCHED_S
        for slot in self.slots:
            self._advance(slot, wall_s, watched, effects)
        self._last_wall_s = wall_s
        if self.refilling and wall_s >= self._refill_until_s:
            self._refill_until_s = 0
            effects.append((REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, 1))
        self._doubt_blind(effects)
        self._doubt_after_wrong_lid(wall_s, effects)
        return effects

    def _advance(self, slot: Slot, wall_s: int, watched: bool, effects: "Effects") -> None:
        away = self._away[0] <= slot.entry.due_wall_s < self._away[1]
        if away and slot.state in (DUE, LATE):
            self._apply(slot, AWAY, effects)
        stimulus = slot.stimulus_at(wall_s, watched)
        while stimulus:
            self._apply(slot, AWAY if away and stimulus != OPENS else stimulus, effects)
            stimulus = slot.stimulus_at(wall_s, watched)

    def _apply(self, slot: Slot, stimulus: int, effects: "Effects") -> None:
        step = slot.apply(stimulus)
        if step is None:
            return
        if slot.state == DUE:
            self._quiet_until_s = 0
            self._snoozes = 0
        if step[0]:
            effects.append((step[0], slot.entry.slot, slot.entry.compartment, step[1]))

    def _doubt_after_wrong_lid(self, wall_s: int, effects: "Effects") -> None:
        for lid in range(self.compartments if self._wrong_lids else 0):
            if self._wrong_lids >> lid & 1 and wall_s - self._opened_s[lid] > WRONG_LID_S:
                for slot in self.slots:
                    self._apply(slot, DOUBT, effects)

    def _doubt_blind(self, effects: "Effects") -> None:
        """A due dose whose lid was opened at a time nobody knows may be taken: no "take" for it."""
        still_open = 0
        for slot in self.slots if self._blind else ():
            lid = 1 << slot.entry.compartment
            if self._blind & lid:
                self._apply(slot, DOUBT, effects)
                if slot.state == OPEN:
                    still_open |= lid
        self._blind = still_open

    def lid(self, compartment: int, opened: bool, wall_s: int) -> "Effects":
        """A lid moved (debounced)."""
        return self._opened(compartment, wall_s) if opened else self._closed(compartment, wall_s)

    def _opened(self, compartment: int, wall_s: int) -> "Effects":
        self._opened_s[compartment] = wall_s
        if not wall_s:
            self._blind |= 1 << compartment
            return [(LID_OPENED, NO_SLOT, compartment, NO_SLOT_NOW)]
        effects: "Effects" = []
        if self.refilling:
            self._blind |= 1 << compartment  # whose dose is due may have been taken out: no "take"
            return [(LID_OPENED, NO_SLOT, compartment, REFILL)]
        slot = self._slot_of(compartment, (OPEN, DUE, LATE))
        if slot is not None:
            effects.append((LID_OPENED, slot.entry.slot, compartment, AS_DUE))
            self._apply(slot, LID, effects)
            return effects
        taken = self._slot_of(compartment, (TAKEN,))
        if taken is not None and wall_s - taken.entry.due_wall_s < looks.SHOWN_S:
            return [(LID_OPENED, taken.entry.slot, compartment, AGAIN)]
        due = [s for s in self.slots if s.state in (DUE, LATE)]
        if due:
            self._wrong_lids |= 1 << compartment
            return [(LID_OPENED, due[0].entry.slot, compartment, WRONG)]
        return [(LID_OPENED, NO_SLOT, compartment, NO_SLOT_NOW)]

    def _closed(self, compartment: int, wall_s: int) -> "Effects":
        opened_s = self._opened_s[compartment]
        effects: "Effects" = []
        if self._wrong_lids >> compartment & 1:
            self._doubt_after_wrong_lid(wall_s, effects)
            self._wrong_lids ^= 1 << compartment
        self._opened_s[compartment] = 0
        open_for_s = wall_s - opened_s if opened_s and wall_s else 0
        effects.append((LID_CLOSED, NO_SLOT, compartment, open_for_s))
        return effects

    def _slot_of(self, compartment: int, states: "tuple[int, ...]") -> "Slot | None":
        for slot in self.slots:
            if slot.entry.compartment == compartment and slot.state in states:
                return slot
        return None

    def ok(self, wall_s: int) -> "Effects":
        """The OK button: "I am here". Stops the sound for a while, a few times a series."""
        effects = [(OK_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)]
        slot = self._prompting()
        if slot is not None and self._snoozes < _SNOOZES_MAX and wall_s >= self._quiet_until_s:
            self._snoozes += 1
            self._quiet_until_s = wall_s + _SNOOZE_S
            effects.append((SLOT_SNOOZED, slot.entry.slot, slot.entry.compartment, self._snoozes))
        return effects

    def flushed(self) -> None:
        """What the last stimuli said is durable (or the log is known broken): prompts may show."""
        for slot in self.slots:
            if slot.state == DUE:
                slot.armed = True

    # --- what a person sees and hears ---

    def _prompting(self) -> "Slot | None":
        for slot in self.slots:
            if slot.state == DUE and slot.armed:
                return slot
        return None

    def show(self, wall_s: int, fault: bool) -> bytearray:
        """The meaning of every compartment's light now, one byte each (pillbox.signals)."""
        return looks.show(self.meanings, self.slots, wall_s, fault, self._wrong_lids)

    def calls(self) -> bool:
        """Whether light or sound asks somebody to do something now."""
        open_call = any(slot.state in (DUE, LATE) for slot in self.slots)
        return open_call or bool(self._wrong_lids)

    def sound(self, wall_s: int) -> int:
        """The meaning of the sound now (pillbox.signals)."""
        if self._wrong_lids:
            return signals.WARN
        slot = self._prompting()
        if slot is None or not wall_s or wall_s < self._quiet_until_s:
            return signals.SILENT
        return signals.prompt_sound(wall_s - slot.entry.due_wall_s)
