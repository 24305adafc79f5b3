"""Addresses that are secrets, of one person each: shown once, kept as a digest, taken back.

Knows: whom a link is about, what kind it is, what it was called, when it was used last.
May not know: what a kind opens.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from gateway.access import manners
from gateway.vault.store import Store, VaultUnavailable, digest, drawn

_log = logging.getLogger(__name__)

_COLUMNS = "SELECT id, kind, person_id, name, made_ms, seen_ms FROM links"


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of a link besides its secret. `seen_ms`: when it was last used, if ever."""

    id: int
    kind: str
    person_id: str
    name: str
    made_ms: int
    seen_ms: int | None


class Links:
    """The links of every person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(self, kind: str, person_id: str, name: str, now_ms: int) -> str:
        """A new link; its secret, kept nowhere. Raises VaultUnavailable."""
        secret = drawn()
        statement = "INSERT INTO links (hash, kind, person_id, name, made_ms) VALUES (?,?,?,?,?)"
        self._store.add(statement, (digest(secret), kind, person_id, name, now_ms))
        return secret

    def find(self, kind: str, secret: str, now_ms: int) -> Link | None:
        """The link of a secret, which is thereby used. Raises VaultUnavailable."""
        row = self._store.row(f"{_COLUMNS} WHERE hash = ? AND kind = ?", digest(secret), kind)
        link = Link(*row) if row else None
        if link is not None and manners.seen_anew(link.seen_ms, now_ms):
            self._seen(link.id, now_ms)
        return link

    def _seen(self, link_id: int, now_ms: int) -> None:
        """A disk that is full keeps no telephone out."""
        try:
            self._store.change("UPDATE links SET seen_ms = ? WHERE id = ?", now_ms, link_id)
        except VaultUnavailable as error:
            _log.warning("when a link was used is not kept: %s", error)

    def of(self, kind: str, person_id: str) -> list[Link]:
        """Somebody's links of a kind, the newest first. Raises VaultUnavailable."""
        query = f"{_COLUMNS} WHERE kind = ? AND person_id = ? ORDER BY id DESC"
        return [Link(*row) for row in self._store.rows(query, kind, person_id)]

    def end(self, kind: str, person_id: str, link_id: int) -> None:
        """One of hers opens nothing any more. Raises VaultUnavailable."""
        statement = "DELETE FROM links WHERE kind = ? AND person_id = ? AND id = ?"
        self._store.change(statement, kind, person_id, link_id)
