"""The stock is kept by the whole gateway: at its start, at a confirmation, at each lid."""

from __future__ import annotations

from pathlib import Path

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.events import PlanConfirmed, StockReckoned
from gateway.prescription.stored import to_json
from gateway.roster import MEAL_DEFAULTS
from tests.gateway.home_facts import at, record
from tests.gateway.prescription.confirmed_facts import meds
from tests.gateway.test_app import Home, HouseClock, in_loop, running, until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, HouseClock(at("12:00")))


def confirmed(*lines: str) -> PlanConfirmed:
    """A person said yes to these lines."""
    bodies = {key: to_json(m) for key, m in meds(*lines).items()}
    return PlanConfirmed(at("12:00"), "soonja", bodies, dict(MEAL_DEFAULTS), "d", "박약사")


def said(home: Home) -> list[str]:
    """What is left, as it was said."""
    return [fact.left for fact in home.told if isinstance(fact, StockReckoned)]


def planned(gateway: Gateway) -> None:
    """The schedule of what is confirmed."""
    gateway.keeper.keep()


@in_loop
async def test_a_confirmation_and_a_lid_are_reckoned_at_once(home: Home) -> None:
    """Thirty when it is confirmed; one less when the box tells of the opened lid; said once."""
    async with running(home) as gateway:
        gateway.hub.record(confirmed("a 1T 저녁 30d"))
        planned(gateway)
        await until(lambda: said(home) == ["30"])
        gateway.hub.record(record(1, wire.SLOT_TAKEN, at("17:00"), value=0))
        await until(lambda: said(home) == ["30", "29"])
        gateway.hub.record(record(2, wire.LID_CLOSED, at("17:01")))
        gateway.stocks.keep()
        assert said(home) == ["30", "29"]


@in_loop
async def test_a_restart_says_nothing_twice(home: Home) -> None:
    """What is in the log is known at the next start; another day brings what it changed."""
    async with running(home) as gateway:
        gateway.hub.record(confirmed("a 1T 저녁 30d"))
        planned(gateway)
        await until(lambda: said(home) == ["30"])
    async with running(home) as gateway:
        gateway.stocks.keep()
        assert said(home) == ["30"]
        home.clock.set(at("08:00", "2026-03-03"))
        gateway.stocks.keep()
        newest = gateway.hub.home.household.stocks["soonja"]["1/0"]
        # Nobody knows of the evening: it may be gone.
        assert (newest.left, newest.at_most, newest.days_left) == ("29", "30", 29)


def test_the_next_look_is_in_the_morning_or_when_a_slot_ends(home: Home) -> None:
    """Never later than that, nor than an hour."""
    gateway = home.gateway()
    gateway.begin()
    ends_ms = max(s.ends_ms for s in gateway.hub.home.household.closing(0, at("23:59")))
    for now_ms, wait_ms in (
        (at("07:40"), 20 * 60_000),
        (at("12:00"), 3_600_000),
        (ends_ms - 5_000, 5_000),
    ):
        home.clock.set(now_ms)
        assert wait_ms - 1_000 <= gateway.stocks._wait_ms() <= wait_ms
    gateway.hub.log.close()
