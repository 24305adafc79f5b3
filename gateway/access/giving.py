"""Who may give and take which grant, and that somebody is always left who may.

Knows: roles. May not know: entries, forms, the roster.

An officer of everybody gives and takes anything. A guardian lets others look after the persons she
looks after, and lets these see themselves; no more.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.access.accounts import (
    EVERYBODY,
    GUARDIAN,
    OFFICER,
    SENIOR,
    Account,
    Accounts,
    Grant,
    Role,
)

GIVEN_BY_GUARDIANS = frozenset({GUARDIAN, SENIOR})
GRANTS_MOST = 40  # of one account


def may_give(giver: Account, grant: Grant) -> bool:
    """Whether this account may give (and take) this grant."""
    if grant.person_id is None and grant.role not in EVERYBODY:
        return False
    if giver.may({OFFICER}):
        return True
    own = grant.person_id is not None and giver.may({GUARDIAN}, grant.person_id)
    return own and grant.role in GIVEN_BY_GUARDIANS


def givable(giver: Account, persons: Iterable[str]) -> tuple[Grant, ...]:
    """All grants she may give, about these persons and about everybody."""
    every = [Grant(role) for role in sorted(EVERYBODY)]
    every += [Grant(role, person_id) for person_id in persons for role in Role]
    return tuple(grant for grant in every if may_give(giver, grant))


def knows(looker: Account, other: Account) -> bool:
    """Whether she is shown that account: it is hers, or about whom she looks after."""
    if looker.id == other.id or looker.may({OFFICER}):
        return True
    return any(g.person_id and looker.may({GUARDIAN}, g.person_id) for g in other.grants)


def leaves_nobody(accounts: Accounts, account_id: str, grants: Iterable[Grant]) -> bool:
    """Whether nobody could open accounts any more if that one had only these grants."""
    others = [a for a in accounts.masters if a.id != account_id]
    return not others and Grant(OFFICER) not in grants
