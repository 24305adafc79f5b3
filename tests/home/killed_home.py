"""A home for gateways that are killed: deadlines that have just passed, a virtual modem, a count.

Knows: how such a home is made, how a gateway is started in it, and what the people got.
May not know: where and when the gateway dies.

Every person here has her own guardian with a number of her own, so what a phone shows tells which
text was sent how often. No box is ever heard: every dose is "not confirmed".
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.app import Gateway
from gateway.clock import SystemClock
from gateway.config import load
from gateway.sources.radio import load_backend
from tests.tree import ROOT
from tools.home.gsm import Carrier, VirtualModem

MIN_MS = 60_000
BEGUN_BEFORE = timedelta(hours=6)
DUE_BEFORE = timedelta(hours=1)  # its window and the grace have passed since
AGAIN_BEFORE = timedelta(minutes=30)  # the start that gave the boxes time to report
PATIENCE_S = 60.0
MARK = " 재]"


class Clock(SystemClock):
    """The computer's clock, so long ago."""

    def __init__(self, ago: timedelta) -> None:
        self._ago_ms = int(ago.total_seconds() * 1000)

    def now_ms(self) -> int:
        return super().now_ms() - self._ago_ms


def _toml(folder: Path, people: int) -> str:
    due = (datetime.now(ZoneInfo("Asia/Seoul")) - DUE_BEFORE).strftime("%H:%M")
    blocks = [
        f'[gateway]\nhome_id = "h"\ndatabase = "{folder}/anbu.db"',
        '[radio]\nbackend = "tests.home.silent_backend"',
        f'[modem]\nport = "{folder}/modem"',
        "[policy]\ndays = 2",
    ]
    for n in range(people):
        blocks += [
            f'[[person]]\nid = "p{n}"\nname = "사람{n}"',
            f'[[device]]\nid = "AB-{n:06d}"\nperson = "p{n}"\nkey_file = "{folder}/key"',
            f'[[guardian]]\nid = "g{n}"\nperson = "p{n}"\nname = "이웃{n}"\nnumber = "{number(n)}"',
            f'[[regimen]]\nperson = "p{n}"\nslots = ["evening"]\ndue = "{due}"',
            "early_min = 10\nwindow_min = 10\nlate_min = 0",  # still of this regimen
        ]
    return "\n\n".join(blocks) + "\n"


def number(person: int) -> str:
    """The number of that person's guardian."""
    return f"+8210{20000000 + person}"


