"""From the outbox to the routes: what becomes of a try, who goes first, what is never lost."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, ParamSpec

import pytest

from gateway.app.hub import Hub
from gateway.app.sender import Sender, too_late, tried
from gateway.app.terms import terms_of
from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from gateway.channels.routes import Carried, Route, Router
from gateway.desk import Desk
from gateway.events import (
    CareEnded,
    Event,
    TextClaimed,
    TextDecided,
    TextFailed,
    TextSubmitted,
    TextUnreported,
)
from gateway.home import Home
from gateway.incidents.purposes import INVITATION
from gateway.log import EXPIRED, LOST_ANSWER, Claim, Log, LogUnavailable
from gateway.log.outbox import State
from tests.gateway.home_facts import DAUGHTER, NEIGHBOUR, at
from tests.gateway.test_app import HouseClock, until

P = ParamSpec("P")
NOW = at("19:00")
CLAIM = Claim(1, DAUGHTER, "b", 0, False, False, 0, 0, "modem", None, 60)
SENT = Submitted((3,), 5)


def in_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run an async test in a loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


@pytest.mark.parametrize(
    ("outcome", "repeat", "expected"),
    [
        (SENT, False, TextSubmitted(9, 1, (3,), 5, False, "http", "", "modem: x")),
        (SENT, True, TextSubmitted(9, 1, (3,), 5, True, "http", "", "modem: x")),
        (TryLater("busy"), False, TextFailed(9, 1, "busy", final=False, route="http")),
        (Refused("barred"), False, TextFailed(9, 1, "barred", final=True, route="http")),
        (Unsure("cut"), False, TextFailed(9, 1, f"{LOST_ANSWER}: cut", False, "http")),
        (Unsure("cut"), True, TextFailed(9, 1, f"{LOST_ANSWER}: cut", True, "http")),
    ],
)
def test_what_became_of_a_try(outcome: Outcome, repeat: bool, expected: Event) -> None:
    """Each outcome is one fact with its route; a lost answer to a repeat is the last."""
    claim = Claim(1, DAUGHTER, "b", 0, repeat, False, 0, 0, "modem", None, 60)
    assert tried(Carried(outcome, "http", "modem: x"), claim, 9) == expected


def test_too_late_is_said_as_such() -> None:
    """A text that is not worth sending any more is expired, for good."""
    fact = too_late(CLAIM, 9)
    assert fact.final
    assert fact.why.startswith(EXPIRED)


@dataclass
class Fake:
    """A channel: what it was given, what it answers, a gate to hold it."""

    bodies: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, text: Text) -> Outcome:
        self.bodies.append(text.body)
        await self.gate.wait()
        return self.outcomes.pop(0) if self.outcomes else SENT


class House:
    """A hub on a log in memory, two routes, a sender; `talk`: before them one for some texts."""

    def __init__(self, *, talk: bool = False) -> None:
        self.told: list[Event] = []
        self.clock = HouseClock(NOW)
        self.log = Log(None, "home-1", terms=terms_of)
        desk = Desk(lambda _only: {})
        self.hub = Hub(self.log, Home(), desk, self.clock, self.told.append)
        self.modem, self.http = Fake(), Fake()
        self.http.gate.set()
        self.closed: str | None = None
        self.talk = Fake()
        routes = [Route("modem", self.modem, lambda: self.closed), Route("http", self.http)]
        if talk:
            doses = Route("kakao", self.talk, takes=lambda text: text.template == "dose_missed")
            routes = [doses, *routes]
        self.router = Router(routes, lambda _name, _why: None)

    def decide(self, text_id: int, purpose: str = "dose_missed", to: str = "") -> None:
        number = to or f"+8210000000{text_id:02d}"
        fact = TextDecided(
            NOW, text_id, None, "g", number, purpose, f"[안부 1] {text_id}", "r", 0, NOW
        )
        self.hub.record(fact)

    def facts(self, kind: type[Event]) -> list[Any]:
        return [fact for fact in self.told if isinstance(fact, kind)]

    @contextlib.asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        work = asyncio.create_task(Sender(self.hub, self.router).run())
        try:
            yield
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


@in_loop
async def test_a_name_that_looks_like_an_invitation_is_a_name() -> None:
    """Whoever is called "/join/(7)" gets no code of opening 7 by the texts about her."""
    house, drawn = House(), list[int]()
    house.modem.gate.set()

    def draw(opening: int) -> str:
        drawn.append(opening)
        return "abcdefghjk"

    for number, purpose in ((1, "dose_missed"), (2, INVITATION)):
        body = "[안부 1] /join/(7) 님"
        fact = TextDecided(NOW, number, None, "g", f"+8210{number:08}", purpose, body, "r", 0, NOW)
        house.hub.record(fact)
    work = asyncio.create_task(Sender(house.hub, house.router, draw).run())
    await until(lambda: len(house.modem.bodies) + len(house.http.bodies) == 2)
    work.cancel()
    assert drawn == [7]
    sent = sorted([*house.modem.bodies, *house.http.bodies])
    assert sent == ["[안부 1] /join/(7) 님", "[안부 1] /join/abcdefghjk 님"]


@in_loop
async def test_what_still_waits_when_her_care_has_ended_is_not_sent() -> None:
    """One is on its way, one waits behind it: by then nobody is told of her, by whatever way."""
    house = House()
    async with house.sending():
        house.decide(1)
        await until(lambda: len(house.modem.bodies) == 1)
        house.decide(2)
        house.hub.record(CareEnded(NOW, "p", "김", "", "died", "2026-03-02", ("g",), (), "최"))
        house.modem.gate.set()
        await until(lambda: house.facts(TextFailed))
    assert [(fact.text_id, fact.final) for fact in house.facts(TextFailed)] == [(2, True)]
    assert [*house.modem.bodies, *house.http.bodies] == ["[안부 1] 1"]


@in_loop
async def test_help_overtakes_and_takes_the_free_route() -> None:
    """The modem is busy: other texts wait for it, a call for help goes by the provider at once."""
    house = House()
    house.decide(1)
    async with house.sending():
        await until(lambda: len(house.modem.bodies) == 1)
        house.decide(2)
        house.decide(3, "help_pressed")
        await until(lambda: len(house.http.bodies) == 1)
        assert house.http.bodies == ["[안부 1] 3"]
        assert house.log.state_of(2) is State.PENDING
        house.modem.gate.set()
        await until(lambda: house.log.state_of(2) is State.SUBMITTED)
    assert house.modem.bodies == ["[안부 1] 1", "[안부 1] 2"]


@in_loop
async def test_a_way_for_some_texts_that_is_free_holds_back_no_call_for_help() -> None:
    """KakaoTalk first and free, the modem busy: others wait in the outbox, help does not.

    A text that KakaoTalk does not carry takes no hands while it waits for the modem, and is said
    to go by no other way than it goes.
    """
    house = House(talk=True)
    house.talk.gate.set()
    async with house.sending():
        house.decide(1, "device_unseen")
        await until(lambda: len(house.modem.bodies) == 1)
        for text_id in (2, 3, 4):
            house.decide(text_id, "device_unseen")
        house.decide(5)
        await until(lambda: len(house.talk.bodies) == 1)
        house.decide(6, "help_pressed")
        await until(lambda: len(house.http.bodies) == 1)
        assert house.http.bodies == ["[안부 1] 6"]
        assert [house.log.state_of(n) for n in (2, 3, 4)] == [State.PENDING] * 3
        house.modem.gate.set()
        await until(lambda: house.log.state_of(4) is State.SUBMITTED)
    assert house.talk.bodies == ["[안부 1] 5"]
    claimed = {fact.text_id: fact.route for fact in house.facts(TextClaimed)}
    assert claimed == {fact.text_id: fact.route for fact in house.facts(TextSubmitted)}


@in_loop
async def test_what_only_the_modem_carries_waits_for_it_untried() -> None:
    """The modem is away, KakaoTalk is not: a call for help is not failed over and over."""
    house = House(talk=True)
    house.router = Router(list(house.router._routes.values())[:2], lambda _name, _why: None)
    house.closed = "the modem is being set up"
    house.modem.gate.set()
    house.talk.gate.set()
    async with house.sending():
        house.decide(1, "help_pressed")
        house.decide(2)
        await until(lambda: house.log.state_of(2) is State.SUBMITTED)
        assert not house.facts(TextFailed)
        house.closed = None
        house.hub.mail.set()
        await until(lambda: house.log.state_of(1) is State.SUBMITTED)
    assert (house.talk.bodies, house.modem.bodies) == (["[안부 1] 2"], ["[안부 1] 1"])


@in_loop
async def test_a_modem_that_is_away_holds_nothing_back() -> None:
    """Closed: the provider carries it, the fact says by which route; open again: the modem."""
    house = House()
    house.modem.gate.set()
    house.closed = "the modem is being set up"
    async with house.sending():
        house.decide(1)
        await until(lambda: house.log.state_of(1) is State.SUBMITTED)
        house.closed = None
        house.decide(2)
        await until(lambda: house.log.state_of(2) is State.SUBMITTED)
    assert [fact.route for fact in house.facts(TextSubmitted)] == ["http", "modem"]


@in_loop
async def test_the_marked_repeat_goes_the_other_way() -> None:
    """An answer is lost on the modem: one text by the provider, marked, and no third."""
    house = House()
    house.modem.gate.set()
    house.modem.outcomes = [Unsure("no answer")]
    async with house.sending():
        house.decide(1)
        await until(lambda: house.facts(TextFailed))
        house.clock.set(NOW + 10_000)
        house.hub.mail.set()
        await until(lambda: house.log.state_of(1) is State.SUBMITTED)
    assert house.modem.bodies == ["[안부 1] 1"]
    assert house.http.bodies == ["[안부 1 재] 1"]
    (fact,) = house.facts(TextSubmitted)
    assert (fact.route, fact.marked_repeat) == ("http", True)


@in_loop
async def test_a_full_disk_after_sending_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is out and the log takes nothing: it is noted as soon as that works, sent once."""
    monkeypatch.setattr("gateway.app.sender.AFTER_TROUBLE_S", 0.01)
    house = House()
    append, failures = house.log.append, [0]

    def full(facts: list[Event]) -> list[Event]:
        if any(isinstance(f, TextSubmitted) for f in facts) and failures[0] < 3:
            failures[0] += 1
            raise LogUnavailable("database or disk is full")
        return append(facts)

    monkeypatch.setattr(house.log, "append", full)
    house.modem.gate.set()
    async with house.sending():
        house.decide(1)
        await until(lambda: house.log.state_of(1) is State.SUBMITTED)
    assert (failures[0], house.modem.bodies) == (3, ["[안부 1] 1"])


