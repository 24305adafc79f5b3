"""The dose slots and what happens to them: time, lids' verdicts, words, absences.

Knows: slots, their steps, doubt of the clock. May not know: how a lid moved, lights, storage; the
time is handed in (0 = unknown).
"""

from micropython import const

from anbu_wire.messages import (
    NO_COMPARTMENT,
    SLOT_UNWATCHED,
    WORD_TAKEN,
)
from pillbox.course import next_s, stimulus_at
from pillbox.live import Live
from pillbox.memory import CLOCK_JUMPED, MOVED_UNSEEN, NOBODY_LOOKED
from pillbox.slot import (
    AWAY,
    BLIND,
    DUE,
    ENDED_UNWATCHED,
    FALLS_DUE,
    GOES_ON,
    LATE,
    NEVER,
    OPEN,
    SAID_NOT_TAKEN,
    SAID_TAKEN,
    TOUCHED,
    WAITING,
    Slot,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Schedule

    Effects = list[tuple[int, tuple[int, int], int, int]]

_UNWATCHED_S = const(60)  # a longer gap between two looks at the clock was not watched
_BACK_S = const(5)  # a clock that goes back further has jumped
_EXPAND_S = const(3600)
_DAY_S = const(86_400)


class Doses:
    """All live slots and the clock they go by."""

    def __init__(self) -> None:
        self.live = Live()
        self.emptied = 0  # compartments taken out for a journey, one bit each
        self._away = (0, 0)  # wall seconds from … until; equal = at home
        self._last_wall_s = 0
        self._at_start = True
        self._lids_watched = False  # the box slept, but whatever moved would have been noticed
        self._jumped = False
        self._next_s = 0  # before it a look has nothing to do
        self._unread_s = 0  # what had begun by then may be over: the log cannot tell

    # --- what others tell ---

    def adopt(self, schedule: "Schedule", wall_s: int) -> None:
        """Takes a new schedule. A slot that has begun keeps its state and its own times.

        Slots that were over before the schedule came (`wall_s`, 0 at start) are not this box's.
        """
        live = self.live
        if wall_s and live.schedule.entries:
            live.expand(wall_s)  # what the old one knew is this box's
        live.schedule = schedule
        if wall_s:
            live.came(wall_s)
            live.expand(wall_s)
        live.expanded_s = 0
        self.changed()

    def changed(self) -> None:
        """Something other than time changed: the next look goes through all slots."""
        self._next_s = 0

    def clock_jumped(self) -> None:
        """Wall time was lost or jumped: slots that are open now can no longer be called missed."""
        for slot in self.live.slots:
            if slot.state in (OPEN, DUE, LATE):
                slot.unwatched = True
        self._last_wall_s = 0  # what the next look finds begun was not watched
        self._lids_watched = False
        self._jumped = True
        self.live.expanded_s = 0
        self.changed()

    def rested(self, lids_watched: bool) -> None:
        """The box was off or asleep; `lids_watched`: had a lid moved, it would be known."""
        self._last_wall_s = 0
        self._lids_watched = lids_watched and not self._jumped  # a jump is no less one
        self.changed()

    def log_lost(self) -> None:
        """At start: the log lacks records. What had begun at the next known time is UNKNOWN."""
        self._unread_s = NEVER

    def time_told(self, wall_s: int) -> None:
        """The log goes on at that time, or it is that time now; 0 = unknown."""
        self._unread_s = min(self._unread_s, wall_s or NEVER)

    def away(self, from_wall_s: int, until_wall_s: int) -> None:
        """The resident is away: what falls due in between is paused. Equal = at home."""
        self._away = (from_wall_s, until_wall_s)
        self.changed()

    def close(self, slot_id: "tuple[int, int]", verdict: int) -> "Effects | None":
        """A person's word on a slot. None: no such slot here; []: nothing to change."""
        for slot in self.live.slots:
            if slot.entry.slot == slot_id:
                effects: "Effects" = []
                self.apply(slot, SAID_TAKEN if verdict == WORD_TAKEN else SAID_NOT_TAKEN, effects)
                return effects
        return None

    # --- time ---

    def look(self, wall_s: int, unseen: "dict[int, int]", effects: "Effects") -> None:
        """Time passed. At an unknown time nothing is judged.

        `unseen`: compartments whose lid was opened when nobody knew the time, or unseen, and when
        that was over (0 = now); the caller forgets them afterwards.
        """
        if not wall_s:
            self._lids_watched = False
            if self._last_wall_s:
                self.clock_jumped()
            return
        gap_s = wall_s - self._last_wall_s if self._last_wall_s else 0
        if gap_s < -_BACK_S:
            self.clock_jumped()
        watched = self._lids_watched or (self._last_wall_s > 0 and gap_s <= _UNWATCHED_S)
        since_s = wall_s - self.live.expanded_s
        if not watched or unseen or wall_s >= self._next_s or not 0 <= since_s < _EXPAND_S:
            self._all(wall_s, not watched, unseen, effects)
        self._last_wall_s = wall_s
        self.live.seen_s = wall_s

    def _all(
        self, wall_s: int, unwatched: bool, unseen: "dict[int, int]", effects: "Effects"
    ) -> None:
        live = self.live
        live.time_known(wall_s)
        self.time_told(wall_s)
        if not live.expanded_s or not 0 <= wall_s - live.expanded_s < _EXPAND_S:
            live.expand(wall_s)
            live.find_begun(effects)
        soonest_s = NEVER
        for slot in live.slots:
            if self._begun(slot, wall_s):
                slot.unwatched = slot.unwatched or unwatched
                self._note_unseen(slot, unseen)
            self._advance(slot, wall_s, effects)
            self._tell_unwatched(slot, effects)
            soonest_s = min(soonest_s, next_s(slot, wall_s))
        self._next_s = soonest_s
        self._at_start = False
        self._lids_watched = False
        self._jumped = False

    def _begun(self, slot: Slot, wall_s: int) -> bool:
        if slot.state == WAITING:
            return bool(wall_s >= slot.opens_s)
        return slot.state in (OPEN, DUE, LATE)

    def _note_unseen(self, slot: Slot, unseen: "dict[int, int]") -> None:
        over_s = unseen.get(slot.entry.compartment, -1)
        if not slot.blind and (over_s == 0 or over_s >= slot.opens_s):
            slot.blind = slot.unwatched = True
            slot.told = False

    def _advance(self, slot: Slot, wall_s: int, effects: "Effects") -> None:
        away = self._away[0] <= slot.entry.due_wall_s < self._away[1]
        if away and slot.state in (DUE, LATE, TOUCHED):
            self.apply(slot, AWAY, effects)
        paused = away or self.emptied >> slot.entry.compartment & 1
        if paused and slot.state in (WAITING, OPEN) and wall_s >= slot.entry.due_wall_s:
            self.apply(slot, AWAY, effects)
        if slot.opens_s <= self._unread_s:
            self.apply(slot, ENDED_UNWATCHED, effects)  # perhaps taken: no prompt for it
        if slot.blind and slot.state in (DUE, LATE):
            self.apply(slot, BLIND, effects)  # before time brings a verdict as if it stayed shut
        stimulus = stimulus_at(slot, wall_s, self._at_start)
        while stimulus:
            if slot.blind and stimulus in (FALLS_DUE, GOES_ON):
                stimulus = BLIND  # its dose may be taken: no prompt for it
            self.apply(slot, stimulus, effects)
            stimulus = stimulus_at(slot, wall_s, self._at_start)

    def _tell_unwatched(self, slot: Slot, effects: "Effects") -> None:
        """Once a slot, so that the doubt is known after a restart too."""
        if slot.unwatched and not slot.told and slot.state in (OPEN, DUE, LATE):
            slot.told = True
            why = CLOCK_JUMPED if self._jumped else NOBODY_LOOKED
            why = MOVED_UNSEEN if slot.blind else why
            effects.append((SLOT_UNWATCHED, slot.entry.slot, slot.entry.compartment, why))

    def next_look_s(self, wall_s: int) -> int:
        """When time brings the next thing, in wall seconds; 0 = none known."""
        live = self.live
        if not wall_s or not (live.schedule.entries or live.slots):
            return 0
        if self._next_s <= wall_s or not live.expanded_s:
            return wall_s
        return min(self._next_s, live.expanded_s + _DAY_S)

    # --- slots ---

    def apply(self, slot: "Slot | None", stimulus: int, effects: "Effects") -> None:
        """Gives a slot a stimulus; what the table says of it becomes an effect."""
        step = slot.apply(stimulus) if slot else None
        if slot is None or step is None:
            return
        self.changed()
        if step[0]:
            effects.append((step[0], slot.entry.slot, slot.entry.compartment, step[1]))

    def apply_all(self, compartments: int, stimulus: int, effects: "Effects") -> None:
        """Gives a stimulus to every slot of these compartments, one bit each."""
        for slot in self.live.slots:
            if compartments >> slot.entry.compartment & 1:
                self.apply(slot, stimulus, effects)

    def first(self, states: "tuple[int, ...]", compartment: int = NO_COMPARTMENT) -> "Slot | None":
        """The slot due first in one of these states, in that compartment or in any."""
        for slot in self.live.slots:
            here = slot.entry.compartment == compartment
            if slot.state in states and (here or compartment == NO_COMPARTMENT):
                return slot
        return None
