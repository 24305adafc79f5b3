"""The life of an incident, as a table.

Knows: which signal leads from which state to which, and what is done on the way.
May not know: how signals are noticed, how actions become events.

Every state answers every signal; an empty row is a decision too: nothing is to be done.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"  # nobody was told yet
    NOTIFYING = "notifying"  # somebody was told, nobody answered
    ACKED = "acked"  # somebody has it, until a certain time
    RESOLVED = "resolved"


class Signal(StrEnum):
    """What may happen to an incident."""

    STEP_DUE = "step_due"
    WORSE = "worse"  # not confirmed → missed, either of them → doubtful
    TAKEN_IN_TIME = "taken_in_time"
    OPENED_LATE = "opened_late"
    BY_WORD = "by_word"
    NOT_BY_WORD = "not_by_word"  # somebody says that it was not taken
    NOT_DUE = "not_due"  # it was not to be opened: away, or too soon after the dose before
    ACK = "ack"
    ACK_EXPIRED = "ack_expired"
    DONE = "done"  # a person says it is over
    TOO_OLD = "too_old"
    EXPIRED = "expired"


class Action(StrEnum):
    """What is done; each becomes events in decide.py or replies.py."""

    TELL_STEP = "tell_step"
    CHANGE = "change"
    TELL_CHANGE = "tell_change"
    RESOLVE = "resolve"
    TELL_CORRECTION = "tell_correction"
    TELL_LATE = "tell_late"
    TELL_BY_WORD = "tell_by_word"
    TELL_NOT_BY_WORD = "tell_not_by_word"
    TELL_NOT_DUE = "tell_not_due"
    ACKNOWLEDGE = "acknowledge"
    THANK = "thank"
    SAY_DONE = "say_done"
    SAY_OVER = "say_over"


Row = tuple[State, tuple[Action, ...]]

_S, _N, _A = State, Signal, Action
TABLE: dict[tuple[State, Signal], Row] = {
    (_S.OPEN, _N.STEP_DUE): (_S.NOTIFYING, (_A.TELL_STEP,)),
    (_S.OPEN, _N.WORSE): (_S.OPEN, (_A.CHANGE,)),
    (_S.OPEN, _N.TAKEN_IN_TIME): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.OPENED_LATE): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.BY_WORD): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.NOT_BY_WORD): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.NOT_DUE): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.ACK): (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
    (_S.OPEN, _N.ACK_EXPIRED): (_S.OPEN, ()),
    (_S.OPEN, _N.DONE): (_S.RESOLVED, (_A.RESOLVE, _A.SAY_DONE)),
    (_S.OPEN, _N.TOO_OLD): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.OPEN, _N.EXPIRED): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.NOTIFYING, _N.STEP_DUE): (_S.NOTIFYING, (_A.TELL_STEP,)),
    (_S.NOTIFYING, _N.WORSE): (_S.NOTIFYING, (_A.CHANGE, _A.TELL_CHANGE)),
    (_S.NOTIFYING, _N.TAKEN_IN_TIME): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_CORRECTION)),
    (_S.NOTIFYING, _N.OPENED_LATE): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_LATE)),
    (_S.NOTIFYING, _N.BY_WORD): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_BY_WORD)),
    (_S.NOTIFYING, _N.NOT_BY_WORD): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_BY_WORD)),
    (_S.NOTIFYING, _N.NOT_DUE): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_DUE)),
    (_S.NOTIFYING, _N.ACK): (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
    (_S.NOTIFYING, _N.ACK_EXPIRED): (_S.NOTIFYING, ()),
    (_S.NOTIFYING, _N.DONE): (_S.RESOLVED, (_A.RESOLVE, _A.SAY_DONE)),
    (_S.NOTIFYING, _N.TOO_OLD): (_S.NOTIFYING, ()),
    (_S.NOTIFYING, _N.EXPIRED): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.ACKED, _N.STEP_DUE): (_S.ACKED, ()),
    (_S.ACKED, _N.WORSE): (_S.ACKED, (_A.CHANGE, _A.TELL_CHANGE)),
    (_S.ACKED, _N.TAKEN_IN_TIME): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_CORRECTION)),
    (_S.ACKED, _N.OPENED_LATE): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_LATE)),
    (_S.ACKED, _N.BY_WORD): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_BY_WORD)),
    (_S.ACKED, _N.NOT_BY_WORD): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_BY_WORD)),
    (_S.ACKED, _N.NOT_DUE): (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_DUE)),
    (_S.ACKED, _N.ACK): (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
    (_S.ACKED, _N.ACK_EXPIRED): (_S.NOTIFYING, (_A.TELL_STEP,)),
    (_S.ACKED, _N.DONE): (_S.RESOLVED, (_A.RESOLVE, _A.SAY_DONE)),
    (_S.ACKED, _N.TOO_OLD): (_S.ACKED, ()),
    (_S.ACKED, _N.EXPIRED): (_S.RESOLVED, (_A.RESOLVE,)),
    (_S.RESOLVED, _N.STEP_DUE): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.WORSE): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.TAKEN_IN_TIME): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.OPENED_LATE): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.BY_WORD): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.NOT_BY_WORD): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.NOT_DUE): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.ACK): (_S.RESOLVED, (_A.SAY_OVER,)),
    (_S.RESOLVED, _N.ACK_EXPIRED): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.DONE): (_S.RESOLVED, (_A.SAY_OVER,)),
    (_S.RESOLVED, _N.TOO_OLD): (_S.RESOLVED, ()),
    (_S.RESOLVED, _N.EXPIRED): (_S.RESOLVED, ()),
}
