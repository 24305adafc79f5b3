"""Facts kept for ever in order, each with the outbox moves that follow from it.

Knows: the two tables, one transaction per `append`. May not know: what facts mean.

What `append` returns is committed. Not safe for use by several threads: the gateway's loop owns it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection, CursorResult

from gateway.events import (
    DeviceRecord,
    Event,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSubmitted,
    from_json,
    to_json,
)
from gateway.log.outbox import MAX_LOSSES, Claim, Move, State, move_of, pause_ms, sources, target
from gateway.log.tables import connect, events, migrate, outbox

HOUR_MS = 3_600_000
VALID_MS = 24 * HOUR_MS  # a text that could not be sent for so long is not sent any more
REFERENCE_AGE_MS = 48 * HOUR_MS  # references wrap at 256: an older text is not meant


# Made once: a statement with its values in it would be compiled anew for every fact.
_STORE = insert(events).on_conflict_do_nothing()
_KNOWN = sa.select(events.c.seq).where(
    events.c.device_id == sa.bindparam("device"),
    events.c.epoch == sa.bindparam("log"),
    events.c.seq.between(sa.bindparam("first"), sa.bindparam("last")),
)


class LogUnavailable(OSError):  # noqa: N818 - a state of the disk, told like any other OSError
    """The database could not take it (disk full, read-only, broken). Nothing was stored."""


class Log:
    """The database of one home."""

    def __init__(
        self,
        path: Path | None,
        home_id: str,
        *,
        urgency: Callable[[TextDecided], int] = lambda _text: 1,
    ) -> None:
        """`path` None = in memory. Raises LogUnavailable, ValueError (a newer schema)."""
        self._home_id = home_id
        self._urgency = urgency
        self._engine = connect(path)
        try:
            migrate(self._engine)
        except sa.exc.DBAPIError as error:
            raise LogUnavailable(f"{path}: {error.orig}") from error

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the database."""
        self._engine.dispose()

    # --- facts -----------------------------------------------------------------------------

    def append(self, facts: Sequence[Event]) -> list[Event]:
        """Store facts in one transaction; those that were not there before, in order.

        Raises LogUnavailable: then none of them is stored.
        """
        if not facts:
            return []
        try:
            with self._engine.begin() as connection:
                return self._store(connection, facts)
        except sa.exc.DBAPIError as error:
            raise LogUnavailable(f"the event log could not be written: {error.orig}") from error

    def facts(self) -> Iterator[Event]:
        """All facts of this home in the order they were stored."""
        query = (
            sa.select(events.c.kind, events.c.body)
            .where(events.c.home_id == self._home_id)
            .order_by(events.c.id)
        )
        with self._engine.connect() as connection:
            for kind, body in connection.execute(query):
                yield from_json(kind, body)

    def _store(self, connection: Connection, facts: Sequence[Event]) -> list[Event]:
        """Store what is not there yet and do what follows from it; what was new, in order."""
        new: list[Event] = []
        for log, group in itertools.groupby(facts, _log_of):
            if log is not None:
                new += self._store_records(connection, *log, list(group))
                continue
            for fact in group:
                if _changed(connection.execute(_STORE, self._event(fact))):
                    self._follow(connection, fact)
                    new.append(fact)
        return new

    def _store_records(
        self, connection: Connection, device_id: str, epoch: int, facts: Sequence[Event]
    ) -> list[Event]:
        """Records of one device's log, all at once: a box that was alone brings thousands."""
        records: dict[int, Event] = {}
        for fact in facts:
            if isinstance(fact, DeviceRecord):
                records.setdefault(fact.seq, fact)
        bounds = {"first": min(records), "last": max(records)}
        known = connection.scalars(_KNOWN, {"device": device_id, "log": epoch, **bounds})
        for seq in known:
            records.pop(seq, None)
        if records:
            connection.execute(_STORE, [self._event(record) for record in records.values()])
        return list(records.values())

    def _event(self, fact: Event) -> dict[str, Any]:
        """The fact's row."""
        return {
            "at_ms": fact.at_ms,
            "home_id": self._home_id,
            "kind": fact.kind,
            "device_id": getattr(fact, "device_id", None),
            "epoch": fact.epoch if isinstance(fact, DeviceRecord) else None,
            "seq": fact.seq if isinstance(fact, DeviceRecord) else None,
            "message_key": fact.message_key if isinstance(fact, TextReceived) else None,
            "body": to_json(fact),
        }

    # --- the outbox ------------------------------------------------------------------------

    def _follow(self, connection: Connection, fact: Event) -> None:
        """Move the outbox as the fact says."""
        if isinstance(fact, TextDecided):
            connection.execute(sa.insert(outbox).values(self._row(fact)))
        elif isinstance(fact, TextSubmitted):
            values = {"references": list(fact.references), "submitted_ms": fact.at_ms}
            self._move(connection, fact.text_id, Move.SUBMIT, values)
        elif isinstance(fact, TextDelivered):
            self._move(connection, fact.text_id, Move.DELIVER, {})
        elif isinstance(fact, TextFailed):
            self._failed(connection, fact)

    def _row(self, fact: TextDecided) -> dict[str, Any]:
        return {
            "home_id": self._home_id,
            "text_id": fact.text_id,
            "to": fact.to,
            "body": fact.body,
            "urgency": self._urgency(fact),
            "due_ms": fact.due_ms,
            "state": str(State.PENDING),
            "tries": 0,
            "losses": 0,
            "references": [],
            "next_try_ms": fact.at_ms,
            "expires_ms": fact.at_ms + VALID_MS,
        }

    def _failed(self, connection: Connection, fact: TextFailed) -> None:
        move = move_of(fact)
        values: dict[str, Any] = {}
        if move in (Move.RETRY, Move.LOSE):
            tries = connection.scalar(sa.select(outbox.c.tries).where(self._is(fact.text_id))) or 0
            values = {"tries": tries + 1, "next_try_ms": fact.at_ms + pause_ms(tries + 1)}
        if move is Move.LOSE:
            values |= {"losses": outbox.c.losses + 1}
        self._move(connection, fact.text_id, move, values)

    def _is(self, text_id: int) -> sa.ColumnElement[bool]:
        return sa.and_(outbox.c.home_id == self._home_id, outbox.c.text_id == text_id)

    def _move(
        self, connection: Connection, text_id: int, move: Move, values: dict[str, Any]
    ) -> None:
        connection.execute(
            sa.update(outbox)
            .where(self._is(text_id), outbox.c.state.in_(sources(move)))
            .values(state=str(target(move)), **values)
        )

    def claim(self, now_ms: int, lease_ms: int) -> Claim | None:
        """The most urgent text that may be sent now, claimed until the lease runs out.

        Texts to one number keep their order: a later one waits for the earlier, unless that is
        less urgent.
        """
        try:
            with self._engine.begin() as connection:
                self._end_leases(connection, outbox.c.lease_until_ms <= now_ms)
                row = connection.execute(self._claimable(now_ms)).mappings().first()
                if row is None:
                    return None
                values = {"lease_until_ms": now_ms + lease_ms}
                expired = row["expires_ms"] <= now_ms
                if not expired:
                    self._move(connection, row["text_id"], Move.CLAIM, values)
        except sa.exc.DBAPIError as error:
            raise LogUnavailable(f"the outbox could not be written: {error.orig}") from error
        return Claim(
            text_id=row["text_id"],
            to=row["to"],
            body=row["body"],
            due_ms=row["due_ms"],
            repeat=row["state"] == State.UNKNOWN,
            expired=expired,
            tries=row["tries"],
            losses=row["losses"],
        )

    def _waiting(self) -> sa.ColumnElement[bool]:
        """Rows that are to be sent, now or later."""
        again = sa.and_(outbox.c.state == State.UNKNOWN, outbox.c.losses <= MAX_LOSSES)
        mine = outbox.c.home_id == self._home_id
        return sa.and_(mine, sa.or_(outbox.c.state == State.PENDING, again))

    def _claimable(self, now_ms: int) -> sa.Select[Any]:
        earlier = outbox.alias("earlier")
        under_way = sa.or_(
            earlier.c.state.in_([State.PENDING, State.CLAIMED]),
            sa.and_(earlier.c.state == State.UNKNOWN, earlier.c.losses <= MAX_LOSSES),
        )
        blocked = sa.exists().where(
            earlier.c.home_id == outbox.c.home_id,
            earlier.c.to == outbox.c.to,
            earlier.c.text_id < outbox.c.text_id,
            earlier.c.urgency <= outbox.c.urgency,
            under_way,
        )
        return (
            sa.select(outbox)
            .where(self._waiting(), outbox.c.next_try_ms <= now_ms, sa.not_(blocked))
            .order_by(outbox.c.urgency, outbox.c.text_id)
            .limit(1)
        )

    def next_claim_ms(self) -> int | None:
        """The earliest instant at which `claim` may give something; None = nothing waits."""
        tries = sa.select(sa.func.min(outbox.c.next_try_ms)).where(self._waiting())
        leases = sa.select(sa.func.min(outbox.c.lease_until_ms)).where(
            outbox.c.home_id == self._home_id, outbox.c.state == State.CLAIMED
        )
        with self._engine.connect() as connection:
            found = [connection.scalar(tries), connection.scalar(leases)]
        return min((ms for ms in found if ms is not None), default=None)

    def release_claims(self) -> int:
        """End every lease: the process that held them is gone. How many there were."""
        with self._engine.begin() as connection:
            return self._end_leases(connection, sa.true())

    def _end_leases(self, connection: Connection, which: sa.ColumnElement[bool]) -> int:
        statement = (
            sa.update(outbox)
            .where(outbox.c.home_id == self._home_id, outbox.c.state == State.CLAIMED, which)
            .values(state=str(target(Move.LEASE_OUT)), lease_until_ms=None)
        )
        return _changed(connection.execute(statement))

    def by_reference(self, reference: int, now_ms: int) -> tuple[int, tuple[int, ...]] | None:
        """The newest submitted text that bears a network reference, with all its references."""
        query = (
            sa.select(outbox.c.text_id, outbox.c.references)
            .where(
                outbox.c.home_id == self._home_id,
                outbox.c.state == State.SUBMITTED,
                outbox.c.submitted_ms > now_ms - REFERENCE_AGE_MS,
            )
            .order_by(outbox.c.submitted_ms.desc(), outbox.c.text_id.desc())
        )
        with self._engine.connect() as connection:
            for text_id, references in connection.execute(query):
                if reference in references:
                    return text_id, tuple(references)
        return None

    def state_of(self, text_id: int) -> State | None:
        """Where a text's row stands; None where there is none."""
        with self._engine.connect() as connection:
            state = connection.scalar(sa.select(outbox.c.state).where(self._is(text_id)))
        return State(state) if state is not None else None


def _log_of(fact: Event) -> tuple[str, int] | None:
    """Which device's log a record is of; None for any other fact."""
    return (fact.device_id, fact.epoch) if isinstance(fact, DeviceRecord) else None


def _changed(result: CursorResult[Any]) -> int:
    return result.rowcount
