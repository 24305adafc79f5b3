"""Passwords, kept as Argon2id; one is hashed at a time.

Knows: Argon2's parameters (OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane, which
a Pi with 512 MB can spare). May not know: whose they are, how often somebody may try.
"""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from gateway.access.manners import Busy
from gateway.vault.store import Store, drawn

PATIENCE_S = 20.0  # of the process's clock: so long a try waits for those before it


class Passwords:
    """The hashes. One thread hashes at a time: sign-ins never take more than one processor."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turn = threading.Lock()
        self._nobody: str | None = None

    def set(self, account_id: str, password: str) -> None:
        """This is the account's password from now on. Raises Busy, VaultUnavailable."""
        self.keep(account_id, self.hashed(password))

    def keep(self, account_id: str, hashed: str) -> None:
        """What `hashed` made is the account's from now on. Raises VaultUnavailable."""
        self._store.change("INSERT OR REPLACE INTO passwords VALUES (?, ?)", account_id, hashed)

    def right(self, account_id: str | None, password: str) -> bool:
        """Whether it is; as slow where there is no such account. Raises Busy, VaultUnavailable."""
        query = "SELECT hash FROM passwords WHERE account_id = ?"
        row = self._store.row(query, account_id) if account_id is not None else None
        if row is None:
            self._nobody = self._nobody or self.hashed(drawn())
        return self._verify(row[0] if row else self._nobody or "", password) and row is not None

    def hashed(self, password: str) -> str:
        """A password as it is kept, of no account yet. Raises Busy."""
        self._wait()
        try:
            return self._hasher.hash(password)
        finally:
            self._turn.release()

    def _verify(self, kept: str, password: str) -> bool:
        self._wait()
        try:
            return self._hasher.verify(kept, password)
        except (Argon2Error, InvalidHashError):
            return False
        finally:
            self._turn.release()

    def _wait(self) -> None:
        if not self._turn.acquire(timeout=PATIENCE_S):
            raise Busy
