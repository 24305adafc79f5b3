"""The ledger: all incidents and all texts, folded from the facts about them.

Knows: what each fact changes in an incident or a text.
May not know: what to do next (decide.py), the time, the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from gateway.events import (
    DeviceRecord,
    Event,
    IncidentAcknowledged,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
    SlotId,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSubmitted,
)
from gateway.incidents.reasons import Reason
from gateway.incidents.shelves import Shelves
from gateway.incidents.table import State

# The texts of the ladder's steps; all others answer, correct or close.
STEP_PURPOSES = frozenset(
    {
        "dose_missed",
        "dose_unconfirmed",
        "dose_doubtful",
        "double_dose",
        "dose_too_soon",
        "help_pressed",
    }
)
ANSWER_PURPOSES = frozenset({"thanks", "done", "over", "help"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an incident's history."""

    at_ms: int
    what: str  # "opened" | "changed" | "told" | "acknowledged" | "resolved"
    reason: str
    detail: str = ""  # to or by whom, or into what


@dataclass(slots=True)
class Incident:
    """One incident as it stands."""

    id: int
    person_id: str
    worry: str
    key: str
    slot: SlotId | None
    reason: str
    opened_ms: int
    due_ms: int
    state: State = State.OPEN
    step: int = -1  # the last step told
    step_ms: int = 0  # when
    repeats: int = 0  # how often the last step was told again
    acked_by: str | None = None
    acked_until_ms: int | None = None
    told: dict[str, str] = field(default_factory=dict)  # guardian id → number
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
    state: str  # "pending" | "submitted" | "delivered" | "undelivered" | "received"
    decided_ms: int
    due_ms: int
    reason: str = ""
    step: int = -1
    references: tuple[int, ...] = ()
    submitted_ms: int | None = None
    delivered_ms: int | None = None
    why: str = ""


@dataclass(slots=True)
class Ledger:
    """All incidents and texts of one home."""

    incidents: dict[int, Incident] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    live: dict[int, None] = field(default_factory=dict)  # ids of live incidents, oldest first
    texts: dict[int, Text] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # message keys of texts that came in
    shelves: Shelves = field(default_factory=Shelves)
    last_incident_id: int = 0
    last_text_id: int = 0


def fold(ledger: Ledger, event: Event) -> Ledger:
    """The ledger after one more fact. It owns what it is given, as household.fold does."""
    step = _STEPS.get(type(event))
    if step is not None:
        step(ledger, event)
    return ledger


def opened(event: IncidentOpened) -> Incident:
    """The incident that a fact begins."""
    e = event
    incident = Incident(
        e.incident_id, e.person_id, e.worry, e.key, e.slot, e.reason, e.at_ms, e.due_ms
    )
    incident.history.append(Entry(e.at_ms, "opened", e.reason))
    return incident


def _opened(ledger: Ledger, event: IncidentOpened) -> None:
    ledger.incidents[event.incident_id] = opened(event)
    ledger.by_key[event.key] = event.incident_id
    ledger.live[event.incident_id] = None
    ledger.last_incident_id = max(ledger.last_incident_id, event.incident_id)


def _changed(ledger: Ledger, event: IncidentChanged) -> None:
    incident = ledger.incidents[event.incident_id]
    incident.worry, incident.reason = event.worry, event.reason
    incident.history.append(Entry(event.at_ms, "changed", event.reason, event.worry))


def _acknowledged(ledger: Ledger, event: IncidentAcknowledged) -> None:
    incident = ledger.incidents[event.incident_id]
    if incident.live:
        incident.state = State.ACKED
    incident.acked_by, incident.acked_until_ms = event.by, event.until_ms
    incident.history.append(Entry(event.at_ms, "acknowledged", "answer", event.by))


def _resolved(ledger: Ledger, event: IncidentResolved) -> None:
    incident = ledger.incidents[event.incident_id]
    incident.state, incident.reason = State.RESOLVED, event.reason
    incident.history.append(Entry(event.at_ms, "resolved", event.reason))
    ledger.live.pop(event.incident_id, None)
    expired = event.reason == Reason.EXPIRED
    (ledger.shelves.expired if expired else ledger.shelves.settled)(incident.id, incident.slot)


def _decided(ledger: Ledger, event: TextDecided) -> None:
    e = event
    ledger.last_text_id = max(ledger.last_text_id, e.text_id)
    ledger.texts[e.text_id] = Text(
        id=e.text_id,
        direction="out",
        incident_id=e.incident_id,
        guardian_id=e.guardian_id,
        number=e.to,
        purpose=e.purpose,
        body=e.body,
        state="pending",
        decided_ms=e.at_ms,
        due_ms=e.due_ms,
        step=e.step,
        reason=e.reason,
    )
    if e.purpose in ANSWER_PURPOSES:
        ledger.shelves.answered(e.text_id, e.to, e.incident_id)
    incident = ledger.incidents.get(e.incident_id) if e.incident_id is not None else None
    if incident is None:
        return
    incident.texts.append(e.text_id)
    incident.history.append(Entry(e.at_ms, "told", e.reason, f"{e.guardian_id}: {e.purpose}"))
    if e.purpose in STEP_PURPOSES:
        _step_told(incident, event)
        ledger.shelves.was_told(incident.id, e.to)


def _step_told(incident: Incident, event: TextDecided) -> None:
    incident.told[event.guardian_id] = event.to
    if event.step == incident.step and event.at_ms > incident.step_ms:
        incident.repeats += 1
    incident.step, incident.step_ms = event.step, event.at_ms
    if incident.live:
        incident.state = State.NOTIFYING


def _submitted(ledger: Ledger, event: TextSubmitted) -> None:
    text = ledger.texts[event.text_id]
    text.state = "delivered" if text.state == "delivered" else "submitted"
    text.references, text.submitted_ms = event.references, event.first_pdu_ms
    text.why = "sent once more, marked as repeated" if event.marked_repeat else text.why


def _failed(ledger: Ledger, event: TextFailed) -> None:
    text = ledger.texts[event.text_id]
    text.why = event.why
    if event.final:
        text.state = "undelivered"


def _delivered(ledger: Ledger, event: TextDelivered) -> None:
    text = ledger.texts[event.text_id]
    text.state, text.delivered_ms = "delivered", event.at_ms


def _received(ledger: Ledger, event: TextReceived) -> None:
    if event.message_key in ledger.seen:
        return
    ledger.seen.add(event.message_key)
    text_id = -len(ledger.seen)
    ledger.texts[text_id] = Text(
        id=text_id,
        direction="in",
        incident_id=None,
        guardian_id=None,
        number=event.sender,
        purpose="",
        body=event.body,
        state="received",
        decided_ms=event.at_ms,
        due_ms=event.at_ms,
    )


_STEPS = cast(
    "dict[type[Event], Callable[[Ledger, Any], None]]",
    {
        IncidentOpened: _opened,
        IncidentChanged: _changed,
        IncidentAcknowledged: _acknowledged,
        IncidentResolved: _resolved,
        TextDecided: _decided,
        TextSubmitted: _submitted,
        TextFailed: _failed,
        TextDelivered: _delivered,
        TextReceived: _received,
        DeviceRecord: lambda ledger, event: ledger.shelves.record(event),
    },
)
