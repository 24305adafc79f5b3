"""The outbox's rows: what a fact does to them, which is sent next.

Knows: SQL over the table of texts to send. May not know: transactions (log.py begins them), routes,
what a text says.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.events import (
    Event,
    TextClaimed,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextSubmitted,
    TextUnreported,
    TextWithdrawn,
)
from gateway.log.outbox import (
    LONGEST_PAUSE_MS,
    MAX_LOSSES,
    Claim,
    Move,
    State,
    Terms,
    move_of,
    pause_ms,
    sources,
    target,
)
from gateway.log.tables import outbox
from gateway.units import MIN_MS

BEARER_AGE_MS = 7 * 24 * 60 * MIN_MS  # a network reference wraps at 256: an older text is not meant

TermsOf = Callable[[TextDecided], Terms]
Choose = Callable[[Claim], str | None]
"""The route by which a text goes now; None: the ways it may go are busy, or there is none."""
Bearer = tuple[int, str, tuple[int, ...], int]
"""(text_id, number, network references, when its first PDU was handed over)."""


class Rows:
    """The texts to send of one home."""

    def __init__(self, home_id: str, terms_of: TermsOf) -> None:
        self._home_id = home_id
        self._terms_of = terms_of
        self._mine = outbox.c.home_id == home_id

    # --- what facts do ---------------------------------------------------------------------

    def follow(self, connection: Connection, facts: Sequence[Event]) -> None:
        """Do what follows from facts, in their order; texts decided together at once."""
        for decided, group in itertools.groupby(facts, lambda f: isinstance(f, TextDecided)):
            if decided:
                rows = [self._row(fact) for fact in group if isinstance(fact, TextDecided)]
                connection.execute(sa.insert(outbox), rows)
                continue
            for fact in group:
                self._follow(connection, fact)

    def _follow(self, connection: Connection, fact: Event) -> None:
        """Move a row as the fact says."""
        if isinstance(fact, TextSubmitted):
            self._submitted(connection, fact)
        elif isinstance(fact, TextDelivered):
            self._move(connection, fact.text_id, Move.DELIVER, {"report_by_ms": None})
        elif isinstance(fact, TextFailed):
            self._failed(connection, fact)
        elif isinstance(fact, TextWithdrawn):
            self._move(connection, fact.text_id, Move.WITHDRAW, {})
        elif isinstance(fact, TextUnreported):
            self._move(connection, fact.text_id, Move.MISS_REPORT, {"report_by_ms": None})

    def _row(self, fact: TextDecided) -> dict[str, Any]:
        terms = self._terms_of(fact)
        return {
            "home_id": self._home_id,
            "text_id": fact.text_id,
            "to": fact.to,
            "body": fact.body,
            "urgency": terms.urgency,
            "due_ms": fact.due_ms,
            "state": str(State.PENDING),
            "tries": 0,
            "losses": 0,
            "references": [],
            "next_try_ms": fact.at_ms,
            "expires_ms": fact.at_ms + terms.valid_min * MIN_MS,
            "report_min": terms.report_min,
        }

    def _submitted(self, connection: Connection, fact: TextSubmitted) -> None:
        values = {
            "references": list(fact.references),
            "submitted_ms": fact.first_pdu_ms,
            "route": fact.route,
            "handle": fact.handle,
            "report_by_ms": sa.case(
                (outbox.c.report_min > 0, fact.at_ms + outbox.c.report_min * MIN_MS)
            ),
        }
        self._move(connection, fact.text_id, Move.SUBMIT, values)

    def _failed(self, connection: Connection, fact: TextFailed) -> None:
        move = move_of(fact)
        values: dict[str, Any] = {"report_by_ms": None}
        if move in (Move.RETRY, Move.LOSE):
            tries = connection.scalar(sa.select(outbox.c.tries).where(self._is(fact.text_id))) or 0
            next_try_ms = fact.at_ms + pause_ms(tries + 1)
            values |= {"tries": tries + 1, "next_try_ms": next_try_ms, "route": fact.route}
        if move is Move.LOSE:
            values["losses"] = MAX_LOSSES + 1 if fact.final else outbox.c.losses + 1
        # What went another way meanwhile is not taken back by a try that ends late.
        this_way = sa.or_(outbox.c.state == State.CLAIMED, outbox.c.route == fact.route)
        where = (this_way,) if move is Move.RETRY else ()
        self._move(connection, fact.text_id, move, values, *where)

    def _is(self, text_id: int) -> sa.ColumnElement[bool]:
        return sa.and_(self._mine, outbox.c.text_id == text_id)

    def _move(
        self,
        connection: Connection,
        text_id: int,
        move: Move,
        values: dict[str, Any],
        *where: sa.ColumnElement[bool],
    ) -> None:
        connection.execute(
            sa.update(outbox)
            .where(self._is(text_id), outbox.c.state.in_(sources(move)), *where)
            .values(state=str(target(move)), **values)
        )

    # --- what is sent next -----------------------------------------------------------------

    def claim(
        self, connection: Connection, now_ms: int, lease_ms: int, choose: Choose, urgency: int
    ) -> Claim | None:
        """The most urgent text that may be sent now, has a way, and is at least so urgent.

        Texts to one number keep their order: a later one waits for the earlier, unless that is
        less urgent.
        """
        self.end_leases(connection, outbox.c.lease_until_ms <= now_ms)
        claim, route = None, None
        with connection.execute(self._claimable(now_ms, urgency)) as found:
            for row in found.mappings():
                claim = _claim(row, now_ms)
                route = None if claim.expired else choose(claim)
                if claim.expired or route is not None:
                    break
        if claim is None or route is None:
            return claim if claim is not None and claim.expired else None
        values = {"lease_until_ms": now_ms + lease_ms, "route": route}
        self._move(connection, claim.text_id, Move.CLAIM, values)
        return replace(claim, route=route, fact=TextClaimed(now_ms, claim.text_id, route))

    def _waiting(self) -> sa.ColumnElement[bool]:
        """Rows that are to be sent, now or later."""
        waiting = outbox.c.state.in_([State.PENDING, State.UNKNOWN])
        # concat: look by state, not through all texts this home ever sent
        mine = outbox.c.home_id.concat("") == self._home_id
        return sa.and_(mine, waiting, _not_given_up(outbox))

    def _claimable(self, now_ms: int, urgency: int) -> sa.Select[Any]:
        earlier = outbox.alias("earlier")
        blocked = sa.exists().where(
            earlier.c.home_id == outbox.c.home_id,
            earlier.c.to == outbox.c.to,
            earlier.c.text_id + 0 < outbox.c.text_id,  # + 0: look by number, not by id
            earlier.c.urgency <= outbox.c.urgency,
            earlier.c.state.in_([State.PENDING, State.CLAIMED, State.UNKNOWN]),
            _not_given_up(earlier),
        )
        # Nothing waits longer than the longest pause: what seems to was written by a clock that was
        # set back since then.
        pause = outbox.c.next_try_ms.between(now_ms + 1, now_ms + LONGEST_PAUSE_MS)
        due = sa.and_(sa.not_(pause), outbox.c.urgency <= urgency)
        return (
            sa.select(outbox)
            .where(self._waiting(), due, sa.not_(blocked))
            .order_by(outbox.c.urgency, outbox.c.text_id)
        )

    def next_look_ms(self, connection: Connection, now_ms: int) -> int | None:
        """The earliest instant after now at which a claim or a missing report may be found.

        What could go by its own time and does not waits for another text, and follows that.
        """
        columns = (
            (outbox.c.next_try_ms, self._waiting()),
            (outbox.c.lease_until_ms, sa.and_(self._mine, outbox.c.state == State.CLAIMED)),
            (outbox.c.report_by_ms, sa.and_(self._mine, outbox.c.state == State.SUBMITTED)),
        )
        queries = (
            sa.select(sa.func.min(column)).where(which, column > now_ms)
            for column, which in columns
        )
        found = [connection.scalar(query) for query in queries]
        return min((ms for ms in found if ms is not None), default=None)

    def end_leases(self, connection: Connection, which: sa.ColumnElement[bool]) -> int:
        """Whoever held these claims is gone. How many there were.

        Each may have been sent: it counts as a loss, so that it is marked however often it is tried
        after that; a second one adds nothing.
        """
        lost = sa.func.max(outbox.c.losses, 1)
        statement = (
            sa.update(outbox)
            .where(self._mine, outbox.c.state == State.CLAIMED, which)
            .values(state=str(target(Move.LEASE_OUT)), lease_until_ms=None, losses=lost)
        )
        return connection.execute(statement).rowcount

    # --- what became of those sent ---------------------------------------------------------

    def unreported(self, connection: Connection, now_ms: int) -> list[TextUnreported]:
        """The texts whose report is overdue, as the facts to store."""
        query = sa.select(outbox.c.text_id, outbox.c.report_min).where(
            self._mine, outbox.c.state == State.SUBMITTED, outbox.c.report_by_ms <= now_ms
        )
        return [TextUnreported(now_ms, *row) for row in connection.execute(query)]

    def awaiting(self, connection: Connection, route: str, since_ms: int) -> list[tuple[int, str]]:
        """(text_id, handle) of the texts a provider took since then and has not reported."""
        query = sa.select(outbox.c.text_id, outbox.c.handle).where(
            self._mine,
            outbox.c.state == State.SUBMITTED,
            outbox.c.route == route,
            outbox.c.handle != "",
            outbox.c.submitted_ms >= since_ms,
        )
        return [(text_id, handle) for text_id, handle in connection.execute(query)]

    def bearers(self, connection: Connection, reference: int, now_ms: int) -> list[Bearer]:
        """The texts of the last days that bear a network reference, newest first."""
        query = (
            sa.select(outbox.c.text_id, outbox.c.to, outbox.c.references, outbox.c.submitted_ms)
            .where(self._mine, outbox.c.submitted_ms > now_ms - BEARER_AGE_MS)
            .order_by(outbox.c.submitted_ms.desc(), outbox.c.text_id.desc())
        )
        return [
            (text_id, to, tuple(references), submitted_ms)
            for text_id, to, references, submitted_ms in connection.execute(query)
            if reference in references
        ]

    def state_of(self, connection: Connection, text_id: int) -> State | None:
        """Where a text's row stands; None where there is none."""
        state = connection.scalar(sa.select(outbox.c.state).where(self._is(text_id)))
        return State(state) if state is not None else None


def _claim(row: sa.RowMapping, now_ms: int) -> Claim:
    """A text that may be sent, by no way yet."""
    return Claim(
        text_id=row["text_id"],
        to=row["to"],
        body=row["body"],
        due_ms=row["due_ms"],
        repeat=row["state"] == State.UNKNOWN or row["losses"] > 0,
        expired=row["expires_ms"] <= now_ms,
        tries=row["tries"],
        losses=row["losses"],
        route=row["route"] or "",
        last_route=row["route"],
        valid_min=max(1, (row["expires_ms"] - now_ms) // MIN_MS),
        urgency=row["urgency"],
    )


def _not_given_up(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    """Not those whose answer was lost for the last time; a condition beside that on the state.

    Not an "or" with it: then no index would find the few texts under way among all there ever were.
    """
    return sa.not_(sa.and_(rows.c.state == State.UNKNOWN, rows.c.losses > MAX_LOSSES))
