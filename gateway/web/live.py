"""The stream of a page that lives: what of it changed, as long as whoever looks may see it.

Knows: Flask, the desk, who asks. May not know: what a section shows, how events are written.

    GET /live?lang=ko                the first page
    GET /live?lang=ko&person=soonja  of one person alone
    GET /live?lang=ko&incident=12    the page of an incident

It begins with everything, so a page whose gateway was restarted goes on where it is, with what was
typed into it; only a page whose forms would be refused loads anew (static/live.js).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from gateway.access import CARERS
from gateway.web import sse
from gateway.web.door import still
from gateway.web.first import narrowed
from gateway.web.incident import sections as sections_of_incident
from gateway.web.room import room, words_for
from gateway.web.seat import csrf, only, who
from gateway.web.views import sections

live = Blueprint("live", __name__)


@live.get("/live")
def stream() -> ResponseReturnValue:
    """The stream. 503 when all seats are taken (the page then asks again by itself)."""
    held, jinja = room(), current_app.jinja_env
    if not held.seats.take():
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    token, mine, hands = csrf(), still(), who().persons(CARERS)
    persons = narrowed(only(), request.args.get("person"))
    words = words_for(held.desk.picture(()))  # of nobody: the home's language and zone
    number = request.args.get("incident", type=int)

    def draw(picture: dict[str, Any]) -> dict[str, str]:
        if number is not None:
            return sections_of_incident(held.desk, jinja, number, words, persons, token, hands)
        return sections(jinja, picture, words, token, hands)

    events = sse.stream(held.desk, draw, token, mine, persons)
    response = Response(events, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(held.seats.leave)
    return response
