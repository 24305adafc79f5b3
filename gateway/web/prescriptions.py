"""A person's prescriptions: what is in force, what waits, what is over; and entering more.

Knows: Flask, the forms' fields. May not know: how any way of writing is read (bags.py), what
follows from an entry (gateway.entering).

    GET  /person/ID/prescriptions
    POST /person/ID/prescriptions/check   way, and name … class | text | text, file → what was
                                          understood, or each mistake; nothing is stored
    POST /person/ID/prescriptions/enter   way, said
    POST /person/ID/prescriptions/stop    medication, last_day, why
    POST /person/ID/prescriptions/meals   breakfast, lunch, dinner, bed
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.entering import WHY_MOST, Prescribe, SetMealClock, Stop
from gateway.prescription.current import table_of
from gateway.roster import MEALS
from gateway.web import bags, medicines, section
from gateway.web.room import UPLOAD_LIMIT_BYTES
from gateway.web.seat import who
from gateway.web.words import Words

prescriptions = Blueprint("prescriptions", __name__)

HERE = "prescriptions"


@prescriptions.get("/person/<person_id>/prescriptions")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""
    return _page(person_id, None, {})


@prescriptions.post("/person/<person_id>/prescriptions/check")
def check(person_id: str) -> ResponseReturnValue:
    """What an entry says, or what is wrong with it."""
    scene, _ = section.look(person_id, lambda _scene: None)
    draft = _draft(scene.words)
    code = HTTPStatus.OK if draft.good else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(person_id, draft, request.form), code


@prescriptions.post("/person/<person_id>/prescriptions/enter")
def enter(person_id: str) -> ResponseReturnValue:
    """Store what was checked: it is read once more, and refused as a whole if anything is wrong."""
    scene, _ = section.look(person_id, lambda _scene: None)
    draft = bags.read(_way(), request.form.get("said", ""), scene.words)
    if not draft.good:
        return _page(person_id, draft, request.form), HTTPStatus.UNPROCESSABLE_ENTITY
    entry = Prescribe(person_id, draft.medications, draft.way, who().name)
    return section.enter(person_id, HERE, entry, "entered")


@prescriptions.post("/person/<person_id>/prescriptions/stop")
def stop(person_id: str) -> ResponseReturnValue:
    """A medication ends on a day that somebody says."""
    medication, last_day, why = map(section.field, ("medication", "last_day", "why"))
    entry = Stop(person_id, medication, last_day, who().name, why)
    return section.enter(person_id, HERE, entry, "stopped")


@prescriptions.post("/person/<person_id>/prescriptions/meals")
def meals(person_id: str) -> ResponseReturnValue:
    """When she eats and goes to bed."""
    clock = {meal: section.field(meal) for meal in MEALS}
    entry = SetMealClock(person_id, clock, who().name)
    return section.enter(person_id, HERE, entry, "meals")


def _way() -> str:
    way = request.form.get("way", "")
    if way not in bags.WAYS:
        abort(HTTPStatus.BAD_REQUEST)
    return way


def _draft(words: Words) -> bags.Draft:
    """The entry of the form that was sent."""
    way = _way()
    if way == "form":
        return bags.read(way, bags.table_of(request.form), words)
    text, file = request.form.get("text", ""), request.files.get("file")
    raw = file.read() if file and file.filename else b""
    if not raw:
        return bags.read(way, text, words)
    if text.strip():
        return bags.refused(way, words.say("bag.both"))
    if len(raw) > UPLOAD_LIMIT_BYTES:
        return bags.refused(way, words.say("bag.too_long", n=UPLOAD_LIMIT_BYTES // 1024))
    text, wrong = bags.decode(raw, way, words)
    return bags.refused(way, wrong) if wrong else bags.read(way, text, words)


def _page(person_id: str, draft: bags.Draft | None, filled: Any) -> str:  # noqa: ANN401 — a form
    def draw(scene: section.Scene) -> dict[str, Any]:
        table = table_of(scene.roster)
        return {
            "shelves": medicines.shelves(scene, table),
            "classes": medicines.classes(scene.words, table),
            "understood": [
                medicines.medicine(m, scene.words, table)
                for m in (draft.medications if draft else ())
            ],
            "clock": scene.meal_clock,
            "today": scene.today.isoformat(),
            "from_file": scene.book.confirmed is None,
        }

    scene, shown = section.look(person_id, draw)
    return section.page(
        "prescriptions.html",
        scene,
        here=HERE,
        draft=draft,
        filled=filled,
        meals=MEALS,
        why_most=WHY_MOST,
        **shown,
    )
