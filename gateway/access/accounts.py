"""Accounts, folded from their facts, and what each of them may.

Knows: roles, grants, whom a grant covers. May not know: passwords, sessions, the page.

    account.may({OFFICER}, None)        everywhere an officer may go
    account.may({GUARDIAN}, "soonja")   as a guardian of this person
    account.sees("soonja")              may look at this person's doses at all
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gateway.access.facts import AccountChanged, AccountClosed, AccountOpened
from gateway.fact import Event
from gateway.texting import INVITATION, TextDecided
from gateway.units import DAY_MS

INVITED_MOST = 50  # invitations by text in a day and night, from this gateway …
INVITED_EACH = 3  # … and to one number: each costs money


class Role(StrEnum):
    """What somebody is to a person, or to everybody."""

    SENIOR = "senior"
    GUARDIAN = "guardian"
    OFFICER = "officer"
    TECHNICIAN = "technician"


SENIOR, GUARDIAN, OFFICER, TECHNICIAN = Role
CARERS = frozenset({GUARDIAN, OFFICER})
# A technician places devices: no dose, no incident, no text is shown to her.
SIGHT = frozenset({SENIOR, GUARDIAN, OFFICER})
# Hangul fillers and the empty Braille cell: letters to Unicode, nothing to the eye.
_UNSEEN = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"))
EVERYBODY = frozenset({OFFICER, TECHNICIAN})  # roles that may be given for everybody


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role, for one person or (None) for everybody."""

    role: Role
    person_id: str | None = None

    def covers(self, person_id: str) -> bool:
        """Whether this grant is about that person too."""
        return self.person_id is None or self.person_id == person_id


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `guardian_id`: who she is in the roster, if anybody."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    language: str = "ko"
    number: str | None = None
    guardian_id: str | None = None

    def may(self, roles: Collection[Role], person_id: str | None = None) -> bool:
        """Whether one of these roles is hers: for this person, or for everybody where None."""
        mine = (grant for grant in self.grants if grant.role in roles)
        if person_id is None:
            return any(grant.person_id is None for grant in mine)
        return any(grant.covers(person_id) for grant in mine)

    def has(self, roles: Collection[Role]) -> bool:
        """Whether one of these roles is hers for anybody at all."""
        return any(grant.role in roles for grant in self.grants)

    def sees(self, person_id: str) -> bool:
        """Whether she may look at this person's doses, incidents and texts."""
        return self.may(SIGHT, person_id)

    def narrowed(self, person_id: str | None) -> Account:
        """The same account, of one person alone (None: as it is): for a token about her."""
        if person_id is None:
            return self
        return replace(
            self, grants=tuple(Grant(g.role, person_id) for g in self.grants if g.covers(person_id))
        )

    def persons(self, roles: Collection[Role] = SIGHT) -> frozenset[str] | None:
        """The ids one of these roles is about; None = everybody."""
        if self.may(roles):
            return None
        return frozenset(g.person_id for g in self.grants if g.role in roles and g.person_id)


@dataclass(slots=True)
class Accounts:
    """All accounts that are open, by id, and every id there ever was.

    `invited`: the newest invitations by text, (when, to which number): each costs money.
    """

    open: dict[str, Account] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    invited: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=INVITED_MOST))

    def get(self, account_id: str | None) -> Account | None:
        """The open account with this id."""
        return self.open.get(account_id) if account_id is not None else None

    def named(self, name: str) -> Account | None:
        """The open account of this name, however its letters are written."""
        wanted = same(name)
        return next((a for a in self.open.values() if same(a.name) == wanted), None)

    @property
    def masters(self) -> tuple[Account, ...]:
        """Those who may open and close any account."""
        return tuple(a for a in self.open.values() if a.may({OFFICER}))

    def fold(self, event: Event) -> None:
        """Take in one more fact."""
        if isinstance(event, AccountOpened | AccountChanged):
            self.known.add(event.account_id)
            self.open[event.account_id] = Account(
                event.account_id,
                event.name,
                grants_of(event.grants),
                event.language,
                event.number,
                event.guardian_id,
            )
        elif isinstance(event, AccountClosed):
            self.open.pop(event.account_id, None)
        elif isinstance(event, TextDecided) and event.reason == INVITATION:
            self.invited.append((event.at_ms, event.to))

    def invites(self, number: str, now_ms: int) -> bool:
        """Whether one more invitation may be sent there today."""
        today = [to for at_ms, to in self.invited if abs(now_ms - at_ms) < DAY_MS]
        return len(today) < INVITED_MOST and today.count(number) < INVITED_EACH


def same(name: str) -> str:
    """A name as it is compared: no matter how it is spaced, cased or put together.

    Two names that look alike are one: letters of NFKC, without those that nobody sees.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_UNSEEN)
    return "".join(plain.split()).casefold()


def grants_of(rows: Collection[dict[str, Any]]) -> tuple[Grant, ...]:
    """Grants from their JSON rows. ValueError or KeyError where a row is none."""
    return tuple(Grant(Role(row["role"]), row["person_id"]) for row in rows)


def rows_of(grants: Collection[Grant]) -> tuple[dict[str, Any], ...]:
    """Grants as the rows of a fact."""
    return tuple({"role": str(g.role), "person_id": g.person_id} for g in grants)
