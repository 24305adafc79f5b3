"""Sessions: who sits at which browser. Only the digest of a cookie is kept.

Knows: when a session was used. May not know: cookies, what an account may do.
"""

from __future__ import annotations

import logging

from gateway.access import manners
from gateway.access.manners import Session
from gateway.vault.store import Store, VaultUnavailable, digest, drawn

_log = logging.getLogger(__name__)


class Sessions:
    """The sessions of all accounts, and the browsers each account was signed in at."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, account_id: str, now_ms: int) -> str:
        """A new session; its secret, which is kept nowhere."""
        secret = drawn()
        self._store.change(
            "INSERT INTO sessions VALUES (?, ?, ?, ?)", digest(secret), account_id, now_ms, now_ms
        )
        return secret

    def find(self, secret: str, now_ms: int) -> Session | None:
        """The session of a secret, which is thereby used; None where it is over or never was."""
        row = self._store.row(
            "SELECT account_id, begun_ms, seen_ms FROM sessions WHERE hash = ?", digest(secret)
        )
        session = Session(*row) if row else None
        if session is None or manners.over(session, now_ms):
            return None
        if manners.seen_anew(session.seen_ms, now_ms):
            self._seen(secret, now_ms)
        return session

    def _seen(self, secret: str, now_ms: int) -> None:
        """A disk that is full signs nobody out."""
        try:
            self._store.change(
                "UPDATE sessions SET seen_ms = ? WHERE hash = ?", now_ms, digest(secret)
            )
        except VaultUnavailable as error:
            _log.warning("when a session was used is not kept: %s", error)

    def end(self, secret: str) -> None:
        """It is over."""
        self._store.change("DELETE FROM sessions WHERE hash = ?", digest(secret))

    def end_others(self, account_id: str, but: str = "") -> None:
        """All of an account are over, but the one of this secret."""
        self._store.change(
            "DELETE FROM sessions WHERE account_id = ? AND hash <> ?", account_id, digest(but)
        )

    def end_number(self, account_id: str, name: str) -> None:
        """The one of an account that `all_of` named so is over."""
        self._store.change(
            "DELETE FROM sessions WHERE account_id = ? AND substr(lower(hex(hash)), 1, 16) = ?",
            account_id,
            name,
        )

    def all_of(self, account_id: str, mine: str = "") -> list[tuple[str, Session, bool]]:
        """The sessions of an account: a name that opens nothing, when, whether it is `mine`."""
        query = "SELECT hash, account_id, begun_ms, seen_ms FROM sessions WHERE account_id = ?"
        rows = self._store.rows(f"{query} ORDER BY seen_ms DESC", account_id)
        return [(r[0].hex()[:16], Session(*r[1:]), r[0] == digest(mine)) for r in rows]

    # --- browsers ------------------------------------------------------------------------------

    def remember(self, account_id: str, now_ms: int) -> str:
        """Somebody signed in at a browser: what it shows next time."""
        secret = drawn()
        self._store.change(
            "INSERT INTO browsers VALUES (?, ?, ?)", digest(secret), account_id, now_ms
        )
        return secret

    def signed_in_before(self, secret: str) -> str | None:
        """The account that was signed in at the browser which shows this."""
        row = self._store.row("SELECT account_id FROM browsers WHERE hash = ?", digest(secret))
        return str(row[0]) if row else None
