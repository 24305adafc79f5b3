"""What was before a story: the same records in a plug's flash and in the gateway's log."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from anbu_wire import messages as m
from gateway.events import DeviceRecord
from gateway.home import Home
from gateway.log import Log
from tools.home import config, lived, provision
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.past import Past
from tools.home.provision import Places
from tools.home.stories import STORIES
from tools.home.story import Story

MICROPYTHON = str(Path(sys.executable).with_name("micropython"))
DAY_MS = 86_400_000
PASTS = ["light-on-all-night", "silent-home"]  # of weeks and of two plugs, of one day


def facts(places: Places) -> tuple[list[DeviceRecord], Home]:
    """All records in a gateway's log, and what it believes by all that is in it."""
    log, home, found = Log(places.database, "home-1"), Home(), []
    for fact in log.facts():
        home.fold(fact)
        if isinstance(fact, DeviceRecord):
            found.append(fact)
    log.close()
    return found, home


def furnish(places: Places, story: Story) -> dict[str, Places]:
    """Keys and flash of each plug, and the gateway's configuration."""
    plugs = {plug.device_id: places.of(plug.device_id) for plug in story.household.plugs}
    for device_id, own in plugs.items():
        provision.provision(own, MICROPYTHON, SIMULATION, device_id)
    if story.household.box:
        provision.provision(places, MICROPYTHON, SIMULATION)
    config.write_config(places, story.household, None, story.starts[:10])
    return plugs


@pytest.mark.parametrize("name", PASTS)
def test_flash_and_log_hold_the_same_past(name: str, tmp_path: Path) -> None:
    """Each record once in both, with its own time, before the story; it begins without a worry."""
    story, places = STORIES[name], Places(tmp_path)
    plugs = furnish(places, story)
    past = Past(story)
    for device_id, epoch in past.epochs.items():
        blob = past.blob(device_id)
        provision.write_log(plugs[device_id], MICROPYTHON, SIMULATION, epoch, blob)
    past.live(places.config, story.starts_s * 1000)
    known, home = facts(places)
    assert not home.ledger.live, "nobody was told anything before it began"
    assert len(known) == sum(was.days for was in story.past)
    assert all(fact.wall_ms is not None and fact.at_ms == fact.wall_ms for fact in known)
    assert all(fact.at_ms < story.starts_s * 1000 for fact in known)
    for device_id in past.epochs:
        own = sum(fact.device_id == device_id for fact in known)
        lib = ROOT / "firmware/lib"
        held = provision.count_records(plugs[device_id], MICROPYTHON, SIMULATION, lib)
        assert held == own == len(past.blob(device_id)) // m.RECORD_BYTES


def test_a_week_with_a_refrigerator_is_known_as_one(tmp_path: Path) -> None:
    """The plug's own core: automatic at the end of a solar day, and then never on again."""
    since_ms = STORIES["fridge-on-the-plug"].clock_ms("-9 00:00")
    days = lived.with_a_fridge(
        MICROPYTHON,
        build("metering-plug", ROOT / "build" / "mpy"),
        tmp_path / "minutes",
        since_ms,
        9 * 24 * 60,
    )
    (known_ms,) = [ms for ms, kind, value in days.records if (kind, value) == (m.LOAD_PERIODIC, 1)]
    solar_midnight_min = (212 + 12 * 60) % (24 * 60)
    minute = (since_ms + known_ms) // 60_000 % (24 * 60)
    assert minute - solar_midnight_min in range(3)
    assert 6 * DAY_MS < known_ms < 8 * DAY_MS
    ons = [ms for ms, kind, _value in days.records if kind == m.LOAD_ON]
    assert len(ons) > 6 * 20
    assert max(ons) < known_ms
    assert days.state
