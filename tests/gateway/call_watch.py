"""What must hold of calls whatever happens, by what the telephone saw and what stands on paper.

Knows: the issue's words about both. May not know: what the gateway believes, what happens.
"""

from __future__ import annotations

import asyncio
import random
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gateway.calls.believed import key_of
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    Event,
    GatewayStarted,
    IncidentOpened,
    RecordingKept,
)
from gateway.home import Home
from tests.gateway.call_house import Clock, HerCall, Kept, Paper, VirtualLoop

ZONE = ZoneInfo("Europe/Berlin")  # summer time begins on 2026-03-29
FIRST, DAYS = date(2026, 3, 28), 3
IN_VAIN = {"busy", "no_answer", "voicemail", "refused", "hung_up"}
REACHED = {"answered", "partly"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
S, MIN, H = 1.0, 60.0, 3600.0


class CallWatch:
    """It watches, and knows what must hold."""

    home: Home  # of the process that lives
    life: Any

    def __init__(self, seed: int, *, jumps: bool = True) -> None:
        self.draw = random.Random(seed)
        self.jumps = jumps
        self.loop = VirtualLoop()
        begins = datetime(FIRST.year, FIRST.month, FIRST.day, 6, tzinfo=ZONE)
        self.clock = Clock(self.loop, int(begins.timestamp() * 1000))
        self.paper, self.wrong = Paper(), list[str]()
        self.ringing: dict[str, CallBegun] = {}
        self.open: dict[int, tuple[HerCall, str]] = {}
        self.numbers: dict[int, str] = {}  # by call
        self.recorded: dict[int, bool] = {}
        self.likes: dict[int, str] = {}
        self.calls: dict[int, HerCall] = {}
        self.promised: set[int] = set()
        self.lines = self.draw.randint(1, 3)
        self.people = [f"p{n}" for n in range(self.draw.randint(1, 6))]
        self.plans: dict[tuple[str, str], list[tuple[int, Any]]] = {}
        self.away: dict[str, set[str]] = {}  # days
        self.paused: dict[str, int] = {}
        self.trapped: str | None = None
        self.kill = asyncio.Event()
        self.kept = Kept()
        self.stuck: list[tuple[int, int]] = []  # when nothing could be written, or was dead
        self.dials: list[tuple[int, str]] = []

    def check(self, holds: bool, what: str) -> None:
        """Something that must hold."""
        if not holds:
            now = datetime.fromtimestamp(self.clock.now_ms() / 1000, ZONE)
            self.wrong.append(f"{now:%d %H:%M:%S} {what}")

    async def trap(self, where: str) -> None:
        """Here the gateway may be killed."""
        if self.trapped == where:
            self.trapped = None
            self.life.dead = True
            self.kill.set()
            await asyncio.Event().wait()

    # --- what the telephone and the paper say -------------------------------------------------

    def answers_of(self, begun: CallBegun | None) -> int:
        """How many answers by a key stand on paper."""
        return sum(
            isinstance(f, CallAnswered) and bool(f.digit) and begun is not None
            and f.call_id == begun.call_id
            for f in self.paper.facts()
        )  # fmt: skip

    def kept_of(self, begun: CallBegun | None) -> set[str]:
        """The questions that she answered in calls of the same day before."""
        if begun is None:
            return set()
        of = {
            f.call_id for f in self.paper.facts()
            if isinstance(f, CallBegun) and task(f) == task(begun) and f.call_id != begun.call_id
        }  # fmt: skip
        return {
            f.question for f in self.paper.facts()
            if isinstance(f, CallAnswered) and f.digit and f.call_id in of
        }  # fmt: skip

    def rings(self, number: str, record: bool) -> CallBegun | None:
        """It is dialled: what must hold then."""
        now_ms = self.clock.now_ms()
        self.dials.append((now_ms, number))
        self.check(number not in self.ringing, "two calls to one number")
        self.check(number not in {n for _c, n in self.open.values()}, "two calls to one number")
        up: dict[int, CallBegun] = {}
        reached: set[Any] = set()
        for fact in self.paper.facts():
            if isinstance(fact, GatewayStarted):
                up.clear()
            elif isinstance(fact, CallBegun):
                up[fact.call_id] = fact
            elif isinstance(fact, CallEnded) and fact.call_id in up:
                of = up.pop(fact.call_id)
                if fact.outcome in REACHED:
                    reached.add(task(of))
        self.check(len(up) <= self.lines, "more calls than lines")
        mine = [of for of in up.values() if self.numbers.get(of.call_id) == number]
        self.check(len(mine) == 1, f"{len(mine)} calls to it were written down")
        if not mine:
            return None
        begun = mine[0]
        self.check(task(begun) not in reached, "called though she answered")
        self.recorded[begun.call_id] = record
        self.check(not record or self.consents(begun.person_id), "recorded without consent")
        self.ringing[number] = begun
        return begun

    def begins(self, begun: CallBegun) -> None:
        """It is written down that she is to be called: her plan, her hours, nobody away."""
        now_ms = begun.at_ms
        plan = self.plan(begun.person_id, begun.call)
        self.check(plan is not None, "called without a plan")
        if plan is None:
            return
        self.numbers[begun.call_id] = plan["number"]
        day = datetime.fromtimestamp(now_ms / 1000, ZONE).date()
        a, b = hours(plan, day)
        self.check(a <= now_ms < b and begun.day == day.isoformat(), "outside her hours")
        hers = WEEKDAYS[day.weekday()] in plan["weekdays"]
        self.check(hers or begun.call == "wellbeing", "not her day")
        self.check(not self.is_away(begun.person_id, now_ms), "called while away")
        vain = self.in_vain().get(task(begun), 0)
        self.check(vain < 3 and begun.attempt == vain + 1, f"attempt {begun.attempt} after {vain}")

    def plan(self, person_id: str, call: str) -> Any:  # noqa: ANN401
        """As it stands."""
        known = self.plans.get((person_id, call), [])
        return known[-1][1] if known else None

    def is_away(self, person_id: str, now_ms: int) -> bool:
        """By what was entered."""
        day = datetime.fromtimestamp(now_ms / 1000, ZONE).date().isoformat()
        return day in self.away.get(person_id, set()) or self.paused.get(person_id, 0) > now_ms

    def consents(self, person_id: str) -> bool:
        """By the paper."""
        of = [
            f
            for f in self.paper.facts()
            if isinstance(f, CallsConsent) and f.person_id == person_id
        ]
        return bool(of) and of[-1].given

    def in_vain(self) -> dict[Any, int]:
        """How often each day's call was in vain."""
        up: dict[int, CallBegun] = {}
        vain: dict[Any, int] = {}
        for fact in self.paper.facts():
            if isinstance(fact, GatewayStarted):
                up.clear()
            elif isinstance(fact, CallBegun):
                up[fact.call_id] = fact
            elif isinstance(fact, CallEnded) and fact.call_id in up:
                of = task(up.pop(fact.call_id))
                vain[of] = vain.get(of, 0) + (fact.outcome in IN_VAIN)
        return vain

    def hung_up(self, call: HerCall) -> None:
        """The line is free."""
        _call, number = self.open.pop(id(call), (call, ""))
        self.ringing.pop(number, None)
        if call.begun is not None:
            self.calls[call.begun.call_id] = call

    def told(self, fact: Event) -> None:
        """A fact was written."""
        if isinstance(fact, CallBegun):
            self.begins(fact)
        elif isinstance(fact, CallEnded):
            call = self.calls.get(fact.call_id)
            reached = call is not None and bool(call.digits)
            self.check(reached or fact.outcome not in REACHED, "a voicemail answered")
        elif isinstance(fact, RecordingKept):
            self.check(self.recorded.get(fact.call_id, False), "kept without consent at begin")
            self.check(self.consents(fact.person_id), "kept without consent at its end")

    # --- at the end ---------------------------------------------------------------------------

    def at_the_end(self) -> None:
        """What must stand on paper when all is over."""
        facts = self.paper.facts()
        opened = [f.key for f in facts if isinstance(f, IncidentOpened)]
        for of, vain in self.in_vain().items():
            self.check(vain <= 3, f"{vain} attempts: {of}")
            if vain == 3:
                self.check(key_of(of) in opened, f"three in vain, nobody told: {of}")
        for call_id in self.promised:
            self.check(f"call_worry/{call_id}" in opened, f"promised, nobody told: {call_id}")
        for answer in facts:
            if isinstance(answer, CallAnswered) and answer.answer in ("help", "pain", "worry"):
                key = f"call_worry/{answer.call_id}"
                self.check(opened.count(key) == 1, f"told {opened.count(key)} times: {key}")
        for key in set(opened):
            self.check(opened.count(key) == 1 or not key.startswith("call"), f"told twice: {key}")
        again = Home()
        for fact in facts:
            again.fold(fact)
        self.check(again.household.calls == self.home.household.calls, "replay is not live")
        known = {str(f.call_id) for f in facts if isinstance(f, RecordingKept)} & self.kept.files
        self.check(known == self.kept.files, "a recording of which no fact tells")
        self.nobody_forgotten(facts, opened)

    def nobody_forgotten(self, facts: list[Event], opened: list[str]) -> None:
        """Whose plan stood all day and who was not away: reached, told of, or not made: told."""
        if self.jumps:
            return
        reached, tried = set(), {of for of, vain in self.in_vain().items() if vain}
        begun = {f.call_id: f for f in facts if isinstance(f, CallBegun)}
        for fact in facts:
            if isinstance(fact, CallEnded) and fact.outcome in REACHED:
                reached.add(task(begun[fact.call_id]))
            if isinstance(fact, CallAnswered) and fact.answer in ("help", "pain", "worry", "well"):
                reached.add(task(begun[fact.call_id]))
            if isinstance(fact, CallAnswered) and fact.question == "worry" and fact.digit:
                reached.add(task(begun[fact.call_id]))
        restless = {*self.paused, *self.away}
        for (person, call), plans in self.plans.items():
            for n in range(DAYS):
                day = FIRST + timedelta(days=n)
                noon = [plan for ms, plan in plans if ms < hours_ms(day, "06:30")]
                later = [ms for ms, _p in plans if ms >= hours_ms(day, "06:30")]
                plan = noon[-1] if noon else None
                if plan is None or later or person in restless:
                    continue
                if WEEKDAYS[day.weekday()] not in plan["weekdays"]:
                    continue
                of = (person, call, day.isoformat())
                told = key_of(of) in opened or f"route/calls/{day}" in opened
                self.check(of in reached or told, f"forgotten: {of} {of in tried}")


def task(begun: CallBegun) -> tuple[str, str, str]:
    """Which call of which day."""
    return begun.person_id, begun.call, begun.day


def hours_ms(day: date, clock: str) -> int:
    """UTC ms."""
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).timestamp() * 1000)


def hours(plan: Any, day: date) -> tuple[int, int]:  # noqa: ANN401
    """Of a plan on a day."""
    return hours_ms(day, plan["from"]), hours_ms(day, plan["until"])
