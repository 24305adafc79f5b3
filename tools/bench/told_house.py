"""One resident's gateway, lived through: the real hub, decider, sender and log on a modem of ours.

Knows: how the gateway's parts are put together, who answers which text.
May not know: whether what was told is right (told_oracle.py).

Where the gateway looks again each minute, come what may, it does not here: every text has to come
by the deadlines that were reckoned, and days pass without a look at every minute of them.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from pathlib import Path
from unittest import mock

from gateway import roster as rosters
from gateway.app import loops, sender
from gateway.app.hub import Hub
from gateway.app.loops import Decider
from gateway.app.sender import Sender
from gateway.app.terms import terms_of
from gateway.channels.routes import Route, Router
from gateway.desk import Desk
from gateway.events import (
    Event,
    GatewayStarted,
    IncidentOpened,
    LinkUp,
    RosterSet,
    ScheduleOnBox,
    SlotId,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
)
from gateway.home import Home
from gateway.log import Log
from gateway.together import together
from gateway.units import DAY_MS, MIN_MS
from tools.bench.told_happened import Reply, Report, Says, Span, Story, Taken, Text
from tools.bench.told_life import Life, key
from tools.bench.told_loop import LoopClock, SkippingLoop, run
from tools.bench.told_modem import Told, ToldModem, read
from tools.bench.years import BOX

NEVER_MS = 10 * DAY_MS
ANSWERS = {"1": 12, "복용": 6, "": 82}  # to a worry, in a hundred


class House:
    """A life on a gateway. `live` gives the story with all texts."""

    def __init__(self, life: Life, path: Path | None, faults: dict[str, int], seed: int) -> None:
        """`path`: of the database; None = in memory, where it outlives the gateway."""
        self._life, self._path = life, path
        self._chance = random.Random(seed)
        self._faults = faults
        self._slots: dict[int, tuple[str, ...]] = {}  # of each text
        self._incidents: dict[int, SlotId | None] = {}
        self._later: set[asyncio.Task[None]] = set()
        self._keys = 0
        self._log: Log | None = None
        self.story = life.story

    def live(self, *, frozen: bool) -> Story:
        """The whole life; `frozen`: work takes no time."""
        loop = SkippingLoop(frozen=frozen)
        self._clock = LoopClock(loop, self._life.begins_ms)
        self._modem = ToldModem(self._clock, self._chance, self._faults, self._reported)
        self._modem.slow_s = self._life.slow_s if self._faults else 0.0
        with (
            mock.patch.object(loops, "LOOK_AGAIN_MS", NEVER_MS),
            mock.patch.object(sender, "LOOK_AGAIN_MS", NEVER_MS),
        ):
            run(loop, self._through())
        handed = zip(self._modem.handed, self._modem.text_ids, strict=True)
        self.story.texts = [self._about(text, text_id) for text, text_id in handed]
        self.story.modem_down += self._modem.hung
        return self.story

    def _about(self, text: Text, text_id: int) -> Text:
        return replace(text, slots=self._slots.get(text_id, ()))

    # --- the gateway ----------------------------------------------------------------------

    def _begin(self) -> list[asyncio.Task[None]]:
        """As gateway.app.app begins, without radio and page."""
        log = self._log = self._log or Log(self._path, "home", terms=terms_of)
        home = Home()
        for fact in log.facts():
            home.fold(fact)
        self._hub = Hub(log, home, Desk(lambda _only: {}), self._clock, self._heard)
        log.release_claims()
        now_ms = self._clock.now_ms()
        self._hub.record(GatewayStarted(now_ms, "bench"))
        if home.household.roster is None:
            made = self._life.schedule
            roster = RosterSet(now_ms, rosters.to_json(self._life.roster))
            on_box = ScheduleOnBox(now_ms, BOX, made.version, made.crc)
            self._hub.record(roster, replace(made, at_ms=now_ms), on_box, LinkUp(now_ms, BOX))
        router = Router([Route("modem", self._modem)], lambda _name, _why: None)
        parts = (Decider(self._hub).run(), Sender(self._hub, router).run())
        return [asyncio.ensure_future(together(*parts))]

    async def _end(self, work: list[asyncio.Task[None]]) -> None:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        if self._log is not None and self._path is not None:
            self._log.close()
            self._log = None

    async def _through(self) -> None:
        downs = sorted(self.story.gateway_down, key=lambda span: span.from_ms)
        work = self._begin()
        for known_ms, fact in [*self._life.facts, (self.story.until_ms, None)]:
            while downs and downs[0].from_ms <= known_ms:
                work = await self._away(downs.pop(0), work)
            await self._clock.until(known_ms)
            self._alive(work)
            if isinstance(fact, Event):
                self._hub.record(replace(fact, at_ms=max(fact.at_ms, self._clock.now_ms())))
        for task in self._later:
            task.cancel()
        await self._end(work)

    async def _away(self, span: Span, work: list[asyncio.Task[None]]) -> list[asyncio.Task[None]]:
        await self._clock.until(span.from_ms)
        self._alive(work)
        await self._end(work)
        await self._clock.until(span.until_ms)
        return self._begin()

    def _alive(self, work: list[asyncio.Task[None]]) -> None:
        for task in work:
            if task.done():
                task.result()
                raise RuntimeError("a loop of the gateway ended by itself")

    # --- what is heard of it, who answers ------------------------------------------------------

    def _heard(self, fact: Event) -> None:
        if isinstance(fact, IncidentOpened):
            self._incidents[fact.incident_id] = fact.slot
        elif isinstance(fact, TextDecided) and fact.incident_id is not None:
            label = read(fact.body)[3]
            slots = [self._incidents.get(i) for i in (fact.incident_id, *fact.also)]
            named = [s for s in slots if s is not None and label in (None, s.index)]
            self._slots[fact.text_id] = tuple(key(s.day, s.index) for s in named)

    def _do_later(self, after_s: float, fact: Told | TextReceived) -> None:
        async def later() -> None:
            await asyncio.sleep(after_s)
            now_ms = self._clock.now_ms()
            for span in self.story.gateway_down:
                if span.holds(now_ms):  # the modem keeps it
                    await self._clock.until(span.until_ms + 2_000)
            self._comes(fact)

        task = asyncio.ensure_future(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _reported(self, told: Told) -> None:
        self._do_later(told.after_s, told)

    def _comes(self, fact: Told | TextReceived) -> None:
        now_ms = self._clock.now_ms()
        if isinstance(fact, TextReceived):
            self._said(fact, now_ms)
            self._hub.receive(replace(fact, at_ms=now_ms))
            return
        self.story.reports.append(Report(fact.number, now_ms, fact.delivered))
        if not fact.delivered:
            self._hub.receive(TextFailed(now_ms, fact.text_id, "status 0x45", final=True))
            return
        self._hub.receive(TextDelivered(now_ms, fact.text_id))
        text = self._modem.handed[fact.number]
        if text.says in (Says.MISSED, Says.UNCONFIRMED, Says.DOUBTFUL, Says.HELP):
            self._answer(text)

    def _answer(self, text: Text) -> None:
        """Some people answer."""
        word = self._chance.choices(list(ANSWERS), list(ANSWERS.values()))[0]
        if text.says == Says.HELP:
            word = "완료"
        if word:
            self._keys += 1
            answered = self._modem.text_ids[text.number]
            received = TextReceived(answered, text.to, f"{text.incident} {word}", f"{self._keys}")
            self._do_later(self._chance.uniform(30, 1800), received)

    def _said(self, received: TextReceived, now_ms: int) -> None:
        """What an answer means: of a worry that is over, or that somebody has already, nothing."""
        slots = self._slots.get(received.at_ms, ())  # until it comes in, the text it answers
        if received.body.endswith("복용"):
            self.story.taken += [
                Taken(slot, now_ms, now_ms, by_word=True, by=received.sender) for slot in slots
            ]
        elif received.body.endswith("1"):
            others = [r for r in self.story.replies if set(r.slots) & set(slots)]
            if all(r.until_ms <= now_ms or r.by == received.sender for r in others):
                until_ms = now_ms + self._life.roster.policy.ack_min * MIN_MS
                self.story.replies.append(Reply(received.sender, now_ms, slots, until_ms))
