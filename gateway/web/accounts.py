"""Who may sign in and what each of them may: shown, invited, given, taken.

Knows: Flask, the vault's questions, accounts. May not know: who may give what
(gateway.access.giving decides; the entry asks it again).

    GET  /accounts
    POST /accounts/invite      name, number, grant (ROLE or ROLE/PERSON), guardian, send; or account
    POST /accounts/withdraw    opening
    POST /accounts/give        account, grant
    POST /accounts/take        account, grant: at once, in open pages too

An invitation goes by text where the page has an address outside and a number is given; else its
link is shown once, to be handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER, Account, Grant, Role, giving
from gateway.access.accounts import rows_of
from gateway.access.codes import JOIN_PATH
from gateway.admitting import NAME_MOST, GiveAccount, SendInvitation, TakeFromAccount
from gateway.desk import DeskClosed
from gateway.home import Home
from gateway.phone import e164, is_e164
from gateway.refused import EntryRefused
from gateway.roster import Guardian
from gateway.units import DAY_MS
from gateway.web import section
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.safe import Opening
from gateway.web.seat import now_ms, seen, who
from gateway.web.words import Words

accounts = Blueprint("accounts", __name__)

HERE = "/accounts"
JOIN = "join"
OPEN_MS = 2 * DAY_MS
INVITED_MOST = 40  # at a time
PERSONS_MOST = 200  # in a list to choose from


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows, taken under the desk's lock."""

    accounts: tuple[Account, ...]
    names: dict[str, str]  # of persons
    guardians: tuple[Guardian, ...]  # who may be invited by a tick
    grants: tuple[Grant, ...]  # that may be given


@accounts.get(HERE)
def show() -> ResponseReturnValue:
    """The page."""
    return _page(_words())


@accounts.post("/accounts/invite")
def invite() -> ResponseReturnValue:
    """A way in: for somebody new, or again for who has lost her password."""
    words, view = _words(), _view()
    body, wrong = _body(words, view)
    if wrong:
        return _page(words, wrong=wrong), HTTPStatus.BAD_REQUEST
    if len(_waiting()) >= INVITED_MOST:
        return _page(words, wrong=words.say("invite.many", most=INVITED_MOST)), HTTPStatus.CONFLICT
    codes, place, now = room().vault.codes, room(), now_ms()
    opening_id = codes.make(JOIN, body, now, now + OPEN_MS)
    number = body.get("number")
    if place.address is None or not number or "send" not in request.form:
        link = f"{place.address or request.host_url.rstrip('/')}{JOIN_PATH}{codes.draw(opening_id)}"
        return _page(words, link=link, invited=body["name"])
    entry = SendInvitation(
        opening_id, number, words.language, place.address, who().name, body.get("guardian_id")
    )
    try:
        place.desk.enter(entry)
    except EntryRefused as refused:
        codes.withdraw(opening_id)
        return _page(words, wrong=section.why(refused, words)), HTTPStatus.BAD_REQUEST
    except DeskClosed:
        codes.withdraw(opening_id)
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"), HERE)
    return _page(words, done=words.say("invite.sent", name=body["name"]))


@accounts.post("/accounts/withdraw")
def withdraw() -> ResponseReturnValue:
    """An invitation opens nothing any more."""
    wanted = section.field("opening")
    for opening in _waiting():
        if str(opening.id) == wanted:
            room().vault.codes.withdraw(opening.id)
    return _page(_words())


@accounts.post("/accounts/give")
def give() -> ResponseReturnValue:
    """An account may more."""
    grant = _grant(section.field("grant"))
    entry = GiveAccount(section.field("account"), grant, who().name, who().id)
    words = _words()
    return section.commit(words, entry, HERE, f"{HERE}?lang={words.language}")


@accounts.post("/accounts/take")
def take() -> ResponseReturnValue:
    """An account may less; with nothing left it is closed, and all that was its opens nothing."""
    account_id, words = section.field("account"), _words()
    entry = TakeFromAccount(account_id, _grant(section.field("grant")), who().name, who().id)
    answer = section.commit(words, entry, HERE, f"{HERE}?lang={words.language}")
    if room().desk.ask(lambda home, _now: home.accounts.get(account_id)) is None:
        room().vault.forget(account_id)
    return answer


# --- what was asked --------------------------------------------------------------------------


