"""The stream of a page that lives: what of it changed, as long as whoever looks may see it.

Knows: Flask, the desk, who asks. May not know: what a section shows, how events are written.

    GET /live?lang=ko                       the first page
    GET /live?lang=ko&person=soonja         of one person alone
    GET /live?lang=ko&incident=12           the page of an incident
    GET /live?lang=ko&list=people&page=2    the officer's list, with the words of its address
    GET /live?lang=ko&list=install          the technician's

It begins with everything, so a page whose gateway was restarted goes on where it is, with what was
typed into it; only a page whose forms would be refused loads anew (static/live.js).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER, TECHNICIAN, Role
from gateway.web import install, people, sse
from gateway.web.door import still
from gateway.web.first import narrowed
from gateway.web.incident import sections as sections_of_incident
from gateway.web.room import room, words_for
from gateway.web.seat import csrf, looked_at, only, who
from gateway.web.views import reader, sections
from gateway.web.words import Words

live = Blueprint("live", __name__)

LIST_REST_S = 3.0  # a list of many is looked at so often at most; what was quiet is shown at once
Draw = Callable[[], sse.Drawn]


@live.get("/live")
def stream() -> ResponseReturnValue:
    """The stream. 503 when all seats are taken (the page then asks again by itself)."""
    held = room()
    words = words_for(held.desk.picture(()))  # of nobody: the home's language and zone
    of_list = request.args.get("list")
    draw = _list(of_list, words) if of_list is not None else _page(words)
    looker = who().id
    if not held.seats.take(looker):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    rest_s = LIST_REST_S if of_list is not None else 0.0
    events = sse.stream(held.desk, draw, csrf(), still(), rest_s=rest_s)
    response = Response(events, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: held.seats.leave(looker))
    return response


def _page(words: Words) -> Draw:
    """The first page, or that of an incident."""
    desk, jinja, mine, shown = room().desk, current_app.jinja_env, reader(), only()
    number, persons = request.args.get("incident", type=int), narrowed(shown, mine.person)
    looked_at(*_about(number, persons))

    def incident() -> sse.Drawn:
        assert number is not None  # noqa: S101 - else nobody calls this
        found = sections_of_incident(desk, jinja, number, words, shown, mine.token, mine.hands)
        return _now_ms(desk), found

    def first() -> sse.Drawn:
        picture = desk.picture(persons)
        return picture["now_ms"], sections(jinja, picture, words, mine)

    return first if number is None else incident


def _about(number: int | None, persons: Collection[str] | None) -> Collection[str]:
    """Whom this stream shows: for the access log, as the page it belongs to."""
    if number is None:
        return (people.EVERYBODY,) if persons is None else persons
    found = room().desk.ask(lambda home, _now: home.ledger.incidents.get(number))
    whose = found.person_id if found is not None else ""
    return (whose,) if whose and (persons is None or whose in persons) else ()


def _now_ms(desk: sse.Desk) -> int:
    return desk.ask(lambda _home, now_ms: now_ms)


def _list(name: str, words: Words) -> Draw:
    """A list of everybody, for whom its page is: 403, 404."""
    role, draw = _LISTS.get(name, (None, None))
    if role is None or draw is None:
        abort(HTTPStatus.NOT_FOUND)
    if not who().has({role}):
        abort(HTTPStatus.FORBIDDEN)
    looked_at(people.EVERYBODY)
    return draw(words)


_LISTS: dict[str, tuple[Role, Callable[[Words], Draw]]] = {
    "people": (OFFICER, lambda words: people.listing(people.wanted(), words)),
    "install": (TECHNICIAN, lambda words: install.listing(install.wanted(), words)),
}
