"""What her telephone asks for: her page with one button, a hook for automations, OwnTracks.

Knows: Flask, addresses that are secrets, what a telephone says. May not know: what follows from
it, her name: none of these answers holds one.

    GET  /phone/SECRET                  the page; looking at it alone is no sign
    POST /phone/SECRET/fine             "I am fine"
    POST /phone/SECRET/opened           by the page's script: the page is open, somebody is there
    GET  /phone/SECRET/app.webmanifest  to put it on the home screen
    GET  /phone/worker.js, /phone/offline   what the page is without a network
    GET, POST /hook/SECRET?how=unlock&battery=80   `how` of HOW, or "alive"
    POST /owntracks                     Basic: any user, the secret as password

The address is the secret, since an installed page has no other place that lasts (an iPhone gives
it cookies of its own). Who has stolen it can say that she is fine, and see nothing: it is made
anew by her people, and the old one taken back (phone.py). A GET of a previewer or of a browser
that looks ahead is no sign.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate

from gateway.access import SENIOR
from gateway.desk import DeskClosed
from gateway.entering import Entry
from gateway.home import Home
from gateway.installing import SayFine
from gateway.phones import owntracks as app
from gateway.phones.phones import HOW
from gateway.phones.saying import TellHeard, TellUsed
from gateway.refused import EntryRefused
from gateway.web.framing import render
from gateway.web.room import POLICY, room, words_for
from gateway.web.safe import Link
from gateway.web.seat import now_ms, seat

handset = Blueprint("handset", __name__)

KIND = "phone"  # of its links in the vault
ALIVE = "alive"
BODY_MOST_BYTES = 4096  # of a message that is looked at
_AHEAD = ("bot", "scrap", "preview", "externalhit", "whatsapp", "spider", "crawl")
_SECRET_MOST = 64


# --- her page


@handset.get("/phone/<secret>")
def show(secret: str) -> ResponseReturnValue:
    """One enormous button."""
    words, link = words_for(None), _link(secret)
    if link is None:
        return render("handset_gone.html", words, sentence=words.say("phone.gone")), 404
    page = render(
        "handset.html", words, here=f"/phone/{secret}", thanked=request.args.get("done") == "fine"
    )
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; manifest-src 'self'"
    return answer


@handset.post("/phone/<secret>/fine")
def fine(secret: str) -> ResponseReturnValue:
    """She is fine."""
    link = _known(secret)
    name = room().desk.ask(lambda home, _now: _name_of(home, link.person_id))
    _enter(SayFine(link.person_id, name))
    _enter(TellUsed(link.person_id, "page", None, None, link.name))
    language = words_for(None).language
    return Response(
        status=HTTPStatus.SEE_OTHER,
        headers={"Location": f"/phone/{secret}?lang={language}&done=fine#main"},
    )


@handset.post("/phone/<secret>/opened")
def opened(secret: str) -> ResponseReturnValue:
    """Her page was opened: by her, unless somebody else is signed in at that browser."""
    link, account = _known(secret), seat().account
    if account is None or account.may({SENIOR}, link.person_id):
        _enter(TellUsed(link.person_id, "page", None, None, link.name))
    return "", HTTPStatus.NO_CONTENT


@handset.get("/phone/<secret>/app.webmanifest")
def manifest(secret: str) -> ResponseReturnValue:
    """Of W3C's Web Application Manifest."""
    _known(secret)
    words = words_for(None)
    icon = {"src": url_for("static", filename="moon.svg"), "type": "image/svg+xml", "sizes": "any"}
    body = {
        "id": "/phone/",
        "name": words.say("phone.page"),
        "short_name": words.say("title"),
        "lang": words.language,
        "start_url": f"/phone/{secret}?lang={words.language}",
        "scope": "/phone/",
        "display": "standalone",
        "background_color": "#f6f1e7",
        "theme_color": "#1b5a53",
        "icons": [icon],
    }
    answer = jsonify(body)
    answer.mimetype = "application/manifest+json"
    return answer