def _body(words: Words, view: View) -> tuple[dict[str, Any], str | None]:
    """What the invitation is about, or why there is none."""
    account_id = section.field("account")
    if account_id:
        return _again(view, account_id)
    guardian = next((g for g in view.guardians if g.id == section.field("guardian")), None)
    name = section.field("name") or (guardian.name if guardian else "")
    typed = section.field("number")
    number = e164(typed) if typed else guardian.number if guardian else None
    grant = _grant(section.field("grant"))
    if grant not in view.grants:
        abort(HTTPStatus.FORBIDDEN)
    if not name or (number is not None and not is_e164(number)):
        return {}, words.say("invite.number" if name else "invite.name")
    linked = guardian.id if guardian and guardian.person_id == grant.person_id else None
    return _signed({"name": name, "number": number, "grants": rows_of([grant])}, linked), None


def _again(view: View, account_id: str) -> tuple[dict[str, Any], str | None]:
    """For an account there is. By an officer alone: with the link one is that account."""
    account = next((a for a in view.accounts if a.id == account_id), None)
    if account is None or not who().may({OFFICER}):
        abort(HTTPStatus.FORBIDDEN)
    body = {"name": account.name, "number": account.number, "account_id": account.id}
    return _signed(body, account.guardian_id), None


def _signed(body: dict[str, Any], guardian_id: str | None) -> dict[str, Any]:
    return {**body, "guardian_id": guardian_id, "by": who().name, "giver": who().id}


def _grant(written: str) -> Grant:
    role, _, person_id = written.partition("/")
    try:
        return Grant(Role(role), person_id or None)
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)


def _waiting() -> Sequence[Opening]:
    """The invitations she made; an officer sees all."""
    every = room().vault.codes.waiting(JOIN, now_ms())
    mine = who()
    return [o for o in every if o.body.get("giver") == mine.id or mine.may({OFFICER})]


# --- what is shown ---------------------------------------------------------------------------


def _view() -> View:
    mine = who()

    def look(home: Home, _now: int) -> View:
        roster = home.household.roster
        persons = seen(roster)[:PERSONS_MOST]
        ids = {p.id for p in persons}
        linked = {a.guardian_id for a in home.accounts.open.values()}
        told = roster.guardians if roster is not None else ()
        return View(
            tuple(a for a in home.accounts.open.values() if giving.knows(mine, a)),
            {p.id: p.name for p in persons},
            tuple(g for g in told if g.person_id in ids and g.id not in linked),
            giving.givable(mine, [p.id for p in persons]),
        )

    return room().desk.ask(look)


def _words() -> Words:
    def zone(home: Home, _now: int) -> dict[str, Any] | None:
        roster = home.household.roster
        return {"time_zone": roster.time_zone, "language": roster.language} if roster else None

    return words_for(room().desk.ask(zone))


def _page(words: Words, **shown: object) -> str:
    view, mine, now = _view(), who(), now_ms()
    return render(
        "accounts.html",
        words,
        path=HERE,
        name_most=NAME_MOST,
        accounts=[_account(one, view, mine, words) for one in view.accounts],
        grants=[(written(g), _say(g, view, words)) for g in view.grants],
        guardians=[(g.id, f"{g.name} · {view.names[g.person_id]}") for g in view.guardians],
        waiting=[
            {
                "id": opening.id,
                "says": words.say(
                    "invite.waiting", name=opening.body["name"], by=opening.body["by"]
                ),
                "until": words.moment(opening.until_ms, now),
            }
            for opening in _waiting()
        ],
        texts=room().address is not None,
        days=OPEN_MS // DAY_MS,
        **shown,
    )


def written(grant: Grant) -> str:
    """A grant as a form sends it."""
    return f"{grant.role}/{grant.person_id}" if grant.person_id else str(grant.role)


def _account(one: Account, view: View, mine: Account, words: Words) -> dict[str, Any]:
    shown = [g for g in one.grants if one.id == mine.id or giving.may_give(mine, g)]
    return {
        "id": one.id,
        "name": one.name,
        "mine": one.id == mine.id,
        "grants": [(written(g), _say(g, view, words), giving.may_give(mine, g)) for g in shown],
        "whole": len(shown) == len(one.grants),
        "again": one.id != mine.id and mine.may({OFFICER}),
        "give": [(written(g), _say(g, view, words)) for g in view.grants if g not in one.grants],
    }


def _say(grant: Grant, view: View, words: Words) -> str:
    role = words.say(f"grant.role.{grant.role}")
    if grant.person_id is None:
        return words.say("grant.all", role=role)
    person = view.names.get(grant.person_id, grant.person_id)
    return words.say("grant.of", role=role, person=person)
