"""How a dose may go, as the records a box writes of it: four each.

Knows: kinds of records, their values, minutes after the dose is due, how often which course comes.
May not know: whose dose it is, what it costs.
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.adherence.spoken import BY_WORD

# (kind, value, minutes after due) of each record
Course = tuple[tuple[int, int, int], ...]
ON_TIME: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.LID_OPENED, wire.OPENED_AS_DUE, 4),
    (wire.SLOT_TAKEN, 1, 4),
    (wire.LID_CLOSED, 0, 5),
)
LATE: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.SLOT_LATE, 0, 60),
    (wire.LID_OPENED, wire.OPENED_AS_DUE, 75),
    (wire.SLOT_TAKEN, 2, 75),
)
POSTPONED: Course = (
    (wire.SLOT_POSTPONED, 30, 0),
    (wire.SLOT_PROMPTED, 0, 30),
    (wire.LID_OPENED, wire.OPENED_AS_DUE, 40),
    (wire.SLOT_TAKEN, 1, 40),
)
MISSED: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.SLOT_SNOOZED, 1, 3),
    (wire.SLOT_LATE, 0, 60),
    (wire.SLOT_MISSED, 0, 120),
)
DOUBTFUL: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.LID_OPENED, wire.OPENED_WRONG, 5),
    (wire.SLOT_DOUBTFUL, wire.DOUBT_WRONG_LID, 6),
    (wire.LID_CLOSED, 0, 7),
)
WORD: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.SLOT_LATE, 0, 60),
    (wire.OK_PRESSED, 0, 80),
    (wire.SLOT_TAKEN, BY_WORD, 80),
)
AGAIN: Course = (
    (wire.SLOT_PROMPTED, 0, 0),
    (wire.LID_OPENED, wire.OPENED_AS_DUE, 4),
    (wire.SLOT_TAKEN, 1, 4),
    (wire.LID_OPENED, wire.OPENED_AGAIN, 20),
)
AWAY: Course = (
    (wire.SLOT_PAUSED, 0, 0),
    (wire.AWAY_SET, 0, 1),
    (wire.BATTERY, 80, 2),
    (wire.BATTERY, 80, 3),
)
COURSES = (ON_TIME, LATE, POSTPONED, MISSED, DOUBTFUL, WORD, AGAIN)
WEIGHTS = (860, 40, 20, 50, 10, 10, 10)  # in a thousand

# With these something may have to be decided.
SETTLED_AT = frozenset(
    {wire.SLOT_LATE, wire.SLOT_MISSED, wire.SLOT_DOUBTFUL, wire.HELP_PRESSED, wire.OK_PRESSED}
)
