"""Tokens for programs: shown once, kept as a digest, each with what it may be used for.

Knows: whose a token is, its scopes. May not know: what a scope opens.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access import manners
from gateway.vault.store import Store, VaultUnavailable, digest, drawn

_log = logging.getLogger(__name__)

_COLUMNS = "SELECT id, account_id, name, scopes, made_ms, seen_ms, person_id FROM tokens"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token besides its secret. `seen_ms`: when it was last used, if ever."""

    id: int
    account_id: str
    name: str
    scopes: tuple[str, ...]
    made_ms: int
    seen_ms: int | None
    person_id: str | None  # it is about her alone


class Tokens:
    """The tokens of all accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(
        self,
        account_id: str,
        name: str,
        scopes: Sequence[str],
        now_ms: int,
        person_id: str | None = None,
    ) -> str:
        """A new token, of one person alone where one is named; its secret, kept nowhere."""
        secret = drawn()
        statement = (
            "INSERT INTO tokens (hash, account_id, name, scopes, made_ms, person_id) "
            "VALUES (?, ?, ?, ?, ?, ?)"
        )
        values = (digest(secret), account_id, name, json.dumps(sorted(scopes)), now_ms, person_id)
        self._store.add(statement, values)
        return secret

    def find(self, secret: str, now_ms: int) -> Token | None:
        """The token of a secret, which is thereby used; None: there is none, or it is over."""
        query = f"{_COLUMNS} WHERE hash = ?"
        row = self._store.row(query, digest(secret))
        token = _token(row) if row else None
        if token is None or manners.unused(token.made_ms, token.seen_ms, now_ms):
            return None
        if manners.seen_anew(token.seen_ms, now_ms):
            self._seen(token.id, now_ms)
        return token

    def _seen(self, token_id: int, now_ms: int) -> None:
        """A disk that is full keeps no program out."""
        try:
            self._store.change("UPDATE tokens SET seen_ms = ? WHERE id = ?", now_ms, token_id)
        except VaultUnavailable as error:
            _log.warning("when a token was used is not kept: %s", error)

    def all_of(self, account_id: str) -> list[Token]:
        """An account's tokens, the newest first."""
        query = f"{_COLUMNS} WHERE account_id = ? ORDER BY id DESC"
        rows = self._store.rows(query, account_id)
        return [_token(row) for row in rows]

    def end(self, account_id: str, token_id: int) -> None:
        """An account's token opens nothing any more."""
        statement = "DELETE FROM tokens WHERE account_id = ? AND id = ?"
        self._store.change(statement, account_id, token_id)


def _token(row: tuple[int, str, str, str, int, int | None, str | None]) -> Token:
    return Token(row[0], row[1], row[2], tuple(json.loads(row[3])), *row[4:])
