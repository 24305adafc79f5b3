"""The ledger: all incidents and all texts, folded from the facts about them.

Knows: what each fact changes in an incident or a text.
May not know: what to do next (decide.py), the time, the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from anbu_wire import messages as wire
from gateway.events import (
    DeviceOrdered,
    DeviceRecord,
    DoseCorrected,
    Event,
    IncidentAcknowledged,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
    NotTold,
    NumberStarted,
    NumberStopped,
    ResidentAsked,
    RosterChanged,
    RosterSet,
    SaidFine,
    TellingPaused,
    TextClaimed,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSubmitted,
    TextUnreported,
    TextWithdrawn,
)
from gateway.incidents.purposes import ANSWERS, NEWS, STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Entry, Incident, Telling, Text
from gateway.incidents.shelves import Shelves
from gateway.incidents.table import State
from gateway.roster_changes import DEVICES

__all__ = ["Entry", "Incident", "Ledger", "Text", "fold", "opened"]

LOST_ANSWER = "answer lost"  # how TextFailed.why begins where the text may have been sent
SENT = ("submitted", "unreported")
ASK_KEY = "incident/{}/ask"  # of the order by which her box asks her (gateway.orders.automatic)


@dataclass(slots=True)
class Ledger:
    """All incidents and texts of one home."""

    incidents: dict[int, Incident] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    live: dict[int, None] = field(default_factory=dict)  # ids of live incidents, oldest first
    texts: dict[int, Text] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # message keys of texts that came in
    stopped: set[str] = field(default_factory=set)  # numbers that want no texts
    paused: dict[str, TellingPaused] = field(default_factory=dict)  # the newest, by person
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
        e.incident_id, e.person_id, e.worry, e.key, e.slot, e.reason, e.at_ms, e.due_ms,
        e.words, e.detail,
    )  # fmt: skip
    incident.history.append(Entry(e.at_ms, "opened", e.reason))
    return incident


def _opened(ledger: Ledger, event: IncidentOpened) -> None:
    ledger.incidents[event.incident_id] = opened(event)
    ledger.by_key[event.key] = event.incident_id
    ledger.live[event.incident_id] = None
    ledger.shelves.opened(event.incident_id, event.person_id, event.at_ms)
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
    what = "arrived" if event.there else "acknowledged"
    incident.history.append(Entry(event.at_ms, what, "answer", event.by))


def _resolved(ledger: Ledger, event: IncidentResolved) -> None:
    incident = ledger.incidents[event.incident_id]
    incident.state, incident.reason = State.RESOLVED, event.reason
    incident.history.append(Entry(event.at_ms, "resolved", event.reason, event.by))
    ledger.live.pop(event.incident_id, None)
    ledger.shelves.over[incident.person_id, incident.worry] = event.at_ms
    expired = event.reason == Reason.EXPIRED
    (ledger.shelves.expired if expired else ledger.shelves.settled)(incident.id, incident.slot)


def _asked(ledger: Ledger, event: ResidentAsked) -> None:
    incident = ledger.incidents[event.incident_id]
    incident.asked_until_ms = event.until_ms
    incident.history.append(Entry(event.at_ms, "asked", Reason.FIRST_STEP, event.device_id))


def _ordered(ledger: Ledger, event: DeviceOrdered) -> None:
    head, _, tail = ASK_KEY.partition("{}")
    if event.key.startswith(head) and event.key.endswith(tail):
        asked = (event.device_id, event.arguments["question"])
        ledger.shelves.questions[asked] = int(event.key.removeprefix(head).removesuffix(tail))


def _record(ledger: Ledger, event: DeviceRecord) -> None:
    ledger.shelves.record(event)
    if event.record_kind not in (wire.ANSWERED, wire.UNANSWERED):
        return
    incident_id = ledger.shelves.questions.get((event.device_id, event.value))
    incident = ledger.incidents.get(incident_id) if incident_id is not None else None
    if incident is None or incident.asked_until_ms is None:
        return
    if event.record_kind == wire.ANSWERED:
        _answered(incident, event.at_ms, "box")
    else:  # nobody pressed it: the others need not wait any longer
        incident.asked_until_ms = min(incident.asked_until_ms, event.at_ms)


def _answered(incident: Incident, at_ms: int, by: str) -> None:
    if incident.her_answer_ms is None:
        incident.her_answer_ms, incident.answered_by = at_ms, by


def _said_fine(ledger: Ledger, event: SaidFine) -> None:
    """It answers whatever her box asks her just now."""
    for incident in (ledger.incidents[i] for i in ledger.live):
        asked = (incident.asked_until_ms or 0) > event.at_ms
        if incident.person_id == event.person_id and asked:
            _answered(incident, event.at_ms, "page")


def _not_told(ledger: Ledger, event: NotTold) -> None:
    incident = ledger.incidents[event.incident_id]
    incident.tellings[event.guardian_id] = Telling(
        event.at_ms, event.reason, told=False, until_ms=event.until_ms
    )
    if incident.state is State.ACKED and (incident.acked_until_ms or 0) <= event.at_ms:
        incident.state = State.NOTIFYING  # nobody has it any more
    if event.until_ms is not None:
        incident.step, incident.step_ms = event.step, event.at_ms
    incident.history.append(Entry(event.at_ms, "not_told", event.reason, event.guardian_id))


def _decided(ledger: Ledger, event: TextDecided) -> None:
    e = event
    ledger.last_text_id = max(ledger.last_text_id, e.text_id)
    text = ledger.texts[e.text_id] = Text(
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
        also=e.also,
    )
    if e.purpose in ANSWERS:
        ledger.shelves.answered(e.text_id, e.to, e.incident_id)
    if e.purpose in NEWS:
        ledger.shelves.news[e.guardian_id, e.purpose] = e.text_id
    of = [ledger.incidents[i] for i in text.incidents if i in ledger.incidents]
    for incident in of:
        incident.texts.append(e.text_id)
        incident.history.append(Entry(e.at_ms, "told", e.reason, f"{e.guardian_id}: {e.purpose}"))
        if e.purpose in STEPS:
            _step_told(incident, event)
            ledger.shelves.was_told(incident.id, e.to)
    if of and e.purpose in STEPS and e.reason != Reason.HELD:
        ledger.shelves.count(e.guardian_id, e.at_ms)


def _step_told(incident: Incident, event: TextDecided) -> None:
    incident.told[event.guardian_id] = event.to
    incident.tellings[event.guardian_id] = Telling(event.at_ms, event.reason, told=True)
    if event.reason == Reason.REPEAT and event.at_ms > incident.step_ms:
        incident.repeats += 1
    incident.step, incident.step_ms = event.step, event.at_ms
    if incident.live:
        incident.state = State.NOTIFYING


def _claimed(ledger: Ledger, event: TextClaimed) -> None:
    text = ledger.texts[event.text_id]
    text.state, text.route = "sending", event.route


def _submitted(ledger: Ledger, event: TextSubmitted) -> None:
    text = ledger.texts[event.text_id]
    text.state = "delivered" if text.state == "delivered" else "submitted"
    text.references, text.submitted_ms = event.references, event.first_pdu_ms
    text.route, text.passed = event.route, event.passed
    text.why = "sent once more, marked as repeated" if event.marked_repeat else text.why


def _failed(ledger: Ledger, event: TextFailed) -> None:
    text = ledger.texts[event.text_id]
    lost = event.why.startswith(LOST_ANSWER)
    if not (event.final or lost) and text.state in SENT and text.route != event.route:
        return  # it went another way meanwhile: a try that ends late takes nothing back
    text.why, text.route = event.why, event.route
    text.lost = text.lost or lost
    if event.final:
        text.state = "undelivered"
    elif text.state in ("sending", *SENT) and not lost:
        text.state = "pending"  # it is certain that this way it did not arrive


def _delivered(ledger: Ledger, event: TextDelivered) -> None:
    text = ledger.texts[event.text_id]
    text.state, text.delivered_ms = "delivered", event.at_ms


def _withdrawn(ledger: Ledger, event: TextWithdrawn) -> None:
    text = ledger.texts[event.text_id]
    text.state, text.why = "withdrawn", event.why


def _unreported(ledger: Ledger, event: TextUnreported) -> None:
    text = ledger.texts[event.text_id]
    if text.state == "submitted":
        text.state = "unreported"


def _received(ledger: Ledger, event: TextReceived) -> None:
    if event.message_key in ledger.seen:
        return
    ledger.seen.add(event.message_key)
    heard_ms = ledger.shelves.heard.get(event.sender, event.at_ms)
    ledger.shelves.heard[event.sender] = max(event.at_ms, heard_ms)
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


def _roster_set(ledger: Ledger, event: RosterSet) -> None:
    ledger.shelves.file_boxes({d["id"]: d["person_id"] for d in event.roster["devices"]})


def _roster_changed(ledger: Ledger, event: RosterChanged) -> None:
    if event.table == DEVICES:
        ledger.shelves.page_box(event.key, event.row["person_id"] if event.row else None)


def _paused(ledger: Ledger, event: TellingPaused) -> None:
    ledger.paused[event.person_id] = event


_STEPS = cast(
    "dict[type[Event], Callable[[Ledger, Any], None]]",
    {
        IncidentOpened: _opened,
        IncidentChanged: _changed,
        IncidentAcknowledged: _acknowledged,
        IncidentResolved: _resolved,
        ResidentAsked: _asked,
        DeviceOrdered: _ordered,
        NotTold: _not_told,
        TextDecided: _decided,
        TextClaimed: _claimed,
        TextSubmitted: _submitted,
        TextFailed: _failed,
        TextDelivered: _delivered,
        TextWithdrawn: _withdrawn,
        TextUnreported: _unreported,
        TextReceived: _received,
        TellingPaused: _paused,
        NumberStopped: lambda ledger, event: ledger.stopped.add(event.number),
        NumberStarted: lambda ledger, event: ledger.stopped.discard(event.number),
        DeviceRecord: _record,
        SaidFine: _said_fine,
        RosterSet: _roster_set,
        RosterChanged: _roster_changed,
        DoseCorrected: lambda ledger, event: ledger.shelves.of_slot(event.slot),
    },
)
