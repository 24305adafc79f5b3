"""What opens a door once: the claim of a gateway, an invitation, a way back in.

Knows: openings with an end, and codes of them, of which only the digest is kept. May not know: what
is done when one is used.

An opening may have several codes: a text that is sent twice has a new one each time, so that no
code has to be kept until it is sent.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from gateway.access import codes
from gateway.units import DAY_MS
from gateway.vault.store import Store, digest

CLAIM, JOIN, ENTER = "claim", "join", "enter"
_LENGTH = {CLAIM: codes.CLAIM, JOIN: codes.INVITATION, ENTER: codes.CLAIM}


@dataclass(frozen=True, slots=True)
class Opening:
    """What a code opens. `body`: JSON of whoever made it, without any secret."""

    id: int
    kind: str
    body: dict[str, Any]
    made_ms: int
    until_ms: int


class Codes:
    """The openings that are not used up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(self, kind: str, body: dict[str, Any], now_ms: int, until_ms: int) -> int:
        """A new opening; its id."""
        values = (kind, json.dumps(body, ensure_ascii=False), now_ms, until_ms)
        statement = "INSERT INTO openings (kind, body, made_ms, until_ms) VALUES (?, ?, ?, ?)"
        return self._store.add(statement, values)

    def draw(self, opening_id: int) -> str | None:
        """A new code of an opening; None where there is no such opening any more."""
        row = self._store.row(
            "SELECT kind FROM openings WHERE id = ? AND used_ms IS NULL", opening_id
        )
        if row is None:
            return None
        code = "".join(secrets.choice(codes.ALPHABET) for _ in range(_LENGTH[row[0]]))
        self._store.change("INSERT INTO codes VALUES (?, ?)", digest(code), opening_id)
        return code

    def claim(self, now_ms: int) -> str:
        """A new code by which somebody at the gateway itself gets in; those before are over."""
        self.withdraw_all(CLAIM)
        code = self.draw(self.make(CLAIM, {}, now_ms, now_ms + DAY_MS))
        assert code is not None  # noqa: S101 - it was made in the line before
        return codes.spaced(code)

    def enter(self, account_id: str, now_ms: int) -> str:
        """A code that signs in to an account at once, for whoever can read the vault's file."""
        body = {"account_id": account_id}
        code = self.draw(self.make(ENTER, body, now_ms, now_ms + 7 * DAY_MS))
        assert code is not None  # noqa: S101 - it was made in the line before
        return code

    def find(self, typed: str, now_ms: int) -> Opening | None:
        """What this code opens now."""
        row = self._store.row(
            "SELECT id, kind, body, made_ms, until_ms FROM openings JOIN codes ON opening = id "
            "WHERE hash = ? AND used_ms IS NULL AND until_ms > ?",
            digest(codes.read(typed)),
            now_ms,
        )
        return _opening(row) if row else None

    def use(self, opening_id: int, now_ms: int) -> bool:
        """Use it up; False where somebody else was faster."""
        statement = "UPDATE openings SET used_ms = ? WHERE id = ? AND used_ms IS NULL"
        return self._store.change(statement, now_ms, opening_id) == 1

    def give_back(self, opening_id: int) -> None:
        """It was not used after all."""
        self._store.change("UPDATE openings SET used_ms = NULL WHERE id = ?", opening_id)

    def waiting(self, kind: str, now_ms: int) -> list[Opening]:
        """The openings of a kind that somebody may still use, the newest first."""
        query = "SELECT id, kind, body, made_ms, until_ms FROM openings WHERE kind = ?"
        rows = self._store.rows(
            f"{query} AND used_ms IS NULL AND until_ms > ? ORDER BY id DESC", kind, now_ms
        )
        return [_opening(row) for row in rows]

    def withdraw(self, opening_id: int) -> None:
        """It opens nothing any more."""
        self._store.change("DELETE FROM openings WHERE id = ? AND used_ms IS NULL", opening_id)

    def withdraw_all(self, kind: str) -> None:
        """None of a kind opens anything any more."""
        self._store.change("DELETE FROM openings WHERE kind = ? AND used_ms IS NULL", kind)

    def withdraw_of(self, account_id: str) -> None:
        """Those that open an account, as a part of another's transaction."""
        self._store.change_within(
            "DELETE FROM openings WHERE json_extract(body, '$.account_id') = ?", account_id
        )

    def withdraw_about(self, person_id: str) -> None:
        """Those that would let somebody see this person, as a part of another's transaction."""
        self._store.change_within(
            "DELETE FROM openings WHERE EXISTS (SELECT 1 FROM json_each(body, '$.grants') "
            "WHERE json_extract(value, '$.person_id') = ?)",
            person_id,
        )


def _opening(row: tuple[int, str, str, int, int]) -> Opening:
    return Opening(row[0], row[1], json.loads(row[2]), row[3], row[4])
