"""The API: every operation of the table answered as JSON, for a token or whoever is signed in.

Knows: Flask, the desk, who asks. May not know: what any operation says (gateway/api).

    GET  /api/v1/openapi.json
    …    /api/v1/…              one address an operation; its permission is the row "api.NAME"

The ETag is of what is believed, not of the instant at which it was asked: a poller that sends it
back is told in no bytes that nothing changed; the Date says as of when.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from gateway.api.asked import asked, word
from gateway.api.document import document
from gateway.api.look import Bench, Look, Looked, NotThere, Wrong
from gateway.api.operation import Needs, Operation
from gateway.api.operations import OPERATIONS
from gateway.coverage import choosing
from gateway.desk import DeskClosed
from gateway.home import Home
from gateway.incidents.by_page import AnswerIncident
from gateway.refused import EntryRefused
from gateway.web.coverage import covered_here
from gateway.web.install import workshop_here
from gateway.web.installs import measured
from gateway.web.months import AGAIN_S, months_there
from gateway.web.people import EVERYBODY
from gateway.web.reckoning import BeingReckoned
from gateway.web.room import room
from gateway.web.seat import looked_at, seen, who

api = Blueprint("api", __name__, url_prefix="/api/v1")

VERSION = "1.0.0"
Json = dict[str, Any]
_AS_OF = "as_of_ms"
_IN_FLASK = {"{number}": "<int:number>", "{person_id}": "<person_id>"}


@api.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The document; nothing personal stands in it."""
    return _tagged(document(VERSION))


def _answer(operation: Operation, path: Json) -> ResponseReturnValue:
    try:
        arguments = asked(operation, path, dict(request.args.lists()))
        if operation.body is not None:
            _enter(operation, arguments)
        found = operation.view(_look(operation, arguments))
    except Wrong as wrong:
        return _problem(HTTPStatus.BAD_REQUEST, str(wrong))
    except NotThere:
        abort(HTTPStatus.NOT_FOUND)
    looked_at(*_persons_in(found, operation))
    return _tagged(found)


def _look(operation: Operation, arguments: Json) -> Look:
    """What the view is given; the picture is drawn of as few persons as it is about."""
    desk, persons, brought = room().desk, who().persons(operation.roles), _BRINGS[operation.needs]
    beside = brought(arguments)
    return desk.ask(lambda home, now_ms: Look(home, now_ms, persons, asker=who(), **beside))


def _nothing(arguments: Json) -> Json:
    return {"asked": arguments}


def _picture(arguments: Json) -> Json:
    return {"asked": arguments, "picture": room().desk.picture({arguments["person_id"]})}


def _page(arguments: Json) -> Json:
    arguments = {**arguments, **_page_of(arguments)}
    return {"asked": arguments, "picture": room().desk.picture(arguments["ids"])}


def _version(arguments: Json) -> Json:
    return {"asked": arguments, "version": room().desk.wait_change(-1, 0.0)}


def _bench(arguments: Json) -> Json:
    workshop = workshop_here()
    bench = Bench(
        measured(workshop),
        workshop.health().disk_bytes,
        {device_id: (s.dbm, s.age_ms) for device_id, s in workshop.signals().items()},
        workshop.kept(),
        workshop.images(),
        {
            order_id: (far.there_bytes, far.size_bytes, far.waits)
            for order_id, far in workshop.progress().items()
        },
    )
    return {"asked": arguments, "bench": bench}


def _looks(arguments: Json) -> Json:
    rows = room().vault.looks.about(arguments["person_id"])
    looks = [Looked(r.last_ms, r.account_id, r.name, r.page, r.changed) for r in rows]
    return {"asked": arguments, "looks": looks}


def _nets(arguments: Json) -> Json:
    there = covered_here()
    show, dong, net, text = (arguments[name] or "" for name in ("show", "dong", "net", "q"))
    wanted = choosing.Wanted(show, dong, net, text, arguments["page"])
    return {"asked": arguments, "covered": choosing.chosen(there.rows, wanted, there.today)}


