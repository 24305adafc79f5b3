"""A thousand deadlines at one instant, and looks at which nothing is due.

Knows: one gateway for many residents, many homes on one clock.
May not know: whether what was told is right.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.app import loops, sender
from gateway.app.hub import Hub
from gateway.app.terms import terms_of
from gateway.channels.routes import Route, Router
from gateway.desk import Desk
from gateway.events import (
    Event,
    GatewayStarted,
    LinkUp,
    RosterSet,
    ScheduleMade,
    ScheduleOnBox,
    TextDecided,
)
from gateway.home import Home
from gateway.log import Log
from gateway.roster import Device, Guardian, Person, Roster
from gateway.ticking import Ticking
from gateway.together import together
from gateway.units import MIN_MS
from tools.bench import told_life
from tools.bench.percentile import percentile
from tools.bench.told_happened import Says
from tools.bench.told_loop import LoopClock, SkippingLoop, run
from tools.bench.told_modem import ToldModem
from tools.bench.years import BOX, PERSON, midnight_ms

QUIET_MS = midnight_ms(0) + 8 * 60 * MIN_MS  # breakfast's windows are open, nothing comes due
DEADLINE_MS = midnight_ms(0) + (8 * 60 + 35) * MIN_MS  # they ended, the grace is over too
SLOW_S = 3.0  # what a real modem takes for a text
LOOKS = 300


def _street(residents: int) -> tuple[Roster, list[ScheduleMade]]:
    """One gateway for so many residents, each with a box and a daughter."""
    one = told_life.Draw(1, trouble=False).life
    names = [f"{PERSON}{n:05}" for n in range(residents)]
    boxes = [f"AB-{n:06}" for n in range(residents)]
    people = [
        Guardian(f"d{n}", name, "이지은", f"+8210{n:08}", "ko", 0) for n, name in enumerate(names)
    ]
    roster = replace(
        one.roster,
        persons=tuple(Person(name, "김순자") for name in names),
        devices=tuple(Device(b, rosters.PILLBOX, n) for b, n in zip(boxes, names, strict=True)),
        guardians=tuple(people),
        regimens=tuple(replace(one.roster.regimens[0], person_id=name) for name in names),
    )
    made = [_whose(one.schedule, n, b) for n, b in zip(names, boxes, strict=True)]
    return roster, made


def _whose(made: ScheduleMade, name: str, box: str) -> ScheduleMade:
    slots = tuple(replace(s, slot=replace(s.slot, person_id=name)) for s in made.slots[:4])
    return replace(made, device_id=box, slots=slots)


def _begins(roster: Roster, schedules: list[ScheduleMade], at_ms: int) -> list[Event]:
    facts: list[Event] = [
        GatewayStarted(at_ms, "bench"),
        RosterSet(at_ms, rosters.to_json(roster)),
    ]
    for made in schedules:
        box = made.device_id
        facts += [
            replace(made, at_ms=at_ms),
            ScheduleOnBox(at_ms, box, made.version, made.crc),
            LinkUp(at_ms, box),
        ]
    return facts


# --- at one instant ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Rush:
    """One run: what is committed when, and what the modem got."""

    residents: int
    path: Path

    def decided(self) -> dict[str, Any]:
        """Real seconds from the deadline to the committed outbox rows."""
        loop = SkippingLoop(frozen=False)
        waits: list[float] = []
        clock = LoopClock(loop, QUIET_MS)

        def told(fact: Event) -> None:
            if isinstance(fact, TextDecided):
                waits.append(clock.exactly_ms() - DEADLINE_MS)

        hub = self._hub(clock, told)
        run(loop, self._decide(hub, clock))
        return {
            "deadlines": self.residents,
            "texts_committed": len(waits),
            "p50_ms": round(percentile(waits, 50), 1),
            "p99_ms": round(percentile(waits, 99), 1),
            "last_ms": round(max(waits), 1),
        }

    def overtaken(self) -> int:
        """How many texts go before a call for help that comes while all the others wait."""
        loop = SkippingLoop(frozen=True)
        clock = LoopClock(loop, QUIET_MS)
        modem = ToldModem(clock, random.Random(1), {}, lambda _told: None)
        modem.slow_s = SLOW_S
        called_ms = DEADLINE_MS + 10_000
        run(loop, self._send(self._hub(clock, lambda _fact: None), clock, modem, called_ms))
        after = [text.says for text in modem.handed if text.at_ms > called_ms]
        return after.index(Says.HELP) if Says.HELP in after else len(after)

    def _hub(self, clock: LoopClock, tell: Any) -> Hub:  # noqa: ANN401 - the hub's own callable
        log = Log(self.path, "home", terms=terms_of)
        hub = Hub(log, Home(), Desk(lambda _only: {}), clock, tell)
        hub.record(*_begins(*_street(self.residents), QUIET_MS))
        return hub

    async def _decide(self, hub: Hub, clock: LoopClock) -> None:
        decider = asyncio.ensure_future(loops.Decider(hub).run())
        await self._until(clock, DEADLINE_MS + 1000, decider)
        hub.log.close()

    async def _send(self, hub: Hub, clock: LoopClock, modem: ToldModem, called_ms: int) -> None:
        router = Router([Route("modem", modem)], lambda _name, _why: None)
        work = together(loops.Decider(hub).run(), sender.Sender(hub, router).run())
        task = asyncio.ensure_future(work)
        await clock.until(called_ms)
        device = hub.home.household.roster.devices[-1] if hub.home.household.roster else None
        pressed = told_life.record(None, wire.HELP_PRESSED, 0, called_ms, called_ms, 1)
        hub.record(replace(pressed, device_id=device.id if device else BOX))
        await self._until(clock, called_ms + 30_000, task)
        hub.log.close()

    async def _until(self, clock: LoopClock, at_ms: int, work: asyncio.Task[None]) -> None:
        await clock.until(at_ms)
        if work.done():
            work.result()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def rush(residents: int, folder: Path) -> dict[str, Any]:
    """So many deadlines at one instant, then a call for help behind as many texts."""
    report = _Rush(residents, folder / "rush.db").decided()
    few = min(residents, 100)  # what waits behind is the same, and the looks are not timed
    report["texts_before_help"] = _Rush(few, folder / "help.db").overtaken()
    return report


# --- nothing is due ---------------------------------------------------------------------------


def idle(expectations: list[int]) -> list[dict[str, Any]]:
    """A look at which nothing is due, by how many doses are open or ahead; the best of several."""
    life = told_life.Draw(1, trouble=False).life
    facts = _begins(life.roster, [life.schedule], QUIET_MS)
    found = []
    for wanted in expectations:
        ticking: Ticking[Home] = Ticking()
        residents = -(-wanted // len(life.schedule.slots))
        for n in range(residents):
            home = Home()
            for fact in facts:
                home.fold(fact)
            ticking.add(str(n), home)
        while ticking.decide(QUIET_MS):
            raise RuntimeError("the bench's own hour is not a quiet one")
        found.append({"expectations": wanted, "idle_look_ms": round(_idle_ms(ticking), 5)})
    return found


def _idle_ms(ticking: Ticking[Home]) -> float:
    gc.collect()
    gc.freeze()
    best = 1e9
    for turn in range(10):
        began = time.process_time()
        for n in range(LOOKS):
            ticking.decide(QUIET_MS + turn * LOOKS + n)
        best = min(best, time.process_time() - began)
    gc.unfreeze()
    return 1e3 * best / LOOKS
