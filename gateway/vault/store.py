"""The vault's file: its tables, its mode, one connection for all threads.

Knows: SQLite. May not know: what a row means.

Write-ahead log, `synchronous=FULL`: a session that was ended stays ended after a power cut.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = 2
_BUSY_S = 5.0
_SECRET_BYTES = 32

_TABLES = """
CREATE TABLE passwords (account_id TEXT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE sessions (hash BLOB PRIMARY KEY, account_id TEXT NOT NULL, begun_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL);
CREATE INDEX sessions_of ON sessions (account_id);
CREATE TABLE browsers (hash BLOB PRIMARY KEY, account_id TEXT NOT NULL, seen_ms INTEGER NOT NULL);
CREATE TABLE openings (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL,
    made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, used_ms INTEGER);
CREATE TABLE codes (hash BLOB PRIMARY KEY, opening INTEGER NOT NULL);
CREATE TABLE tokens (id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE,
    account_id TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, made_ms INTEGER NOT NULL,
    seen_ms INTEGER, person_id TEXT);
CREATE TABLE tries (what TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE INDEX tries_of ON tries (what, at_ms);
CREATE TABLE looks (person_id TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL,
    page TEXT NOT NULL, changed INTEGER NOT NULL, hour INTEGER NOT NULL, last_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, account_id, page, changed, hour)) WITHOUT ROWID;
"""
# What the second schema has beside that of the first.
_SECOND = """
CREATE TABLE links (id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL, person_id TEXT NOT NULL, name TEXT NOT NULL, made_ms INTEGER NOT NULL,
    seen_ms INTEGER);
CREATE INDEX links_of ON links (kind, person_id);
CREATE TABLE keys (name TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
"""
_STEPS = (_TABLES, _SECOND)  # each leads to the next schema


class VaultUnavailable(OSError):  # noqa: N818 - a state of the disk, told like any other OSError
    """The vault could not be read or written. Nothing was changed."""


def drawn() -> str:
    """A secret of 256 bits that fits a cookie and an address."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest(secret: str) -> bytes:
    """What is kept of a secret that was drawn: it has so many bits that it needs no salt."""
    return hashlib.sha256(secret.encode()).digest()


class Store:
    """The open file. Safe from any thread; other processes may have it open too."""

    def __init__(self, path: Path | None) -> None:
        """None = in memory. Raises VaultUnavailable, ValueError (a newer schema)."""
        self._lock = threading.RLock()
        try:
            if path is not None:
                _only_ours(path)
            self._connection = sqlite3.connect(
                path or ":memory:", _BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise VaultUnavailable(f"{path}: {error}") from error

    def _prepare(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self.writing():
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise ValueError(
                    f"the vault has schema {version}, this gateway knows {VERSION}: "
                    "install the newer gateway again"
                )
            for step in _STEPS[version:]:
                for statement in step.split(";"):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction. Raises VaultUnavailable where it was not committed."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise VaultUnavailable(f"the vault could not be written: {error}") from error

    def rows(self, query: str, *values: object) -> list[Any]:
        """The rows of a question. Raises VaultUnavailable."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise VaultUnavailable(f"the vault could not be read: {error}") from error

    def row(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a row as SQLite gives it
        """The first row of a question; None."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def change(self, statement: str, *values: object) -> int:
        """One statement, committed; how many rows it changed. Raises VaultUnavailable."""
        with self.writing():
            return self.change_within(statement, *values)

    def change_within(self, statement: str, *values: object) -> int:
        """As `change`, as a part of the transaction that `writing` began."""
        return self._connection.execute(statement, values).rowcount

    def add(self, statement: str, values: Sequence[object]) -> int:
        """One row, committed; its id. Raises VaultUnavailable."""
        with self.writing():
            return int(self._connection.execute(statement, values).lastrowid or 0)


def _only_ours(path: Path) -> None:
    """The file with mode 600 before anything is written; SQLite's other files take its mode."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
