"""Where the gateway's radio puts what it got, in the judge's computer: SQLite, and said aloud.

Knows: the radio's Sink, one table without any key, so that a record committed twice is there twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from anbu_wire import messages as m
from gateway.sync import Expected

DATABASE = "/tmp/records.db"

Say = Callable[..., None]


class SayingSink:
    """A sink that commits to `database` (a path) and says everything."""

    def __init__(self, database: str, schedule: tuple[int, bytes], say: Say) -> None:
        self._say = say
        self._schedule = schedule
        self._database = sqlite3.connect(database)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS records(device_id, epoch, seq, record)")

    def last_known(self, device_id: str, epoch: int) -> int:
        found = self._database.execute(
            "SELECT coalesce(max(seq), 0) FROM records WHERE device_id = ? AND epoch = ?",
            (device_id, epoch),
        )
        return int(found.fetchone()[0])

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        rows = [(device_id, epoch, record.seq, m.encode_record(record)) for record in records]
        with self._database:
            self._database.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows)
        self._say("commit", first=records[0].seq, last=records[-1].seq, count=len(records))

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        self._say("caught up", device=device_id, newest=state["newest_seq"])

    def link_up(self, device_id: str) -> None:
        self._say("link up", device=device_id)

    def link_down(self, device_id: str, why: str) -> None:
        self._say("link down", device=device_id, why=why)

    def rests(self, device_id: str, seconds: int) -> None:
        self._say("rests", device=device_id, seconds=seconds)

    def expected(self, device_id: str) -> Expected:
        return Expected()

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        return self._schedule

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        self._say("schedule on box", device=device_id, version=version, crc=crc)

    def clock_set(self, device_id: str) -> None:
        self._say("clock set", device=device_id)

    def time_fields(self) -> tuple[int, int, int, int, int]:
        return (int(time.time()) - m.EPOCH_2000_UNIX_S, 0, 540, 0, 0)

    def trouble(self, part: str, why: str) -> None:
        self._say("trouble", part=part, why=why)


def report(database: str, say: Say) -> None:
    """Say every record that is committed, in the order of commits, as one string of hex digits."""
    reading = sqlite3.connect(database)
    rows = reading.execute("SELECT record FROM records ORDER BY rowid").fetchall()
    reading.close()
    say("report", records=b"".join(row[0] for row in rows).hex())
