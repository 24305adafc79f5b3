"""The page's routes: the page itself, its stream, its JSON, and the live box.

Knows: Flask, who may ask (this host, this origin, this token). May not know: the database, rules,
a radio. What it shows comes from the desk; what it changes is
the virtual home's board, and orders to devices, which the desk takes as facts.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from jinja2 import Environment
from werkzeug.exceptions import HTTPException

from gateway.desk import DeskClosed
from gateway.orders import WishRefused
from gateway.web import box, care, news, slots, sse, status
from gateway.web.window import BoxWindow, WindowError
from gateway.web.words import CATALOGUES, DEFAULT_LANGUAGE, DEFAULT_ZONE, Words

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECTIONS = ("status", "people", "care", "said", "incidents", "texts")
FORM_LIMIT_BYTES = 4096

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

page = Blueprint("page", __name__)


class Room:
    """What every view needs, kept on the app: the desk, the window, the seats, the token."""

    def __init__(self, desk: sse.Desk, hosts: frozenset[str]) -> None:
        self.desk = desk
        self.hosts = hosts
        self.window = BoxWindow(desk.box_window) if desk.box_window else None
        self.seats = sse.Seats(sse.STREAMS_MAX)
        # One token a process: a page of another origin cannot read it, a restart ends it.
        self.token = secrets.token_urlsafe(32)


def create_app(desk: sse.Desk, hosts: Iterable[str] = LOOPBACK) -> Flask:
    """The page over a desk. `hosts`: names it may be asked by (the Host header, without port)."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT_BYTES
    app.extensions["anbu"] = Room(desk, frozenset(hosts))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(page)
    app.register_error_handler(HTTPException, _error)
    app.before_request(_known_host)
    app.after_request(_guard)
    return app


def room() -> Room:
    """This app's room."""
    held = current_app.extensions["anbu"]
    assert isinstance(held, Room)  # noqa: S101 — create_app put it there
    return held


def words_for(picture: dict[str, Any] | None) -> Words:
    """The asked language, else the household's; the household's zone."""
    household = picture or {}
    asked = request.args.get("lang") or request.form.get("lang")
    language = asked or household.get("language")
    known = language if language in CATALOGUES else DEFAULT_LANGUAGE
    return Words(known, household.get("time_zone") or DEFAULT_ZONE)


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
        "care": care.boxes(picture, words),
        "said": news.said(picture, words),
        "incidents": news.incidents(picture, words),
        "texts": news.texts(picture, words),
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
    """The stream; 503 when all seats are taken (the page then asks again by itself)."""
    held, jinja = room(), current_app.jinja_env
    if not held.seats.take():
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    language = request.args.get("lang")

    def draw(picture: dict[str, Any]) -> dict[str, str]:
        known = language if language in CATALOGUES else picture.get("language")
        zone = picture.get("time_zone") or DEFAULT_ZONE
        return sections(jinja, picture, Words(known or DEFAULT_LANGUAGE, zone), held.token)

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
    except WindowError as error:
        return jsonify({"error": str(error)}), HTTPStatus.SERVICE_UNAVAILABLE


@page.post("/box")
def move_box() -> ResponseReturnValue:
    """Move a lid (`lid=3:open`, `lid=3:closed`) or press a button (`button=ok`)."""
    _same_origin()
    window = _window()
    try:
        if "button" in request.form:
            window.press(request.form["button"])
        else:
            window.lid(*_lid(request.form.get("lid", "")))
    except ValueError as error:
        return jsonify({"error": str(error)}), HTTPStatus.BAD_REQUEST
    except WindowError as error:
        return jsonify({"error": str(error)}), HTTPStatus.SERVICE_UNAVAILABLE
    if "application/json" in request.headers.get("Accept", ""):
        return jsonify({"ok": True})
    return redirect(f"/?lang={words_for(None).language}#box", HTTPStatus.SEE_OTHER)


@page.post("/order")
def give_order() -> ResponseReturnValue:
    """Have a box do something (gateway/web/care.py has the fields); committed when answered."""
    _same_origin()
    desk = room().desk
    words = words_for(desk.picture())
    try:
        wish = care.wish(request.form, words.zone)
        desk.order(wish)
    except WishRefused as refused:
        return _sorry(words, HTTPStatus.BAD_REQUEST, words.say(f"order.not.{refused.code}"))
    except DeskClosed:
        return _sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"))
    return redirect(f"/?lang={words.language}#care-{wish.device_id}", HTTPStatus.SEE_OTHER)


def _sorry(words: Words, code: HTTPStatus, sentence: str) -> ResponseReturnValue:
    html = current_app.jinja_env.get_template("error.html")
    return html.render(say=words.say, words=words, code=int(code), sentence=sentence), code


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


def _known_host() -> None:
    """Refuse names that are not ours (DNS rebinding). Flask's TRUSTED_HOSTS knows no IPv6."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in room().hosts:
        abort(HTTPStatus.BAD_REQUEST)


def _same_origin() -> None:
    """Refuse a change that was not asked for by this page: origin and token must be ours."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if origin not in (None, request.host_url.rstrip("/")) or site != "same-origin":
        abort(HTTPStatus.FORBIDDEN)
    token = request.form.get("token", "")
    if not hmac.compare_digest(token.encode(), room().token.encode()):
        abort(HTTPStatus.FORBIDDEN)


def _guard(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _error(error: HTTPException) -> ResponseReturnValue:
    """One sentence that helps, in the asked language; JSON for /api."""
    code = error.code or 500
    words = Words(_asked_language(), DEFAULT_ZONE)
    key = f"error.{code}"
    sentence = words.say(key) if key in CATALOGUES["ko"] else error.description or str(code)
    if request.path.startswith("/api/"):
        return jsonify({"error": sentence}), code
    return _sorry(words, HTTPStatus(code), sentence)


def _asked_language() -> str:
    asked = request.args.get("lang", DEFAULT_LANGUAGE)
    return asked if asked in CATALOGUES else DEFAULT_LANGUAGE
