"""What every view needs: the desk, the window, the seats, the token, and who may ask.

Knows: Flask; this host, this origin, this token. May not know: what any page shows.
"""

from __future__ import annotations

import hmac
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from gateway.web import sse
from gateway.web.window import BoxWindow
from gateway.web.words import CATALOGUES, DEFAULT_LANGUAGE, DEFAULT_ZONE, Words

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FORM_LIMIT_BYTES = 4096
UPLOAD_LIMIT_BYTES = 256 * 1024
# A form with an upload has its other fields and the line ends that a browser doubles.
UPLOAD_FORM_BYTES = UPLOAD_LIMIT_BYTES + 32 * 1024

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


class Room:
    """Kept on the app: the desk, the window, the seats, the token."""

    def __init__(self, desk: sse.Desk, hosts: frozenset[str]) -> None:
        self.desk = desk
        self.hosts = hosts
        self.window = BoxWindow(desk.box_window) if desk.box_window else None
        self.seats = sse.Seats(sse.STREAMS_MAX)
        # One token a process: a page of another origin cannot read it, a restart ends it.
        self.token = secrets.token_urlsafe(32)


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


def sorry(words: Words, code: HTTPStatus, sentence: str, back: str = "/") -> ResponseReturnValue:
    """One sentence that helps, with the way `back`."""
    html = current_app.jinja_env.get_template("error.html")
    return html.render(
        say=words.say, words=words, code=int(code), sentence=sentence, back=back
    ), code


def known_host() -> None:
    """Refuse names that are not ours (DNS rebinding). Flask's TRUSTED_HOSTS knows no IPv6."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in room().hosts:
        abort(HTTPStatus.BAD_REQUEST)


def same_origin() -> None:
    """Refuse a change that was not asked for by this page: origin and token must be ours."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if origin not in (None, request.host_url.rstrip("/")) or site != "same-origin":
        abort(HTTPStatus.FORBIDDEN)
    token = request.form.get("token", "")
    if not hmac.compare_digest(token.encode(), room().token.encode()):
        abort(HTTPStatus.FORBIDDEN)


def guard(response: Response) -> Response:
    """The headers of every answer; nothing personal is kept in a cache."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def error(wrong: HTTPException) -> ResponseReturnValue:
    """One sentence that helps, in the asked language; JSON for /api."""
    code = wrong.code or 500
    words = Words(_asked_language(), DEFAULT_ZONE)
    key = f"error.{code}"
    sentence = words.say(key) if words.has(key) else wrong.description or str(code)
    if request.path.startswith("/api/"):
        return jsonify({"error": sentence}), code
    return sorry(words, HTTPStatus(code), sentence)


def _asked_language() -> str:
    asked = request.args.get("lang", DEFAULT_LANGUAGE)
    return asked if asked in CATALOGUES else DEFAULT_LANGUAGE
