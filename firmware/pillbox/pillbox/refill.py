"""Filling the box, or taking a few days out of it, one compartment after the other.

Knows: what was asked for, what is done, whose turn it is, when a refill is forgotten. May not know:
dose slots, lights, storage; the time is handed in.

Guided (with a mask) the lowest compartment that is not done has its turn, and is done when its lid
was open for a second and is shut. A lid out of its turn is not done: it comes again. Without a mask
every lid is done so, and nothing stays undone.
"""

from micropython import const

from anbu_wire.messages import (
    COMPARTMENT_EMPTIED,
    COMPARTMENT_FILLED,
    COMPARTMENT_UNFILLED,
    LID_CLOSED,
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    REFILL_BEGUN,
    REFILL_END,
    REFILL_ENDED,
    REFILL_PART,
    REFILL_TAKE_OUT,
    Record,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

FORGOTTEN_S = const(1800)  # after the last movement
_DONE_MS = const(1000)
_PART = const(15)  # compartments a REFILL_PART tells of
_BY_COMMAND = const(0)
_BY_ITSELF = const(1)


class Refill:
    """A refill or none. `mode` REFILL_END: none; `asked` 0: not guided; masks have a bit a lid."""

    def __init__(self, compartments: int) -> None:
        self._compartments = compartments
        self.mode = REFILL_END
        self.asked = 0
        self.todo = 0
        self.emptied = 0  # taken out and not filled again
        self.done_ms = -1  # when the last compartment was done, -1 = none yet
        self._in_turn = 0  # lids that were opened when it was their turn
        self._moved_ms = 0
        self._moved_wall_s = 0  # the same before a restart; 0 = as uptime has it

    @property
    def next_fill(self) -> int:
        """The compartment whose turn it is, NO_COMPARTMENT for none."""
        for compartment in range(self._compartments if self.todo else 0):
            if self.todo >> compartment & 1:
                return compartment
        return NO_COMPARTMENT

    def command(self, mode: int, compartments: int, uptime_ms: int) -> "Effects":
        """Begins or ends a refill; what is already so changes nothing."""
        asked = compartments & ((1 << self._compartments) - 1) if mode != REFILL_END else 0
        effects: "Effects" = []
        if mode == self.mode and asked == self.asked:
            return effects
        if self.mode != REFILL_END:
            self._end(_BY_COMMAND, effects)
        if mode != REFILL_END:
            self.mode = mode
            self.asked = self.todo = asked
            self._moved(uptime_ms)
            effects.append((REFILL_BEGUN, NO_SLOT, NO_COMPARTMENT, mode))
            for first in range(0, self._compartments, _PART):
                part = asked >> first & ((1 << _PART) - 1)
                if part:
                    effects.append((REFILL_PART, NO_SLOT, first, part))
        return effects

    def opened(self, compartment: int, uptime_ms: int) -> bool:
        """A lid was opened in the refill. True where it was not its turn."""
        self._moved(uptime_ms)
        in_turn = not self.asked or compartment == self.next_fill
        if in_turn:
            self._in_turn |= 1 << compartment
        return not in_turn

    def closed(self, compartment: int, open_ms: int, uptime_ms: int, effects: "Effects") -> None:
        """A lid was shut in the refill."""
        self._moved(uptime_ms)
        bit = 1 << compartment
        if not self._in_turn & bit:
            return
        self._in_turn ^= bit
        if open_ms < _DONE_MS:
            return
        kind = COMPARTMENT_EMPTIED if self.mode == REFILL_TAKE_OUT else COMPARTMENT_FILLED
        effects.append((kind, NO_SLOT, compartment, 0))
        self.done(kind, compartment)
        self.done_ms = uptime_ms
        if self.asked and not self.todo:
            self._end(_BY_ITSELF, effects)

    def done(self, kind: int, compartment: int) -> None:
        """A compartment is filled or emptied (a record's kind)."""
        bit = 1 << compartment
        self.todo &= ~bit
        self.emptied = self.emptied | bit if kind == COMPARTMENT_EMPTIED else self.emptied & ~bit

    def look(self, wall_s: int, uptime_ms: int, effects: "Effects") -> None:
        """Time passed: a forgotten refill ends by itself."""
        if self.mode == REFILL_END:
            return
        if self._moved_wall_s and wall_s:  # the first known time after a restart
            off_s = wall_s - self._moved_wall_s
            self._moved_ms = uptime_ms - max(0, off_s) * 1000
            self._moved_wall_s = 0
        all_done = self.asked and not self.todo
        if all_done or uptime_ms - self._moved_ms >= FORGOTTEN_S * 1000:
            self._end(_BY_ITSELF, effects)

    def rest_s(self, uptime_ms: int) -> int:
        """Seconds until it is forgotten."""
        return max(1, FORGOTTEN_S - (uptime_ms - self._moved_ms) // 1000)

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first."""
        kind = record.kind
        if kind == REFILL_BEGUN:
            self.mode = record.value or REFILL_END + 1
            self.asked = self.todo = 0
        elif kind == REFILL_PART:
            self.asked |= record.value << record.compartment
            self.todo = self.asked
        elif kind in (COMPARTMENT_FILLED, COMPARTMENT_EMPTIED):
            self.done(kind, record.compartment)
        elif kind == REFILL_ENDED:
            self.mode = REFILL_END
            self.asked = self.todo = 0
        if kind in (REFILL_BEGUN, LID_OPENED, LID_CLOSED):
            self._moved_wall_s = record.wall_s

    def _moved(self, uptime_ms: int) -> None:
        self._moved_ms = uptime_ms
        self._moved_wall_s = 0

    def _end(self, how: int, effects: "Effects") -> None:
        for compartment in range(self._compartments if self.todo else 0):
            if self.todo >> compartment & 1:
                effects.append((COMPARTMENT_UNFILLED, NO_SLOT, compartment, 0))
        effects.append((REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, how))
        self.mode = REFILL_END
        self.asked = self.todo = self._in_turn = 0
