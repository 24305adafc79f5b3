"""Who looked at whom, or changed something about her: a row an account, person, page and hour.

Knows: the rows. May not know: what a page shows, how long they are kept (vault.sweep).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.units import HOUR_MS
from gateway.vault.store import Store

EVERYBODY = "*"  # in place of a person: a list of all
SHOWN, SHOWN_OF_LISTS = 500, 100
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Look:
    """`page`: its endpoint; `name`: the account's at that time; `last_ms`: the last of its hour."""

    account_id: str
    name: str
    page: str
    changed: bool
    last_ms: int


class Looks:
    """The access log.

    What was written this hour is remembered: a page looked at each second costs one row an hour.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._written: set[tuple[str, str, str, bool, int]] = set()

    def note(
        self,
        who: tuple[str, str],
        persons: Iterable[str],
        page: str,
        at_ms: int,
        *,
        changed: bool = False,
    ) -> None:
        """`who`: (account id, name). Raises VaultUnavailable."""
        hour = at_ms // HOUR_MS
        rows = {(p, who[0], page, changed, hour) for p in persons}
        with self._lock:
            new = rows if changed else rows - self._written
        if not new:
            return
        with self._store.writing():
            for person_id, account_id, *rest in new:
                self._store.change_within(
                    "INSERT OR REPLACE INTO looks "
                    "(person_id, account_id, page, changed, hour, name, last_ms) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    *(person_id, account_id, *rest, who[1], at_ms),
                )
        with self._lock:
            if len(self._written) > _REMEMBERED:
                self._written.clear()
            self._written |= new

    def about(self, person_id: str) -> list[Look]:
        """The newest about her, the newest first; lists of everybody have been about her too.

        However many these are, they take no place from those about her alone.
        """
        rows = [
            row
            for whom, most in ((person_id, SHOWN), (EVERYBODY, SHOWN_OF_LISTS))
            for row in self._store.rows(
                "SELECT account_id, name, page, changed, last_ms FROM looks "
                "WHERE person_id = ? ORDER BY last_ms DESC, page LIMIT ?",
                whom,
                most,
            )
        ]
        rows.sort(key=lambda row: (-row[4], row[2]))
        return [Look(r[0], r[1], r[2], bool(r[3]), r[4]) for r in rows]
