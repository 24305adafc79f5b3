"""The tables, and how a connection to them is opened.

Knows: SQLite's pragmas and the schema's versions. May not know: facts.

One connection, write-ahead log, `synchronous=FULL`: a commit that returned survives a power cut.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

SCHEMA_VERSION = 2
BUSY_MS = 5000

metadata = sa.MetaData()

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("home_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("device_id", sa.Text),
    sa.Column("epoch", sa.BigInteger),  # device records only, as is seq
    sa.Column("seq", sa.BigInteger),
    sa.Column("message_key", sa.Text),  # texts that came in only
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("device_id", "epoch", "seq"),
    sa.UniqueConstraint("home_id", "message_key"),
    sqlite_autoincrement=True,
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("home_id", sa.Text, primary_key=True),
    sa.Column("text_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("to", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("urgency", sa.Integer, nullable=False),  # 0 first
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lease_until_ms", sa.BigInteger),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("losses", sa.Integer, nullable=False),  # answers lost after handing over
    sa.Column("references", sa.JSON, nullable=False),
    sa.Column("next_try_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.Column("submitted_ms", sa.BigInteger),  # first PDU handed over, by the last try
    # since version 2
    sa.Column("route", sa.Text),  # of the last try
    sa.Column("handle", sa.Text),  # by which the route's provider knows it
    sa.Column("report_min", sa.Integer),  # how long its report may take
    sa.Column("report_by_ms", sa.BigInteger),  # and until when that is
)
sa.Index("outbox_waiting", outbox.c.state, outbox.c.to)
sa.Index("outbox_of_number", outbox.c.home_id, outbox.c.to, outbox.c.state)  # since version 2


# What makes the schema of one version that of the next.
STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE outbox ADD COLUMN route TEXT",
        "ALTER TABLE outbox ADD COLUMN handle TEXT",
        "ALTER TABLE outbox ADD COLUMN report_min INTEGER",
        "ALTER TABLE outbox ADD COLUMN report_by_ms BIGINT",
        'CREATE INDEX outbox_of_number ON outbox (home_id, "to", state)',
    ),
}


def connect(path: Path | None) -> Engine:
    """The engine with its one connection; None = in memory, for tests."""
    url = f"sqlite:///{path}" if path is not None else "sqlite://"
    engine = sa.create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own object
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Bring the schema to this version, in one transaction.

    Raises ValueError for a database that a newer gateway has written.
    """
    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > SCHEMA_VERSION:
            raise ValueError(
                f"the database has schema {version}, this gateway knows {SCHEMA_VERSION}: "
                "install the newer gateway again"
            )
        if version == 0:
            metadata.create_all(connection)
        else:
            for step in range(version, SCHEMA_VERSION):
                for statement in STEPS[step]:
                    connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
