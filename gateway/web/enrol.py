"""Somebody new, on three screens: who she is and who is told, what is in her bag, what that plans.

Knows: Flask, the forms' fields. May not know: how a line of a bag is read (bags.py), what a row may
hold (gateway.enrolling). The third screen is the page of the plan.

    GET  /enrol
    POST /enrol/begin                name, level, dong, address, contact, number, language
    GET  /person/ID/bag
    POST /person/ID/bag/enter        text: one line of the bag a drug; date: when it was dispensed
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from gateway.desk import DeskClosed
from gateway.enrolling import EnrolPerson, fresh_ids
from gateway.entering import Prescribe
from gateway.home import Home
from gateway.phone import e164
from gateway.prescription.current import table_of
from gateway.refused import EntryRefused
from gateway.roster import Guardian, Person
from gateway.roster_changes import GUARDIANS, PERSONS
from gateway.web import bags, ladders, medicines, section
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.seat import who
from gateway.web.words import Words
from gateway.zones import day_of

enrol = Blueprint("enrol", __name__)

SCREENS = 3
USUAL_LEVEL = "attention"
_WAY = "shorthand"
# Which field of the first screen a refusal is about.
_FORM: dict[tuple[str, object], str] = {
    ("person_field", "name"): "name",
    ("person_field", "level"): "level",
    ("person_field", "dong"): "dong",
    ("person_field", "address"): "address",
    ("guardian_field", "name"): "contact",
    ("guardian_field", "number"): "number",
    ("guardian_field", "language"): "language",
}


@enrol.get("/enrol")
def show() -> ResponseReturnValue:
    """The first screen: herself, and the first who is told."""
    return _first(_words(), {}, None)


@enrol.post("/enrol/begin")
def begin() -> ResponseReturnValue:
    """She is looked after from now on; then her bag. What is wrong is said beside its field."""
    words, form = _words(), request.form

    def ids(home: Home, _now_ms: int) -> tuple[str, str]:
        return fresh_ids(home, PERSONS)[0], fresh_ids(home, GUARDIANS)[0]

    person_id, guardian_id = room().desk.ask(ids)
    person = Person(
        person_id,
        section.field("name"),
        level=section.field("level") or None,
        dong=section.field("dong"),
        address=section.field("address"),
    )
    contact = Guardian(
        guardian_id,
        person_id,
        section.field("contact"),
        e164(section.field("number")),
        section.field("language"),
        0,
    )
    try:
        room().desk.enter(EnrolPerson(person, (contact,), who().name))
    except EntryRefused as refused:
        return _first(words, form, refused), HTTPStatus.BAD_REQUEST
    except DeskClosed:
        sentence = words.say("error.503")
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, sentence, "/enrol")
    onward = f"{section.base(person_id)}/bag?lang={words.language}"
    return redirect(onward, HTTPStatus.SEE_OTHER)


@enrol.get("/person/<person_id>/bag")
def bag(person_id: str) -> ResponseReturnValue:
    """The second screen: what is in her bag."""
    return _second(person_id, None)


@enrol.post("/person/<person_id>/bag/enter")
def filled(person_id: str) -> ResponseReturnValue:
    """What was understood is entered, to be confirmed with the plan; else each mistake."""
    scene, _ = section.look(person_id, lambda _scene: None)
    draft = bags.read(_WAY, request.form.get("text", ""), scene.words)
    on = day_of(section.field("date")) or scene.today
    if not draft.good:
        return _second(person_id, draft), HTTPStatus.UNPROCESSABLE_ENTITY
    # A line of a bag need not say when it was dispensed: the bag says it once.
    dated = tuple(replace(m, dispensed_on=m.dispensed_on or on) for m in draft.medications)
    entry = Prescribe(person_id, dated, draft.way, who().name)
    back = section.base(person_id)
    onward = f"{back}/plan?lang={scene.words.language}&step={SCREENS}"
    return section.commit(scene.words, entry, f"{back}/bag", onward)


def _words() -> Words:
    return words_for(room().desk.picture(()))


def _first(words: Words, form: Any, refused: EntryRefused | None) -> str:  # noqa: ANN401 — a form
    """`refused`: its sentence stands beside the field it is about, else above all."""
    says = section.why(refused, words) if refused else None
    place = _FORM.get((refused.code, refused.values.get("field"))) if refused else None
    return render(
        "enrol.html",
        words,
        path="/enrol",
        form=form,
        error={place: says} if place else {},
        wrong=None if place else says,
        usual=USUAL_LEVEL,
        **ladders.spoken(words),
        screens=SCREENS,
    )


def _second(person_id: str, draft: bags.Draft | None) -> str:
    def draw(scene: section.Scene) -> list[Any]:
        table = table_of(scene.roster)
        understood = draft.medications if draft else ()
        return [medicines.medicine(m, scene.words, table) for m in understood]

    scene, understood = section.look(person_id, draw)
    return section.page(
        "bag.html",
        scene,
        here="bag",
        pages=(),  # one way: on
        draft=draft,
        date=day_of(section.field("date")) or scene.today.isoformat(),
        today=scene.today.isoformat(),
        understood=understood,
        screens=SCREENS,
    )
