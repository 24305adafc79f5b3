"""Who looks in on a person: the rota, what was found, the plate at her door and links.

Knows: Flask, the entries of gateway.officer.rounds, the key that signs plates.
May not know: what follows from a visit.

    GET  /person/ID/visits
    POST /person/ID/visits/plan     who, role, weekdays (0-6, several), every_weeks, from_day
    POST /person/ID/visits/said     outcome, text
    POST /person/ID/visits/plate    who ("" = at the door), role
    POST /person/ID/visits/end      plate
    GET  /person/ID/visits/plate/N.pdf
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.looking_in import PlateMade
from gateway.officer import rounds
from gateway.report import paper
from gateway.report.plate import page as plate_page
from gateway.visiting import plates
from gateway.visiting.rota import EVERY_WEEKS, ROLES, WEEK
from gateway.visiting.visits import DELIVERIES, VISITS
from gateway.web import looked_in, seat, section
from gateway.web.room import room
from gateway.web.words import Words

rota = Blueprint("rota", __name__)

View = dict[str, Any]
HERE = "visits"
KEY = "plates"  # of the vault's keys
SHOWN = 30  # of what was found
AHEAD_DAYS = 7


@rota.get("/person/<person_id>/visits")
def show(person_id: str) -> ResponseReturnValue:
    """Everything about who looks in."""
    scene, view = section.look(person_id, _view)
    return section.page("rota.html", scene, here=HERE, **view)


def _view(scene: section.Scene) -> View:
    visits, words, now_ms = scene.home.household.visits, scene.words, scene.now_ms
    made = visits.made.get(scene.person.id, [])[-SHOWN:]
    key = room().vault.keys.get(KEY)
    return {
        "lines": [
            looked_in.line(one, words) for one in visits.rota.get(scene.person.id, {}).values()
        ],
        "ahead": list(_ahead(scene)),
        "found": [looked_in.found(one, now_ms, words) for one in reversed(made)],
        "plates": [_plate(one, key, words) for one in visits.plates_of(scene.person.id)],
        "roles": [(role, words.code("rota.role", role)) for role in ROLES],
        "weekdays": [(str(day), words.say(f"day.{day}")) for day in range(WEEK)],
        "weeks": [(str(n), words.say(f"rota.weeks.{n}")) for n in EVERY_WEEKS],
        "outcomes": [(one, words.code("found", one)) for one in (*VISITS, *DELIVERIES)],
        "today": scene.today.isoformat(),
        "nowhere": room().address is None,
        "most": {"who": rounds.WHO_MOST, "text": rounds.LINE_MOST},
    }


def _ahead(scene: section.Scene) -> list[tuple[str, str]]:
    """Who is expected on the days that come."""
    words, visits = scene.words, scene.home.household.visits
    days = (scene.today + timedelta(days=n) for n in range(AHEAD_DAYS))
    return [
        (words.day_of(day.isoformat()), looked_in.expected(due, words))
        for day in days
        for due in visits.due_on(scene.person.id, day)
    ]


def _plate(of: PlateMade, key: bytes, words: Words) -> View:
    return {
        "number": of.plate,
        "who": words.say("rota.who", who=of.who, role=words.code("rota.role", of.role))
        if of.who
        else words.say("plate.at_the_door"),
        "at_the_door": not of.who,
        "address": address(plates.code(of, key)),
    }


def address(code: str) -> str:
    """Where the world finds a plate; on a gateway that the world does not find, this host."""
    return f"{room().address or request.host_url.rstrip('/')}/door/{code}"


@rota.post("/person/<person_id>/visits/plan")
def plan(person_id: str) -> ResponseReturnValue:
    """A line of the rota, or its end (no weekday)."""
    form = request.form
    weekdays = tuple(int(day) for day in form.getlist("weekdays") if day.isdecimal())
    entry = rounds.PlanVisits(
        person_id,
        section.field("who"),
        section.field("role"),
        weekdays,
        form.get("every_weeks", 1, type=int),
        section.field("from_day"),
        seat.who().name,
    )
    return section.enter(person_id, HERE, entry, "rota" if weekdays else "rota_over")


@rota.post("/person/<person_id>/visits/said")
def said(person_id: str) -> ResponseReturnValue:
    """Whoever is signed in was there."""
    entry = rounds.SayVisit(
        person_id, section.field("outcome"), section.field("text"), seat.who().name
    )
    return section.enter(person_id, HERE, entry, "looked_in")


@rota.post("/person/<person_id>/visits/plate")
def make(person_id: str) -> ResponseReturnValue:
    """A plate for the door, or a link for one who comes often."""
    entry = rounds.MakePlate(
        person_id, section.field("who"), section.field("role"), seat.who().name
    )
    return section.enter(person_id, HERE, entry, "plate")


@rota.post("/person/<person_id>/visits/end")
def end(person_id: str) -> ResponseReturnValue:
    """One of them opens nothing any more."""
    number = request.form.get("plate", -1, type=int)
    entry = rounds.EndPlate(person_id, number, seat.who().name)
    return section.enter(person_id, HERE, entry, "plate_over")


@rota.get("/person/<person_id>/visits/plate/<int:plate>.pdf")
def printed(person_id: str, plate: int) -> ResponseReturnValue:
    """The plate, for paper."""
    scene, known = section.look(person_id, lambda scene: _hers(scene, plate))
    if known is None:
        abort(404)
    there = address(plates.code(known, room().vault.keys.get(KEY)))
    korean, english = (
        [Words(language, scene.words.zone.key).say(f"plate.paper.{n}") for n in range(3)]
        for language in ("ko", "en")
    )
    foot = scene.words.say("plate.number", n=plate)
    html = plate_page(there, korean, english, foot)
    return section.printed(scene, lambda: paper(html), f"anbu-plate-{plate}.pdf")


def _hers(scene: section.Scene, plate: int) -> PlateMade | None:
    known = scene.home.household.visits.plates.get(plate)
    return known if known is not None and known.person_id == scene.person.id else None
