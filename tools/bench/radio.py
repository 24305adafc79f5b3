"""`anbu bench radio`: what one stored event costs on its way from the flash into the database.

Knows: the order of the measurements and what is divided by what.
May not know: how a box, the air or a gateway is built.

Everything runs at speed 1, the flash with its data-sheet times. The box is the whole firmware with
a log that its own Logbook has filled, the gateway its production radio over a SQLite file, each a
process of its own. The raw rate is what the same stack carries of notifications of MTU - 3 bytes
that mean nothing, measured before and after the sync; the mean counts, so that a busy machine
weighs on both alike.

`ratio_events_to_raw_notifications` is events/s by raw notifications/s: 1 would be the speed of a
device that sends each record in a notification of its own, as Bluetooth's Record Access Control
Point does, unsealed, uncounted, unacknowledged and into the void.
`ratio_record_bytes_to_raw_bytes` is the harder comparison: the records' own bytes by the bytes a
notification could carry.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from anbu_wire.messages import RECORD_BYTES
from tools.bench.progress import Progress
from tools.bench.stack import Answer, Stack, Traffic

EVENTS = 10_000
RAW_NOTIFICATIONS = 10_000


async def _alone(stack: Stack, part: str, events: int = 0) -> Answer:
    async with stack.box(part, events) as box:
        return await box.answer()


async def _raw(stack: Stack, count: int) -> Answer:
    async with stack.box("raw", count), stack.gateway("raw", count) as gateway:
        return await gateway.answer()


async def _sync(stack: Stack, events: int) -> tuple[Answer, Traffic]:
    """The firmware as it is, its log full of events, and the production gateway's radio."""
    stack.counter.traffic = Traffic()
    async with stack.box(""), stack.gateway("sync", events) as gateway:
        answer = await gateway.answer()
    return answer, dataclasses.replace(stack.counter.traffic)


def _in_database(database: Path) -> tuple[int, int, int]:
    """(rows, distinct records, highest number), counted without the gateway's code."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT device_id || '/' || epoch || '/' || seq), max(seq)"
            " FROM events WHERE seq IS NOT NULL"
        ).fetchone()
    return row[0], row[1], row[2] or 0


async def measure(root: Path, events: int, progress: Progress) -> dict[str, Any]:
    """Runs every part; the report as one object."""
    notifications = min(RAW_NOTIFICATIONS, events)
    async with Stack(root, progress) as stack:
        progress.begin("fill")
        flash = await _alone(stack, "fill", events)
        progress.begin("seal")
        seal = await _alone(stack, "seal")
        progress.begin("raw")
        raw = [await _raw(stack, notifications)]
        progress.begin("sync")
        sync, traffic = await _sync(stack, events)
        progress.begin("raw")
        raw.append(await _raw(stack, notifications))
        progress.end()
        counted = _in_database(stack.places.database)
    return _report(events, flash, seal["seal"], raw, (sync, traffic, counted))


def _report(
    events: int,
    flash: Answer,
    seal: list[Answer],
    raw: list[Answer],
    synced: tuple[Answer, Traffic, tuple[int, int, int]],
) -> dict[str, Any]:
    sync, traffic, (rows, distinct, newest) = synced
    raw_per_s = sum(run["notifications_per_s"] for run in raw) / len(raw)
    value_bytes = raw[0]["value_bytes"]
    events_per_s = sync["committed"] / sync["seconds"]
    air_bytes = traffic.notified_bytes + traffic.written_bytes
    return {
        "bench": "radio",
        "events": events,
        "sync": {
            "records": sync["committed"],
            "lost": newest - distinct,
            "duplicates": rows - distinct,
            "seconds": round(sync["seconds"], 3),
            "events_per_s": round(events_per_s, 1),
            "commit_share": round(sync["commit_seconds"] / sync["seconds"], 3),
            "troubles": sync["troubles"],
        },
        "raw": {
            "value_bytes": value_bytes,
            "notifications_per_s": round(raw_per_s, 1),
            "runs": [round(run["notifications_per_s"], 1) for run in raw],
            "received_of_sent": [[run["received"], run["sent"]] for run in raw],
        },
        "ratio_events_to_raw_notifications": round(events_per_s / raw_per_s, 3),
        "ratio_record_bytes_to_raw_bytes": round(
            events_per_s * RECORD_BYTES / (raw_per_s * value_bytes), 3
        ),
        "air": {
            "record_bytes": RECORD_BYTES,
            "value_bytes_per_event": round(air_bytes / sync["committed"], 2),
            **dataclasses.asdict(traffic),
        },
        "seal": [_seal_row(row) for row in seal],
        "flash": {
            "programmed_bytes_per_event": round(flash["programmed_bytes"] / flash["events"], 1),
            "programs_per_event": round(flash["programs"] / flash["events"], 2),
            "erases_per_event": round(flash["erases"] / flash["events"], 3),
        },
        "cores": os.cpu_count(),
    }


def _seal_row(row: Answer) -> dict[str, Any]:
    rounded = {key: round(value, 2) for key, value in row.items()}
    return {**rounded, "seal_to_sha256": round(row["seal_us"] / row["sha256_us"], 1)}


def run(events: int, *, as_json: bool) -> int:
    """Measures and prints; 0 when nothing was lost or doubled, else 1."""
    with tempfile.TemporaryDirectory(prefix="anbu-bench-") as folder:
        report = asyncio.run(measure(Path(folder), events, Progress()))
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _tell(report)
    sync = report["sync"]
    if sync["lost"] or sync["duplicates"] or sync["records"] < events:
        print("bench: records were lost or doubled on the way", file=sys.stderr)
        return 1
    return 0


def _tell(report: dict[str, Any]) -> None:
    sync, raw, air, flash = (report[key] for key in ("sync", "raw", "air", "flash"))
    rows = [
        f"sync    {sync['records']} records in {sync['seconds']} s",
        f"        {sync['events_per_s']} events/s",
        f"        lost {sync['lost']}, doubled {sync['duplicates']}",
        f"raw     {raw['notifications_per_s']} notifications/s of {raw['value_bytes']} bytes",
        f"ratio   {report['ratio_events_to_raw_notifications']} events a raw notification",
        f"        {report['ratio_record_bytes_to_raw_bytes']} of its bytes",
        f"air     {air['value_bytes_per_event']} bytes an event, the record has {RECORD_BYTES}",
        f"flash   {flash['programmed_bytes_per_event']} bytes programmed an event",
        f"        {flash['erases_per_event']} erases an event",
    ]
    rows += [
        f"seal    {row['message_bytes']:3} bytes: {row['seal_us']} µs,"
        f" {row['seal_to_sha256']} times one SHA-256"
        for row in report["seal"]
    ]
    print("\n".join(rows))