class Nursery:
    """The process that gateways are forked from (killed_gateway.py). Use it for many homes."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "gateway.err"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.home.killed_gateway"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT}/firmware/lib"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def tell(self, line: str) -> None:
        """Ask for a gateway."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    async def hear(self) -> dict[str, Any]:
        """The next line it or its gateway tells."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE_S):
                line = await asyncio.to_thread(self._process.stdout.readline)
        except TimeoutError:
            self._process.kill()  # or the thread that reads would wait for ever
            raise
        assert line, self.errors()
        said: dict[str, Any] = json.loads(line)
        return said

    def errors(self) -> str:
        """What it and the gateways said on standard error."""
        return self._errors.read_text(errors="replace")[-3000:]

    def close(self) -> None:
        """It ends with its standard input."""
        self._process.kill()
        self._process.communicate()


@dataclass
class KilledHome:
    """One home, its modem and network; gateways come and go."""

    folder: Path
    people: int
    nursery: Nursery
    carrier: Carrier = field(default_factory=lambda: Carrier(answer_s=0.03, delay_s=0.01))
    pid: int | None = None
    code: int = 0
    kills: int = 0

    async def build(self) -> None:
        """The configuration; a log that began hours ago with its schedules; the modem."""
        key = self.folder / "key"
        key.touch(mode=0o600)
        key.write_text("00" * 16)
        (self.folder / "gateway.toml").write_text(_toml(self.folder, self.people))
        config = load(self.folder / "gateway.toml")
        for ago in (BEGUN_BEFORE, AGAIN_BEFORE):
            before = Gateway(config, load_backend(config.radio.backend), clock=Clock(ago))
            before.begin()
            before.hub.log.close()
        self.modem = VirtualModem(self.folder / "modem", self.carrier)
        await self.modem.start()

    async def leave(self) -> None:
        """Everything ends."""
        if self.pid is not None:
            await self.end(signal.SIGKILL)
        await self.modem.stop()
        await self.carrier.stop()

    async def start(self, die: str = "") -> None:
        """Start a gateway; `die`: where it kills itself."""
        asked = {"config": str(self.folder / "gateway.toml"), "die": die}
        self.nursery.tell(json.dumps(asked))
        began = await self.hear(lambda fact: fact["kind"] == "began")
        assert began is not None, self.nursery.errors()
        self.pid = began["pid"]

    async def hear(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """The next fact the gateway tells of which that is true; None: it has ended."""
        while True:
            fact = await self.nursery.hear()
            if true(fact):
                return fact
            if fact["kind"] == "ended":
                self.pid, self.code = None, fact["code"]
                return None

    async def dies(self) -> int:
        """Wait until the gateway is dead by its own hand; its exit code."""
        await self.hear(lambda _fact: False)
        self.kills += 1
        return self.code

    async def end(self, number: int) -> None:
        """A signal from outside, and the end."""
        assert self.pid is not None
        os.kill(self.pid, number)
        await self.hear(lambda _fact: False)
        self.kills += number == signal.SIGKILL

    async def calm(self) -> None:
        """A gateway lives until every text that was decided has left its hands and arrived."""
        await self.start()
        async with asyncio.timeout(PATIENCE_S):
            while self.waiting() or not self.arrived():  # noqa: ASYNC110 - others make it true
                await asyncio.sleep(0.02)
        await self.end(signal.SIGTERM)

    def waiting(self) -> int:
        """How many texts are still to be sent, or how many people nobody was told about."""
        rows = self._rows("SELECT state FROM outbox")
        states = Counter(state for (state,) in rows)
        untold = self.people - len({to for _id, to, _body in self.decided()})
        return states["PENDING"] + states["CLAIMED"] + states["UNKNOWN"] + untold

    def arrived(self) -> bool:
        """Whether every text that was decided is on its phone."""
        return all(self.copies(to, body) for _id, to, body in self.decided())

    def decided(self) -> list[tuple[int, str, str]]:
        """Every text that was decided: (id, number, body)."""
        return [
            (i, to, body) for i, to, body in self._rows('SELECT text_id, "to", body FROM outbox')
        ]

    def claims(self) -> Counter[int]:
        """How often each text was taken out of the outbox."""
        rows = self._rows("SELECT body FROM events WHERE kind = 'text_claimed'")
        return Counter(json.loads(body)["text_id"] for (body,) in rows)

    def copies(self, to: str, body: str) -> list[bool]:
        """For each copy of a text on its phone whether it is marked as repeated."""
        mark = body.replace("]", MARK, 1)
        inbox = [text.body for text in self.carrier.handset(to).inbox]
        return [text == mark for text in inbox if text in (body, mark)]

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.folder}/anbu.db?mode=ro", uri=True) as database:
            return database.execute(query).fetchall()


def judge(home: KilledHome) -> dict[str, int]:
    """0 missing texts, at most one marked duplicate a kill, never two that look alike."""
    decided, claims = home.decided(), home.claims()
    assert len({to for _id, to, _body in decided}) == home.people
    total = 0
    for text_id, to, body in decided:
        copies = home.copies(to, body)
        assert copies, f"text {text_id} is missing: {body}"
        assert copies.count(False) <= 1, f"text {text_id} came twice unmarked: {body}"
        assert len(copies) <= claims[text_id], f"text {text_id}: {copies}, {claims[text_id]} claims"
        total += len(copies)
    duplicates = total - len(decided)
    assert duplicates <= home.kills, f"{duplicates} duplicates of {home.kills} kills"
    assert "Traceback" not in home.nursery.errors(), home.nursery.errors()
    return {"texts": len(decided), "kills": home.kills, "duplicates": duplicates}
