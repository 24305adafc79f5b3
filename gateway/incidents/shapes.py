"""What an incident and a text are, as they stand.

Knows: their fields. May not know: which fact changes what (ledger.py), what follows (decide.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.events import SlotId
from gateway.incidents.table import State


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an incident's history."""

    at_ms: int
    what: str  # opened | changed | asked | told | not_told | acknowledged | arrived | resolved
    reason: str
    detail: str = ""  # to or by whom, or into what


@dataclass(frozen=True, slots=True)
class Telling:
    """What became of somebody's turn. `until_ms`: she was not told, and it is looked at again."""

    at_ms: int
    reason: str
    told: bool
    until_ms: int | None = None


@dataclass(slots=True)
class Incident:
    """One incident as it stands."""

    id: int
    person_id: str  # "": of the whole home
    worry: str
    key: str
    slot: SlotId | None
    reason: str
    opened_ms: int
    due_ms: int
    words: str = ""  # which of its kind's texts says it
    detail: dict[str, Any] = field(default_factory=dict)  # what its reason speaks of
    state: State = State.OPEN
    step: int = -1  # the last step whose turn it was
    step_ms: int = 0  # when
    repeats: int = 0  # how often the last step was told again
    acked_by: str | None = None
    acked_until_ms: int | None = None
    asked_until_ms: int | None = None  # her own box asks her, so long
    her_answer_ms: int | None = None
    answered_by: str = ""  # "box" | "page": where she gave it
    told: dict[str, str] = field(default_factory=dict)  # guardian id → number
    tellings: dict[str, Telling] = field(default_factory=dict)  # guardian id ("": all) → the last
    texts: list[int] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Not yet over."""
        return self.state is not State.RESOLVED


@dataclass(slots=True)
class Text:
    """One text, out or in, as far as is known."""

    id: int
    direction: str  # "out" | "in"
    incident_id: int | None
    guardian_id: str | None
    number: str
    purpose: str
    body: str
    # "pending" | "sending" | "submitted" | "delivered" | "undelivered" | "unreported" |
    # "withdrawn" | "received"
    state: str
    decided_ms: int
    due_ms: int
    reason: str = ""
    step: int = -1
    also: tuple[int, ...] = ()  # further incidents it speaks of
    references: tuple[int, ...] = ()
    submitted_ms: int | None = None
    delivered_ms: int | None = None
    why: str = ""
    route: str = ""
    passed: str = ""  # the routes that did not take it, and why
    lost: bool = False  # the answer to a try was lost: a copy may be on her phone, whatever follows

    @property
    def incidents(self) -> tuple[int, ...]:
        """The ids of all incidents it speaks of."""
        return () if self.incident_id is None else (self.incident_id, *self.also)
