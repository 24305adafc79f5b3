"""Facts of the calls that ask: what is planned, each call from before it rings to its end.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, what is asked (gateway.calls), telephones.

Days are ISO dates in the home's zone. `by` is who says so, as written on the page; never empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gateway.fact import Event

WELLBEING, VOICE_MESSAGE = "wellbeing", "voice_message"
CALLS = (WELLBEING, VOICE_MESSAGE)

# What a call came to, as facts, pages and figures call it.
ANSWERED = "answered"
PARTLY = "partly"  # a digit was pressed, and then no more
BUSY = "busy"
NO_ANSWER = "no_answer"
VOICEMAIL = "voicemail"  # something answered, and pressed nothing
REFUSED = "refused"
HUNG_UP = "hung_up"  # before any digit
LINE_DOWN = "line_down"
INTERRUPTED = "interrupted"
NOT_HERS = (LINE_DOWN, INTERRUPTED)  # our fault: no attempt is used up by it
OUTCOMES = (ANSWERED, PARTLY, BUSY, NO_ANSWER, VOICEMAIL, REFUSED, HUNG_UP, *NOT_HERS)


@dataclass(frozen=True, slots=True)
class CallsPlanned(Event):
    """When somebody is called; the newest of a person and call holds.

    `call`: of CALLS. `plan`: {"weekdays": ["mon", …], "from": "10:00", "until": "12:00" (local),
    "number": E.164, "language": "ko" | "en"}; None: not any more.
    """

    kind: ClassVar[str] = "calls_planned"
    person_id: str
    call: str
    plan: dict[str, Any] | None
    by: str


@dataclass(frozen=True, slots=True)
class CallBegun(Event):
    """A number is about to be dialled: written down before it rings.

    `attempt`: from 1; that of a call which our own fault ended is used again.
    """

    kind: ClassVar[str] = "call_begun"
    call_id: int
    person_id: str
    call: str
    day: str
    attempt: int
    line: str


@dataclass(frozen=True, slots=True)
class CallAnswered(Event):
    """She answered a question (gateway.calls.questions). `digit` "": none was pressed."""

    kind: ClassVar[str] = "call_answered"
    call_id: int
    person_id: str
    question: str
    answer: str
    digit: str


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """A call is over. `outcome`: of OUTCOMES; `why` in a word, or plain English for a line."""

    kind: ClassVar[str] = "call_ended"
    call_id: int
    person_id: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class LineSeen(Event):
    """A telephone line works again, or does not: said when that changed."""

    kind: ClassVar[str] = "line_seen"
    line: str
    works: bool
    why: str


@dataclass(frozen=True, slots=True)
class CallsConsent(Event):
    """Whether what she says in a call may be recorded. Nothing is before it was given."""

    kind: ClassVar[str] = "calls_consent"
    person_id: str
    given: bool
    by: str


@dataclass(frozen=True, slots=True)
class RecordingKept(Event):
    """What she said in a call is kept, encrypted, through `until_day`."""

    kind: ClassVar[str] = "recording_kept"
    call_id: int
    person_id: str
    until_day: str


@dataclass(frozen=True, slots=True)
class RecordingDeleted(Event):
    """It is not there any more: its day is over, or consent was withdrawn."""

    kind: ClassVar[str] = "recording_deleted"
    call_id: int
    person_id: str
    why: str
