"""One's own account: language, password, where one is signed in, tokens for programs.

Knows: Flask, the vault's questions. May not know: anybody else's account (accounts.py).

    GET  /account
    POST /account/language      language
    POST /account/password      old, password, again: every other session ends
    POST /account/session       session: one of them ends        /account/sessions: all others
    POST /account/token         name, scopes, person: shown once
    POST /account/token/end     number
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gateway.access import SENIOR, SIGHT, Account, manners
from gateway.admitting import SpeakTo
from gateway.api.operations import SCOPES
from gateway.home import Home
from gateway.roster import Roster
from gateway.web import section
from gateway.web.catalogues import LANGUAGES
from gateway.web.framing import render
from gateway.web.room import room, words_for
from gateway.web.seat import now_ms, seat, seen, who
from gateway.web.words import Words

account = Blueprint("account", __name__)

HERE = "/account"
TOKENS_MOST = 20
PERSONS_MOST = 200  # in a list to choose from
NAME_MOST = 40
_DIGITS_MOST = 15  # of a token's number: more than the vault counts
CALENDAR, DOSES = "read:calendar", "feed.doses"  # a token that is an address: gateway/web/feed.py


@account.get(HERE)
def show() -> ResponseReturnValue:
    """The page."""
    return _page(_words()[0])


@account.post("/account/language")
def language() -> ResponseReturnValue:
    """The page speaks this from now on."""
    chosen = section.field("language")
    entry = SpeakTo(who().id, chosen, who().name)
    shown = chosen if chosen in LANGUAGES else who().language
    return section.commit(_words()[0], entry, HERE, f"{HERE}?lang={shown}&done=language")


@account.post("/account/password")
def password() -> ResponseReturnValue:
    """A new password; whoever else sat at another browser is out."""
    words = _words()[0]
    try:
        return _new_password(words)
    except manners.Busy:
        return _page(words, words.say("error.429")), HTTPStatus.TOO_MANY_REQUESTS


def _new_password(words: Words) -> ResponseReturnValue:
    """Keep it, or say in one sentence why not. Raises manners.Busy."""
    place, held = room(), seat()
    what = f"change/{who().id}"
    if manners.wait_ms(place.vault.tries.of(what), held.now_ms):
        return _page(words, words.say("sign.wait", n=15)), HTTPStatus.TOO_MANY_REQUESTS
    place.vault.tries.wrong(what, held.now_ms)
    old = request.form.get("old", "")[: manners.PASSWORD_MOST + 1]
    if not place.vault.passwords.right(who().id, old):
        return _page(words, words.say("password.old.wrong")), HTTPStatus.BAD_REQUEST
    place.vault.tries.forget(what)
    new = request.form.get("password", "")
    weak = manners.weak(new, who().name) or (
        "again" if new != request.form.get("again", "") else None
    )
    if weak:
        least, most = manners.PASSWORD_LEAST, manners.PASSWORD_MOST
        wrong = words.say(f"password.{weak}", least=least, most=most)
        return _page(words, wrong), HTTPStatus.BAD_REQUEST
    place.vault.passwords.set(who().id, new)
    place.vault.sessions.end_others(who().id, held.secret)
    place.desk.changed()
    return _go("password")


@account.post("/account/session")
def end_session() -> ResponseReturnValue:
    """One session ends, its streams too."""
    room().vault.sessions.end_number(who().id, section.field("session"))
    room().desk.changed()
    return redirect(
        f"{HERE}?lang={_words()[0].language}&done=session#sessions", HTTPStatus.SEE_OTHER
    )


@account.post("/account/sessions")
def end_others() -> ResponseReturnValue:
    """All others end."""
    room().vault.sessions.end_others(who().id, seat().secret)
    room().desk.changed()
    return redirect(
        f"{HERE}?lang={_words()[0].language}&done=session#sessions", HTTPStatus.SEE_OTHER
    )


@account.post("/account/token")
def make_token() -> ResponseReturnValue:
    """A token for a program. It is shown in this answer, and never again."""
    words, persons = _words()
    name, person_id = section.field("name")[:NAME_MOST], section.field("person") or None
    scopes = tuple(s for s in request.form.getlist("scope") if s in SCOPES)
    full = len(room().vault.tokens.all_of(who().id)) >= TOKENS_MOST
    foreign = person_id is not None and person_id not in dict(persons)
    of_many = CALENDAR in scopes and person_id is None and len(who().persons(SIGHT) or ()) != 1
    if not name or not scopes or full or foreign or of_many:
        why = "full" if full else "one" if of_many else "wrong"
        return _page(words, words.say(f"token.{why}", most=TOKENS_MOST)), HTTPStatus.BAD_REQUEST
    secret = room().vault.tokens.make(who().id, name, scopes, now_ms(), person_id)
    base = room().address or request.host_url.rstrip("/")
    address = f"{base}{url_for(DOSES, secret=secret)}" if CALENDAR in scopes else None
    return _page(words, token=secret, calendar=address)


@account.post("/account/token/end")
def end_token() -> ResponseReturnValue:
    """It opens nothing any more."""
    number = section.field("number")
    if number.isascii() and number.isdigit() and len(number) <= _DIGITS_MOST:
        room().vault.tokens.end(who().id, int(number))
        room().desk.changed()
    return _go("token#tokens")


def _go(done: str) -> ResponseReturnValue:
    return redirect(f"{HERE}?lang={_words()[0].language}&done={done}", HTTPStatus.SEE_OTHER)


def _words() -> tuple[Words, list[tuple[str, str]]]:
    """The page's words, and id and name of whom she may see."""

    def view(home: Home, _now: int) -> tuple[Roster | None, list[tuple[str, str]]]:
        roster = home.household.roster
        some = seen(roster)[:PERSONS_MOST]
        return roster, [(person.id, person.name) for person in some]

    roster, persons = room().desk.ask(view)
    zone = {"time_zone": roster.time_zone, "language": roster.language} if roster else None
    return words_for(zone), persons


