"""A home with a box and a plug, and what they tell; for the tests of the clock of life."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from anbu_wire import messages as wire
from gateway.events import DeviceRecord, Event, HabitLearnt, LinkUp
from gateway.home import Home
from gateway.life.detector import Detector, Line
from gateway.life.kept import line_to_json
from gateway.roster import CAREPLUG, Device, Roster
from gateway.zones import local
from tests.gateway.home_facts import BOX, SEOUL, at, begun, caught_up, record, roster
from tests.gateway.ladder_facts import people

PLUG, LAMP = "AP-000001", "AP-000002"
DAY, NEXT = "2026-03-02", "2026-03-03"
HOUR_MS = 3_600_000


def watched(*plugs: str, level: str = "severe", box: bool = True) -> Roster:
    """Soonja with a level, her box, and plugs in her kitchen."""
    who = roster(guardians=people(), regimens=())
    devices = [d for d in who.devices if box]
    devices += [Device(plug, CAREPLUG, "soonja", "주방") for plug in plugs]
    return replace(who, persons=(replace(who.persons[0], level=level),), devices=tuple(devices))


def living(*plugs: str, level: str = "severe", clock: str = "12:00") -> Home:
    """Such a home; all its devices are linked and have told everything."""
    home = begun(at(clock), watched(*plugs, level=level))
    for device_id in (BOX, *plugs):
        home.fold(LinkUp(at(clock), device_id))
        home.fold(caught_up(at(clock), device_id=device_id))
    return home


def told_by(device_id: str, seq: int, kind: int, at_ms: int, **fields: Any) -> DeviceRecord:  # noqa: ANN401
    """A record of a device, learnt as it was written."""
    values = {"device_id": device_id, "slot_day": None, "slot_index": None, **fields}
    return record(seq, kind, at_ms, **values)


def ok(seq: int, at_ms: int, **fields: Any) -> DeviceRecord:  # noqa: ANN401
    """She pressed OK."""
    return told_by(BOX, seq, wire.OK_PRESSED, at_ms, **fields)


def load(seq: int, at_ms: int, **fields: Any) -> DeviceRecord:  # noqa: ANN401
    """She switched the kettle on."""
    return told_by(PLUG, seq, wire.LOAD_ON, at_ms, **{"value": 1800, **fields})


def habit(at_ms: int, hours: int = 8, usual_min: int = 90) -> HabitLearnt:
    """At each hour of the day `hours` of silence are too long; a sign usually comes sooner."""
    line = Line(Detector.USUAL, at_ms, 60, True, (hours * 60,) * 48, usual_min=(usual_min,) * 48)
    return HabitLearnt(at_ms, "soonja", line_to_json(line), {})


def fold(home: Home, *facts: Event) -> Home:
    """The home after these."""
    for fact in facts:
        home.fold(fact)
    return home


def clock(ms: int) -> str:
    """An instant as her kitchen's clock shows it, with the day."""
    there: datetime = local(ms, SEOUL)
    return f"{there:%d %H:%M}"
