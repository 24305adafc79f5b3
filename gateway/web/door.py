"""The door of every request: whose cookie or token it is, and whether it may come in here.

Knows: cookies, the vault's questions, the table of permissions. May not know: what a page shows.

Over TLS the cookie is `__Host-anbu`: of this host alone, never sent in the clear. On the loopback,
where there is none, it is `anbu`. The server keeps the session; a sign-in always draws a new one.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue

from gateway.access import Account
from gateway.access.manners import IDLE_MS
from gateway.home import Home
from gateway.image import MOST_BYTES
from gateway.web.permissions import BY_ADDRESS, IMAGES, SURVEYS, TABLE, UPLOADS
from gateway.web.room import FORM_LIMIT_BYTES, UPLOAD_FORM_BYTES, room
from gateway.web.rules import Rule, Verdict
from gateway.web.safe import Token
from gateway.web.seat import Seat, csrf, seat
from gateway.web.surveying import BYTES_MOST

_log = logging.getLogger(__name__)

SESSION, DOOR, BROWSER = "anbu", "anbu-door", "anbu-known"
# Pages on which somebody who is not signed in finds a form.
DOORS = frozenset({"entry.claim", "entry.sign_in", "entry.join", "intake.report"})
# Where somebody may guess a password or a code.
GUESSED = frozenset(
    {
        *("entry.claimed", "entry.signed_in", "entry.join", "entry.joined"),
        *("doorway.show", "doorway.say"),
    }
)
_BROWSER_AGE_S = 366 * 86_400
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BEARER = "Bearer "
FORM_HEADER = "X-Anbu-Form"  # in place of the form's field, for scripts


# --- before and after every request


def take_seat() -> None:
    """Before every request: whose cookie or token it is."""
    place = room()
    now = place.desk.ask(lambda _home, now_ms: now_ms)
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith(_BEARER):
        g.seat = _program(bearer.removeprefix(_BEARER).strip(), now)
        return
    g.seat = Seat(
        door=request.cookies.get(named(DOOR), "") or secrets.token_urlsafe(16), now_ms=now
    )
    secret = request.cookies.get(named(SESSION), "")
    session = place.vault.sessions.find(secret, now) if secret else None
    if session is not None:
        account = place.desk.ask(lambda home, _now: home.accounts.get(session.account_id))
        if account is not None:
            g.seat = replace(g.seat, account=account, secret=secret)


def _program(secret: str, now: int) -> Seat:
    place = room()
    token = place.vault.tokens.find(secret, now)
    if token is None:
        return Seat(scopes=frozenset(), now_ms=now)
    account = _of(token)
    return Seat(account, secret, scopes=frozenset(token.scopes), now_ms=now)


def permitted() -> ResponseReturnValue | None:
    """Before every request: let in, send to sign in, or refuse. Changes want a form of our own."""
    if request.endpoint is None:
        return None  # there is no such address
    rule = TABLE.get(request.endpoint)
    if rule is None:
        abort(HTTPStatus.NOT_FOUND)
    _pace()
    if request.endpoint in UPLOADS:
        request.max_content_length = UPLOAD_FORM_BYTES
    elif request.endpoint in SURVEYS:
        request.max_content_length = BYTES_MOST + FORM_LIMIT_BYTES
    elif request.endpoint in IMAGES:
        request.max_content_length = MOST_BYTES + FORM_LIMIT_BYTES
    refused = _refuse(rule)
    cookies = seat().scopes is None and request.endpoint not in BY_ADDRESS
    if refused is None and request.method in _CHANGES and cookies:
        _own_form()
    return refused


def _pace() -> None:
    """Refuse who asks too fast: a program, or somebody who tries passwords or codes."""
    held = seat()
    if held.scopes is None and request.endpoint not in GUESSED:
        return
    kind = "door" if held.scopes is None else "program"
    place = room().vault.sessions.signed_in_before(browser()) or request.remote_addr or ""
    if not room().paces.may(kind, place, held.now_ms):
        abort(HTTPStatus.TOO_MANY_REQUESTS)


def browser() -> str:
    """What this browser shows of a sign-in before; "" where there was none."""
    return request.cookies.get(named(BROWSER), "")


def _refuse(rule: Rule) -> ResponseReturnValue | None:
    held = seat()
    if held.scopes is not None and (rule.token is None or rule.token not in held.scopes):
        abort(HTTPStatus.UNAUTHORIZED if held.account is None else HTTPStatus.FORBIDDEN)
    there = _named_there(rule)
    verdict = room().desk.ask(lambda home, _now: rule.judge(held.account, home, there))
    if verdict is Verdict.SIGN_IN:
        return _to_sign_in()
    if verdict is Verdict.HIDDEN:
        abort(HTTPStatus.NOT_FOUND)
    if verdict is Verdict.FORBIDDEN:
        abort(HTTPStatus.FORBIDDEN)
    return None


def _named_there(rule: Rule) -> dict[str, object]:
    """What the address names, and the device that the form of who is signed in names.

    No other field: a form that could name twice would be judged by one and obeyed by the other.
    """
    there: dict[str, object] = dict(request.view_args or {})
    if rule.find is not None and request.method in _CHANGES and seat().account is not None:
        there = {"device": request.form.get("device", ""), **there}
    return there


def _to_sign_in() -> ResponseReturnValue:
    """People are led to the page that signs in and back again; programs are told."""
    wants_page = request.accept_mimetypes.accept_html and request.path != "/live"
    if request.method != "GET" or not wants_page or request.path.startswith("/api/"):
        abort(HTTPStatus.UNAUTHORIZED)
    language = request.args.get("lang", "")
    begun = room().desk.ask(lambda home, _now: bool(home.accounts.open))
    onward = quote(request.full_path.rstrip("?"), safe="")
    where = f"/sign-in?next={onward}" if begun else "/claim?"
    return redirect(f"{where}&lang={quote(language)}" if language else where.rstrip("?"))


def _own_form() -> None:
    """Refuse a change that was not asked for by this page: origin and token must be ours."""
    place, origin = room(), request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    ours = (None, request.host_url.rstrip("/"), place.address)
    if origin not in ours or site != "same-origin":
        abort(HTTPStatus.FORBIDDEN)
    token = request.form.get("token", "") or request.headers.get(FORM_HEADER, "")
    if not hmac.compare_digest(token.encode(), csrf().encode()):
        abort(HTTPStatus.FORBIDDEN)


def leave(response: Response) -> Response:
    """After every request: who looked at whom is noted; the door's cookie is set where needed."""
    held = seat()
    if held.account is not None:
        _note(held.account, response)
    elif request.endpoint in DOORS and named(DOOR) not in request.cookies and held.door:
        give(response, DOOR, held.door, None)
    return response


