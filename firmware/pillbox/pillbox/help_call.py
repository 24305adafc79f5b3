"""The red button: a call for help, and what the box knows of where it went.

Knows: the button, the call's record and its receipt, what the gateway answered.
May not know: radios, flash, lights; the time is handed in as uptime.

    IDLE → CALLING (held for a second) → SENT (the gateway's receipt) → COMING (somebody comes)
    and from CALLING → NOT_SENT (no receipt in ten seconds), which keeps trying → SENT.

Effects are tuples as the box's (record kind, slot id, compartment, value). The caller writes
HELP_PRESSED before anything else waits and says by `written` which number it got.
"""

from micropython import const

from anbu_wire.messages import (
    HELP_ANSWERED,
    HELP_COMING,
    HELP_NOT_SENT,
    HELP_OVER,
    HELP_PRESSED,
    NO_COMPARTMENT,
    NO_SLOT,
    Record,
)
from pillbox import signals
from pillbox.held_button import HeldButton

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

IDLE = const(0)
CALLING = const(1)
NOT_SENT = const(2)
SENT = const(3)
COMING = const(4)

# stimuli
HELD = const(1)
RECEIPT = const(2)
OVERDUE = const(3)
ANSWER_COMING = const(4)
ANSWER_OVER = const(5)
STILL_COMING = const(6)  # a new call has its receipt, and somebody was on the way before it
FADES = const(7)

# (state, stimulus) → (next state, record kind or 0, record value); absent = nothing happens
TABLE = {
    (IDLE, HELD): (CALLING, HELP_PRESSED, 0),
    (CALLING, HELD): (CALLING, HELP_PRESSED, 0),
    (NOT_SENT, HELD): (CALLING, HELP_PRESSED, 0),
    (SENT, HELD): (CALLING, HELP_PRESSED, 0),
    (COMING, HELD): (CALLING, HELP_PRESSED, 0),
    (CALLING, RECEIPT): (SENT, 0, 0),
    (NOT_SENT, RECEIPT): (SENT, 0, 0),
    (CALLING, OVERDUE): (NOT_SENT, HELP_NOT_SENT, 0),
    (IDLE, ANSWER_COMING): (COMING, HELP_ANSWERED, HELP_COMING),
    (SENT, ANSWER_COMING): (COMING, HELP_ANSWERED, HELP_COMING),
    (COMING, ANSWER_COMING): (COMING, 0, 0),
    (SENT, STILL_COMING): (COMING, HELP_ANSWERED, HELP_COMING),
    (SENT, ANSWER_OVER): (IDLE, HELP_ANSWERED, HELP_OVER),
    (COMING, ANSWER_OVER): (IDLE, HELP_ANSWERED, HELP_OVER),
    (SENT, FADES): (IDLE, 0, 0),
    (COMING, FADES): (IDLE, 0, 0),
}

# state → (what all lids show, since the state began: as signals.staged). Reasons:
# - not sent: a whole minute, so that she cannot take it for sent; then again and again for who
#   comes by; after an hour the light alone, which stays: never a siren all night.
# - sent and coming: once. Whoever waits for help is to be calm.
SHOWN = {
    IDLE: (signals.DARK, ((0, (signals.SILENT,), 10),)),
    CALLING: (signals.HELP_CALLING, ((0, (signals.HELP_CALLS,), 10),)),
    NOT_SENT: (
        signals.HELP_NOT_SENT,
        (
            (0, (signals.NOT_SENT,), 10),
            (60, (signals.SILENT, signals.NOT_SENT), 60),
            (600, (signals.SILENT, signals.NOT_SENT), 300),
            (3600, (signals.SILENT,), 10),
        ),
    ),
    SENT: (signals.HELP_SENT, ((0, (signals.SENT,), 10), (10, (signals.SILENT,), 10))),
    COMING: (signals.HELP_COMING, ((0, (signals.COMING,), 10), (10, (signals.SILENT,), 10))),
}

RECEIPT_MS = const(10_000)
RETRY_MS = const(10_000)  # a record that could not be written is tried again
SENT_LEAST_MS = const(10_000)  # "sent" is seen before an older "on the way" comes back
SHOWN_MS = const(3_600_000)  # "sent" and "on the way" are over after an hour
RECALLED_S = const(3600)  # a call without receipt that is older is not taken up after a restart