def _doses(arguments: Json) -> Json:
    _roster, _now_ms, names = room().desk.ask(months_there)
    name = arguments["month"] or names[0]
    return {"asked": {**arguments, "month": name}, "doses": room().reckoner.counted(name)}


_BRINGS: dict[Needs, Callable[[Json], Json]] = {
    Needs.NOTHING: _nothing,
    Needs.PICTURE: _picture,
    Needs.PAGE: _page,
    Needs.VERSION: _version,
    Needs.BENCH: _bench,
    Needs.LOOKS: _looks,
    Needs.NETS: _nets,
    Needs.DOSES: _doses,
}


def _page_of(arguments: Json) -> Json:
    """The persons of this page of the list, and after whom the next one begins."""
    ids = [p.id for p in seen(room().desk.ask(_roster))]
    after, limit = arguments["after"], arguments["limit"]
    if after is not None and after not in ids:
        raise NotThere
    rest = ids[ids.index(after) + 1 :] if after is not None else ids
    shown = rest[:limit]
    return {"ids": shown, "next": shown[-1] if len(rest) > len(shown) else None}


def _roster(home: Home, _now_ms: int) -> Any:  # noqa: ANN401 - a roster or None, as seen() takes
    return home.household.roster


def _enter(operation: Operation, arguments: Json) -> None:
    """What the body says of an incident, committed."""
    if request.mimetype != "application/json":
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    said, by = word(operation, _body()), who()
    entry = AnswerIncident(arguments["number"], said, by.name, by.guardian_id)
    try:
        room().desk.enter(entry)
    except EntryRefused as refused:
        if refused.code == "incident_unknown":
            raise NotThere from refused
        abort(HTTPStatus.CONFLICT, description=_CONFLICTS.get(refused.code, refused.code))
    except DeskClosed:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)


def _body() -> object:
    """What was sent; None for what is no JSON, or nested so deep that nobody means it."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


_CONFLICTS = {
    "incident_taken": "somebody has this incident already; read it before answering",
    "incident_over": "this incident is over; nothing has to be done",
}


_LISTS = (
    "people", "devices", "incidents", "standings", "visits", "installations", "noisy",
)  # fmt: skip


def _persons_in(found: Json, operation: Operation) -> Collection[str]:
    """Whose data an answer of a list has: for the access log (of one person the row knows)."""
    if "texts" in found or "households" in found:  # not each says about whom it is
        persons = who().persons(operation.roles)
        return (EVERYBODY,) if persons is None else persons
    rows = next((found[name] for name in _LISTS if name in found), ())
    return {row["person_id"] for row in rows if row["person_id"]}


def _tagged(body: Json) -> Response:
    """The answer with the ETag of what is believed; 304 without a body where the asker has it."""
    believed = {name: value for name, value in body.items() if name != _AS_OF}
    response = Response(_packed(body), mimetype="application/json")
    response.set_etag(hashlib.sha256(_packed(believed)).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def _packed(body: Json) -> bytes:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _problem(code: HTTPStatus, sentence: str) -> ResponseReturnValue:
    return jsonify({"error": sentence}), code


def _view_of(operation: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**path: Any) -> ResponseReturnValue:  # noqa: ANN401 - as Flask reads the address
        return _answer(operation, path)

    return view


@api.errorhandler(BeingReckoned)
def being_reckoned(so_far: BeingReckoned) -> ResponseReturnValue:
    """How far a month is, and when to ask again."""
    how_far = f"{so_far.done} of {so_far.whole} doses"
    problem = jsonify({"error": f"{so_far.month} is being reckoned, {how_far}: ask again"})
    return problem, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(AGAIN_S)}


def _address(path: str) -> str:
    for ours, flasks in _IN_FLASK.items():
        path = path.replace(ours, flasks)
    return path


for _operation in OPERATIONS:
    api.add_url_rule(
        _address(_operation.path),
        _operation.name,
        _view_of(_operation),
        methods=[_operation.method.upper()],
    )