@in_loop
async def test_what_is_too_late_is_said_and_not_sent() -> None:
    """No route for a day: the text is expired, nobody gets it, the next one goes."""
    house = House()
    house.modem.gate.set()
    house.decide(1)
    house.clock.set(NOW + 25 * 3_600_000)
    async with house.sending():
        await until(lambda: house.log.state_of(1) is State.EXPIRED)
    assert house.modem.bodies == []


@in_loop
async def test_a_missing_report_is_a_fact() -> None:
    """Taken, and five minutes later no report: that is said once, so that the next is told."""
    house = House()
    house.modem.gate.set()
    async with house.sending():
        house.decide(1)
        await until(lambda: house.log.state_of(1) is State.SUBMITTED)
        house.clock.set(NOW + 5 * 60_000 + 1000)
        house.hub.mail.set()
        await until(lambda: house.facts(TextUnreported))
        house.hub.mail.set()
        await asyncio.sleep(0.05)
    assert len(house.facts(TextUnreported)) == 1


@in_loop
async def test_two_texts_to_one_number_keep_their_order() -> None:
    """A correction waits for the text it corrects, also where another route is free."""
    house = House()
    async with house.sending():
        house.decide(1, to=NEIGHBOUR)
        await until(lambda: len(house.modem.bodies) == 1)
        house.decide(2, "correction", to=NEIGHBOUR)
        await asyncio.sleep(0.05)
        assert house.log.state_of(2) is State.PENDING
        house.modem.gate.set()
        await until(lambda: house.log.state_of(2) is State.SUBMITTED)
    assert house.modem.bodies == ["[안부 1] 1", "[안부 1] 2"]


@in_loop
async def test_nothing_falls_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What falls due while a round goes on is waited for: the wait begins where the round began."""
    house = House()
    looked: dict[str, list[int]] = {"unreported": [], "next_look_ms": []}

    def slow(name: str) -> Callable[[int], object]:
        real = getattr(house.log, name)

        def noted(now_ms: int) -> object:
            looked[name].append(now_ms)
            house.clock.set(now_ms + 1_000)  # each question takes a second
            return real(now_ms)

        return noted

    for name in looked:
        monkeypatch.setattr(house.log, name, slow(name))
    async with house.sending():
        await until(lambda: len(looked["next_look_ms"]) >= 2)
    assert looked["next_look_ms"] == looked["unreported"][: len(looked["next_look_ms"])]
