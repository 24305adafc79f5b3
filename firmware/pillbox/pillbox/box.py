"""The pill box as a pure machine: time, lids and words in, records and meanings out.

Knows: its rooms (doses, hands, prompts) and in which order they are asked. May not know: chips,
flash, the radio; time is handed in as wall seconds (0 = unknown) and uptime.

Effects are tuples (record kind, slot id, compartment, value). The caller shows the new meanings of
anything that turns *off* at once, then makes the effects durable, then calls `flushed()`: only
then does a new prompt show. A log that cannot be written never mutes a reminder: the caller calls
`flushed()` all the same.
"""

from micropython import const

from anbu_wire.messages import (
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    OK_PRESSED,
    RECORDS_LOST,
    REFILL_END,
    SCHEDULE_STORED,
    SLOT_PROMPTED,
    SLOT_SNOOZED,
    Record,
)
from anbu_wire.schedule import Schedule, local_minute
from pillbox import looks, signals
from pillbox.doses import Doses
from pillbox.hands import Hands
from pillbox.prompts import SNOOZED, Prompts
from pillbox.slot import DUE, LATE, OPENED, Slot

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

_CALLING = (DUE, LATE, OPENED)
_DONE_MS = const(2000)  # one round of the sound that says "this one is done"


class Box:
    """All slots of the schedule, the lids, and the one prompt they share."""

    def __init__(self, compartments: int) -> None:
        self.compartments = compartments
        self.meanings = bytearray(compartments)
        self._doses = Doses()
        self._hands = Hands(compartments, self._doses)
        self._prompts = Prompts()
        self._running = False
        self._uptime_ms = 0

    @property
    def slots(self) -> "list[Slot]":
        """The live slots, by due time."""
        return self._doses.live.slots

    # --- restart and schedule ---

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first."""
        live = self._doses.live
        self._hands.recall(record)
        live.memory.note(record.kind, record.slot, record.compartment, record.value, record.wall_s)
        live.seen_s = record.wall_s or live.seen_s
        if record.kind == SLOT_PROMPTED:
            self._prompts.begin()
        elif record.kind == SLOT_SNOOZED:
            self._prompts.snoozes = record.value
        elif record.kind == SCHEDULE_STORED:
            live.came(record.wall_s)
        elif record.kind == RECORDS_LOST:
            self._doses.log_lost()
        if record.kind != RECORDS_LOST or record.value:
            self._doses.time_told(record.wall_s)

    def log_lost(self) -> None:
        """At start: records are missing. What had begun is UNKNOWN, it is not prompted again."""
        self._doses.log_lost()

    def adopt(self, schedule: Schedule, wall_s: int) -> None:
        """Takes a new schedule. A slot that has begun keeps its state and its own times.

        Slots that were over before the schedule came (`wall_s`, 0 at start) are not this box's.
        """
        if self._running and not wall_s:
            self._doses.live.came(0)
        self._doses.adopt(schedule, wall_s)

    def resumed(self, open_mask: int, moved_mask: "int | None") -> None:
        """At start, after adopt, and after a sleep: lids that stand open, lids that moved unseen.

        None: the chips lost power, nobody knows which lids moved.
        """
        self._hands.resumed(open_mask, moved_mask, not self._running)
        self._doses.rested(moved_mask == 0)

    def unseen(self, compartments: int) -> None:
        """Lids that nobody could see for a while (a bit each); the box itself was awake."""
        self._hands.resumed(0, compartments, False)

    def clock_jumped(self) -> None:
        """Wall time was lost or jumped: slots that are open now can no longer be called missed."""
        self._doses.clock_jumped()

    def quiet(self, from_min: int, until_min: int) -> None:
        """Doses of low criticality make no sound between these local minutes; equal = never."""
        self._prompts.set_quiet(from_min, until_min)

    def away(self, from_wall_s: int, until_wall_s: int) -> None:
        """The resident is away: what falls due in between is paused. Equal = at home."""
        self._doses.away(from_wall_s, until_wall_s)

    @property
    def refilling(self) -> int:
        """REFILL_END, REFILL_FILL or REFILL_TAKE_OUT: a lid opened in the last two is no intake."""
        return self._hands.refill.mode

    @property
    def filling(self) -> int:
        """The compartments still to be filled or emptied, one bit each."""
        return self._hands.refill.todo

    @property
    def emptied(self) -> int:
        """The compartments taken out and not filled again: the log must go on saying so."""
        return self._hands.refill.emptied

    # --- stimuli ---

    def refill(self, mode: int, compartments: int, wall_s: int, uptime_ms: int) -> "Effects":
        """Begins or ends a refill; what is already so changes nothing."""
        effects = self._hands.refill.command(mode, compartments, uptime_ms)
        self._note(effects, wall_s)
        return effects

    def close(self, slot: "tuple[int, int]", verdict: int) -> "Effects | None":
        """A person's word (WORD_*). None: no such slot here; []: nothing to change."""
        effects = self._doses.close(slot, verdict)
        if effects:
            self._note(effects, 0)
        return effects

    def look(self, wall_s: int, uptime_ms: int) -> "Effects":
        """Time passed. `wall_s` 0 (unknown) judges no dose and prompts nothing."""
        effects: "Effects" = []
        hands, doses = self._hands, self._doses
        self._uptime_ms = uptime_ms
        if not self._running:
            self._running = True
            hands.lids.time_known(wall_s, uptime_ms)
        hands.refill.look(wall_s, uptime_ms, effects)
        doses.emptied = hands.refill.emptied
        doses.look(wall_s, hands.unseen, effects)
        hands.look(wall_s, uptime_ms, effects)
        if effects:
            self._note(effects, wall_s)
        return effects

    def lid(self, compartment: int, opened: bool, wall_s: int, uptime_ms: int) -> "Effects":
        """A lid moved (debounced)."""
        effects: "Effects" = []
        if opened:
            self._hands.opened(compartment, wall_s, uptime_ms, effects)
        else:
            self._hands.closed(compartment, uptime_ms, effects)
        self._note(effects, wall_s)
        return effects

    def ok(self, wall_s: int, uptime_ms: int) -> "Effects":
        """The OK button: "I am here". Hushes a prompt; once more: snoozes it. The light stays."""
        self._uptime_ms = uptime_ms
        effects = [(OK_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)]
        slot = self._prompting()
        if slot is not None and wall_s and self._prompts.ok(wall_s) == SNOOZED:
            entry = slot.entry
            effects.append((SLOT_SNOOZED, entry.slot, entry.compartment, self._prompts.snoozes))
        return effects

    def flushed(self) -> None:
        """What the last stimuli said is durable (or the log is known broken): prompts may show."""
        for slot in self.slots:
            if slot.state == DUE:
                slot.armed = True

    def _note(self, effects: "Effects", wall_s: int) -> None:
        """What will be in the log is known from now on, as it will be after a restart."""
        live = self._doses.live
        respace = False
        for kind, slot, compartment, value in effects:
            live.memory.note(kind, slot, compartment, value, wall_s)
            respace = respace or kind == LID_OPENED
            if kind == SLOT_PROMPTED:
                self._prompts.begin()
        if respace:
            live.respace()
            self._doses.changed()

    # --- what a person sees and hears ---

    def _prompting(self) -> "Slot | None":
        for slot in self.slots:
            if slot.state == DUE and slot.armed:
                return slot
        return None

    def show(self, wall_s: int, fault: bool) -> bytearray:
        """The meaning of every compartment's light now, one byte each (pillbox.signals)."""
        lids, refill = self._hands.lids, self._hands.refill
        return looks.show(
            self.meanings,
            self.slots,
            wall_s,
            fault,
            lids.warned,
            lids.left_open,
            refill.mode,
            refill.next_fill,
            refill.asked & ~refill.todo,
        )

    def sound(self, wall_s: int, uptime_ms: int) -> int:
        """The meaning of the sound now (pillbox.signals)."""
        lids, refill = self._hands.lids, self._hands.refill
        if lids.warns(uptime_ms):
            return signals.WARN if refill.mode == REFILL_END else signals.REFILL_WRONG
        if refill.done_ms >= 0 and uptime_ms - refill.done_ms < _DONE_MS:
            return signals.REFILL_OK
        if lids.says_shut_me(uptime_ms):
            return signals.SHUT
        if not wall_s or self._prompting() is None:
            return signals.SILENT
        minute = local_minute(self._doses.live.schedule.zone, wall_s)
        return self._prompts.sound(self.slots, wall_s, minute)

    def calls(self) -> bool:
        """Whether light or sound asks somebody to do something now."""
        hands = self._hands
        lids = hands.lids.warned or hands.lids.left_open or hands.refill.mode != REFILL_END
        return bool(lids) or self._doses.first(_CALLING) is not None

    def next_look_s(self, wall_s: int) -> int:
        """When time brings the next thing, in wall seconds; 0 = none known.

        It knows doses, lids and refill, not rhythms and sounds: they go on while `calls()`.
        """
        next_s = self._doses.next_look_s(wall_s)
        rest_s = self._hands.rest_s(self._uptime_ms) if wall_s else 0
        if rest_s:
            next_s = min(next_s or wall_s + rest_s, wall_s + rest_s)
        return next_s
