"""Facts about telling: who was not told and why, who wants no texts, what the resident was asked.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, the words of a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.fact import Event


@dataclass(frozen=True, slots=True)
class NotTold(Event):
    """It was somebody's turn and she was not told. `until_ms`: when it is looked at again."""

    kind: ClassVar[str] = "not_told"
    incident_id: int
    guardian_id: str
    reason: str  # gateway.incidents.reasons.Reason
    step: int
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class NumberStopped(Event):
    """Whoever has this number wants no texts any more."""

    kind: ClassVar[str] = "number_stopped"
    number: str  # E.164


@dataclass(frozen=True, slots=True)
class NumberStarted(Event):
    """Whoever has this number wants texts again."""

    kind: ClassVar[str] = "number_started"
    number: str  # E.164


@dataclass(frozen=True, slots=True)
class TellingPaused(Event):
    """About one person nobody is told before `until_ms`, but of a call for help.

    The newest of a person counts; one that ends at once takes a pause back.
    """

    kind: ClassVar[str] = "telling_paused"
    person_id: str
    until_ms: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class ResidentAsked(Event):
    """Her own box asks her first; nobody else is told before `until_ms`."""

    kind: ClassVar[str] = "resident_asked"
    incident_id: int
    device_id: str
    until_ms: int
