"""Who asks: the account behind this request's cookie or token.

Knows: what door.py found out before the view was called. May not know: cookies, the vault, which
rows of the table let her in.

    who()              the account that asks; only behind a row of the table that wants one
    seen(roster)       the persons she may see
    only()             their ids for desk.picture: None = everybody
    csrf()             what her forms bring along (templates: `token`)
    looked_at(ID)      this page is about that person too: for the access log
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from flask import abort, g

from gateway.access import SIGHT, Account, Role
from gateway.roster import Person, Roster


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits there now. `scopes` None: a person at a browser, else what a program's token may."""

    account: Account | None = None
    secret: str = ""  # of the session; "" where there is none
    door: str = ""  # of a browser nobody signed in at
    scopes: frozenset[str] | None = None
    now_ms: int = 0


def seat() -> Seat:
    """Who sits there; nobody where nothing was asked yet."""
    held = g.get("seat")
    return held if isinstance(held, Seat) else Seat()


def who() -> Account:
    """The account that asks. 401 where nobody is signed in."""
    account = seat().account
    if account is None:
        abort(HTTPStatus.UNAUTHORIZED)
    return account


def seen(roster: Roster | None, roles: Collection[Role] = SIGHT) -> tuple[Person, ...]:
    """The persons of a roster she may see in one of these roles, in its order."""
    persons, among = who().persons(roles), roster.persons if roster is not None else ()
    return tuple(p for p in among if persons is None or p.id in persons)


def only() -> frozenset[str] | None:
    """The ids of the persons she may see, None = everybody: as desk.picture wants them."""
    return who().persons()


def csrf() -> str:
    """What proves that a form is of our own page: another for every session."""
    held = seat()
    key = held.secret or held.door
    return hmac.new(key.encode(), b"form", hashlib.sha256).hexdigest()


def now_ms() -> int:
    """The instant at which this question came in, by the gateway's clock."""
    return seat().now_ms


def looked_at(*persons: str) -> None:
    """This page is about these too ("*": a list of everybody): for the access log."""
    g.looked_at = (*g.get("looked_at", ()), *persons)
