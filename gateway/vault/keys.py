"""Keys that sign addresses: drawn once, kept for ever, never shown.

Knows: names of keys. May not know: what a key signs.
"""

from __future__ import annotations

import secrets

from gateway.vault.store import Store

KEY_BYTES = 32


class Keys:
    """The keys of this gateway."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> bytes:
        """The key of this name, drawn when it is asked for first. Raises VaultUnavailable."""
        row = self._store.row("SELECT key FROM keys WHERE name = ?", name)
        if row is None:
            drawn = secrets.token_bytes(KEY_BYTES)
            self._store.change("INSERT OR IGNORE INTO keys VALUES (?, ?)", name, drawn)
            row = self._store.row("SELECT key FROM keys WHERE name = ?", name)
        return bytes(row[0])
