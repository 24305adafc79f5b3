"""What every view needs: the desk, the vault, the window, the seats; errors and headers.

Knows: Flask; the names of this host. May not know: what any page shows.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_timezone, refresh  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from gateway.api import problems
from gateway.home import Home
from gateway.roster import SEOUL_ZONE
from gateway.web import sse
from gateway.web.catalogues import CATALOGUES
from gateway.web.paces import Paces
from gateway.web.reckoning import Reckoner
from gateway.web.safe import Vault
from gateway.web.seat import seat
from gateway.web.surveying import Drawers
from gateway.web.window import BoxWindow
from gateway.web.words import DEFAULT_LANGUAGE, Words

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FORM_LIMIT_BYTES = 4096
UPLOAD_LIMIT_BYTES = 256 * 1024
# A form with an upload has its other fields and the line ends that a browser doubles.
UPLOAD_FORM_BYTES = UPLOAD_LIMIT_BYTES + 32 * 1024

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_TLS_ONLY_S = 183 * 86_400  # so long a browser asks this host over TLS alone


class Room:
    """Kept on the app: the desk, the vault, the window, the seats, by which names it is asked.

    `address`: where people outside find the page ("https://anbu.example.org"), None = nowhere.
    """

    def __init__(
        self, desk: sse.Desk, vault: Vault, hosts: frozenset[str], address: str | None
    ) -> None:
        self.desk = desk
        self.vault = vault
        self.address = address
        self.secure = address is not None and address.startswith("https://")
        self.hosts = hosts
        self.window = BoxWindow(desk.box_window) if desk.box_window else None
        self.paces = Paces()
        self.surveys = Drawers()
        self.reckoner = Reckoner(desk)
        self.seats = sse.Seats(sse.STREAMS_MAX, sse.STREAMS_OF_ONE)


def room() -> Room:
    """This app's room."""
    held = current_app.extensions["anbu"]
    assert isinstance(held, Room)  # noqa: S101 — create_app put it there
    return held


def words_for(picture: dict[str, Any] | None) -> Words:
    """The asked language, else her own, else the household's; the household's zone."""
    g.household = picture
    refresh()  # Flask-Babel keeps what it chose for this request
    return Words(get_locale().language, get_timezone().zone)


def language() -> str:
    """Flask-Babel's question: in which language this request is answered."""
    account = seat().account
    asked = request.args.get("lang") or request.form.get("lang")
    own = account.language if account is not None else _household().get("language")
    known = asked if asked in CATALOGUES else own
    return known if known in CATALOGUES else DEFAULT_LANGUAGE


def zone() -> str:
    """Flask-Babel's question: where the clocks of this request's home are."""
    return _household().get("time_zone") or SEOUL_ZONE


def _household() -> dict[str, Any]:
    """What the view has at hand of the home, else what the roster says."""
    held: dict[str, Any] | None = g.get("household")
    return held if held is not None else room().desk.ask(_of_roster)


def _of_roster(home: Home, _now_ms: int) -> dict[str, Any]:
    roster = home.household.roster
    return {} if roster is None else {"language": roster.language, "time_zone": roster.time_zone}


def sorry(words: Words, code: HTTPStatus, sentence: str, back: str = "/") -> ResponseReturnValue:
    """One sentence that helps, with the way `back`."""
    html = current_app.jinja_env.get_template("error.html")
    title = words.say("error.title.entry" if request.method == "POST" else "error.title")
    return html.render(
        say=words.say, words=words, code=int(code), title=title, sentence=sentence, back=back
    ), code


def known_host() -> None:
    """Refuse names that are not ours (DNS rebinding). Flask's TRUSTED_HOSTS knows no IPv6."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in room().hosts:
        abort(HTTPStatus.BAD_REQUEST)


def guard(response: Response) -> Response:
    """The headers of every answer; nothing personal is kept in a cache."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if room().secure and request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_TLS_ONLY_S}"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def error(wrong: HTTPException) -> ResponseReturnValue:
    """One sentence that helps, in the asked language; JSON for /api."""
    code = wrong.code or 500
    if request.path.startswith("/api/v1"):
        return _to_program(wrong, code)
    words = Words(_asked_language(), SEOUL_ZONE)
    # Who only looks was not tricked by another site: her account may not.
    key = (
        "error.403.account"
        if code == HTTPStatus.FORBIDDEN and request.method == "GET"
        else f"error.{code}"
    )
    sentence = words.say(key) if words.has(key) else wrong.description or str(code)
    if request.path.startswith("/api/"):
        return jsonify({"error": sentence}), code
    return sorry(words, HTTPStatus(code), sentence)


def _to_program(wrong: HTTPException, code: int) -> ResponseReturnValue:
    """A problem as the API's document has it, with what HTTP wants beside it (as Allow)."""
    plain = wrong.description == type(wrong).description
    response = jsonify({"error": problems.sentence(code, None if plain else wrong.description)})
    for name, value in wrong.get_headers(request.environ):
        if name != "Content-Type":
            response.headers[name] = value
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "1"  # a second brings ten questions (paces.py)
    return response, code


def _asked_language() -> str:
    asked = request.args.get("lang", DEFAULT_LANGUAGE)
    return asked if asked in CATALOGUES else DEFAULT_LANGUAGE
