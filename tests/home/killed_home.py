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
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.app import Gateway
from gateway.clock import SystemClock
from gateway.config import load
from gateway.sources.radio import load_backend
from tests.home.killed_nursery import Nursery, NurseryDied
from tools.home.gsm import Carrier, VirtualModem

MIN_MS = 60_000
BEGUN_BEFORE = timedelta(hours=6)
DUE_BEFORE = timedelta(hours=1)  # its window and the grace have passed since
AGAIN_BEFORE = timedelta(minutes=30)  # the start that gave the boxes time to report
PATIENCE_S = 60.0
SHOWN = 20  # lines of each kind, where something failed
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
    told: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=SHOWN))

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
        """Everything ends, also after a failure, which it does not hide."""
        try:
            if self.pid is not None:
                with suppress(NurseryDied):
                    await self.end(signal.SIGKILL)
        finally:
            await self.modem.stop()
            await self.carrier.stop()

    async def start(self, die: str = "") -> None:
        """Start a gateway; `die`: where it kills itself."""
        asked = {"config": str(self.folder / "gateway.toml"), "die": die}
        self.nursery.tell(json.dumps(asked))
        began = await self.hear(lambda fact: fact["kind"] == "began")
        assert began is not None, self.standing()
        self.pid = began["pid"]

    async def hear(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """The next fact the gateway tells of which that is true; None: it has ended."""
        async with self._patience():
            while True:
                fact = await self.nursery.hear()
                self.told.append(fact)
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
        """A signal from outside, and the end; `code` tells whether it was by that signal."""
        assert self.pid is not None
        with suppress(ProcessLookupError):  # it had ended by itself
            os.kill(self.pid, number)
        await self.hear(lambda _fact: False)
        self.kills += number == signal.SIGKILL

    async def calm(self) -> None:
        """A gateway lives until every text that was decided has left its hands and arrived."""
        await self.start()
        ready = await self.hear(lambda fact: fact["kind"] == "gateway_started")
        assert ready, self.standing()  # from now on SIGTERM is an order, not a death
        while self.waiting():  # of which it tells every change
            assert await self.hear(lambda fact: fact["kind"] != "ended"), self.standing()
        async with self._patience():
            while not self.arrived():  # noqa: ASYNC110 - others make it true
                await asyncio.sleep(0.02)
        await self.end(signal.SIGTERM)
        assert self.code == 0, self.standing()

    @asynccontextmanager
    async def _patience(self) -> AsyncIterator[None]:
        """So long and no longer; who waited in vain says how everything stands."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                yield
        except TimeoutError as late:
            raise AssertionError(f"in vain for {PATIENCE_S} s\n{self.standing()}") from late

    def standing(self) -> str:
        """How everything stands, for a test that failed."""
        states = Counter(state for (state,) in self._rows("SELECT state FROM outbox"))
        unsettled = self._rows(
            "SELECT text_id, state, tries, losses, next_try_ms, lease_until_ms FROM outbox"
            " WHERE state IN ('PENDING', 'CLAIMED', 'UNKNOWN')"
        )
        alive = f"lives as {self.pid}" if self.pid is not None else f"ended with {self.code}"
        lines = [
            f"outbox {dict(states)}, untold {self.untold()}, unsettled {unsettled[:SHOWN]}",
            f"claims {self.claims().total()}, kills {self.kills}, arrived {self.arrived()}",
            f"the modem heard {list(self.modem.heard)[-SHOWN:]}",
            f"the gateway {alive}, it told {list(self.told)}",
        ]
        if self.pid is not None:
            with suppress(ProcessLookupError):
                self.nursery.show_threads(self.pid)
        return "\n".join([*lines, self.nursery.errors()])

    def waiting(self) -> int:
        """How many texts are still to be sent, or how many people nobody was told about."""
        rows = self._rows("SELECT state FROM outbox")
        states = Counter(state for (state,) in rows)
        return states["PENDING"] + states["CLAIMED"] + states["UNKNOWN"] + self.untold()

    def untold(self) -> int:
        """How many people nobody was told about yet."""
        return self.people - len({to for _id, to, _body in self.decided()})

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
