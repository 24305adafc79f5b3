"""Drawn days of calls in virtual time: the caller whole, over a line, a log and people of a test.

Knows: what may happen to a gateway that calls. May not know: what must hold.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gateway import roster as rosters
from gateway.app import caller as calling
from gateway.app import loops
from gateway.app import recorder as recording
from gateway.app.hub import Hub
from gateway.app.loops import Decider
from gateway.desk import Desk
from gateway.events import (
    CallsConsent,
    CallsPlanned,
    Event,
    GatewayStarted,
    HospitalLeft,
    NotMonitored,
    RosterSet,
    TellingPaused,
)
from gateway.home import Home
from gateway.log import LogUnavailable
from tests.gateway.call_house import Life, Voice, WeekLine
from tests.gateway.call_watch import DAYS, MIN, WEEKDAYS, ZONE, CallWatch, H
from tests.gateway.calls.called import watched


class Week(CallWatch):
    """The world: it draws what happens."""

    def start(self) -> None:
        """A process begins with what is on paper."""
        self.home = Home()
        for fact in self.paper.facts():
            self.home.fold(fact)
        self.life = Life(self.paper)
        desk = Desk(lambda _only: {}, know=lambda: (self.home, self.clock.now_ms()))
        self.hub = Hub(self.life, self.home, desk, self.clock, self.told)  # type: ignore[arg-type]
        self.line = WeekLine(self)
        voice: Any = Voice()
        kept: Any = self.kept
        recorder = recording.Recorder(self.hub, kept, voice, 30, lambda: "")
        phone = calling.Phone("sip", self.lines, self.line)
        self.caller = calling.Caller(self.hub, phone, voice, recorder)
        self.parts: list[Any] = [self.caller, recorder, Decider(self.hub)]
        self.hub.record(GatewayStarted(self.clock.now_ms(), "test"))

    async def enter(self, fact: Callable[[int], Event]) -> None:
        """Somebody enters it, again and again until it can be written."""
        while True:
            try:
                made = fact(self.clock.now_ms())
                self.hub.record(made)
            except LogUnavailable:
                await asyncio.sleep(1)
            else:
                return

    async def live(self) -> None:
        """All the days."""
        day = self.loop.time() + (DAYS - 1) * 86_400 + 18 * H
        self.start()
        roster = replace(watched(*self.people), time_zone=ZONE.key)
        self.hub.record(RosterSet(self.clock.now_ms(), rosters.to_json(roster)))
        for person_id in self.people:
            self.replan(person_id, "wellbeing")
            if self.draw.random() < 0.3:
                self.replan(person_id, "voice_message")
        tasks = self.run_parts()
        happens = asyncio.ensure_future(self.happen(day))
        while not happens.done():
            killed = asyncio.ensure_future(self.kill.wait())
            await asyncio.wait([killed, happens, *tasks], return_when=asyncio.FIRST_COMPLETED)
            killed.cancel()
            for part in tasks:
                if part.done() and not self.life.dead:
                    self.wrong.append(f"a loop ended: {part}")
                    happens.cancel()
            if self.kill.is_set():
                self.kill.clear()
                await self.bury(tasks)
                self.start()
                tasks = self.run_parts()
        await asyncio.sleep(120)
        await asyncio.gather(happens, return_exceptions=False)
        self.life.dead = True
        await self.bury(tasks)

    def run_parts(self) -> list[asyncio.Task[None]]:
        """Its loops."""
        return [asyncio.ensure_future(part.run()) for part in self.parts]

    async def bury(self, tasks: list[asyncio.Task[None]]) -> None:
        """Nothing of it is left; it is dead for a while."""
        for part in tasks:
            part.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.ringing.clear()
        self.open.clear()
        self.trapped = None
        begins_ms = self.clock.now_ms()
        await asyncio.sleep(self.draw.choice((1, 20, 200, 4000)))
        while self.paper.full:  # noqa: ASYNC110 - nobody would wake it
            await asyncio.sleep(1)
        self.stuck.append((begins_ms, self.clock.now_ms()))

    def replan(self, person_id: str, call: str) -> None:
        """Another plan, or the first."""
        draw = self.draw
        begins = draw.choice((7 * 60, 9 * 60, 10 * 60, 10 * 60 + 30, 13 * 60))
        ends = begins + draw.choice((30, 60, 120, 180))
        plan = {
            "weekdays": draw.choice((list(WEEKDAYS), ["sat", "mon"], ["sun"])),
            "from": f"{begins // 60:02}:{begins % 60:02}",
            "until": f"{ends // 60:02}:{ends % 60:02}",
            "number": f"+8210000000{draw.randint(0, 7):02}", "language": draw.choice(("ko", "en")),
        }  # fmt: skip
        self.commit_plan(person_id, call, plan)

    def commit_plan(self, person_id: str, call: str, plan: Any) -> None:  # noqa: ANN401
        """Written, and known here."""
        now_ms = self.clock.now_ms()
        self.hub.record(CallsPlanned(now_ms, person_id, call, plan, "a"))
        self.plans.setdefault((person_id, call), []).append((now_ms, plan))

    async def happen(self, until_s: float) -> None:
        """Things happen."""
        draw = self.draw
        while self.loop.time() < until_s:
            await asyncio.sleep(draw.expovariate(1 / (25 * MIN)))
            if not self.life.dead:
                with contextlib.suppress(LogUnavailable):
                    await self.one_thing()

    async def one_thing(self) -> None:
        """One of them."""
        draw = self.draw
        people = ["replan", "withdraw", "pause", "back", "away", "home", "consent", "refuse"]
        machines = ["line", "line", "full", "kill", "kill", "trap", "trap", "trap"]
        machines += ["jump"] if self.jumps else []
        thing = draw.choice([*people, "hospital", *machines])
        if thing in machines:
            await self.of_machines(thing)
        else:
            self.of_people(thing, draw.choice(self.people))

    def of_people(self, thing: str, person: str) -> None:  # noqa: C901 - a list of things
        """Somebody enters something about somebody."""
        draw, now_ms = self.draw, self.clock.now_ms()
        today = datetime.fromtimestamp(now_ms / 1000, ZONE).date()
        match thing:
            case "replan":
                self.replan(person, draw.choice(("wellbeing", "wellbeing", "voice_message")))
            case "withdraw":
                if draw.random() < 0.4:
                    self.commit_plan(person, "wellbeing", None)
            case "pause":
                until_ms = now_ms + draw.choice((5, 30, 120)) * 60_000
                self.hub.record(TellingPaused(now_ms, person, until_ms, "a", "visit"))
                self.paused[person] = until_ms
            case "back":
                self.hub.record(TellingPaused(now_ms, person, now_ms, "a", "visit"))
                self.paused[person] = now_ms
            case "away":
                a = (today + timedelta(days=draw.randint(0, 1))).isoformat()
                self.hub.record(NotMonitored(now_ms, person, a, a, "travel", "a"))
                self.away.setdefault(person, set()).add(a)
            case "home":
                for a in [a for a in self.away.get(person, ()) if a >= today.isoformat()]:
                    gone = (date.fromisoformat(a) - timedelta(days=1)).isoformat()
                    self.hub.record(NotMonitored(now_ms, person, a, gone, "travel", "a"))
                    self.away[person].discard(a)
            case "consent" | "refuse":
                given = thing == "consent"
                self.hub.record(CallsConsent(now_ms, person, given=given, by="a"))
            case "hospital":
                days = tuple((today + timedelta(days=n)).isoformat() for n in range(3))
                self.hub.record(
                    HospitalLeft(
                        now_ms, person, today.isoformat(), days[2], "risk", None,
                        visits=(), calls=days, prescription=False, by="a",
                    )
                )  # fmt: skip

    async def of_machines(self, thing: str) -> None:
        """A line, a disk, a process or a clock."""
        draw, now_ms = self.draw, self.clock.now_ms()
        match thing:
            case "line":
                line, caller = self.line, self.caller
                line.down = "no network"
                caller.line_changed("no network")
                await asyncio.sleep(draw.choice((1, 60, 700)))
                line.down = ""
                caller.line_changed("")
            case "full":
                self.paper.full = True
                await asyncio.sleep(draw.choice((1, 60, 900)))
                self.paper.full = False
                self.stuck.append((now_ms, self.clock.now_ms()))
            case "kill":
                self.life.dead = True
                self.kill.set()
            case "trap":
                self.trapped = draw.choice(("dial", "ringing", "play", "heard", "hang_up"))
            case "jump":
                self.clock.ahead_ms += draw.choice((-3600, -90, 90, 3600)) * 1000


def lived(seed: int, *, jumps: bool = False, look_again_ms: int = 86_400_000) -> Week:
    """A week that was drawn and lived through.

    Where the clock is not set nobody has to look at it: who does not wake in time is found.
    """

    async def at_once(work: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
        await asyncio.sleep(0.2)
        return work(*args)

    week = Week(seed, jumps=jumps)
    asyncio.set_event_loop(week.loop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "to_thread", at_once)
        patch.setattr(calling, "LOOK_AGAIN_MS", 60_000 if jumps else look_again_ms)
        patch.setattr(loops, "LOOK_AGAIN_MS", 300_000 if jumps else 3_600_000)
        try:
            week.loop.run_until_complete(week.live())
            week.at_the_end()
        finally:
            asyncio.set_event_loop(None)
            week.loop.close()
    return week
