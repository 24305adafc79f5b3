"""Who is told about a person, when and of what: her ladder, shown and changed; and her own row.

Knows: Flask, the forms' fields. May not know: whose turn it is (gateway.incidents), what a row may
hold (gateway.enrolling).

    GET  /person/ID/contacts
    POST /person/ID/contacts/set      guardian ("" = a new one), name, number, language, role,
                                      after_min, kinds …, weekdays …, hours_from, hours_until,
                                      quiet_from, quiet_until
    POST /person/ID/contacts/remove   guardian
    POST /person/ID/contacts/person   name, dong, address, level, ask_min, quiet_from, quiet_until
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.enrolling import ChangePerson, RemoveGuardian, SetGuardian, fresh_ids
from gateway.phone import e164
from gateway.picture_incidents import pause_of
from gateway.roster import Guardian
from gateway.roster_changes import GUARDIANS
from gateway.web import ladders, pauses, section
from gateway.web.seat import who

contacts = Blueprint("contacts", __name__)

HERE = "contacts"
_MOST_DIGITS = 4  # of minutes


@contacts.get("/person/<person_id>/contacts")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""

    def draw(scene: section.Scene) -> dict[str, Any]:
        paused = {
            "id": scene.person.id,
            "name": scene.person.name,
            **pause_of(scene.home.ledger, scene.person.id, scene.now_ms),
        }
        return {
            "ladder": ladders.ladder(scene),
            "about": ladders.about(scene),
            "pause": pauses.form(paused, scene.now_ms, scene.words),
        }

    scene, shown = section.look(person_id, draw)
    return section.page(
        "contacts.html",
        scene,
        here=HERE,
        **ladders.choices(scene.words),
        **shown,
    )


@contacts.post("/person/<person_id>/contacts/set")
def change(person_id: str) -> ResponseReturnValue:
    """Somebody of the ladder is this now, or a new one is on it."""
    guardian_id = section.field("guardian")

    def draw(scene: section.Scene) -> str:
        return guardian_id or fresh_ids(scene.home, GUARDIANS)[0]

    scene, known = section.look(person_id, draw)
    _hers(scene, guardian_id)
    guardian = Guardian(
        id=known,
        person_id=person_id,
        name=section.field("name"),
        number=e164(section.field("number")),
        language=section.field("language"),
        after_min=_minutes("after_min", -1),
        role=section.field("role"),
        kinds=tuple(request.form.getlist("kinds")),
        hours=_span("hours"),
        weekdays=tuple(request.form.getlist("weekdays")),
        quiet=_span("quiet"),
    )
    entry = SetGuardian(guardian, who().name, new=not guardian_id)
    return section.enter(person_id, HERE, entry, "contact")


@contacts.post("/person/<person_id>/contacts/remove")
def remove(person_id: str) -> ResponseReturnValue:
    """Somebody is told no more."""
    scene, _ = section.look(person_id, lambda _scene: None)
    guardian_id = section.field("guardian")
    _hers(scene, guardian_id or "?")
    entry = RemoveGuardian(guardian_id, who().name)
    return section.enter(person_id, HERE, entry, "contact_removed")


@contacts.post("/person/<person_id>/contacts/person")
def about(person_id: str) -> ResponseReturnValue:
    """Her name, how long a silence she is left alone with, how long her box asks her first."""
    scene, _ = section.look(person_id, lambda _scene: None)
    ask_min = _minutes("ask_min", -1) if section.field("ask_min") else None
    person = replace(
        scene.person,
        name=section.field("name"),
        dong=section.field("dong"),
        address=section.field("address"),
        level=section.field("level") or None,
        ask_min=ask_min,
        quiet=_span("quiet"),
    )
    return section.enter(person_id, HERE, ChangePerson(person, who().name), "person")


def _hers(scene: section.Scene, guardian_id: str) -> None:
    """404 for somebody who is on another person's ladder, or on none."""
    hers = {guardian.id for guardian in scene.roster.guardians_of(scene.person.id)}
    if guardian_id and guardian_id not in hers:
        abort(HTTPStatus.NOT_FOUND)


def _minutes(name: str, wrong: int) -> int:
    text = section.field(name)
    good = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if good else wrong


def _span(name: str) -> dict[str, str] | None:
    """Two clocks; None where both are left out."""
    begin, end = section.field(f"{name}_from"), section.field(f"{name}_until")
    return {"from": begin, "until": end} if begin or end else None
