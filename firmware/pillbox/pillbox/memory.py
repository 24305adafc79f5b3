"""What the box's own log says about each dose slot.

It is the same for a record read back at the start and for one just written.
Knows: the last slots by the order of the log, never by date: a clock that jumped forgets nothing.
May not know: the schedule, lids, the time. All of its RAM is taken at the start.
"""

from array import array

from micropython import const

from anbu_wire.messages import (
    LID_OPENED,
    NO_SLOT,
    OPENED_AS_DUE,
    OPENED_TOO_SOON,
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_POSTPONED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
    SLOT_UNWATCHED,
)
from pillbox.slot import (
    DOUBTFUL,
    DUE,
    LATE,
    MISSED,
    OPEN,
    PAUSED,
    SKIPPED,
    TAKEN,
    TOUCHED,
    UNKNOWN,
    WAITING,
    Slot,
)

# what a record of the log says about a slot
SAYS = {
    SLOT_POSTPONED: OPEN,
    SLOT_PROMPTED: DUE,
    SLOT_LATE: LATE,
    SLOT_TAKEN: TAKEN,
    SLOT_MISSED: MISSED,
    SLOT_SKIPPED: SKIPPED,
    SLOT_DOUBTFUL: DOUBTFUL,
    SLOT_UNKNOWN: UNKNOWN,
    SLOT_PAUSED: PAUSED,
    SLOT_UNWATCHED: OPEN,
}
KEPT = const(64)

# SLOT_UNWATCHED's values
NOBODY_LOOKED = const(0)
CLOCK_JUMPED = const(1)
MOVED_UNSEEN = const(2)


_PROMPTED = const(1)
_POSTPONED = const(2)
_UNWATCHED = const(4)
_BLIND = const(8)


class Memory:
    """The slots the log tells about. A place each; places of one slot are never two."""

    def __init__(self) -> None:
        self._ids = array("I", [0] * KEPT)  # day · 256 + index; 0 = free
        self._opened_s = array("I", [0] * KEPT)  # when its lid was opened for it, 0 = not
        self._told = array("I", [0] * KEPT)  # the order in which the log last named it
        self._states = bytearray(KEPT)
        self._flags = bytearray(KEPT)
        self._compartments = bytearray(KEPT)
        self._order = 0

    def _place(self, slot: "tuple[int, int]") -> int:
        """Where that slot is, -1 where the log never named it."""
        number = slot[0] << 8 | slot[1]
        for i in range(KEPT):
            if self._ids[i] == number:
                return i
        return -1

    def slots(self) -> "list[tuple[int, int]]":
        """All slots it knows, in the order of the log."""
        known = sorted([(self._told[i], self._ids[i]) for i in range(KEPT) if self._ids[i]])
        return [(number >> 8, number & 0xFF) for _order, number in known]

    def open_ones(self) -> "list[tuple[tuple[int, int], int, int]]":
        """(slot id, compartment, state) of the slots that have begun and have no final state."""
        return [
            ((self._ids[i] >> 8, self._ids[i] & 0xFF), self._compartments[i], self._states[i])
            for i in range(KEPT)
            if self._ids[i] and WAITING < self._states[i] < TAKEN
        ]

    def due_one(self) -> bool:
        """Whether any slot is due or late."""
        return any(self._ids[i] and self._states[i] in (DUE, LATE) for i in range(KEPT))

    def opened_s(self, slot: "tuple[int, int]") -> int:
        """When that slot's lid was opened for its dose, 0 for not at all."""
        i = self._place(slot)
        return self._opened_s[i] if i >= 0 else 0

    def note(
        self, kind: int, slot: "tuple[int, int]", compartment: int, value: int, wall_s: int
    ) -> None:
        """Takes a record, read back or just made; the time is that of what it tells."""
        opened = kind == LID_OPENED and value in (OPENED_AS_DUE, OPENED_TOO_SOON)
        if slot == NO_SLOT or not (opened or kind in SAYS):
            return
        i = self._latest(slot, compartment)
        if opened:
            self._opened_s[i] = wall_s
            self._becomes(i, TOUCHED)  # the verdict has a record of its own
            return
        if kind == SLOT_PROMPTED:
            self._flags[i] |= _PROMPTED
        elif kind == SLOT_POSTPONED:
            self._flags[i] |= _POSTPONED
        elif kind == SLOT_UNWATCHED:
            self._flags[i] |= _UNWATCHED | (_BLIND if value == MOVED_UNSEEN else 0)
        if kind != SLOT_UNWATCHED or self._states[i] == WAITING:
            self._becomes(i, SAYS[kind])

    def _becomes(self, i: int, state: int) -> None:
        if self._states[i] < TAKEN or state >= TAKEN:
            self._states[i] = state

    def _latest(self, slot: "tuple[int, int]", compartment: int) -> int:
        """That slot's place, named last from now on; it may take the place of the oldest."""
        i = self._place(slot)
        if i < 0:
            i = 0
            for other in range(KEPT):
                if self._told[other] < self._told[i]:
                    i = other
            self._ids[i] = slot[0] << 8 | slot[1]
            self._opened_s[i] = self._states[i] = self._flags[i] = 0
            self._compartments[i] = compartment
        self._order += 1
        self._told[i] = self._order
        return i

    def remind(self, slot: Slot) -> None:
        """Tells a slot that is new to the schedule what the log says of it."""
        i = self._place(slot.entry.slot)
        if i >= 0:
            flags = self._flags[i]
            slot.state = self._states[i]
            slot.prompted = bool(flags & _PROMPTED)
            slot.postponed = bool(flags & _POSTPONED)
            slot.unwatched = slot.told = bool(flags & _UNWATCHED)
            slot.blind = bool(flags & _BLIND)
            slot.armed = slot.state in (DUE, LATE)  # its series was begun, and goes on