def _note(account: Account, response: Response) -> None:
    rule = TABLE.get(request.endpoint or "")
    persons = set(g.get("looked_at", ()))
    if rule is not None and rule.find is not None and response.status_code < HTTPStatus.BAD_REQUEST:
        there = _named_there(rule)
        found = room().desk.ask(lambda home, _now: rule.find(home, there) if rule.find else None)
        persons |= {found} if found else set()
    if persons:
        changed = request.method in _CHANGES
        place, page, me = room(), request.endpoint or "", (account.id, account.name)
        try:
            place.vault.looks.note(me, persons, page, seat().now_ms, changed=changed)
        except OSError as error:  # a full disk takes nobody the page away
            _log.warning("not in the access log: %s at %s: %s", account.id, page, error)


# --- cookies


def named(cookie: str) -> str:
    """The name a cookie has here."""
    return f"__Host-{cookie}" if room().secure else cookie


def give(response: Response, cookie: str, value: str, age_s: int | None) -> None:
    """Set a cookie that no script and no other site sees. `age_s` None: until it is closed."""
    response.set_cookie(
        named(cookie),
        value,
        max_age=age_s,
        path="/",
        secure=room().secure,
        httponly=True,
        samesite="Lax",
    )


def sit_down(account: Account, onward: str) -> Response:
    """Sign in at this browser: a new session, and whatever was there before is over."""
    place, held = room(), seat()
    if held.secret:
        place.vault.sessions.end(held.secret)
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": onward})
    secret = place.vault.sessions.begin(account.id, held.now_ms)
    give(response, SESSION, secret, IDLE_MS // 1000)
    give(response, BROWSER, place.vault.sessions.remember(account.id, held.now_ms), _BROWSER_AGE_S)
    response.delete_cookie(named(DOOR), path="/", secure=place.secure, httponly=True)
    return response


def stand_up(onward: str) -> Response:
    """Sign out: the session is over, every stream of it too."""
    place, held = room(), seat()
    place.vault.sessions.end(held.secret)
    place.desk.changed()
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": onward})
    response.delete_cookie(named(SESSION), path="/", secure=place.secure, httponly=True)
    return response


# --- what outlives a request


def still() -> Callable[[], bool]:
    """A question that outlives the request: whether what she may is what it was.

    False after signing out, after a change of what she may, after her account was closed.
    """
    held, place = seat(), room()

    def ask() -> bool:
        account, now = place.desk.ask(_now_of(held.account))
        if held.scopes is not None:
            token = place.vault.tokens.find(held.secret, now)
            narrowed = account.narrowed(token.person_id) if account and token else None
            return narrowed is not None and narrowed == held.account
        return account == held.account and place.vault.sessions.find(held.secret, now) is not None

    return ask


def _now_of(account: Account | None) -> Callable[[Home, int], tuple[Account | None, int]]:
    name = account.id if account is not None else None
    return lambda home, now: (home.accounts.get(name), now)


def by_token(secret: str, scope: str) -> Account | None:
    """The account whose token this is, if it has that scope: for addresses that are secrets."""
    place = room()
    token = place.vault.tokens.find(secret, seat().now_ms)
    if token is None or scope not in token.scopes:
        return None
    return _of(token)


def _of(token: Token) -> Account | None:
    """The account of a token, as much of it as the token is about."""
    account = room().desk.ask(lambda home, _now: home.accounts.get(token.account_id))
    return account.narrowed(token.person_id) if account is not None else None
