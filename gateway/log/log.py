"""Facts kept for ever in order, each with the outbox moves that follow from it.

Knows: the table of facts, one transaction per `append` or `claim`, the outbox's rows (rows.py).
May not know: what facts mean.

What `append` returns is committed. Not safe for use by several threads: the gateway's loop owns it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection, CursorResult

from gateway.events import DeviceRecord, Event, TextReceived, TextUnreported, from_json, to_json
from gateway.log.outbox import Claim, State, Terms
from gateway.log.rows import Bearer, Choose, Rows, TermsOf
from gateway.log.tables import connect, events, migrate

ANY_URGENCY = 1 << 30

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
        terms: TermsOf = lambda _text: Terms(),
    ) -> None:
        """`path` None = in memory; `terms`: how a text that was decided is treated.

        Raises LogUnavailable, ValueError (a newer schema).
        """
        self._home_id = home_id
        self._rows = Rows(home_id, terms)
        self._engine = connect(path)
        try:
            migrate(self._engine)
        except sa.exc.DBAPIError as error:
            todo = "put a backup back, or name another in [gateway] database"
            raise LogUnavailable(f"{path}: {error.orig}; {todo}") from error

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
        with self._writing() as connection:
            return self._store(connection, facts)

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

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction. Raises LogUnavailable where it was not committed."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise LogUnavailable(f"the event log could not be written: {error.orig}") from error

    def _store(self, connection: Connection, facts: Sequence[Event]) -> list[Event]:
        """Store what is not there yet and do what follows from it; what was new, in order."""
        new: list[Event] = []
        for log, group in itertools.groupby(facts, _log_of):
            if log is not None:
                new += self._store_records(connection, *log, list(group))
                continue
            stored = self._store_others(connection, list(group))
            self._rows.follow(connection, stored)
            new += stored
        return new

    def _store_others(self, connection: Connection, facts: Sequence[Event]) -> list[Event]:
        """Facts of the gateway itself; only a text that came in may be there already."""
        new: list[Event] = []
        for came_in, group in itertools.groupby(facts, lambda f: isinstance(f, TextReceived)):
            some = list(group)
            if came_in:
                rows = ((fact, self._event(fact)) for fact in some)
                new += [f for f, row in rows if _changed(connection.execute(_STORE, row))]
            else:
                connection.execute(_STORE, [self._event(fact) for fact in some])
                new += some
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

    def claim(
        self,
        now_ms: int,
        lease_ms: int,
        choose: Choose = lambda claim: claim.last_route or "modem",
        urgency: int = ANY_URGENCY,
    ) -> Claim | None:
        """The most urgent text that may be sent now, claimed until the lease runs out.

        Only texts at least so urgent; `choose` gives the route by which one is to go, None where it
        waits for one. That it was claimed is stored as a fact in the same transaction. Raises
        LogUnavailable.
        """
        with self._writing() as connection:
            claim = self._rows.claim(connection, now_ms, lease_ms, choose, urgency)
            if claim is not None and claim.fact is not None:
                connection.execute(_STORE, self._event(claim.fact))
        return claim

    def next_look_ms(self, now_ms: int) -> int | None:
        """The earliest instant after now at which `claim` or `unreported` may give something."""
        with self._engine.connect() as connection:
            return self._rows.next_look_ms(connection, now_ms)

    def release_claims(self) -> int:
        """End every lease: the process that held them is gone. How many there were."""
        with self._writing() as connection:
            return self._rows.end_leases(connection, sa.true())

    def unreported(self, now_ms: int) -> list[TextUnreported]:
        """The texts whose delivery report is overdue, as facts that are still to be stored."""
        with self._engine.connect() as connection:
            return self._rows.unreported(connection, now_ms)

    def awaiting(self, route: str, since_ms: int) -> list[tuple[int, str]]:
        """(text_id, handle) of what a provider took since then and has not reported."""
        with self._engine.connect() as connection:
            return self._rows.awaiting(connection, route, since_ms)

    def bearers(self, reference: int, now_ms: int) -> list[Bearer]:
        """The texts of the last seven days that bear a network reference, newest first."""
        with self._engine.connect() as connection:
            return self._rows.bearers(connection, reference, now_ms)

    def state_of(self, text_id: int) -> State | None:
        """Where a text's row stands; None where there is none."""
        with self._engine.connect() as connection:
            return self._rows.state_of(connection, text_id)


def _log_of(fact: Event) -> tuple[str, int] | None:
    """Which device's log a record is of; None for any other fact."""
    return (fact.device_id, fact.epoch) if isinstance(fact, DeviceRecord) else None


def _changed(result: CursorResult[Any]) -> int:
    return result.rowcount
