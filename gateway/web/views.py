"""The page's routes: the page itself, its stream, its JSON, and the live box.

Knows: Flask, who may ask (this host, this origin, this token). May not know: the database, rules,
a radio. What it shows comes from the desk; what it changes is
the virtual home's board, and orders to devices, which the desk takes as facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from jinja2 import Environment
from werkzeug.exceptions import HTTPException

from gateway.desk import DeskClosed
from gateway.orders import WishRefused
from gateway.web import alarms, box, care, incidents, life, news, slots, sse, status, texts
from gateway.web.adherence import adherence
from gateway.web.incident import incident
from gateway.web.incident import sections as sections_of_incident
from gateway.web.pausing import pausing
from gateway.web.plan import plan
from gateway.web.prescriptions import prescriptions
from gateway.web.refill import refill
from gateway.web.room import (
    FORM_LIMIT_BYTES,
    LOOPBACK,
    Room,
    error,
    guard,
    known_host,
    room,
    same_origin,
    sorry,
    words_for,
)
from gateway.web.window import BoxWindow, WindowError
from gateway.web.words import CATALOGUES, DEFAULT_LANGUAGE, DEFAULT_ZONE, Words

SECTIONS = ("status", "people", "life", "care", "said", "incidents", "texts", "alarms")
page = Blueprint("page", __name__)


def create_app(desk: sse.Desk, hosts: Iterable[str] = LOOPBACK) -> Flask:
    """The page over a desk. `hosts`: names it may be asked by (the Host header, without port)."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT_BYTES
    app.extensions["anbu"] = Room(desk, frozenset(hosts))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (page, incident, pausing, prescriptions, plan, refill, adherence):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, error)
    app.before_request(known_host)
    app.after_request(guard)
    return app


def sections(
    jinja: Environment, picture: dict[str, Any], words: Words, token: str
) -> dict[str, str]:
    """The HTML of every section that lives, by id; `token` for its forms. Needs no request."""
    now_ms = picture["now_ms"]
    context = {
        "say": words.say,
        "language": words.language,
        "token": token,
        "clock": words.clock(now_ms),
        "clock_iso": words.iso(now_ms),
        "today": words.today(now_ms),
        "status": status.status(picture, words),
        "people": [slots.person(p, now_ms, words) for p in picture["persons"]],
        "lives": life.lives(picture, words),
        "care": care.boxes(picture, words),
        "said": news.said(picture, words),
        "incidents": incidents.incidents(picture, words),
        "texts": texts.texts(picture, words),
        "alarms": alarms.alarms(picture, words),
    }
    return {name: jinja.get_template(f"_{name}.html").render(context) for name in SECTIONS}


@page.get("/")
def index() -> ResponseReturnValue:
    """The page, whole without a script."""
    held, jinja = room(), current_app.jinja_env
    picture = held.desk.picture()
    words = words_for(picture)
    context = {
        "say": words.say,
        "words": words,
        "other": "en" if words.language == "ko" else "ko",
        "token": held.token,
        "path": "/",
        "about": "",
        "clock": words.clock(picture["now_ms"]),
        "sections": sections(jinja, picture, words, held.token),
        "box": _box(held.window, words) if held.window else None,
        "today_index": words.local(picture["now_ms"]).weekday(),
        "labels": box.LABELS,
    }
    return jinja.get_template("page.html").render(context)


def _box(window: BoxWindow, words: Words) -> dict[str, Any]:
    """The live box; dark and marked offline where the virtual home does not answer."""
    try:
        return {**box.present(window.picture(), words), "offline": False}
    except WindowError:
        dark = {"lids": [False] * 28, "lights": [[0, 0, 0]] * 28, "mains": True}
        return {**box.present(dark, words), "lines": [], "offline": True}


@page.get("/live")
def live() -> ResponseReturnValue:
    """The stream of the first page, or of the page of an `incident`.

    503 when all seats are taken (the page then asks again by itself).
    """
    held, jinja = room(), current_app.jinja_env
    if not held.seats.take():
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    language = request.args.get("lang")
    number = request.args.get("incident", type=int)

    def draw(picture: dict[str, Any]) -> dict[str, str]:
        known = language if language in CATALOGUES else picture.get("language")
        zone = picture.get("time_zone") or DEFAULT_ZONE
        words = Words(known or DEFAULT_LANGUAGE, zone)
        if number is not None:
            return sections_of_incident(held.desk, jinja, number, words)
        return sections(jinja, picture, words, held.token)

    response = Response(sse.stream(held.desk, draw, held.token), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(held.seats.leave)
    return response


@page.get("/api/picture")
def api_picture() -> ResponseReturnValue:
    """The picture as JSON, with its version."""
    desk = room().desk
    version = desk.wait_change(-1, 0.0)
    return jsonify({"version": version, **desk.picture()})


@page.get("/api/box")
def api_box() -> ResponseReturnValue:
    """The live box as JSON in the asked language; 404 in a real home, 503 without an answer."""
    window = _window()
    try:
        return jsonify(box.present(window.picture(), words_for(None)))
    except WindowError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.SERVICE_UNAVAILABLE


@page.post("/box")
def move_box() -> ResponseReturnValue:
    """Move a lid (`lid=3:open`, `lid=3:closed`) or press a button (`button=ok`)."""
    same_origin()
    window = _window()
    try:
        if "button" in request.form:
            window.press(request.form["button"])
        else:
            window.lid(*_lid(request.form.get("lid", "")))
    except ValueError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.BAD_REQUEST
    except WindowError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.SERVICE_UNAVAILABLE
    if "application/json" in request.headers.get("Accept", ""):
        return jsonify({"ok": True})
    return redirect(f"/?lang={words_for(None).language}#box", HTTPStatus.SEE_OTHER)


@page.post("/order")
def give_order() -> ResponseReturnValue:
    """Have a box do something (gateway/web/care.py has the fields); committed when answered."""
    same_origin()
    desk = room().desk
    words = words_for(desk.picture())
    try:
        wish = care.wish(request.form, words.zone)
        desk.order(wish)
    except WishRefused as refused:
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say(f"order.not.{refused.code}"))
    except DeskClosed:
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"))
    return redirect(f"/?lang={words.language}#care-{wish.device_id}", HTTPStatus.SEE_OTHER)


def _lid(value: str) -> tuple[int, bool]:
    number, _, wish = value.partition(":")
    if not (number.isascii() and number.isdigit() and wish in {"open", "closed"}):
        raise ValueError(f"lid {value!r}: a number, a colon, open or closed")
    return int(number), wish == "open"


def _window() -> BoxWindow:
    window = room().window
    if window is None:
        abort(HTTPStatus.NOT_FOUND)
    return window
