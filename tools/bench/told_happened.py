"""What really happened in one simulated home, as plain facts; instants are ms, people are names.

Knows: nothing. May not know: any file of the gateway.

Two instants belong to every fact of the house: when it happened (`at_ms`) and when the gateway
could know it (`known_ms`). A text has the instant at which it was handed to the modem, and what
the modem answered to that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Says(StrEnum):
    """What a text's words say of a dose or a person."""

    MISSED = "missed"
    UNCONFIRMED = "unconfirmed"
    DOUBTFUL = "doubtful"
    AFTER_ALL = "after_all"  # missed, or in doubt, after another word was said
    HELP = "help"
    RESOLVED = "resolved"
    CORRECTED = "corrected"
    OTHER = "other"


WORRIES = frozenset({Says.MISSED, Says.UNCONFIRMED, Says.DOUBTFUL})
ALL_CLEAR = frozenset({Says.RESOLVED, Says.CORRECTED})


class Answer(StrEnum):
    """What the modem answered when a text was handed to it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    BUSY = "busy"  # not now, and certainly not sent
    LOST = "lost"  # it may have gone out, nobody knows


@dataclass(frozen=True, slots=True)
class Slot:
    """A dose and its window."""

    key: str
    due_ms: int
    closes_ms: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The dose's own lid was opened, or (`by_word`) somebody said so."""

    slot: str
    at_ms: int
    known_ms: int
    by_word: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A wrong lid stood open while the dose was due: a person has to be asked."""

    slot: str
    known_ms: int


@dataclass(frozen=True, slots=True)
class Seen:
    """All records of the box up to `upto_ms` were in the gateway at `known_ms`."""

    upto_ms: int
    known_ms: int


@dataclass(frozen=True, slots=True)
class Help:
    """The red button; the gateway knew of it at `known_ms`."""

    known_ms: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text handed to the modem. `marked`: its words say that it may have come before."""

    number: int
    at_ms: int
    to: str
    says: Says
    incident: int
    slots: tuple[str, ...] = ()
    marked: bool = False
    answer: Answer = Answer.ACCEPTED
    answered_ms: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The carrier's word on a text: it was delivered, or it never will be."""

    text: int
    at_ms: int
    delivered: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A registered person said "I am going": the worry rests until `until_ms`."""

    by: str
    known_ms: int
    slots: tuple[str, ...]
    until_ms: int


@dataclass(frozen=True, slots=True)
class Span:
    """From … until (not included)."""

    from_ms: int
    until_ms: int

    def holds(self, at_ms: int) -> bool:
        """Whether the instant lies in it."""
        return self.from_ms <= at_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class Step:
    """People who are told together, so long after the step before (the first: after the worry)."""

    after_ms: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is told in which order; the last step again after each of `again_ms`, then the last one.

    `over_ms`: so long after it began the house takes a worry for over.
    """

    steps: tuple[Step, ...]
    again_ms: tuple[int, ...]
    over_ms: int


@dataclass(slots=True)
class Story:
    """One person's days."""

    ladder: Ladder
    grace_ms: int  # so long after the window's end an unconfirmed dose is told
    until_ms: int  # nothing is judged that falls later
    slots: list[Slot] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    helps: list[Help] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)  # pauses, hospital, travel
    gateway_down: list[Span] = field(default_factory=list)
    modem_down: list[Span] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
