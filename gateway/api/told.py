"""Incidents, texts, contacts and alarms as the API says them; the home and its faults.

Knows: the ledger, the roster, whose an incident and a text are. May not know: who looks.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look, NotThere
from gateway.incidents import Incident
from gateway.picture_incidents import alarms_of, incident_of, text_of
from gateway.picture_seen import Eyes

Json = dict[str, Any]
LIVE = "live"  # every state but resolved

_TEXT = (
    "id", "direction", "incident_id", "purpose", "body", "state", "reason", "why", "route",
    "decided_ms", "due_ms", "submitted_ms", "delivered_ms",
)  # fmt: skip
_CONTACT = ("id", "name", "number", "role", "language", "after_min", "hours", "quiet")


def incidents(look: Look) -> Json:
    """Those that were asked for, the newest first."""
    asked, ledger = look.asked, look.home.ledger
    newest = sorted(ledger.incidents, reverse=True)
    found = [i for i in newest if _wanted(look, ledger.incidents[i])]
    shown = found[: asked["limit"]]
    more = len(found) > len(shown)
    return {
        "as_of_ms": look.now_ms,
        "incidents": [_incident(look, i) for i in shown],
        "next": shown[-1] if more else None,
    }


def incident(look: Look) -> Json:
    """One incident, however old. Raises NotThere."""
    found = look.home.ledger.incidents.get(look.asked["number"])
    if found is None or not look.eyes.incident(found.person_id):
        raise NotThere
    return {"as_of_ms": look.now_ms, "incident": _incident(look, found.id)}


def texts(look: Look) -> Json:
    """Texts about those who are seen, the newest first; those of one instant on one page."""
    before_ms, ledger, eyes = look.asked["before_ms"], look.home.ledger, _eyes_for(look)
    newest = sorted(ledger.texts.values(), key=lambda t: (t.decided_ms, t.id), reverse=True)
    read = [
        text
        for text in newest
        if (before_ms is None or text.decided_ms < before_ms) and eyes.text(ledger, text)
    ]
    limit = look.asked["limit"]
    last_ms = read[:limit][-1].decided_ms if read else 0
    shown = [text for n, text in enumerate(read) if n < limit or text.decided_ms == last_ms]
    return {
        "as_of_ms": look.now_ms,
        "texts": [_text(text_of(look.roster, text)) for text in shown],
        "next": shown[-1].decided_ms if len(read) > len(shown) else None,
    }


def contacts(look: Look) -> Json:
    """Who is told about her and in which steps; how long she is left alone with a silence."""
    person, stopped = look.person, look.home.ledger.stopped
    steps = look.roster.steps(person.id)
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "level": person.level,
        "cap_h": person.cap_h,
        "ask_min": person.ask_min,
        "quiet": person.quiet,
        "ladder": [
            {"after_min": step[0].after_min, "guardian_ids": [g.id for g in step]} for step in steps
        ],
        "contacts": [
            {
                **{name: getattr(g, name) for name in _CONTACT},
                "kinds": list(g.kinds),
                "weekdays": list(g.weekdays),
                "stopped": g.number in stopped,
            }
            for step in steps
            for g in step
        ],
    }


def alarms(look: Look) -> Json:
    """The alarm budget of the last 30 days."""
    return {"as_of_ms": look.now_ms, "alarms": alarms_of(look.home.ledger, look.now_ms)}


def home(look: Look) -> Json:
    """The home, and which parts of its gateway do not work."""
    household, roster = look.home.household, look.roster
    faults = [
        {"part": part, "since_ms": since_ms, "why": why}
        for part, (since_ms, why) in sorted(household.sight.failed.items())
    ]
    return {
        "home_id": roster.home_id,
        "time_zone": roster.time_zone,
        "language": roster.language,
        "now_ms": look.now_ms,
        "version": look.version,
        "roster_version": household.layers.version,
        "faults": faults,
    }


def _eyes_for(look: Look) -> Eyes:
    """What is seen of texts; of one person alone where she was asked for."""
    person_id = look.asked["person_id"]
    if person_id is None:
        return look.eyes
    return Eyes(look.roster, {person_id} if look.eyes.person(person_id) else ())


def _wanted(look: Look, incident: Incident) -> bool:
    before, state, person = (look.asked[name] for name in ("before", "state", "person_id"))
    if before is not None and incident.id >= before:
        return False
    if person is not None and incident.person_id != person:
        return False
    if state is not None and not (incident.state == state or (state == LIVE and incident.live)):
        return False
    return look.eyes.incident(incident.person_id)


def _incident(look: Look, number: int) -> Json:
    drawn = incident_of(look.home.household, look.home.ledger, number, look.now_ms)
    shown = look.eyes.clean(drawn)
    kept = {name: value for name, value in shown.items() if name not in ("key", "detail")}
    return {**kept, "person_id": shown["person_id"] or None}


def _text(drawn: Json) -> Json:
    return {**{name: drawn[name] for name in _TEXT}, "guardian_id": drawn["guardian"]}
