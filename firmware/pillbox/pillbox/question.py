"""A question from the gateway, which the big OK button answers.

Knows: that a question is open, until when, what followed. May not know: what is asked, who asks.

Effects are tuples as the box's (record kind, slot id, compartment, value = the question's number).
"""

from micropython import const

from anbu_wire.messages import ANSWERED, ASKED, NO_COMPARTMENT, NO_SLOT, UNANSWERED
from pillbox import signals

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

NOTHING = const(0)
ASKING = const(1)
QUESTION_MOST = const(0x7FFF)  # a record's value holds no higher number

# stimuli
ASKS = const(1)
PRESSES_OK = const(2)
RUNS_OUT = const(3)
TAKES_BACK = const(4)

# (state, stimulus) → (next state, record kind or 0); absent = nothing happens
TABLE = {
    (NOTHING, ASKS): (ASKING, ASKED),
    (ASKING, ASKS): (ASKING, ASKED),  # a new one replaces the old one
    (ASKING, PRESSES_OK): (NOTHING, ANSWERED),
    (ASKING, RUNS_OUT): (NOTHING, UNANSWERED),
    (ASKING, TAKES_BACK): (NOTHING, 0),
}

# Since it was asked, as signals.staged: often at first, then for who comes into the room; after
# half an hour the light alone, because a person goes and looks where nobody answers.
CALLS = (
    (0, (signals.ASKS,), 60),
    (300, (signals.ASKS,), 300),
    (1800, (signals.SILENT,), 10),
)


class Question:
    """The one question that is open, if any."""

    def __init__(self) -> None:
        self._state = NOTHING
        self._question = 0
        self._since_ms = 0
        self._until_ms = 0

    def ask(self, question: int, seconds: int, uptime_ms: int) -> "Effects":
        """Asks for so long; 0 seconds takes back what is asked, silently.

        Raises ValueError for a question over QUESTION_MOST.
        """
        if question > QUESTION_MOST:
            raise ValueError("question %d, the most is %d" % (question, QUESTION_MOST))
        if not seconds:
            return self._apply(TAKES_BACK)
        self._question = question
        self._since_ms = uptime_ms
        self._until_ms = uptime_ms + seconds * 1000
        return self._apply(ASKS)

    def ok(self) -> "Effects":
        """OK was pressed: that answers it."""
        return self._apply(PRESSES_OK)

    def look(self, uptime_ms: int) -> "Effects":
        """Time passed: UNANSWERED when its time is over."""
        return self._apply(RUNS_OUT) if uptime_ms >= self._until_ms else []

    def light(self) -> int:
        """What all lids show (signals), DARK for nothing."""
        return signals.QUESTION if self._state == ASKING else signals.DARK

    def sound(self, uptime_ms: int) -> int:
        """What is heard (signals), SILENT for nothing."""
        if self._state != ASKING:
            return signals.SILENT
        return signals.staged(CALLS, (uptime_ms - self._since_ms) // 1000)

    def _apply(self, stimulus: int) -> "Effects":
        row = TABLE.get((self._state, stimulus))
        if row is None:
            return []
        self._state = row[0]
        return [(row[1], NO_SLOT, NO_COMPARTMENT, self._question)] if row[1] else []
