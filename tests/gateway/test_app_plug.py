"""Care plugs through the whole gateway: no schedule, what is expected of them, broadcasts kept.

Knows: the gateway put together. May not know: a radio.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from anbu_wire import gatt, settings
from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.app.sink import BROADCASTS_AHEAD
from gateway.config import Config
from gateway.events import BroadcastsHeard, PartFailed, ScheduleMade, ScheduleOnBox
from gateway.log import LogUnavailable
from gateway.roster import CAREPLUG, Device
from gateway.sources.radio import Broadcasts
from tests.gateway.home_facts import BOX, at
from tests.gateway.test_app import Home, HouseClock, state
from tests.gateway.test_broadcasts import ADDRESS, KEY, said

PLUG = "CP-000001"
MIN_MS = 60_000


class PlugHome(Home):
    """A home with a box and a plug."""

    def config(self) -> Config:
        config = super().config()
        plug = Device(PLUG, CAREPLUG, "soonja", "주방")
        roster = replace(config.roster, devices=(*config.roster.devices, plug))
        keys = {BOX: bytes(16), PLUG: bytes(16)}
        return replace(config, roster=roster, keys=keys, bthome_keys={PLUG: KEY})

    def heard(self) -> list[BroadcastsHeard]:
        return [f for f in self.told if isinstance(f, BroadcastsHeard)]


@pytest.fixture
def home(tmp_path: Path) -> PlugHome:
    return PlugHome(tmp_path, HouseClock(at("12:00")))


def begun(home: PlugHome) -> Gateway:
    gateway = home.gateway()
    gateway.begin()
    return gateway


def restarted(home: PlugHome, gateway: Gateway) -> Gateway:
    gateway.hub.log.close()
    return begun(home)


def test_a_plug_has_no_schedule(home: PlugHome) -> None:
    """None is made, sent, or compared, though its state says version 0; the box has its own."""
    gateway = begun(home)
    made = [f.device_id for f in home.told if isinstance(f, ScheduleMade)]
    assert made == [BOX]
    assert gateway.sink.schedule_to_send(PLUG) is None
    told = {**state(gateway, at("12:00"), 0), "schedule_version": 0, "schedule_crc": 0}
    gateway.sink.caught_up(PLUG, {**told, "battery_percent": wire.NO_BATTERY})
    assert not [f for f in home.told if isinstance(f, (ScheduleOnBox, PartFailed))]
    assert [f for f in home.told if isinstance(f, ScheduleMade)][1:] == []
    assert gateway.hub.home.household.device(PLUG).battery_percent is None


def test_what_is_expected_of_each(home: PlugHome) -> None:
    """A box is a box; a plug is told where it stands; a stranger is no plug."""
    sink = begun(home).sink
    assert sink.expected(PLUG).kind == gatt.CARE_PLUG
    assert sink.expected(PLUG).parameters[settings.LATITUDE_DEG] == 128
    assert sink.expected(BOX).kind == sink.expected("nobody").kind == gatt.PILL_BOX
    assert sink.expected(BOX).parameters == {}


def test_a_broadcast_is_freshness_and_nothing_else(home: PlugHome) -> None:
    """The page sees when it was heard; what alarms hang on does not move."""
    gateway = begun(home)
    before = gateway.hub.home.household.device(PLUG)
    seen = (before.heard_ms, before.lost_ms, before.link_up, before.caught_up_ms)
    home.clock.set(at("12:07"))
    gateway.sink.broadcast(PLUG, "k", 5)
    assert gateway.sink.fresh[PLUG] == (at("12:07"), None)
    after = gateway.hub.home.household.device(PLUG)
    assert (after.heard_ms, after.lost_ms, after.link_up, after.caught_up_ms) == seen


def test_a_fact_every_quarter_of_an_hour(home: PlugHome) -> None:
    """A day of a broadcast a minute is a hundred facts, not 1,440."""
    gateway = begun(home)
    for minute in range(24 * 60):
        home.clock.set(at("12:00") + minute * MIN_MS)
        gateway.sink.broadcast(PLUG, "k", minute)
    facts = home.heard()
    assert len(facts) == -(-24 * 60 // (BROADCASTS_AHEAD + 1))
    gaps = [b.at_ms - a.at_ms for a, b in itertools.pairwise(facts)]
    assert min(gaps) >= 15 * MIN_MS


def test_what_was_recorded_before_a_restart_is_not_heard_after_it(home: PlugHome) -> None:
    """Not one counter that was on the air before counts after; the plug itself soon does."""
    gateway = begun(home)
    ears = Broadcasts({PLUG: KEY}, gateway.sink)
    recorded = [said(n) for n in range(100, 140)]
    assert all(ears.take(ADDRESS, data) for data in recorded)
    gateway = restarted(home, gateway)
    ears = Broadcasts({PLUG: KEY}, gateway.sink)
    assert [ears.take(ADDRESS, data) for data in recorded] == [None] * 40
    assert PLUG not in gateway.sink.fresh
    deaf = [n for n in range(140, 200) if ears.take(ADDRESS, said(n)) is None]
    assert len(deaf) <= BROADCASTS_AHEAD
    assert PLUG in gateway.sink.fresh


def test_a_full_disk_hears_no_broadcast(home: PlugHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be remembered over a restart is not believed now; nothing stops by it."""
    gateway = begun(home)

    def full(*_facts: object) -> None:
        raise LogUnavailable("disk full")

    monkeypatch.setattr(gateway.hub.log, "append", full)
    gateway.sink.broadcast(PLUG, "k", 5)
    assert PLUG not in gateway.sink.fresh
