"""The ways in and out: claiming a new gateway, signing in, an invitation, signing out.

Knows: Flask, the vault's questions, what a password has to be. May not know: what anybody may do
inside, how a secret is kept.

    GET  /claim                    code (prefilled by ?code=), name, password, again
    POST /claim
    GET  /sign-in?next=PATH        name, password
    POST /sign-in
    GET  /join/CODE                what it opens
    POST /join/CODE                name, password, again
    POST /sign-out

Whoever is refused learns nothing of which accounts there are: an unknown name is answered as a
wrong password, as slowly, and waits as long.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER, TECHNICIAN, Account, Grant, manners
from gateway.access.accounts import Accounts, grants_of, same
from gateway.admitting import NAME_MOST, Admission, GiveAccount, OpenAccount
from gateway.desk import DeskClosed
from gateway.refused import EntryRefused
from gateway.units import MIN_MS
from gateway.web.catalogues import CATALOGUES
from gateway.web.door import browser, sit_down, stand_up
from gateway.web.framing import render
from gateway.web.room import room, words_for
from gateway.web.safe import Opening
from gateway.web.seat import now_ms
from gateway.web.section import why
from gateway.web.words import Words

entry = Blueprint("entry", __name__)

CLAIM, JOIN, ENTER = "claim", "join", "enter"
MASTER = (Grant(OFFICER), Grant(TECHNICIAN))  # who claims a gateway sets up everything


@entry.get("/claim")
def claim() -> ResponseReturnValue:
    """The form for the code that the gateway shows on its console."""
    return _claim(words_for(_home()), code=request.args.get("code", ""))


@entry.post("/claim")
def claimed() -> ResponseReturnValue:
    """The first account; or, of an account there is, a new password."""
    words = words_for(_home())
    name, code = _field("name"), request.form.get("code", "")
    opening = room().vault.codes.find(code, now_ms())
    if opening is None or opening.kind != CLAIM:
        return _claim(words, words.say("claim.wrong"), code=code, name=name)
    weak = _weak(words, name)
    if weak:
        return _claim(words, weak, code=code, name=name)

    def admissions() -> tuple[Admission, ...]:
        known = _accounts(lambda accounts: accounts.named(name))
        if known is None:
            return (OpenAccount(name, MASTER, by=name, language=words.language),)
        return tuple(GiveAccount(known.id, grant, by=name) for grant in MASTER)

    wrong = _open(words, opening, admissions)
    return _claim(words, wrong, code=code, name=name) if wrong else _come_in(name)


@entry.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form."""
    return _sign_in(words_for(_home()))


