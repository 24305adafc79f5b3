"""The vault as the page is given it (gateway/vault has the real one).

Knows: which questions the page has. May not know: how secrets are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from gateway.access.manners import Session


class Passwords(Protocol):
    """gateway/vault/passwords.py."""

    def set(self, account_id: str, password: str) -> None:
        """This is the account's password from now on."""

    def hashed(self, password: str) -> str:
        """A password as it is kept, of no account yet."""

    def keep(self, account_id: str, hashed: str) -> None:
        """What `hashed` made is the account's from now on."""

    def right(self, account_id: str | None, password: str) -> bool:
        """Whether it is; as slow where there is no such account."""


class Sessions(Protocol):
    """gateway/vault/sessions.py."""

    def begin(self, account_id: str, now_ms: int) -> str:
        """A new session; its secret."""

    def find(self, secret: str, now_ms: int) -> Session | None:
        """The session of a secret; None where it is over or never was."""

    def end(self, secret: str) -> None:
        """It is over."""

    def end_others(self, account_id: str, but: str = "") -> None:
        """All of an account are over, but one."""

    def end_number(self, account_id: str, name: str) -> None:
        """The one of this name is over."""

    def all_of(self, account_id: str, mine: str = "") -> list[tuple[str, Session, bool]]:
        """Name, session, whether it is mine."""

    def remember(self, account_id: str, now_ms: int) -> str:
        """What this browser shows next time."""

    def signed_in_before(self, secret: str) -> str | None:
        """The account that was signed in at the browser which shows this."""


class Opening(Protocol):
    """gateway/vault/codes.py."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """It is "claim", "join" or "enter"."""

    @property
    def body(self) -> dict[str, Any]:
        """Of whoever made it."""

    @property
    def until_ms(self) -> int:
        """Its end."""


class Codes(Protocol):
    """gateway/vault/codes.py."""

    def make(self, kind: str, body: dict[str, Any], now_ms: int, until_ms: int) -> int:
        """A new opening; its id."""

    def draw(self, opening_id: int) -> str | None:
        """A new code of it."""

    def find(self, typed: str, now_ms: int) -> Opening | None:
        """What this code opens now."""

    def use(self, opening_id: int, now_ms: int) -> bool:
        """Use it up."""

    def give_back(self, opening_id: int) -> None:
        """It was not used after all."""

    def waiting(self, kind: str, now_ms: int) -> Sequence[Opening]:
        """The openings of a kind that somebody may still use."""

    def withdraw(self, opening_id: int) -> None:
        """It opens nothing any more."""


class Token(Protocol):
    """gateway/vault/tokens.py."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def account_id(self) -> str:
        """Whose it is."""

    @property
    def name(self) -> str:
        """What its owner calls it."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it may be used for."""

    @property
    def made_ms(self) -> int:
        """Since when."""

    @property
    def seen_ms(self) -> int | None:
        """When it was last used."""

    @property
    def person_id(self) -> str | None:
        """It is about her alone."""


class Tokens(Protocol):
    """gateway/vault/tokens.py."""

    def make(
        self,
        account_id: str,
        name: str,
        scopes: Sequence[str],
        now_ms: int,
        person_id: str | None = None,
    ) -> str:
        """A new token, of one person alone where one is named; its secret."""

    def find(self, secret: str, now_ms: int) -> Token | None:
        """The token of a secret."""

    def all_of(self, account_id: str) -> Sequence[Token]:
        """The tokens of an account."""

    def end(self, account_id: str, token_id: int) -> None:
        """It opens nothing any more."""


class Link(Protocol):
    """gateway/vault/links.py."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def person_id(self) -> str:
        """Whom it is about."""

    @property
    def name(self) -> str:
        """What it was called."""

    @property
    def made_ms(self) -> int:
        """Since when."""

    @property
    def seen_ms(self) -> int | None:
        """When it was last used."""


class Links(Protocol):
    """gateway/vault/links.py."""

    def make(self, kind: str, person_id: str, name: str, now_ms: int) -> str:
        """A new address that is a secret; the secret."""

    def find(self, kind: str, secret: str, now_ms: int) -> Link | None:
        """The link of a secret."""

    def of(self, kind: str, person_id: str) -> Sequence[Link]:
        """Somebody's links of a kind."""

    def end(self, kind: str, person_id: str, link_id: int) -> None:
        """It opens nothing any more."""


class Keys(Protocol):
    """gateway/vault/keys.py."""

    def get(self, name: str) -> bytes:
        """The key of this name, drawn when it is asked for first."""


class Tries(Protocol):
    """gateway/vault/tries.py."""

    def wrong(self, what: str, at_ms: int) -> None:
        """One more."""

    def of(self, what: str) -> list[int]:
        """When the newest were."""

    def forget(self, what: str) -> None:
        """It went right."""


class Look(Protocol):
    """gateway/vault/looks.py."""

    @property
    def account_id(self) -> str:
        """Who."""

    @property
    def name(self) -> str:
        """What she was called then."""

    @property
    def page(self) -> str:
        """The endpoint."""

    @property
    def changed(self) -> bool:
        """Whether something was changed there."""

    @property
    def last_ms(self) -> int:
        """The last time of its hour."""


class Looks(Protocol):
    """gateway/vault/looks.py."""

    def note(
        self,
        who: tuple[str, str],
        persons: Iterable[str],
        page: str,
        at_ms: int,
        *,
        changed: bool = False,
    ) -> None:
        """Somebody (id, name) looked at these persons ("*": at all) on a page, or changed there."""

    def about(self, person_id: str) -> Sequence[Look]:
        """The newest about her."""


class Vault(Protocol):
    """gateway/vault/vault.py."""

    @property
    def passwords(self) -> Passwords:
        """The passwords."""

    @property
    def sessions(self) -> Sessions:
        """Who sits at which browser."""

    @property
    def codes(self) -> Codes:
        """What opens a door once."""

    @property
    def tokens(self) -> Tokens:
        """For programs."""

    @property
    def links(self) -> Links:
        """Addresses that are secrets."""

    @property
    def keys(self) -> Keys:
        """What signs."""

    @property
    def tries(self) -> Tries:
        """Wrong tries."""

    @property
    def looks(self) -> Looks:
        """The access log."""

    def forget(self, account_id: str) -> None:
        """Nothing of this account opens anything any more."""

    def forget_person(self, person_id: str) -> None:
        """Nothing that is about this person opens anything any more."""
