"""The life of an incident in the log: opened, changed, acknowledged, resolved.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, when one is opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from gateway.fact import Event, SlotId


@dataclass(frozen=True, slots=True)
class IncidentOpened(Event):
    """A worry became an incident. `worry` and `reason` are enum values of rules/incidents."""

    kind: ClassVar[str] = "incident_opened"
    incident_id: int
    person_id: str
    worry: str
    key: str
    slot: SlotId | None
    reason: str
    due_ms: int  # when this had to be said: the deadline
    words: str = ""  # which of its kind's texts says it
    detail: dict[str, Any] = field(default_factory=dict)  # what its reason speaks of, as JSON


@dataclass(frozen=True, slots=True)
class IncidentChanged(Event):
    """What the incident is about changed (not confirmed → missed), with the reason."""

    kind: ClassVar[str] = "incident_changed"
    incident_id: int
    worry: str
    reason: str


@dataclass(frozen=True, slots=True)
class IncidentAcknowledged(Event):
    """Somebody took it: no further step before `until_ms`.

    `by`: a guardian's id, the resident's own (by her box), or the name of an account of the page.
    """

    kind: ClassVar[str] = "incident_acknowledged"
    incident_id: int
    by: str
    until_ms: int
    there: bool = False  # she says that she has arrived


@dataclass(frozen=True, slots=True)
class IncidentResolved(Event):
    """It is over, and why ("opened_late", "taken_in_time", "by_person", …).

    `by`: who said so, as in IncidentAcknowledged; "" where nobody did.
    """

    kind: ClassVar[str] = "incident_resolved"
    incident_id: int
    reason: str
    by: str = ""
