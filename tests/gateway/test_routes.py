"""Which way a text goes: the order, what is passed over, what follows a try that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from gateway.channels.routes import (
    ANY_URGENCY,
    MOST_URGENT,
    Carried,
    Route,
    Router,
    Standing,
    offers,
    order,
)

TEXT = Text(1, "+821012345678", "body")
SENT = Submitted((3,), 5)


@dataclass
class Fake:
    """A channel with prepared outcomes, and a gate to hold it busy."""

    outcomes: list[Outcome] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def send(self, text: Text) -> Outcome:
        self.texts.append(text)
        if self.gate is not None:
            await self.gate.wait()
        return self.outcomes.pop(0) if self.outcomes else SENT


@dataclass
class Home:
    """Two routes, the modem first."""

    modem: Fake = field(default_factory=Fake)
    http: Fake = field(default_factory=Fake)
    modem_why: str | None = None
    troubles: list[tuple[str, str]] = field(default_factory=list)

    def router(self) -> Router:
        routes = [Route("modem", self.modem, lambda: self.modem_why), Route("http", self.http)]
        return Router(routes, lambda *trouble: self.troubles.append(trouble))


def run(story: Callable[[Home, Router], object]) -> None:
    async def limited() -> None:
        home = Home()
        async with asyncio.timeout(20):
            await story(home, home.router())  # type: ignore[misc]

    asyncio.run(limited())


# --- the order ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standings", "last", "expected"),
    [
        ([Standing("a"), Standing("b")], None, ("a", "b")),
        ([Standing("a", open=False), Standing("b")], None, ("b",)),
        ([Standing("a", shaky=True), Standing("b")], None, ("b", "a")),
        ([Standing("a"), Standing("b")], "a", ("b", "a")),
        ([Standing("a"), Standing("b", shaky=True)], "a", ("b", "a")),
        ([Standing("a"), Standing("b", open=False)], "a", ("a",)),
        ([Standing("a", open=False), Standing("b", open=False)], None, ()),
    ],
)
def test_order(standings: list[Standing], last: str | None, expected: tuple[str, ...]) -> None:
    """As configured; closed ones not at all, shaky ones later, the one that may have it last."""
    assert order(standings, last) == expected


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ([Standing("a"), Standing("b")], ANY_URGENCY),
        ([Standing("a", busy=True), Standing("b")], MOST_URGENT),
        ([Standing("a", busy=True), Standing("b", shaky=True)], None),
        ([Standing("a", busy=True), Standing("b", busy=True)], None),
        ([Standing("a", open=False), Standing("b")], ANY_URGENCY),
        ([Standing("a", open=False, busy=True)], None),
        ([Standing("a", busy=True)], None),
    ],
)
def test_what_may_be_taken(standings: list[Standing], expected: int | None) -> None:
    """A text waits for the better route that is busy; a call for help takes a free one."""
    assert offers(standings) == expected


@given(
    st.lists(
        st.builds(Standing, st.sampled_from("abc"), st.booleans(), st.booleans(), st.booleans()),
        unique_by=lambda s: s.name,
    ),
    st.sampled_from(["a", "b", "c", None]),
)
def test_what_is_taken_has_a_free_route(standings: list[Standing], last: str | None) -> None:
    """Whatever stands how: where a text may be taken there is an open route, and some is free."""
    if offers(standings) is None:
        return
    ranked = order(standings, last, hurry=offers(standings) == MOST_URGENT)
    assert set(ranked) == {s.name for s in standings if s.open}
    assert any(s.open and not s.busy for s in standings)


# --- the router --------------------------------------------------------------------------------


def test_a_route_that_does_not_take_it_is_followed_at_once() -> None:
    """TryLater and Refused of the modem: the text goes by the provider, and the why is kept."""

    async def story(home: Home, router: Router) -> None:
        for outcome in (TryLater("no network"), Refused("barred")):
            home.modem.outcomes = [outcome]
            carried = await router.carry(TEXT, "modem")
            assert carried == Carried(SENT, "http", f"modem: {outcome.why}")
        assert home.troubles == [("modem", "no network")]

    run(story)


def test_a_lost_answer_is_followed_by_no_other_route() -> None:
    """Unsure: nothing else is tried now, or the person has two texts and none is marked."""

    async def story(home: Home, router: Router) -> None:
        home.modem.outcomes = [Unsure("no answer")]
        assert await router.carry(TEXT, "modem") == Carried(Unsure("no answer"), "modem")
        assert home.http.texts == []
        assert router.choose(TEXT, "modem", MOST_URGENT) == "http"

    run(story)


def test_the_repeat_does_not_fall_back_on_the_route_that_may_have_it_first() -> None:
    """The repeat goes by the other route, and only where that does not take it by the same."""

    async def story(home: Home, router: Router) -> None:
        home.http.outcomes = [TryLater("busy")]
        other = router.choose(TEXT, "modem", MOST_URGENT)
        assert other == "http"
        carried = await router.carry(TEXT, other, "modem")
        assert (carried.outcome, carried.route) == (SENT, "modem")
        assert [len(home.http.texts), len(home.modem.texts)] == [1, 1]

    run(story)


def test_a_closed_route_is_passed_over_without_a_try() -> None:
    """A modem that is not ready costs nothing: it is not asked; open again it is first again."""

    async def story(home: Home, router: Router) -> None:
        home.modem_why = "the modem is being set up"
        assert router.choose(TEXT, None, MOST_URGENT) == "http"
        assert (await router.carry(TEXT, "http")).route == "http"
        assert home.modem.texts == []
        home.modem_why = None
        assert router.choose(TEXT, None, MOST_URGENT) == "modem"

    run(story)


def test_refused_only_where_every_route_refuses() -> None:
    """One refuses, the other is closed or busy: tried again; both refuse: for good."""

    async def story(home: Home, router: Router) -> None:
        home.modem.outcomes, home.http.outcomes = [Refused("a")], [Refused("b")]
        assert (await router.carry(TEXT, "modem")).outcome == Refused("modem: a; http: b")
        home.modem.outcomes, home.http.outcomes = [Refused("a")], [TryLater("b")]
        assert (await router.carry(TEXT, "modem")).outcome == TryLater("modem: a; http: b")
        home.modem_why, home.http.outcomes = "away", [Refused("b")]
        assert (await router.carry(TEXT, "http")).outcome == TryLater("http: b")

    run(story)


def test_a_route_that_failed_lately_stands_behind_until_it_works() -> None:
    """Shaky after a failure, told once; in order again after a text that went through."""

    async def story(home: Home, router: Router) -> None:
        home.modem.outcomes = [TryLater("x"), TryLater("x"), SENT]
        await router.carry(TEXT, "modem")
        assert router.choose(TEXT, None, MOST_URGENT) == "http"
        await router.carry(TEXT, "modem")
        assert home.troubles == [("modem", "x")]
        await router.carry(TEXT, "modem")
        assert router.choose(TEXT, None, MOST_URGENT) == "modem"

    run(story)


def test_one_text_in_hand_on_each_route() -> None:
    """While the modem has a text only a call for help may go, by the other; then nothing may."""

    async def story(home: Home, router: Router) -> None:
        home.modem.gate = home.http.gate = asyncio.Event()
        first = asyncio.create_task(router.carry(TEXT, "modem"))
        await asyncio.sleep(0)
        assert router.offers() == MOST_URGENT
        assert router.choose(TEXT, None, MOST_URGENT) == "http"
        second = asyncio.create_task(router.carry(TEXT, "http"))
        await asyncio.sleep(0)
        assert router.offers() is None
        home.modem.gate.set()
        assert {(await task).route for task in (first, second)} == {"modem", "http"}

    run(story)


def test_a_route_that_does_not_carry_such_a_text_is_passed_over() -> None:
    """Without a word about it, first or later; where no route carries it, it waits."""

    async def story() -> None:
        first, second = Fake(), Fake()
        routes = [
            Route("first", first, takes=lambda text: bool(text.template)),
            Route("second", second),
        ]
        router = Router(routes, lambda *_trouble: None)
        assert await router.carry(TEXT, "first") == Carried(SENT, "second")
        assert first.texts == []
        registered = Text(1, "+821012345678", "body", template="dose_missed")
        assert await router.carry(registered, "first") == Carried(SENT, "first")
        second.outcomes = [TryLater("busy")]
        assert (await router.carry(TEXT, "second")).outcome == TryLater("second: busy")
        none = Router([Route("first", first, takes=lambda _text: False)], lambda *_trouble: None)
        assert (await none.carry(TEXT, "first")).outcome == TryLater("no route")

    asyncio.run(story())