def _page(
    words: Words, wrong: str | None = None, token: str | None = None, calendar: str | None = None
) -> str:
    persons, mine, now = _words()[1], who(), now_ms()
    return render(
        "account.html",
        words,
        path=HERE,
        name_most=NAME_MOST,
        mine=mine,
        wrong=wrong,
        token_shown=token,
        calendar=calendar,
        may=[_grant(mine, words, dict(persons), n) for n in range(len(mine.grants))],
        speaks=[(each, words.say(f"account.language.{each}")) for each in LANGUAGES],
        sessions=_sessions(mine, words, now),
        tokens=_tokens(mine, words, now),
        scopes=[(s, words.say(f"scope.{s}")) for s in SCOPES],
        persons=persons,
        programs=any(grant.role != SENIOR for grant in mine.grants),
        least=manners.PASSWORD_LEAST,
        done=words.say(f"account.done.{done}") if (done := _done(words)) else None,
    )


def _done(words: Words) -> str:
    done = request.args.get("done", "") if request.method == "GET" else ""
    return done if words.has(f"account.done.{done}") else ""


def _grant(mine: Account, words: Words, names: dict[str, str], n: int) -> str:
    grant = mine.grants[n]
    role = words.say(f"grant.role.{grant.role}")
    if grant.person_id is None:
        return words.say("grant.all", role=role)
    return words.say("grant.of", role=role, person=names.get(grant.person_id, grant.person_id))


def _sessions(mine: Account, words: Words, now: int) -> list[dict[str, Any]]:
    found = room().vault.sessions.all_of(mine.id, seat().secret)
    return [
        {
            "name": name,
            "mine": this,
            "begun": words.moment(session.begun_ms, now),
            "seen": words.ago(session.seen_ms, now),
        }
        for name, session, this in found
        if not manners.over(session, now)
    ]


def _tokens(mine: Account, words: Words, now: int) -> list[dict[str, Any]]:
    return [
        {
            "id": token.id,
            "name": token.name,
            "scopes": [words.say(f"scope.{s}") for s in token.scopes],
            "made": words.moment(token.made_ms, now),
            "seen": words.ago(token.seen_ms, now) if token.seen_ms else None,
        }
        for token in room().vault.tokens.all_of(mine.id)
    ]
