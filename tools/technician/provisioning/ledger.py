"""The workshop's ledger: every serial and every key that was ever drawn. One SQLite file.

Knows: SQLite, which rows may never be two. May not know: devices, ports, labels as pictures.

A row is committed before a device is written to, and never deleted: a station that dies at
any line leaves a row that its board finds again by its MAC. Stations share the file: each step is
one transaction under SQLite's own lock, with a rollback journal, which a shared folder can carry
(WAL cannot). It holds keys: only its owner may read it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from gateway.label import KEY_BYTES, Label
from gateway.roster import CAREPLUG, PILLBOX
from tools.technician.provisioning.deciding import Noted, State
from tools.technician.provisioning.identity import Identity
from tools.technician.said import Exit, Refused

LOCK_S = 10.0  # how long another station may hold it
_FORMAT = 1
_PREFIXES = {PILLBOX: "AB", CAREPLUG: "CP"}
# Behind the number, drawn: another workshop counts as well, and so does this one once more where
# an old copy of its ledger had to be taken. No two letters that a hand mistakes.
_TAG_OF = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAG_LETTERS = 5
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DEVICE_KEY, _BTHOME_KEY = "device", "bthome"
_TABLES = """
CREATE TABLE device (
    serial TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    board TEXT NOT NULL,
    mac TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
    trusted BLOB NOT NULL,
    state TEXT NOT NULL,
    firmware INTEGER NOT NULL,
    station TEXT NOT NULL,
    drawn_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (kind, number)
);
CREATE UNIQUE INDEX one_identity_a_board ON device (mac) WHERE state <> 'retired';
CREATE TABLE secret (
    value BLOB PRIMARY KEY CHECK (length(value) = 16),
    serial TEXT NOT NULL REFERENCES device (serial),
    use TEXT NOT NULL,
    UNIQUE (serial, use)
);
PRAGMA user_version = 1;
"""
_COLUMNS = "serial, kind, board, mac, epoch, trusted, state, firmware, drawn_at"


class LedgerError(Refused):
    """The ledger cannot be used, or refuses."""

    def __init__(self, wrong: str, then: str) -> None:
        super().__init__(wrong, then, Exit.LEDGER)


@dataclass(frozen=True, slots=True)
class Order:
    """What a board is to become. `firmware`: the version of its image."""

    kind: str
    board: str
    trusted: bytes
    firmware: int


@dataclass(frozen=True, slots=True)
class Row:
    """One device of the ledger."""

    noted: Noted
    mac: str
    board: str
    firmware: int
    drawn_at: str

    @property
    def kind(self) -> str:
        """As in the roster."""
        return self.noted.identity.label.kind


class Ledger:
    """An open ledger; `station` is who writes, `draw(n)` gives n random bytes."""

    def __init__(
        self,
        path: Path | None,
        station: str,
        draw: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Opens it, or makes a new one; of `path` None nothing is kept. Raises LedgerError."""
        self._path = path
        self._station = station
        self._draw = draw
        if path is not None:
            _refuse_open_file(path)
        with self._errors():
            file = path or ":memory:"
            self._db = sqlite3.connect(file, timeout=LOCK_S, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = DELETE")
            self._db.execute("PRAGMA synchronous = EXTRA")
            self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction():
            self._ready()

    def close(self) -> None:
        """Ends it."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- one board ---

    def row(self, mac: str) -> Row | None:
        """What this board was given, None where nothing."""
        with self._errors():
            return next(self._rows("mac = ? AND state <> ?", mac, State.RETIRED), None)

    def begin(self, mac: str, order: Order) -> Identity:
        """A new identity for this board, committed on return; an older one of its is retired.

        Raises LedgerError; then nothing was drawn.
        """
        at = _now()
        with self._transaction():
            self._db.execute(
                "UPDATE device SET state = ?, changed_at = ? WHERE mac = ? AND state <> ?",
                (State.RETIRED, at, mac, State.RETIRED),
            )
            label, number = self._new_label(order.kind)
            epoch = int.from_bytes(self._draw(4), "little") or 1
            self._db.execute(
                "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(label.device_id, number, order.kind, order.board, mac, epoch, order.trusted),
                    *(State.DRAWN, order.firmware, self._station, at, at),
                ),
            )
            self._keep(label)
        return Identity(label, epoch, order.trusted)

    def note(self, serial: str, state: State, firmware: int = 0) -> None:
        """How far the device came; `firmware`: the version of another image that was written."""
        with self._transaction():
            self._db.execute(
                "UPDATE device SET state = ?, firmware = coalesce(nullif(?, 0), firmware), "
                "changed_at = ? WHERE serial = ? AND state <> ?",
                (state, firmware, _now(), serial, State.RETIRED),
            )

    def rows(self, serials: list[str] | None = None) -> list[Row]:
        """These devices, or all that are done, by serial. Raises LedgerError where one is not.

        In one ledger the number is enough: AB-000001 for AB-000001-7KQ2X. A board that was only
        begun has no label, and is handed to no gateway.
        """
        with self._errors():
            done = self._rows("state IN (?, ?)", State.WRITTEN, State.LABELLED)
            found = {row.noted.identity.serial: row for row in done}
        named = {serial.rpartition("-")[0]: serial for serial in found}
        serials = [named.get(serial, serial) for serial in serials or sorted(found)]
        unknown = sorted(set(serials) - found.keys())
        if unknown:
            wrong = f"no {', '.join(unknown)} in {self._path}, or retired, or not finished"
            raise LedgerError(wrong, "look there; anbu bench-line finishes a board")
        return [found[serial] for serial in dict.fromkeys(serials)]

    # --- inside ---

    def _ready(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
        elif version != _FORMAT:
            raise LedgerError(f"{self._path} was written by another version of anbu", "update it")

    def _new_label(self, kind: str) -> tuple[Label, int]:
        last = self._db.execute("SELECT max(number) FROM device WHERE kind = ?", (kind,)).fetchone()
        number = (last[0] or 0) + 1
        bthome = self._draw(KEY_BYTES) if kind == CAREPLUG else None
        tag = "".join(_TAG_OF[byte % len(_TAG_OF)] for byte in self._draw(_TAG_LETTERS))
        serial = f"{_PREFIXES[kind]}-{number:06}-{tag}"
        return Label(kind, serial, self._draw(KEY_BYTES), bthome), number

    def _keep(self, label: Label) -> None:
        keys = {_DEVICE_KEY: label.key, _BTHOME_KEY: label.bthome_key}
        rows = [(key, label.device_id, use) for use, key in keys.items() if key is not None]
        try:
            self._db.executemany("INSERT INTO secret VALUES (?, ?, ?)", rows)
        except sqlite3.IntegrityError as error:
            raise LedgerError(
                "this computer drew a key that exists already: its chance cannot be trusted",
                "provision no device with it; tell whoever set it up",
            ) from error

    def _rows(self, where: str, *values: str) -> Iterator[Row]:
        sql = f"SELECT {_COLUMNS} FROM device WHERE {where} ORDER BY serial"  # noqa: S608 - ours
        for serial, kind, board, mac, epoch, trusted, state, firmware, at in self._db.execute(
            sql, values
        ):
            keys = dict(
                self._db.execute("SELECT use, value FROM secret WHERE serial = ?", (serial,))
            )
            label = Label(kind, serial, keys[_DEVICE_KEY], keys.get(_BTHOME_KEY))
            before = self._db.execute(
                "SELECT serial FROM device WHERE mac = ? AND state = ?", (mac, State.RETIRED)
            )
            noted = Noted(
                Identity(label, epoch, trusted), State(state), frozenset(old for (old,) in before)
            )
            yield Row(noted, mac, board, firmware, at)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            locked = error.sqlite_errorname == "SQLITE_BUSY"
            what = f"another station has held it for {LOCK_S:g} s" if locked else str(error)
            then = "nothing was noted; look there, then run the same command"
            raise LedgerError(f"ledger {self._path}: {what}", then) from error


def _refuse_open_file(path: Path) -> None:
    """Makes the file where it is not there. Raises LedgerError."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        mode = path.stat().st_mode
    except OSError as error:
        raise LedgerError(f"ledger {path}: {error.strerror}", "give another FILE") from error
    if mode & _OTHERS:
        wrong = f"ledger {path} holds keys and is open to others"
        raise LedgerError(wrong, f"chmod 600 {path}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
