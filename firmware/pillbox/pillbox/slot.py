"""The life of one dose slot, as a table, and the moments that time brings to it.

Knows: states, stimuli, what follows, the windows of an entry. May not know: lids, lights, storage,
which clock the time is from.

    WAITING → OPEN (early window) → DUE → LATE → MISSED | SKIPPED
    and from OPEN, DUE, LATE → OPENED → TAKEN (early | on time | late), or TOUCHED, or DOUBTFUL;
    a window that ended while nobody watched → UNKNOWN, never MISSED;
    due while the resident is away → PAUSED, neither prompted nor missed.
"""

from micropython import const

from anbu_wire.messages import (
    DOUBT_BLIND,
    DOUBT_BRIEF,
    DOUBT_REFILL,
    DOUBT_SHAKEN,
    DOUBT_TOO_SOON,
    DOUBT_WRONG_LID,
    SKIPPED_BY_WORD,
    SKIPPED_LATE,
    SKIPPED_SPACING,
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_POSTPONED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.schedule import Entry

WAITING = const(0)
OPEN = const(1)
DUE = const(2)
LATE = const(3)
OPENED = const(4)  # its lid was opened less than a second ago
TOUCHED = const(5)  # opened and shut in less than a second: not prompted any more
TAKEN = const(6)
MISSED = const(7)
SKIPPED = const(8)
DOUBTFUL = const(9)
UNKNOWN = const(10)
PAUSED = const(11)

# stimuli
OPENS = const(1)
FALLS_DUE = const(2)
GOES_ON = const(3)  # due once more after a postponement: its series was begun before
POSTPONES = const(4)
RECEDES = const(5)  # postponed once more
CLOSES = const(6)
ENDS = const(7)
ENDED_UNWATCHED = const(8)
TOO_LATE = const(9)
TOO_NEAR = const(10)  # the dose before was opened so late that this one is skipped
LID = const(11)
KEPT_EARLY = const(12)  # the lid stayed open for a second
KEPT_ON_TIME = const(13)
KEPT_LATE = const(14)
SHUT = const(15)  # the lid did not
WRONG_LID = const(16)
STAYED_BRIEF = const(17)
SHOOK = const(18)
BLIND = const(19)
TOO_SOON = const(20)
REFILLED = const(21)
SAID_TAKEN = const(22)
SAID_NOT_TAKEN = const(23)
AWAY = const(24)

EARLY_DOSE = const(0)
ON_TIME_DOSE = const(1)
LATE_DOSE = const(2)
DOSE_BY_WORD = const(3)

# (state, stimulus) → (next state, record kind or 0, record value); absent = nothing happens.
# SLOT_POSTPONED's value is the minutes, which the slot knows.
TABLE = {
    (WAITING, OPENS): (OPEN, 0, 0),
    (WAITING, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (WAITING, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (OPEN, FALLS_DUE): (DUE, SLOT_PROMPTED, 0),
    (OPEN, GOES_ON): (DUE, 0, 0),
    (OPEN, POSTPONES): (OPEN, SLOT_POSTPONED, 0),
    (OPEN, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (OPEN, TOO_NEAR): (SKIPPED, SLOT_SKIPPED, SKIPPED_SPACING),
    (OPEN, LID): (OPENED, 0, 0),
    (OPEN, BLIND): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_BLIND),
    (OPEN, TOO_SOON): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_TOO_SOON),
    (OPEN, REFILLED): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_REFILL),
    (OPEN, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (OPEN, SAID_NOT_TAKEN): (SKIPPED, SLOT_SKIPPED, SKIPPED_BY_WORD),
    (OPEN, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (DUE, POSTPONES): (OPEN, SLOT_POSTPONED, 0),
    (DUE, RECEDES): (OPEN, 0, 0),
    (DUE, CLOSES): (LATE, SLOT_LATE, 0),
    (DUE, ENDS): (MISSED, SLOT_MISSED, 0),
    (DUE, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (DUE, TOO_LATE): (SKIPPED, SLOT_SKIPPED, SKIPPED_LATE),
    (DUE, TOO_NEAR): (SKIPPED, SLOT_SKIPPED, SKIPPED_SPACING),
    (DUE, LID): (OPENED, 0, 0),
    (DUE, WRONG_LID): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_WRONG_LID),
    (DUE, BLIND): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_BLIND),
    (DUE, TOO_SOON): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_TOO_SOON),
    (DUE, REFILLED): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_REFILL),
    (DUE, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (DUE, SAID_NOT_TAKEN): (SKIPPED, SLOT_SKIPPED, SKIPPED_BY_WORD),
    (DUE, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (LATE, POSTPONES): (OPEN, SLOT_POSTPONED, 0),
    (LATE, RECEDES): (OPEN, 0, 0),
    (LATE, ENDS): (MISSED, SLOT_MISSED, 0),
    (LATE, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (LATE, TOO_LATE): (SKIPPED, SLOT_SKIPPED, SKIPPED_LATE),
    (LATE, TOO_NEAR): (SKIPPED, SLOT_SKIPPED, SKIPPED_SPACING),
    (LATE, LID): (OPENED, 0, 0),
    (LATE, WRONG_LID): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_WRONG_LID),
    (LATE, BLIND): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_BLIND),
    (LATE, TOO_SOON): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_TOO_SOON),
    (LATE, REFILLED): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_REFILL),
    (LATE, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (LATE, SAID_NOT_TAKEN): (SKIPPED, SLOT_SKIPPED, SKIPPED_BY_WORD),
    (LATE, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (OPENED, KEPT_EARLY): (TAKEN, SLOT_TAKEN, EARLY_DOSE),
    (OPENED, KEPT_ON_TIME): (TAKEN, SLOT_TAKEN, ON_TIME_DOSE),
    (OPENED, KEPT_LATE): (TAKEN, SLOT_TAKEN, LATE_DOSE),
    (OPENED, SHUT): (TOUCHED, 0, 0),
    (OPENED, SHOOK): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_SHAKEN),
    (TOUCHED, LID): (OPENED, 0, 0),
    (TOUCHED, STAYED_BRIEF): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_BRIEF),
    (TOUCHED, SHOOK): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_SHAKEN),
    (TOUCHED, TOO_SOON): (DOUBTFUL, SLOT_DOUBTFUL, DOUBT_TOO_SOON),
    (TOUCHED, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (TOUCHED, SAID_NOT_TAKEN): (SKIPPED, SLOT_SKIPPED, SKIPPED_BY_WORD),
    (TOUCHED, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (MISSED, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (SKIPPED, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (UNKNOWN, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (DOUBTFUL, SAID_TAKEN): (TAKEN, SLOT_TAKEN, DOSE_BY_WORD),
    (DOUBTFUL, SAID_NOT_TAKEN): (SKIPPED, SLOT_SKIPPED, SKIPPED_BY_WORD),
}

NEVER = const(0xFFFFFFFF)  # a wall second that does not come


class Slot:
    """One dose slot and where it stands. `armed`: its prompt record is flushed."""

    def __init__(self, entry: "Entry") -> None:
        self.entry = entry
        self.state = WAITING
        self.armed = False
        self.prompted = False
        self.postponed = False
        self.blind = False  # its lid was opened unseen: asked about in place of a prompt
        self.unwatched = False  # it can no longer be called missed
        self.told = False  # the log says so
        self.not_before_s = 0  # the spacing to the dose before; 0 = none
        self.kept = KEPT_ON_TIME  # OPENED: what it means if the lid stays open

    @property
    def prompt_wall_s(self) -> int:
        """When its prompt begins: due, or later where the spacing says so."""
        due_wall_s: int = self.entry.due_wall_s
        return max(due_wall_s, self.not_before_s)

    @property
    def opens_s(self) -> int:
        """When its early window begins."""
        opens_s: int = self.entry.due_wall_s - self.entry.early_min * 60
        return opens_s

    @property
    def closes_s(self) -> int:
        """When its window closes."""
        closes_s: int = self.prompt_wall_s + self.entry.window_min * 60
        return closes_s

    @property
    def ends_s(self) -> int:
        """When the last of its windows is over."""
        ends_s: int = self.closes_s + self.entry.late_min * 60
        return ends_s

    @property
    def skips_s(self) -> int:
        """When "take" turns into "skip this one"; NEVER where it does not."""
        skips_s: int = self.entry.due_wall_s + self.entry.skip_after_min * 60
        return skips_s if self.entry.skip_after_min else NEVER

    def final(self) -> bool:
        """True when nothing but a person's word can change it any more."""
        return bool(self.state >= TAKEN)

    def apply(self, stimulus: int) -> "tuple[int, int] | None":
        """Takes a stimulus. Returns (record kind or 0, value), or None when nothing happens."""
        step = TABLE.get((self.state, stimulus))
        if step is None:
            return None
        self.state = step[0]
        kind, value = step[1], step[2]
        if kind == SLOT_POSTPONED:
            self.postponed = True
            value = (self.prompt_wall_s - self.entry.due_wall_s + 59) // 60
        if self.state == DUE:
            self.armed = self.prompted  # a series that goes on waits for no record
            self.prompted = True
        return kind, value
