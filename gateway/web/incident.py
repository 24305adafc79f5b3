"""A page of its own for every incident: all of its story, live like the first page.

Knows: Flask, the desk, that it may be looked at alone. May not know: what stands in it
(incidents.py, texts.py).

    GET  /incident/NUMBER
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from jinja2 import Environment

from gateway.access import CARERS, OFFICER
from gateway.home import Home
from gateway.picture_incidents import incident_alone
from gateway.picture_seen import Eyes
from gateway.web import incidents
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.seat import csrf, only, who
from gateway.web.sse import Desk
from gateway.web.standings import case_of
from gateway.web.words import Words

incident = Blueprint("incident", __name__)

Picture = dict[str, Any]


@incident.get("/incident/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """The page, whole without a script; one sentence where there is no such incident."""
    held, jinja = room(), current_app.jinja_env
    picture = _picture(held.desk, number, only())
    if picture is None:
        words = words_for(held.desk.picture(()))
        return sorry(words, HTTPStatus.NOT_FOUND, words.say("incident.unknown", n=number))
    words = words_for(picture)
    return render(
        "incident.html",
        words,
        about=f"&incident={number}",
        clock=words.clock(picture["now_ms"]),
        n=number,
        number=words.say("incident.number", n=number),
        done=_done(words),
        person=picture["incidents"][0]["person_id"],
        case=_case(picture["incidents"][0]["person_id"], words),
        section=_draw(jinja, picture, words, csrf(), who().persons(CARERS)),
    )


def _case(person_id: str, words: Words) -> str | None:
    """The way back for her officer: to her case; for others it is the first page."""
    known = room().desk.ask(lambda home, _now: _lives(home, person_id))
    officer = known and who().may({OFFICER}, person_id)
    return case_of(person_id, words) if officer else None


def _lives(home: Home, person_id: str) -> bool:
    """Whether she is looked after here (still)."""
    roster = home.household.roster
    return roster is not None and roster.person(person_id) is not None


def _done(words: Words) -> str | None:
    """What she said just now."""
    key = f"done.{request.args.get('done', '')}"
    return words.say(key) if words.has(key) else None


def sections(
    desk: Desk,
    jinja: Environment,
    number: int,
    words: Words,
    only: Collection[str] | None,
    token: str,
    hands: Collection[str] | None = (),
) -> dict[str, str]:
    """The part of its page that lives, by id, for the stream of who sees `only` these persons.

    `hands`: of whose incidents she may say something (None = all), with forms of this `token`.
    """
    picture = _picture(desk, number, only)
    return {"incident": _draw(jinja, picture, words, token, hands)} if picture else {}


def _picture(desk: Desk, number: int, only: Collection[str] | None) -> Picture | None:
    def view(home: Home, now_ms: int) -> Picture | None:
        found, roster = home.ledger.incidents.get(number), home.household.roster
        if found is None or roster is None:
            return None
        eyes = Eyes(roster, only)
        if not eyes.incident(found.person_id):
            return None
        picture = incident_alone(home.household, home.ledger, number, now_ms)
        gone = home.cases.ended.get(found.person_id)
        if picture is not None and gone is not None:
            picture["persons"] = [{"id": gone.person_id, "name": gone.name, "slots": []}]
        if picture is not None and only is not None:
            picture["incidents"] = [eyes.clean(one) for one in picture["incidents"]]
            picture["texts"] = picture["texts"] if eyes.person(found.person_id) else []
        return picture

    return desk.ask(view)


def _draw(
    jinja: Environment, picture: Picture, words: Words, token: str, hands: Collection[str] | None
) -> str:
    now_ms = picture["now_ms"]
    return jinja.get_template("_incident.html").render(
        say=words.say,
        language=words.language,
        token=token,
        clock=words.clock(now_ms),
        clock_iso=words.iso(now_ms),
        today=words.today(now_ms),
        incident=incidents.alone(picture, words, hands),
    )
