"""The officer's page about one person: how she stands, the book about her, closing, visits.

Knows: Flask, the entries of gateway.officer.casework. May not know: what follows from them.

    GET  /person/ID/case
    POST /person/ID/case/note     text
    POST /person/ID/case/close    incident, why, text
    POST /person/ID/case/visit    day, wanted (yes | no)
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.officer import casework
from gateway.officer.standing import Standing
from gateway.roster import Guardian
from gateway.web import seat, section, standings

case = Blueprint("case", __name__)
View = dict[str, Any]
SHOWN = 50  # entries of the book


@case.get("/person/<person_id>/case")
def show(person_id: str) -> ResponseReturnValue:
    """Everything an officer decides by, and writes down."""
    scene, view = section.look(person_id, _view)
    return section.page("case.html", scene, here=section.CASE, **view)


def _view(scene: section.Scene) -> View:
    home, words, now_ms, person = scene.home, scene.words, scene.now_ms, scene.person
    row = home.board.row(home.household, home.ledger, person.id, now_ms)
    assert row is not None  # noqa: S101 - she is in the roster
    entries = home.cases.entries.get(person.id, [])[-SHOWN:]
    today = scene.today.isoformat()
    planned = sorted(
        day for day, of in home.household.visits.planned.items() if person.id in of and day >= today
    )
    return {
        "row": standings.row(row, scene.roster, now_ms, words),
        "causes": [standings.cause(b, scene.roster, now_ms, words) for b in row.because],
        "open": _open(row, scene),
        "whys": [(why, words.say(f"officer.closing.{why}")) for why in casework.WHYS],
        "entries": [standings.entry(one, now_ms, words) for one in reversed(entries)],
        "planned": [(day, words.day_of(day)) for day in planned],
        "today": today,
        "guardians": [standings.to_call(g, words) for g in _people(scene)],
        "most": casework.NOTE_MOST,
    }


def _people(scene: section.Scene) -> list[Guardian]:
    return [g for step in scene.roster.steps(scene.person.id) for g in step]


def _open(row: Standing, scene: section.Scene) -> list[View]:
    """The incidents that can be closed, the most urgent first."""
    return [
        standings.cause(because, scene.roster, scene.now_ms, scene.words)
        for because in row.because
        if because.incident_id is not None
    ]


@case.post("/person/<person_id>/case/note")
def note(person_id: str) -> ResponseReturnValue:
    """One more note about her."""
    text = request.form.get("text", "")
    entry = casework.NoteCase(person_id, text, seat.who().name)
    return section.enter(person_id, section.CASE, entry, "noted")


@case.post("/person/<person_id>/case/close")
def close(person_id: str) -> ResponseReturnValue:
    """An incident of hers is over, and why."""
    account, number = seat.who(), request.form.get("incident", -1, type=int)
    section.look(person_id, lambda scene: _hers(scene, number))
    entry = casework.CloseCase(
        number,
        section.field("why"),
        request.form.get("text", ""),
        account.name,
        account.guardian_id,
    )
    return section.enter(person_id, section.CASE, entry, "closed")


def _hers(scene: section.Scene, number: int) -> None:
    """404 for an incident of somebody else: the address says whose it is."""
    incident = scene.home.ledger.incidents.get(number)
    if incident is None or incident.person_id != scene.person.id:
        abort(404)


@case.post("/person/<person_id>/case/visit")
def visit(person_id: str) -> ResponseReturnValue:
    """She is to be visited on a day, or not any more."""
    wanted = section.field("wanted") == "yes"
    entry = casework.PlanVisit(person_id, section.field("day"), wanted, seat.who().name)
    return section.enter(person_id, section.CASE, entry, "visit" if wanted else "no_visit")
