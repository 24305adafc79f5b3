"""All that the vault keeps, each part with its own few questions.

Knows: its parts, what has grown too old. May not know: SQL of any part but the sweeping.
"""

from __future__ import annotations

from pathlib import Path

from gateway.access import manners
from gateway.units import DAY_MS
from gateway.vault.codes import Codes
from gateway.vault.keys import Keys
from gateway.vault.links import Links
from gateway.vault.looks import Looks
from gateway.vault.passwords import Passwords
from gateway.vault.sessions import Sessions
from gateway.vault.store import Store
from gateway.vault.tokens import Tokens
from gateway.vault.tries import Tries

# What is over, and so long after it was seen or could be used.
_OLD_MS = {
    "DELETE FROM sessions WHERE seen_ms <= ?": manners.IDLE_MS,
    "DELETE FROM tries WHERE at_ms <= ?": DAY_MS,
    "DELETE FROM browsers WHERE seen_ms <= ?": 366 * DAY_MS,
    "DELETE FROM openings WHERE until_ms <= ?": 30 * DAY_MS,
    "DELETE FROM looks WHERE last_ms <= ?": 2 * 366 * DAY_MS,
}

_FORGET = (
    "DELETE FROM passwords WHERE account_id = ?",
    "DELETE FROM sessions WHERE account_id = ?",
    "DELETE FROM browsers WHERE account_id = ?",
    "DELETE FROM tokens WHERE account_id = ?",
)


_FORGET_PERSON = (
    "DELETE FROM links WHERE person_id = ?",
    "DELETE FROM tokens WHERE person_id = ?",
)


def beside(database: Path) -> Path:
    """Where the vault of a gateway with this database is."""
    return database.with_name(database.name + ".vault")


class Vault:
    """The vault of one gateway."""

    def __init__(self, path: Path | None) -> None:
        """None = in memory. Raises VaultUnavailable, ValueError (a newer schema)."""
        self._store = Store(path)
        self.passwords = Passwords(self._store)
        self.sessions = Sessions(self._store)
        self.codes = Codes(self._store)
        self.tokens = Tokens(self._store)
        self.links = Links(self._store)
        self.keys = Keys(self._store)
        self.tries = Tries(self._store)
        self.looks = Looks(self._store)

    def forget(self, account_id: str) -> None:
        """An account is closed: nothing of it opens anything any more; who looked stays."""
        with self._store.writing():
            for statement in _FORGET:
                self._store.change_within(statement, account_id)
            self.codes.withdraw_of(account_id)

    def forget_person(self, person_id: str) -> None:
        """Nothing that is about her opens anything any more; who looked stays."""
        with self._store.writing():
            for statement in _FORGET_PERSON:
                self._store.change_within(statement, person_id)
            self.codes.withdraw_about(person_id)

    def sweep(self, now_ms: int) -> None:
        """Take out what is over; nothing where the clock may have jumped."""
        if manners.jumped(self._newest_ms(), now_ms):
            return
        with self._store.writing():
            for statement, old_ms in _OLD_MS.items():
                self._store.change_within(statement, now_ms - old_ms)
            self._store.change_within(
                "DELETE FROM codes WHERE opening NOT IN (SELECT id FROM openings)"
            )

    def _newest_ms(self) -> int | None:
        """When somebody was last seen here; None: nobody ever was."""
        row = self._store.row(
            "SELECT max(at_ms) FROM (SELECT max(last_ms) AS at_ms FROM looks "
            "UNION SELECT max(seen_ms) FROM sessions UNION SELECT max(at_ms) FROM tries)"
        )
        return int(row[0]) if row and row[0] is not None else None

    def close(self) -> None:
        """Close the file."""
        self._store.close()
