"""The gateway's side of the benchmark, a process of its own as in a home.

Knows: the production radio, the production log. May not know: the box's side, the report.

`raw` listens to notifications that carry nothing; `sync` runs RadioSource into the SQLite log.
Says `progress N` and at the end one JSON object, a line each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.app import facts
from gateway.log import Log
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import RadioSource
from gateway.sources.radio.link import connect
from gateway.sync import Expected, TimeFields
from tools.home import bleak_backend

HOME_ID = "home-1"
_TOLD_EVERY_S = 0.2
_SILENCE_S = 2.0  # no notification for so long: whatever is missing was lost
_PATIENCE_S = 30.0
_SLOWEST_PER_S = 100.0  # events; slower than this is not slow but stuck


class Told:
    """Says how far it is, not too often."""

    def __init__(self) -> None:
        self._said_s = 0.0

    def progress(self, done: int) -> None:
        """So many are here."""
        now_s = time.monotonic()
        if now_s - self._said_s >= _TOLD_EVERY_S:
            self._said_s = now_s
            print("progress", done, flush=True)


# --- raw -----------------------------------------------------------------------------------


async def _found() -> Any:  # noqa: ANN401  # bleak's device, which only the radio's room names
    """The box, as soon as it is heard."""
    found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def heard(device: object, _data: object) -> None:
        if not found.done():
            found.set_result(device)

    scanner = bleak_backend.scanner_class(heard, [gatt.SERVICE_UUID], "active")
    scanner.register_detection_callback(heard)
    await scanner.start()
    try:
        return await asyncio.wait_for(found, _PATIENCE_S)
    finally:
        await scanner.stop()


async def raw(arguments: argparse.Namespace) -> dict[str, Any]:
    """Notifications received a second, from the first to the last that came."""
    await bleak_backend.open(arguments.hci)
    came: list[float] = []
    size = 0
    told = Told()

    def on_piece(piece: bytes) -> None:
        nonlocal size
        came.append(time.perf_counter())
        size = len(piece)
        told.progress(len(came))

    link = await connect(await _found(), bleak_backend, RadioTimes(), lambda: None)
    await link.listen(on_piece)
    await link.write(b"go")
    silent_since_s, seen = time.perf_counter(), 0
    while len(came) < arguments.events and time.perf_counter() - silent_since_s < _SILENCE_S:
        await asyncio.sleep(0.05)
        if len(came) > seen:
            silent_since_s, seen = time.perf_counter(), len(came)
    await link.hang_up()
    await bleak_backend.close()
    if len(came) < arguments.events // 2:
        raise RuntimeError(f"only {len(came)} of {arguments.events} notifications arrived")
    seconds = came[-1] - came[0]
    return {
        "sent": arguments.events,
        "received": len(came),
        "value_bytes": size,
        "notifications_per_s": (len(came) - 1) / seconds,
    }


# --- sync ----------------------------------------------------------------------------------


class LogSink:
    """The radio's sink over the real log: commits before it returns, as the gateway's own does."""

    def __init__(self, log: Log, events: int) -> None:
        self._log = log
        self._events = events
        self._told = Told()
        self._newest: dict[int, int] = {}
        self.committed = 0
        self.commits = 0
        self.commit_s = 0.0
        self.began_s = 0.0
        self.ended_s = 0.0
        self.troubles: list[str] = []
        self.done = asyncio.Event()

    def last_known(self, device_id: str, epoch: int) -> int:  # noqa: ARG002
        """The newest record of that log that is committed."""
        return self._newest.get(epoch, 0)

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        """Commit, and note when."""
        began_s = time.perf_counter()
        now_ms = time.time_ns() // 1_000_000
        new = [facts.device_record(device_id, epoch, record, now_ms) for record in records]
        self.committed += len(self._log.append(new))
        self._newest[epoch] = records[-1].seq
        self.ended_s = time.perf_counter()
        self.commits += 1
        self.commit_s += self.ended_s - began_s
        self._told.progress(self.committed)

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:  # noqa: ARG002
        """Done, when all that was stored is here."""
        if state["newest_seq"] >= self._events:
            self.done.set()

    def link_up(self, device_id: str) -> None:  # noqa: ARG002
        """The clock starts."""
        if not self.began_s:
            self.began_s = time.perf_counter()

    def link_down(self, device_id: str, why: str) -> None:
        """Noted."""
        self.troubles.append(f"{device_id}: {why}")

    def rests(self, device_id: str, seconds: int) -> None:
        """Noted: the box is on mains, it should not."""
        self.troubles.append(f"{device_id}: rests for {seconds} s")

    def expected(self, device_id: str) -> Expected:  # noqa: ARG002
        """A pill box."""
        return Expected()

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:  # noqa: ARG002
        """None: only the log is measured."""
        return None

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        """Nothing was sent."""

    def clock_set(self, device_id: str) -> None:
        """The box's clock was set."""

    def time_fields(self) -> TimeFields:
        """The time now, in UTC."""
        return (int(time.time()) - m.EPOCH_2000_UNIX_S, 0, 0, 0, 0)

    def trouble(self, part: str, why: str) -> None:
        """Noted."""
        self.troubles.append(f"{part}: {why}")


async def sync(arguments: argparse.Namespace) -> dict[str, Any]:
    """All records of the box, from the established session to the last COMMIT."""
    log = Log(arguments.database, HOME_ID)
    sink = LogSink(log, arguments.events)
    source = RadioSource({arguments.device: arguments.key}, bleak_backend, sink, hci=arguments.hci)
    running = asyncio.create_task(source.run())
    try:
        await asyncio.wait_for(sink.done.wait(), _PATIENCE_S + arguments.events / _SLOWEST_PER_S)
    except TimeoutError:
        why = f"the sync stopped at {sink.committed} records; {sink.troubles[-3:]}"
        raise RuntimeError(why) from None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    log.close()
    return {
        "committed": sink.committed,
        "seconds": sink.ended_s - sink.began_s,
        "commits": sink.commits,
        "commit_seconds": sink.commit_s,
        "troubles": sink.troubles,
    }


def _key(path: str) -> bytes:
    return bytes.fromhex(Path(path).read_text(encoding="ascii").strip())


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench.central")
    parser.add_argument("part", choices=["raw", "sync"])
    for name in ("hci", "device"):
        parser.add_argument(name)
    parser.add_argument("key", type=_key, metavar="KEY_FILE")
    parser.add_argument("database", type=Path)
    parser.add_argument("events", type=int)
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> None:
    """Runs one part."""
    arguments = _arguments(argv)
    part = raw if arguments.part == "raw" else sync
    print(json.dumps(asyncio.run(part(arguments))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
