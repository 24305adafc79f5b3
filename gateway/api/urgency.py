"""The officer's lists as the API says them: everybody by urgency, cases, visits, alarms.

Knows: the board's rows of those whom the asker looks after. May not know: why a row is urgent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from gateway.api.look import Look, NotThere
from gateway.entries import label_of
from gateway.events import CaseClosed
from gateway.incidents.budget import Alarms
from gateway.officer.alarms import alarms_of_all
from gateway.officer.cases import Entry
from gateway.officer.choosing import Wanted, chosen
from gateway.officer.standing import Because, Standing
from gateway.officer.visits import Visit
from gateway.officer.visits import visits as visits_of
from gateway.zones import local

Json = dict[str, Any]

_ROW = (
    "person_id", "name", "sees", "unknown", "since_ms", "stale_ms", "opened_ms", "away_until_ms",
    "paused_until_ms", "watched",
)  # fmt: skip


def standings(look: Look) -> Json:
    """A page of everybody by urgency, or of those a filter shows."""
    asked, home = look.asked, look.home
    wanted = Wanted(asked["show"], asked["hours"], asked["q"], asked["page"])
    found = chosen(_rows(look), wanted, look.now_ms)
    return {
        "as_of_ms": look.now_ms,
        "standings": [_standing(row) for row in found.rows],
        "found": found.found,
        "page": found.page,
        "pages": found.pages,
        "counts": found.counts,
        "levels": {str(level): n for level, n in found.levels.items()},
        "home_incidents": [incident.id for incident in home.board.home(home.ledger)],
    }


def case(look: Look) -> Json:
    """How she stands and the book about her, the newest first."""
    person, home, before_ms = look.person, look.home, look.asked["before_ms"]
    row = home.board.row(home.household, home.ledger, person.id, look.now_ms)
    if row is None:
        raise NotThere
    entries = [
        entry
        for entry in reversed(home.cases.entries.get(person.id, []))
        if before_ms is None or entry.at_ms < before_ms
    ]
    shown = entries[: look.asked["limit"]]
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "standing": _standing(row),
        "entries": [_entry(entry) for entry in shown],
        "next": shown[-1].at_ms if len(entries) > len(shown) else None,
        "visit_days": sorted(
            day
            for day, of in home.household.visits.planned.items()
            if person.id in of and day >= _today(look)
        ),
    }


def visits(look: Look) -> Json:
    """Whom to visit on a day."""
    today = _today(look)
    day = look.asked["day"] or today
    home = look.home
    seen = home.household.visits
    found = visits_of(_rows(look), home.cases, seen, look.roster, day, today)
    return {"as_of_ms": look.now_ms, "day": day, "visits": [_visit(one) for one in found]}


def alarms(look: Look) -> Json:
    """How right the alarms were: of everybody, by kind, and whose were wrong most."""
    names = {row.person_id: row.name for row in _rows(look)}
    found = alarms_of_all(look.home.ledger, names, look.now_ms, look.asked["days"])
    return {
        "as_of_ms": look.now_ms,
        "persons": found.persons,
        "every": _alarms(found.every),
        "by_worry": {worry: _alarms(of) for worry, of in found.by_worry.items()},
        "noisy": [
            {"person_id": of, "name": names[of], "alarms": _alarms(count)}
            for of, count in found.noisy.items()
        ],
        "false_a_person": found.false_a_person,
        "within_budget": found.within_budget,
    }


def _rows(look: Look) -> Sequence[Standing]:
    home = look.home
    rows: Sequence[Standing] = home.board.rows(home.household, home.ledger, look.now_ms)
    return rows if look.only is None else [row for row in rows if row.person_id in look.only]


def _today(look: Look) -> str:
    return local(look.now_ms, look.roster.zone).date().isoformat()


def _standing(row: Standing) -> Json:
    sign = row.sign
    return {
        **{name: getattr(row, name) for name in _ROW},
        "level": str(row.level),
        "because": [_because(one) for one in row.because],
        "last_sign": {
            "source": str(sign.source),
            "device_id": sign.device_id,
            "at_ms": sign.at_ms,
        }
        if sign
        else None,
    }


def _because(one: Because) -> Json:
    plain = ("at_ms", "incident_id", "who", "until_ms", "percent")
    return {
        **{name: getattr(one, name) for name in plain},
        "level": str(one.level),
        "code": str(one.code),
        "label": label_of(one.slot_index) if one.slot_index is not None else None,
        "device_id": one.device.id if one.device else None,
    }


def _entry(entry: Entry) -> Json:
    closed = entry if isinstance(entry, CaseClosed) else None
    return {
        "at_ms": entry.at_ms,
        "by": entry.by,
        "text": entry.text,
        "incident_id": closed.incident_id if closed else None,
        "why": closed.why if closed else None,
    }


def _visit(one: Visit) -> Json:
    return {
        "person_id": one.row.person_id,
        "planned_by": one.planned.by if one.planned else None,
        "expected": [{"who": due.who, "role": due.role} for due in one.due],
        "found": [{"at_ms": made.at_ms, "outcome": made.outcome} for made in one.made],
        "standing": _standing(one.row),
        "contacts": [guardian.name for guardian in one.guardians],
        "newest": _entry(one.newest) if one.newest else None,
    }


def _alarms(of: Alarms) -> Json:
    return {
        **asdict(of),
        "needed_share": of.needed_share,
        "within_budget": of.within_budget,
    }