class HelpCall:
    """The latest call. One at a time; a new one has a new record."""

    def __init__(self) -> None:
        self._state = IDLE
        self._since_ms = 0  # the state's beginning
        self._began = True  # False: taken up after a restart, its time begins with the next look
        self._seq = 0
        self._called_wall_s = 0
        self._came_wall_s = 0  # before the restart somebody was on the way
        self._receipt = False  # not yet looked at
        self._unwritten = False
        self._tried_ms = 0
        self._coming_until_ms = 0
        self._hushed = False
        self._button = HeldButton()

    # --- restart ---

    def recall(self, record: Record, acknowledged_seq: int) -> None:
        """Takes one record of the log at start, oldest first: the latest call without receipt."""
        if record.kind == HELP_PRESSED and record.seq > acknowledged_seq:
            self._state, self._seq = CALLING, record.seq
            self._called_wall_s = record.wall_s
            self._began = False
        elif record.kind == HELP_NOT_SENT and self._state == CALLING:
            self._state = NOT_SENT
        elif record.kind == HELP_ANSWERED:
            self._came_wall_s = record.wall_s if record.value == HELP_COMING else 0

    def resumed(self, wall_s: int, uptime_ms: int) -> None:
        """All is recalled, and it is now (wall 0 = not known): what is old is not taken up."""
        if wall_s and self._called_wall_s and wall_s - self._called_wall_s > RECALLED_S:
            self._state, self._seq = IDLE, 0
        coming_ms = SHOWN_MS - (wall_s - self._came_wall_s) * 1000
        if wall_s and self._came_wall_s and 0 < coming_ms <= SHOWN_MS:
            self._coming_until_ms = uptime_ms + coming_ms
            if self._state == IDLE:
                self._state, self._since_ms = COMING, uptime_ms
                self._hushed = True  # it was said before

    # --- the button ---

    def button(self, pressed: bool, uptime_ms: int) -> None:
        """The red button as it is now. The next look says what follows."""
        self._button.sample(pressed, uptime_ms)

    def hush(self) -> None:
        """OK was pressed: no sound any more until something new is to be said. Lights stay."""
        self._hushed = True

    # --- what happens ---

    def look(self, uptime_ms: int) -> "Effects":
        """Time passed: HELP_PRESSED once held for a second, HELP_NOT_SENT without a receipt."""
        if not self._began:
            self._began = True
            self._since_ms = uptime_ms
        if self._button.held(uptime_ms):
            self._unwritten = self._receipt = self._hushed = False
            self._seq = 0  # the call before has nothing to say of this one
            self._tried_ms = uptime_ms
            return self._apply(HELD, uptime_ms)
        if self._receipt:
            self._receipt = False
            return self._apply(RECEIPT, uptime_ms)
        if self._unwritten and uptime_ms - self._tried_ms >= RETRY_MS:
            self._tried_ms = uptime_ms
            return [(HELP_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)]
        return self._apply(self._brought(uptime_ms), uptime_ms)

    def _brought(self, uptime_ms: int) -> int:
        """The stimulus that time alone brings, 0 for none."""
        since_ms = uptime_ms - self._since_ms
        if self._state == CALLING:
            return OVERDUE if since_ms >= RECEIPT_MS else 0
        if self._state == SENT and since_ms >= SENT_LEAST_MS and uptime_ms < self._coming_until_ms:
            return STILL_COMING
        until_ms = self._coming_until_ms if self._state == COMING else self._since_ms + SHOWN_MS
        return FADES if uptime_ms >= until_ms else 0

    def written(self, seq: int) -> None:
        """HELP_PRESSED has this number; 0: it could not be written, and is tried again."""
        self._unwritten = not seq
        self._seq = seq

    def acknowledged(self, up_to_seq: int) -> None:
        """The gateway has every record up to this number. The next look shows it."""
        self._receipt = self._state in (CALLING, NOT_SENT) and 0 < self._seq <= up_to_seq

    def answered(self, state: int, uptime_ms: int) -> "Effects":
        """The gateway says HELP_COMING or HELP_OVER; of a call it has no record of, it cannot."""
        if state == HELP_COMING:
            self._coming_until_ms = uptime_ms + SHOWN_MS
            return self._apply(ANSWER_COMING, uptime_ms)
        self._coming_until_ms = 0
        return self._apply(ANSWER_OVER, uptime_ms)

    def _apply(self, stimulus: int, uptime_ms: int) -> "Effects":
        row = TABLE.get((self._state, stimulus))
        if row is None:
            return []
        if self._state != row[0]:  # pressed again while calling: the first press's ten seconds run
            self._since_ms = uptime_ms
            self._hushed = False
        self._state = row[0]
        return [(row[1], NO_SLOT, NO_COMPARTMENT, row[2])] if row[1] else []

    # --- what a person sees and hears ---

    @property
    def calling(self) -> bool:
        """Whether a call has no receipt yet: the gateway is wanted now."""
        return self._state in (CALLING, NOT_SENT) and not self._receipt

    def light(self) -> int:
        """What all lids show (signals), DARK for nothing."""
        return SHOWN[self._state][0]

    def sound(self, uptime_ms: int) -> int:
        """What is heard (signals), SILENT for nothing."""
        if self._hushed:
            return signals.SILENT
        return signals.staged(SHOWN[self._state][1], (uptime_ms - self._since_ms) // 1000)
