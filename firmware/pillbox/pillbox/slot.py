"""The life of one dose slot, as a table.

Knows: states, stimuli, what follows. May not know: lids, lights, clocks, storage.

    WAITING → OPEN (early window) → DUE → LATE → MISSED
    and from OPEN, DUE, LATE → TAKEN (early | on time | late), from DUE, LATE → DOUBTFUL;
    a window that ended while nobody watched → UNKNOWN, never MISSED;
    due while the resident is away → PAUSED, neither prompted nor missed.
"""

from micropython import const

from anbu_wire.messages import (
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
    ScheduleEntry,
)

WAITING = const(0)
OPEN = const(1)
DUE = const(2)
LATE = const(3)
TAKEN = const(4)
MISSED = const(5)
SKIPPED = const(6)
DOUBTFUL = const(7)
UNKNOWN = const(8)
PAUSED = const(9)

# stimuli
OPENS = const(1)
FALLS_DUE = const(2)
CLOSES = const(3)
ENDS = const(4)
LID = const(5)
DOUBT = const(6)
ENDED_UNWATCHED = const(7)
AWAY = const(8)

EARLY_DOSE = const(0)
ON_TIME_DOSE = const(1)
LATE_DOSE = const(2)

# (state, stimulus) → (next state, record kind or 0, record value); absent = nothing happens
TABLE = {
    (WAITING, OPENS): (OPEN, 0, 0),
    (OPEN, FALLS_DUE): (DUE, SLOT_PROMPTED, 0),
    (DUE, CLOSES): (LATE, SLOT_LATE, 0),
    (DUE, ENDS): (MISSED, SLOT_MISSED, 0),
    (LATE, ENDS): (MISSED, SLOT_MISSED, 0),
    (OPEN, LID): (TAKEN, SLOT_TAKEN, EARLY_DOSE),
    (DUE, LID): (TAKEN, SLOT_TAKEN, ON_TIME_DOSE),
    (LATE, LID): (TAKEN, SLOT_TAKEN, LATE_DOSE),
    (DUE, DOUBT): (DOUBTFUL, SLOT_DOUBTFUL, 0),
    (LATE, DOUBT): (DOUBTFUL, SLOT_DOUBTFUL, 0),
    (WAITING, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (OPEN, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (DUE, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (LATE, AWAY): (PAUSED, SLOT_PAUSED, 0),
    (WAITING, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (OPEN, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (DUE, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
    (LATE, ENDED_UNWATCHED): (UNKNOWN, SLOT_UNKNOWN, 0),
}

# what a record of the log says about a slot after a restart
RECALLED = {
    SLOT_PROMPTED: DUE,
    SLOT_LATE: LATE,
    SLOT_TAKEN: TAKEN,
    SLOT_MISSED: MISSED,
    SLOT_SKIPPED: SKIPPED,
    SLOT_DOUBTFUL: DOUBTFUL,
    SLOT_UNKNOWN: UNKNOWN,
    SLOT_PAUSED: PAUSED,
}


class Slot:
    """One entry of the schedule and where it stands. `armed`: its prompt record is flushed."""

    def __init__(self, entry: ScheduleEntry) -> None:
        self.entry = entry
        self.state = WAITING
        self.armed = False
        self.doubtful_clock = False

    def apply(self, stimulus: int) -> "tuple[int, int] | None":
        """Takes a stimulus. Returns (record kind or 0, value), or None when nothing happens."""
        step = TABLE.get((self.state, stimulus))
        if step is None:
            return None
        self.state = step[0]
        return step[1], step[2]

    def final(self) -> bool:
        """True when nothing but a person's word can change it any more."""
        return bool(self.state >= TAKEN)

    def stimulus_at(self, wall_s: int, watched: bool) -> int:
        """The next stimulus time brings by `wall_s`, 0 for none.

        `watched` is False when nobody knows what the lids did since the last look.
        """
        entry = self.entry
        due = entry.due_wall_s
        closed = wall_s >= due + entry.window_min * 60
        ended = wall_s >= due + (entry.window_min + entry.late_min) * 60
        if not watched and wall_s >= due:
            self.doubtful_clock = True  # its lid may have been opened unseen
        over = ended if self.state == LATE else closed
        if over and not self.final() and (self.doubtful_clock or (ended and self.state < DUE)):
            return ENDED_UNWATCHED
        if self.state == WAITING and wall_s >= due - entry.early_min * 60:
            return OPENS
        if self.state == OPEN and wall_s >= due:
            return FALLS_DUE
        if self.state in (DUE, LATE) and ended:
            return ENDS
        if self.state == DUE and closed:
            return CLOSES
        return 0