@entry.post("/sign-in")
def signed_in() -> ResponseReturnValue:
    """A new session for who knows the password."""
    words, place, now = words_for(_home()), room(), now_ms()
    name, password = _field("name"), request.form.get("password", "")
    account = _accounts(lambda accounts: accounts.named(name))
    known = account is not None and place.vault.sessions.signed_in_before(browser()) == account.id
    what = f"known/{browser()}" if known else f"name/{same(name)}"
    wait_ms = manners.wait_ms(place.vault.tries.of(what), now)
    if wait_ms:
        minutes = -(-wait_ms // MIN_MS)
        wait = words.say("sign.wait", n=minutes)
        return _sign_in(words, wait, HTTPStatus.TOO_MANY_REQUESTS)
    place.vault.tries.wrong(what, now)  # before it is looked at: many at once are many tries
    account_id = account.id if account is not None else None
    try:
        right = place.vault.passwords.right(account_id, password[: manners.PASSWORD_MOST + 1])
    except manners.Busy:
        return _sign_in(words, words.say("error.429"), HTTPStatus.TOO_MANY_REQUESTS)
    if account is None or not right:
        return _sign_in(words, words.say("sign.wrong"), HTTPStatus.UNAUTHORIZED)
    place.vault.tries.forget(what)
    return sit_down(account, onward(request.form.get("next", "")))


@entry.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """This session is over."""
    return stand_up(f"/sign-in?lang={words_for(None).language}")


@entry.get("/join/<code>")
def join(code: str) -> ResponseReturnValue:
    """What an invitation is for."""
    words, opening = words_for(_home()), _invitation(code)
    if opening is None:
        return render("join.html", words, opening=None), HTTPStatus.NOT_FOUND
    return _join(words, code, opening)


@entry.post("/join/<code>")
def joined(code: str) -> ResponseReturnValue:
    """Take it up: a new account, a new password of one there is, or straight in."""
    words, opening = words_for(_home()), _invitation(code)
    if opening is None:
        return render("join.html", words, opening=None), HTTPStatus.NOT_FOUND
    account = _accounts(lambda accounts: accounts.get(opening.body.get("account_id")))
    name = account.name if account is not None else _field("name")
    if opening.kind == ENTER and account is not None:
        if not room().vault.codes.use(opening.id, now_ms()):
            return render("join.html", words, opening=None), HTTPStatus.NOT_FOUND
        return sit_down(account, "/")
    weak = _weak(words, name)
    if weak:
        return _join(words, code, opening, weak, name)
    wrong = _open(words, opening, lambda: _invited(opening, account, name, words))
    return _join(words, code, opening, wrong, name) if wrong else _come_in(name)


def _invited(
    opening: Opening, account: Account | None, name: str, words: Words
) -> tuple[Admission, ...]:
    if account is not None:
        return ()  # only a new password
    body = opening.body
    return (
        OpenAccount(
            name,
            grants_of(body["grants"]),
            by=body["by"],
            language=words.language,
            number=body.get("number"),
            guardian_id=body.get("guardian_id"),
            giver=body.get("giver"),
        ),
    )


# --- how an account begins -------------------------------------------------------------------


def _open(
    words: Words, opening: Opening, admissions: Callable[[], tuple[Admission, ...]]
) -> str | None:
    """Use up what opened, write the account down, keep its password; why not, in one sentence."""
    place = room()
    if not place.vault.codes.use(opening.id, now_ms()):
        return words.say("join.used")
    name = _account_name(opening)
    try:  # the password first: where too many wait for theirs no account is half made
        hashed = place.vault.passwords.hashed(request.form["password"])
        for admission in admissions():
            place.desk.enter(admission)
            if isinstance(admission, OpenAccount):  # its id may have been another's of this vault
                place.vault.forget(_named(name).id)
        account = _named(name)
        place.vault.passwords.keep(account.id, hashed)
    except EntryRefused as refused:
        place.vault.codes.give_back(opening.id)
        return why(refused, words)
    except (DeskClosed, manners.Busy):
        place.vault.codes.give_back(opening.id)
        return words.say("error.503")
    place.vault.sessions.end_others(account.id)
    place.desk.changed()
    return None


def _named(name: str) -> Account:
    """The account of this name. Raises DeskClosed where it went in the same moment."""
    account = _accounts(lambda accounts: accounts.named(name))
    if account is None:
        raise DeskClosed(name)
    return account


def _account_name(opening: Opening) -> str:
    account = _accounts(lambda accounts: accounts.get(opening.body.get("account_id")))
    return account.name if account is not None else _field("name")


def _come_in(name: str) -> Response:
    return sit_down(_named(name), "/")


def _weak(words: Words, name: str) -> str | None:
    """Why this password will not do."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    weak = manners.weak(password, name)
    if weak is None and password != again:
        weak = "again"
    least, most = manners.PASSWORD_LEAST, manners.PASSWORD_MOST
    return words.say(f"password.{weak}", least=least, most=most) if weak else None


def _invitation(code: str) -> Opening | None:
    opening = room().vault.codes.find(code, now_ms())
    if opening is None or opening.kind not in {JOIN, ENTER}:
        return None
    known = room().desk.ask(lambda home, _now: _still_given(home.accounts, opening))
    return opening if known else None


def _still_given(accounts: Accounts, opening: Opening) -> bool:
    """Whether the account it opens is there, and its maker may still open another's.

    What a new account may is asked when it is opened (gateway.admitting).
    """
    account_id, giver = opening.body.get("account_id"), opening.body.get("giver")
    if account_id is None:
        return True
    maker = accounts.get(giver)
    by_console = opening.kind == ENTER  # who can read the vault's file
    may = by_console or (maker is not None and maker.may({OFFICER}))
    return may and accounts.get(account_id) is not None


# --- what is shown ---------------------------------------------------------------------------


def _claim(words: Words, wrong: str | None = None, **typed: str) -> ResponseReturnValue:
    code = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return render(
        "claim.html",
        words,
        wrong=wrong,
        typed=typed,
        least=manners.PASSWORD_LEAST,
        name_most=NAME_MOST,
    ), code


def _sign_in(
    words: Words, wrong: str | None = None, code: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    after = request.args.get("next", "") or request.form.get("next", "")
    typed = {"name": request.form.get("name", ""), "next": onward(after)}
    return render("sign_in.html", words, wrong=wrong, typed=typed, name_most=NAME_MOST), code


def _join(
    words: Words, code: str, opening: Opening, wrong: str | None = None, name: str = ""
) -> ResponseReturnValue:
    account = _accounts(lambda accounts: accounts.get(opening.body.get("account_id")))
    page = render(
        "join.html",
        words,
        opening=opening,
        account=account,
        enter=opening.kind == ENTER,
        name_most=NAME_MOST,
        code=code,
        by=opening.body.get("by", ""),
        name=name or opening.body.get("name", ""),
        wrong=wrong,
        least=manners.PASSWORD_LEAST,
    )
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def onward(path: str) -> str:
    """Where to go after signing in: an address of this page, else the first one."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours and not parts.netloc and not parts.scheme else "/"


def _accounts(look: Callable[[Accounts], Account | None]) -> Account | None:
    return room().desk.ask(lambda home, _now: look(home.accounts))


def _home() -> dict[str, Any]:
    """The home's language and zone, for who is not known yet."""

    def view(home: Any, _now: int) -> dict[str, Any]:  # noqa: ANN401 - gateway.home.Home
        roster = home.household.roster
        if roster is None:
            return {}
        return {"language": roster.language, "time_zone": roster.time_zone}

    found = room().desk.ask(view)
    return found if found.get("language") in CATALOGUES else {**found, "language": None}


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "").split())
