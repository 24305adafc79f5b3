"""The page beside ingest: events at a fixed rate are committed and decided upon; somebody asks.

Knows: the gateway's hub and its decisions, the page's server. May not know: what a list shows.

All events go the way of a device's record: one transaction each, folded, decided upon before the
next look. Afterwards the log is read again: what was brought and does not stand there was lost.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server

from anbu_wire import messages as wire
from gateway.app.hub import Hub
from gateway.app.loops import Decider
from gateway.app.terms import terms_of
from gateway.clock import SystemClock
from gateway.desk import Desk, Picture
from gateway.events import DeviceRecord
from gateway.home import Home
from gateway.log import Log
from gateway.web import SERVER_THREADS
from tools.bench import page_world

EVENTS_A_S = 100
ASKERS = 2  # browsers that ask again as soon as they are answered

Application = Callable[[Desk, Home, Path, int], tuple[Flask, str]]


def draw_nothing(_only: Collection[str] | None) -> Picture:
    """For a desk whose picture nobody asks for."""
    return {}


class MorningClock(SystemClock):
    """The system's, put to the morning of the bench."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead_ms = page_world.MORNING_MS - super().now_ms()

    def now_ms(self) -> int:
        """UTC ms."""
        return super().now_ms() + self._ahead_ms


def measure(
    persons: int, seconds: int, home_of: Callable[[int], Home], application: Application
) -> dict[str, Any]:
    """Events for so many seconds, and how the page answers meanwhile."""
    home, clock = home_of(persons), MorningClock()
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Path(folder) / "anbu.sqlite", "bench", terms=terms_of)
        desk = Desk(draw_nothing, know=lambda: (home, clock.now_ms()))
        hub = Hub(log, home, desk, clock, lambda _fact: None)
        app, cookie = application(desk, home, Path(folder) / "vault", clock.now_ms())
        server = create_server(app, map={}, host="127.0.0.1", port=0, threads=SERVER_THREADS)
        threading.Thread(target=server.run, daemon=True).start()
        url = f"http://127.0.0.1:{server.effective_port}/people"
        with _asker(url, cookie, seconds) as asker:
            late_ms = asyncio.run(_ingest(hub, persons, seconds))
            told = json.loads(asker.communicate()[0])
        server.close()
        kept = Counter((f.device_id, f.seq) for f in log.facts() if isinstance(f, DeviceRecord))
        log.close()
    brought = EVENTS_A_S * seconds
    return {
        "persons": persons,
        "seconds": seconds,
        "events_a_s": EVENTS_A_S,
        "events": brought,
        "lost": brought - len(kept),
        "doubled": sum(kept.values()) - len(kept),
        "commit_latest_ms": round(late_ms),
        "askers": ASKERS,
        **told,
    }


def _asker(url: str, cookie: str, seconds: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tools.bench.page_asker", url, cookie, str(seconds), str(ASKERS)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


async def _ingest(hub: Hub, persons: int, seconds: int) -> float:
    """Bring events at their times; how late the latest was committed."""
    deciding = asyncio.create_task(Decider(hub).run())
    began, latest_ms, number = time.monotonic(), 0.0, 0
    while number < EVENTS_A_S * seconds:
        due = began + number / EVENTS_A_S
        if time.monotonic() < due:  # all that is there is taken before anything else goes on
            await asyncio.sleep(due - time.monotonic())
        box = page_world.box_of(number % persons)
        now_ms = hub.clock.now_ms()
        hub.record(page_world.record(box, 1000 + number, wire.LID_OPENED, now_ms))
        latest_ms = max(latest_ms, 1e3 * (time.monotonic() - due))
        number += 1
    deciding.cancel()
    await asyncio.gather(deciding, return_exceptions=True)
    return latest_ms
