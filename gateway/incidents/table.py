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

    ASK_DUE = "ask_due"  # her own box is to ask her first
    HER_ANSWER = "her_answer"  # and she pressed the button
    STEP_DUE = "step_due"
    WORSE = "worse"  # not confirmed → missed, either of them → doubtful
    TAKEN_IN_TIME = "taken_in_time"
    OPENED_LATE = "opened_late"
    BY_WORD = "by_word"
    NOT_BY_WORD = "not_by_word"  # somebody says that it was not taken
    NOT_DUE = "not_due"  # it was not to be opened: away, or too soon after the dose before
    GONE = "gone"  # what worried is not so any more
    TOLD = "told"  # it was news, and somebody knows it now
    ACK = "ack"
    SECOND_ACK = "second_ack"  # somebody answers while another one has it
    ACK_EXPIRED = "ack_expired"
    DONE = "done"  # a person says it is over
    FALSE = "false"  # a person says that there was nothing
    WORD = "word"  # a person on the ladder says that it was taken
    TOO_OLD = "too_old"
    EXPIRED = "expired"
    LEFT = "left"  # she whom it is about is not looked after here any more


class Action(StrEnum):
    """What is done; each becomes events in decide.py or replies.py."""

    ASK = "ask"
    TELL_STEP = "tell_step"
    CHANGE = "change"
    TELL_CHANGE = "tell_change"
    RESOLVE = "resolve"
    WITHDRAW = "withdraw"  # what nobody has taken out of the outbox yet
    CORRECT = "correct"  # the dose, by that person's word
    TELL_CORRECTION = "tell_correction"
    TELL_LATE = "tell_late"
    TELL_BY_WORD = "tell_by_word"
    TELL_NOT_BY_WORD = "tell_not_by_word"
    TELL_NOT_DUE = "tell_not_due"
    TELL_GONE = "tell_gone"
    ACKNOWLEDGE = "acknowledge"
    THANK = "thank"
    SAY_ALREADY = "say_already"
    SAY_DONE = "say_done"
    SAY_NOTED = "say_noted"
    SAY_OVER = "say_over"


Row = tuple[State, tuple[Action, ...]]

_S, _N, _A = State, Signal, Action
# signal: what it does where nobody was told, where somebody was, where somebody has it, at the end
_ROWS: dict[Signal, tuple[Row, Row, Row, Row]] = {
    _N.ASK_DUE: (
        (_S.OPEN, (_A.ASK,)),
        (_S.NOTIFYING, ()),
        (_S.ACKED, ()),
        (_S.RESOLVED, ()),
    ),
    _N.HER_ANSWER: (
        (_S.ACKED, (_A.ACKNOWLEDGE,)),
        (_S.NOTIFYING, ()),
        (_S.ACKED, ()),
        (_S.RESOLVED, ()),
    ),
    _N.STEP_DUE: (
        (_S.NOTIFYING, (_A.TELL_STEP,)),
        (_S.NOTIFYING, (_A.TELL_STEP,)),
        (_S.ACKED, ()),
        (_S.RESOLVED, ()),
    ),
    _N.WORSE: (
        (_S.OPEN, (_A.CHANGE,)),
        (_S.NOTIFYING, (_A.CHANGE, _A.TELL_CHANGE)),
        (_S.ACKED, (_A.CHANGE, _A.TELL_CHANGE)),
        (_S.RESOLVED, ()),
    ),
    _N.TAKEN_IN_TIME: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_CORRECTION)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_CORRECTION)),
        (_S.RESOLVED, ()),
    ),
    _N.OPENED_LATE: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_LATE)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_LATE)),
        (_S.RESOLVED, ()),
    ),
    _N.BY_WORD: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_BY_WORD)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_BY_WORD)),
        (_S.RESOLVED, ()),
    ),
    _N.NOT_BY_WORD: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_BY_WORD)),
        (_S.RESOLVED, (_A.RESOLVE, _A.TELL_NOT_BY_WORD)),
        (_S.RESOLVED, ()),
    ),
    _N.NOT_DUE: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_NOT_DUE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_NOT_DUE)),
        (_S.RESOLVED, ()),
    ),
    _N.GONE: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_GONE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.TELL_GONE)),
        (_S.RESOLVED, ()),
    ),
    _N.TOLD: (
        (_S.OPEN, ()),
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, ()),
    ),
    _N.ACK: (
        (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
        (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
        (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
        (_S.RESOLVED, (_A.SAY_OVER,)),
    ),
    _N.SECOND_ACK: (
        (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
        (_S.ACKED, (_A.ACKNOWLEDGE, _A.THANK)),
        (_S.ACKED, (_A.SAY_ALREADY,)),
        (_S.RESOLVED, (_A.SAY_OVER,)),
    ),
    _N.ACK_EXPIRED: (
        (_S.OPEN, ()),
        (_S.NOTIFYING, ()),
        (_S.NOTIFYING, (_A.TELL_STEP,)),
        (_S.RESOLVED, ()),
    ),
    _N.DONE: (
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.SAY_OVER,)),
    ),
    _N.FALSE: (
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE, _A.SAY_DONE)),
        (_S.RESOLVED, (_A.SAY_OVER,)),
    ),
    _N.WORD: (
        (_S.RESOLVED, (_A.CORRECT, _A.RESOLVE, _A.TELL_BY_WORD, _A.SAY_NOTED)),
        (_S.RESOLVED, (_A.CORRECT, _A.RESOLVE, _A.TELL_BY_WORD, _A.SAY_NOTED)),
        (_S.RESOLVED, (_A.CORRECT, _A.RESOLVE, _A.TELL_BY_WORD, _A.SAY_NOTED)),
        (_S.RESOLVED, (_A.SAY_OVER,)),
    ),
    _N.TOO_OLD: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.NOTIFYING, ()),
        (_S.ACKED, ()),
        (_S.RESOLVED, ()),
    ),
    _N.EXPIRED: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, ()),
    ),
    _N.LEFT: (
        (_S.RESOLVED, (_A.RESOLVE,)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE)),
        (_S.RESOLVED, (_A.WITHDRAW, _A.RESOLVE)),
        (_S.RESOLVED, ()),
    ),
}
TABLE: dict[tuple[State, Signal], Row] = {
    (state, signal): row
    for signal, rows in _ROWS.items()
    for state, row in zip(State, rows, strict=True)
}
