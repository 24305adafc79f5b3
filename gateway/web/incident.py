"""A page of its own for every incident: all of its story, live like the first page.

Knows: Flask, the desk, that it may be looked at alone. May not know: what stands in it
(incidents.py, texts.py).

    GET  /incident/NUMBER
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from jinja2 import Environment

from gateway.home import Home
from gateway.picture_incidents import incident_alone
from gateway.web import incidents
from gateway.web.room import room, sorry, words_for
from gateway.web.sse import Desk
from gateway.web.words import Words

incident = Blueprint("incident", __name__)

Picture = dict[str, Any]


@incident.get("/incident/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """The page, whole without a script; one sentence where there is no such incident."""
    held, jinja = room(), current_app.jinja_env
    picture = _picture(held.desk, number)
    if picture is None:
        words = words_for(held.desk.picture())
        return sorry(words, HTTPStatus.NOT_FOUND, words.say("incident.unknown", n=number))
    words = words_for(picture)
    return jinja.get_template("incident.html").render(
        say=words.say,
        words=words,
        other="en" if words.language == "ko" else "ko",
        token=held.token,
        path=f"/incident/{number}",
        about=f"&incident={number}",
        clock=words.clock(picture["now_ms"]),
        n=number,
        number=words.say("incident.number", n=number),
        section=_draw(jinja, picture, words),
    )


def sections(desk: Desk, jinja: Environment, number: int, words: Words) -> dict[str, str]:
    """The part of its page that lives, by id, for the stream."""
    picture = _picture(desk, number)
    return {"incident": _draw(jinja, picture, words)} if picture else {}


def _picture(desk: Desk, number: int) -> Picture | None:
    def view(home: Home, now_ms: int) -> Picture | None:
        return incident_alone(home.household, home.ledger, number, now_ms)

    return desk.ask(view)


def _draw(jinja: Environment, picture: Picture, words: Words) -> str:
    now_ms = picture["now_ms"]
    return jinja.get_template("_incident.html").render(
        say=words.say,
        language=words.language,
        clock=words.clock(now_ms),
        clock_iso=words.iso(now_ms),
        today=words.today(now_ms),
        incident=incidents.alone(picture, words),
    )
