"""Wrong tries to sign in: at what, and when.

Knows: instants. May not know: how long somebody has to wait (gateway.access.manners), passwords.
"""

from __future__ import annotations

import hashlib

from gateway.vault.store import Store

_KEPT = 100  # of one thing


class Tries:
    """The wrong tries of the last hours. What was tried is kept as a digest."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def wrong(self, what: str, at_ms: int) -> None:
        """One more."""
        self._store.change("INSERT INTO tries VALUES (?, ?)", _name(what), at_ms)

    def of(self, what: str) -> list[int]:
        """When the newest were, the newest first."""
        query = "SELECT at_ms FROM tries WHERE what = ? ORDER BY at_ms DESC LIMIT ?"
        return [row[0] for row in self._store.rows(query, _name(what), _KEPT)]

    def forget(self, what: str) -> None:
        """It went right."""
        self._store.change("DELETE FROM tries WHERE what = ?", _name(what))


def _name(what: str) -> str:
    """Somebody may have typed a password where a name belongs."""
    return hashlib.sha256(what.encode()).hexdigest()[:32]
