"""Facts about accounts: opened, changed, closed. Never a password, a hash, a code or a session.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what an account may do, where its secrets are (the vault).

`grants`: [{"role": access.Role, "person_id": ID | None}], None = everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gateway.fact import Event


@dataclass(frozen=True, slots=True)
class AccountOpened(Event):
    """Somebody may sign in from now on. `guardian_id`: who she is in the roster, if anybody."""

    kind: ClassVar[str] = "account_opened"
    account_id: str
    name: str
    grants: tuple[dict[str, Any], ...]
    language: str
    number: str | None  # E.164
    guardian_id: str | None
    by: str


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """What an account is and may from now on, whole."""

    kind: ClassVar[str] = "account_changed"
    account_id: str
    name: str
    grants: tuple[dict[str, Any], ...]
    language: str
    number: str | None
    guardian_id: str | None
    by: str


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """Nobody signs in with it any more."""

    kind: ClassVar[str] = "account_closed"
    account_id: str
    by: str
