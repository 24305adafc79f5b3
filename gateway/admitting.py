"""Accounts opened, changed and closed, invitations by text: what the page says becomes facts.

Knows: these entries, what may be refused. May not know: forms, passwords, the vault, the database;
the time is an argument.

The text of an invitation is decided with a mark in place of its code: the code is drawn when the
text leaves, and stands in no fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from gateway import catalogue
from gateway.access import codes
from gateway.access.accounts import (
    INVITED_EACH,
    INVITED_MOST,
    Account,
    Accounts,
    Grant,
    rows_of,
    same,
)
from gateway.access.facts import AccountChanged, AccountClosed, AccountOpened
from gateway.access.giving import (
    GIVEN_BY_GUARDIANS,
    GRANTS_MOST,
    knows,
    leaves_nobody,
    may_give,
)
from gateway.events import Event, TextDecided
from gateway.home import Home
from gateway.incidents.purposes import INVITATION
from gateway.refused import EntryRefused

NAME_MOST = 40
_ID_GIVEN = re.compile("[a-z][0-9]+")  # as gateway.enrolling gives them
NOBODY = "account"  # the guardian_id of a text to somebody who is not in the roster


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Somebody may sign in. `giver`: who gives it what it may; None: the claim of the gateway."""

    name: str
    grants: tuple[Grant, ...]
    by: str
    language: str = "ko"
    number: str | None = None
    guardian_id: str | None = None
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class GiveAccount:
    """An account may this too. `giver`: the id of who gives it; None: the claim."""

    account_id: str
    grant: Grant
    by: str
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class TakeFromAccount:
    """An account may this no more; without anything left it is closed."""

    account_id: str
    grant: Grant
    by: str
    giver: str


@dataclass(frozen=True, slots=True)
class SpeakTo:
    """In which language somebody reads the page."""

    account_id: str
    language: str
    by: str


@dataclass(frozen=True, slots=True)
class SendInvitation:
    """A text with the way in. `address`: of the page, from outside."""

    opening_id: int
    number: str
    language: str
    address: str
    by: str
    guardian_id: str | None = None


Admission = OpenAccount | GiveAccount | TakeFromAccount | SpeakTo | SendInvitation


def admitted(home: Home, entry: Admission, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    if isinstance(entry, OpenAccount):
        return [_opened(home, entry, by, now_ms)]
    if isinstance(entry, SendInvitation):
        return [_invited(home, entry, now_ms)]
    account = home.accounts.get(entry.account_id)
    if account is None:
        raise EntryRefused("account")
    if isinstance(entry, SpeakTo):
        if entry.language not in catalogue.LANGUAGES:
            raise EntryRefused("account_language")
        return [_changed(replace(account, language=entry.language), by, now_ms)]
    _check_giver(home, entry.giver, (entry.grant,))
    giver = home.accounts.get(entry.giver)
    if giver is not None and not knows(giver, account):
        raise EntryRefused("account")  # as if there were none
    grants = _given(home, account, entry)
    if not grants:
        return [AccountClosed(now_ms, account.id, by)]
    return [_changed(replace(account, grants=grants), by, now_ms)]


def parted(accounts: Accounts, person_id: str, by: str, now_ms: int) -> list[Event]:
    """Nobody is a guardian of hers any more, nor is she somebody here: with nothing left, closed.

    Whoever works here keeps what she has: it opens nothing about somebody who is gone.
    """
    facts: list[Event] = []
    hers = frozenset(Grant(role, person_id) for role in GIVEN_BY_GUARDIANS)
    for account in accounts.open.values():
        left = tuple(grant for grant in account.grants if grant not in hers)
        if left == account.grants:
            continue
        whole = replace(account, grants=left)
        facts.append(_changed(whole, by, now_ms) if left else AccountClosed(now_ms, account.id, by))
    return facts


def _given(home: Home, account: Account, entry: GiveAccount | TakeFromAccount) -> tuple[Grant, ...]:
    """All that the account may afterwards."""
    if isinstance(entry, GiveAccount):
        _check_grants(home, (entry.grant,))
        grants = tuple(sorted({*account.grants, entry.grant}, key=repr))
        if len(grants) > GRANTS_MOST:
            raise EntryRefused("account_grants", most=GRANTS_MOST)
        return grants
    left = tuple(g for g in account.grants if g != entry.grant)
    if leaves_nobody(home.accounts, account.id, left):
        raise EntryRefused("account_last")
    return left


def _opened(home: Home, entry: OpenAccount, by: str, now_ms: int) -> Event:
    name = " ".join(entry.name.split())
    if not 0 < len(name) <= NAME_MOST or not name.isprintable():
        raise EntryRefused("account_name", most=NAME_MOST)
    if home.accounts.named(name) is not None or _is_id(home, name):
        raise EntryRefused("account_taken", name=name)
    if entry.language not in catalogue.LANGUAGES:
        raise EntryRefused("account_language")
    if not 0 < len(entry.grants) <= GRANTS_MOST:
        raise EntryRefused("account_grants", most=GRANTS_MOST)
    _check_giver(home, entry.giver, entry.grants)
    _check_grants(home, entry.grants)
    account_id = f"a{len(home.accounts.known) + 1}"
    account = Account(
        account_id, name, entry.grants, entry.language, entry.number, entry.guardian_id
    )
    return AccountOpened(now_ms, by=by, **_fields(account))


def _is_id(home: Home, name: str) -> bool:
    """Whether somebody of the roster is, or will be, called so by the facts of an incident."""
    roster, plain = home.household.roster, same(name)
    if roster is None:
        return False
    ids = [*(p.id for p in roster.persons), *(g.id for g in roster.guardians)]
    return plain in map(same, ids) or _ID_GIVEN.fullmatch(plain) is not None


def _check_giver(home: Home, giver_id: str | None, grants: tuple[Grant, ...]) -> None:
    """Whoever gave it must still be allowed to when it is taken up."""
    if giver_id is None:
        return
    giver = home.accounts.get(giver_id)
    if giver is None or not all(may_give(giver, grant) for grant in grants):
        raise EntryRefused("account_giver")


def _check_grants(home: Home, grants: tuple[Grant, ...]) -> None:
    roster = home.household.roster
    for grant in grants:
        known = roster is not None and grant.person_id and roster.person(grant.person_id)
        if grant.person_id is not None and not known:
            raise EntryRefused("person", person=grant.person_id)


def _changed(account: Account, by: str, now_ms: int) -> Event:
    return AccountChanged(now_ms, by=by, **_fields(account))


def _fields(account: Account) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "name": account.name,
        "grants": rows_of(account.grants),
        "language": account.language,
        "number": account.number,
        "guardian_id": account.guardian_id,
    }


def _invited(home: Home, entry: SendInvitation, now_ms: int) -> Event:
    if not home.accounts.invites(entry.number, now_ms):
        raise EntryRefused("invitation_many", each=INVITED_EACH, most=INVITED_MOST)
    body = catalogue.say(entry.language, INVITATION)
    link = f"{entry.address}{codes.JOIN_PATH}"
    if catalogue.over_budget(body.format(link=link + "x" * codes.INVITATION)):
        raise EntryRefused("invitation_long")
    return TextDecided(
        at_ms=now_ms,
        text_id=home.ledger.last_text_id + 1,
        incident_id=None,
        guardian_id=entry.guardian_id or NOBODY,
        to=entry.number,
        purpose=INVITATION,
        body=body.format(link=link + codes.mark(entry.opening_id)),
        reason=INVITATION,
        step=0,
        due_ms=now_ms,
    )
