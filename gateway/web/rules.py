"""What a row of the table of permissions may say, and what follows from it for an account.

Knows: roles, whom an address is about. May not know: which endpoints there are (permissions.py),
sessions, HTML.

    open_to_all()             who is not signed in too: signing in, the icon
    signed_in()               any account; what is shown there is filtered by the view
    everyone(OFFICER)         who has the role for everybody
    some(GUARDIAN, OFFICER)   who has the role for anybody at all; the view filters
    person(GUARDIAN, …)       who has the role for the person in the address (<person_id>)
    incident(GUARDIAN, …)     … for whom the incident in the address (<int:number>) is about
    device(GUARDIAN, …)       … for whose device the form (device) or address (<device_id>) names

`scope`: what a program's token needs there; without one no token opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from gateway.access import Account, Role
from gateway.home import Home

Named = Mapping[str, object]  # what the address and the form name
Finder = Callable[[Home, Named], str | None]


class Verdict(Enum):
    """What becomes of a question. HIDDEN: as if there were nothing."""

    OPEN = "open"
    SIGN_IN = "sign in"
    FORBIDDEN = "forbidden"
    HIDDEN = "hidden"


class Scope(Enum):
    """Whom a rule asks about."""

    ALL = "all"
    SIGNED_IN = "signed in"
    EVERYBODY = "everybody"
    SOMEBODY = "somebody"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `find`: the id of the person it is about ("": the home), None: there is none."""

    scope: Scope
    roles: frozenset[Role] = frozenset()
    find: Finder | None = None
    token: str | None = None

    def judge(self, account: Account | None, home: Home, named: Named) -> Verdict:
        """Whether this account may come in."""
        if self.scope is Scope.ALL:
            return Verdict.OPEN
        if account is None:
            return Verdict.SIGN_IN
        if self.scope is Scope.SIGNED_IN:
            return Verdict.OPEN
        if self.find is not None:
            person_id = self.find(home, named)
            return Verdict.OPEN if self._about(account, person_id) else Verdict.HIDDEN
        may = account.may if self.scope is Scope.EVERYBODY else account.has
        return Verdict.OPEN if may(self.roles) else Verdict.FORBIDDEN

    def _about(self, account: Account, person_id: str | None) -> bool:
        if person_id is None:
            return False
        if person_id == "":  # what concerns the whole home
            return account.has(self.roles)
        return account.may(self.roles, person_id)


def open_to_all() -> Rule:
    """Who is not signed in too."""
    return Rule(Scope.ALL)


def signed_in(scope: str | None = None) -> Rule:
    """Any account."""
    return Rule(Scope.SIGNED_IN, token=scope)


def everyone(*roles: Role, scope: str | None = None) -> Rule:
    """Who has one of these roles for everybody."""
    return Rule(Scope.EVERYBODY, frozenset(roles), token=scope)


def some(*roles: Role, scope: str | None = None) -> Rule:
    """Who has one of these roles for anybody at all."""
    return Rule(Scope.SOMEBODY, frozenset(roles), token=scope)


def person(*roles: Role, scope: str | None = None) -> Rule:
    """Who has one of these roles for the person in the address."""
    return Rule(Scope.PERSON, frozenset(roles), _person, scope)


def incident(*roles: Role, scope: str | None = None) -> Rule:
    """Who has one of these roles for whom the incident in the address is about."""
    return Rule(Scope.PERSON, frozenset(roles), _incident, scope)


def device(*roles: Role, scope: str | None = None) -> Rule:
    """Who has one of these roles for the person whose device is named."""
    return Rule(Scope.PERSON, frozenset(roles), _device, scope)


def _person(home: Home, named: Named) -> str | None:
    roster, person_id = home.household.roster, str(named.get("person_id"))
    return person_id if roster is not None and roster.person(person_id) else None


def _incident(home: Home, named: Named) -> str | None:
    number = named.get("number")
    found = home.ledger.incidents.get(number) if isinstance(number, int) else None
    return found.person_id if found is not None else None


def _device(home: Home, named: Named) -> str | None:
    roster = home.household.roster
    name = named.get("device_id") or named.get("device")
    found = roster.device(str(name)) if roster is not None else None
    return found.person_id if found is not None else None
