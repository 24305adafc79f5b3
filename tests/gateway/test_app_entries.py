"""Entries through the whole gateway: committed for the page, planned and brought to the box."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.desk import Desk, DeskClosed
from gateway.entering import Confirm, Correct
from gateway.events import PlanConfirmed, ScheduleMade
from gateway.home import Home as Beliefs
from gateway.log import LogUnavailable
from gateway.prescription.proposal import Proposal, propose
from gateway.refused import EntryRefused
from tests.gateway.entered_facts import BY, prescribed
from tests.gateway.home_facts import BOX, EVENING, at
from tests.gateway.prescription.any_medication import once_a_day
from tests.gateway.test_app import Home, HouseClock, in_loop, running, until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, HouseClock(at("12:00")))


def proposed(beliefs: Beliefs, now_ms: int) -> Proposal:
    """What a person would see."""
    return propose(beliefs.household, "soonja", now_ms)


@in_loop
async def test_a_confirmed_plan_is_made_and_sent_at_once(home: Home) -> None:
    """From the page's thread: entered, looked at, confirmed; the box's new schedule is there."""
    sent: list[str] = []
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        gateway.keeper._changed = sent.append
        desk = gateway.desk
        await asyncio.to_thread(desk.enter, prescribed(once_a_day(label="morning")))
        seen = await asyncio.to_thread(desk.ask, proposed)
        await asyncio.to_thread(desk.enter, Confirm("soonja", seen.digest, BY))
        await until(lambda: sent == [BOX])
        assert any(isinstance(fact, PlanConfirmed) for fact in home.told)
        made = [fact for fact in home.told if isinstance(fact, ScheduleMade)]
        assert [{s.label for s in one.slots} for one in made] == [{"evening"}, {"morning"}]
        person = desk.picture()["persons"][0]
        assert (person["planned_from"], person["changes_waiting"]) == ("confirmed", 0)
        assert person["confirmed_by"] == BY
        with pytest.raises(EntryRefused, match="nothing"):
            await asyncio.to_thread(desk.enter, Confirm("soonja", seen.digest, BY))
    again = home.gateway().hub.home.household
    assert again.books == gateway.hub.home.household.books
    assert again.made == gateway.hub.home.household.made


def test_a_gateway_that_does_not_run_takes_no_entry(home: Home) -> None:
    """The page says "just now not" instead of losing it."""
    gateway = home.gateway()
    gateway.begin()
    with pytest.raises(DeskClosed):
        gateway.desk.enter(prescribed())
    assert gateway.hub.home.household.books == {}


@in_loop
async def test_a_log_that_cannot_be_written_takes_no_entry(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said to be entered that is not committed."""

    def full(*_facts: object) -> list[object]:
        raise LogUnavailable("the disk is full")

    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        monkeypatch.setattr(gateway.hub.log, "append", full)
        with pytest.raises(DeskClosed):
            await asyncio.to_thread(gateway.desk.enter, prescribed())
        assert gateway.hub.home.household.books == {}


def test_a_desk_without_a_gateway_takes_nothing() -> None:
    """It answers, and has an empty home to look at."""
    desk = Desk(lambda _only: {})
    with pytest.raises(EntryRefused, match="no_desk"):
        desk.enter(Correct(EVENING, 1, BY, "x"))
    assert desk.ask(lambda home, now_ms: (home.household.slots, now_ms)) == ({}, 0)