@handset.get("/phone/worker.js")
def worker() -> ResponseReturnValue:
    """The page's worker: here, since it may serve only what lies beside it."""
    return current_app.send_static_file("phone-worker.js")


@handset.get("/phone/offline")
def offline() -> ResponseReturnValue:
    """What is shown without a network: the only page that the telephone keeps."""
    words = words_for(None)
    return render("handset_offline.html", words)


# --- automations and OwnTracks


@handset.route("/hook/<secret>", methods=["GET", "POST"])
def hook(secret: str) -> ResponseReturnValue:
    """Something happened at the telephone."""
    link, how = _known(secret), str(request.values.get("how", ""))
    if request.method == "HEAD" or _looks_ahead():
        return "", HTTPStatus.NO_CONTENT
    percent = _battery(str(request.values.get("battery", "")))
    if how == ALIVE:
        _enter(TellHeard(link.person_id, percent, link.name))
    elif how in HOW:
        _enter(TellUsed(link.person_id, how, percent, None, link.name))
    else:
        return jsonify({"unknown": "how", "known": [*HOW, ALIVE]}), HTTPStatus.BAD_REQUEST
    return jsonify({"ok": True})


@handset.post("/owntracks")
def owntracks() -> ResponseReturnValue:
    """One message of the app. Whatever it is, it is taken: the app sends nothing else before."""
    given = request.authorization
    secret = given.password if given is not None and given.type == "basic" else None
    link = _link(secret or "")
    if link is None:
        refused = jsonify([])
        refused.www_authenticate = WWWAuthenticate("basic", {"realm": "anbu"})
        return refused, HTTPStatus.UNAUTHORIZED
    said = _of_app(link)
    if said is not None:
        _enter(said)
    return jsonify([])


def _of_app(link: Link) -> TellUsed | TellHeard | None:
    """What it says; of a message that is none, or too long, only that it is there."""
    try:
        if (request.content_length or 0) <= BODY_MOST_BYTES:
            return app.told(request.get_data(), link.person_id, link.name, now_ms())
    except (ValueError, RecursionError):
        pass
    return TellHeard(link.person_id, None, link.name)


# --- whose address it is


def _link(secret: str) -> Link | None:
    """The link of an address whose person lives here; None. 429 where it asks too fast."""
    if not 0 < len(secret) <= _SECRET_MOST:
        return None
    try:
        link = room().vault.links.find(KIND, secret, now_ms())
    except OSError:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    if link is None or not room().desk.ask(lambda home, _now: _name_of(home, link.person_id)):
        return None
    if not room().paces.may("link", f"{KIND}/{link.id}", now_ms()):
        abort(HTTPStatus.TOO_MANY_REQUESTS)
    return link


def _known(secret: str) -> Link:
    """As `_link`; 404 where there is none."""
    link = _link(secret)
    if link is None:
        abort(HTTPStatus.NOT_FOUND)
    return link


def _name_of(home: Home, person_id: str) -> str:
    roster = home.household.roster
    person = roster.person(person_id) if roster is not None else None
    return person.name if person is not None else ""


def _enter(entry: Entry) -> None:
    try:
        room().desk.enter(entry)
    except EntryRefused:
        abort(HTTPStatus.NOT_FOUND)  # she was taken out in this moment
    except DeskClosed:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)


def _looks_ahead() -> bool:
    """Whether no telephone asks, but what looks at addresses before anybody opens them."""
    ahead: Any = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "").lower()
    return "prefetch" in ahead or (
        request.method == "GET" and any(name in agent for name in _AHEAD)
    )


def _battery(typed: str) -> int | None:
    """Percent, of what is written like 80, 80% or 80.0; None for anything else."""
    whole = typed.strip().removesuffix("%").strip().partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) <= 3 else None  # noqa: PLR2004
