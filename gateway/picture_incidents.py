"""What the picture holds of incidents, texts, pauses and alarms; and of one incident alone.

Knows: the shapes of gateway/picture.py. May not know: who looks at them; it decides nothing.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from gateway.household import Household
from gateway.incidents import Ledger, Text
from gateway.incidents.budget import alarms
from gateway.incidents.roll import roll
from gateway.roster import Roster

Json = dict[str, Any]


def incident_alone(
    household: Household, ledger: Ledger, incident_id: int, now_ms: int
) -> Json | None:
    """The part of the picture that is about one incident, however old; None: there is none such.

    Of its persons only id and name are there.
    """
    roster = household.roster
    if roster is None or incident_id not in ledger.incidents:
        return None
    texts = [ledger.texts[i] for i in reversed(ledger.incidents[incident_id].texts)]
    return {
        "now_ms": now_ms,
        "home_id": roster.home_id,
        "time_zone": roster.time_zone,
        "language": roster.language,
        "persons": [{"id": p.id, "name": p.name, "slots": []} for p in roster.persons],
        "incidents": [incident_of(household, ledger, incident_id, now_ms)],
        "texts": [text_of(roster, text) for text in texts],
    }


def incident_of(household: Household, ledger: Ledger, incident_id: int, now_ms: int) -> Json:
    """One incident. KeyError where there is none such."""
    incident = ledger.incidents[incident_id]
    return {
        "id": incident.id,
        "person_id": incident.person_id,
        "worry": incident.worry,
        "key": incident.key,
        "slot_id": str(incident.slot) if incident.slot else None,
        "state": str(incident.state),
        "acked_by": incident.acked_by,
        "acked_until_ms": incident.acked_until_ms,
        "reason": incident.reason,
        "detail": dict(incident.detail),
        "opened_ms": incident.opened_ms,
        "due_ms": incident.due_ms,
        "step": incident.step,
        "texts": list(incident.texts),
        "history": [
            {"at_ms": e.at_ms, "what": e.what, "reason": e.reason, "detail": e.detail}
            for e in incident.history
        ],
        "roll": [dataclasses.asdict(line) for line in roll(household, ledger, incident, now_ms)],
    }


def text_of(roster: Roster, text: Text) -> Json:
    """One text, out or in."""
    known = [g for g in roster.guardians if text.guardian_id in (None, g.id)]
    guardian = next((g for g in known if g.number == text.number), None)
    return {
        "id": text.id,
        "direction": text.direction,
        "incident_id": text.incident_id,
        "guardian": text.guardian_id or (guardian.id if guardian else None),
        "guardian_name": guardian.name if guardian else None,
        "number": text.number,
        "purpose": text.purpose,
        "body": text.body,
        "state": text.state,
        "decided_ms": text.decided_ms,
        "due_ms": text.due_ms,
        "submitted_ms": text.submitted_ms,
        "delivered_ms": text.delivered_ms,
        "reason": text.reason,
        "why": text.why or text.reason,
        "route": text.route,
        "passed": text.passed,
    }


def pause_of(ledger: Ledger, person_id: str, now_ms: int) -> Json:
    """The pause of telling that holds now: until when, who wants it, why."""
    pause = ledger.paused.get(person_id)
    if pause is None or pause.until_ms <= now_ms:
        return {"paused_until_ms": None, "paused_by": None, "paused_why": None}
    return {"paused_until_ms": pause.until_ms, "paused_by": pause.by, "paused_why": pause.why}


def alarms_of(ledger: Ledger, now_ms: int) -> Json:
    """The alarm budget of the last days."""
    seen = alarms(ledger, now_ms)
    shares = {"needed_share": seen.needed_share, "within_budget": seen.within_budget}
    return {**dataclasses.asdict(seen), **shares}
