"""A district for the officer's list: so many persons, each with a box, and what befell them.

Knows: facts as a gateway learns them. May not know: what is measured on it.

Of every hundred: one called for help, one was silent for longer than her level, two missed a dose,
four have a box that is not heard, one has none yet; one of four has a care plug, too. All have a
daughter on the ladder.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from anbu_wire import messages as wire
from gateway.events import (
    DeviceCaughtUp,
    DeviceRecord,
    Event,
    GatewayStarted,
    LinkDown,
    LinkUp,
    RosterSet,
)
from gateway.roster import Device, Guardian, Person, Policy, Regimen, Roster, to_json
from gateway.units import HOUR_MS, MIN_MS

MORNING_MS = int(datetime(2026, 3, 2, 0, 0, tzinfo=UTC).timestamp() * 1000)  # 09:00 in Seoul
EPOCH = 7
WITHOUT_A_BOX = 99  # of every hundred
_SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍"
_GIVEN = ("순자", "영희", "정숙", "말순", "춘자", "옥순", "영수", "정호", "상철", "복례", "기남")
_ROOMS = ("주방", "거실", "안방")


def name_of(number: int) -> str:
    """A name as they are; they repeat."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // len(_SURNAMES) % len(_GIVEN)]


def box_of(number: int) -> str:
    """The id of a person's box."""
    return f"AB-{number:06d}"


def _has_box(number: int) -> bool:
    return number % 100 != WITHOUT_A_BOX


def roster(persons: int) -> Roster:
    """Everybody, from 0 on."""
    everyone = range(persons)
    boxes = [Device(box_of(n), "pillbox", f"p{n}", "주방") for n in everyone if _has_box(n)]
    plugs = [Device(f"CP-{n:06d}", "careplug", f"p{n}", _ROOMS[n % 3]) for n in everyone[::4]]
    return Roster(
        home_id="district",
        time_zone="Asia/Seoul",
        language="ko",
        persons=tuple(
            Person(f"p{n}", name_of(n), level=("attention", "risk", "severe")[n % 3])
            for n in everyone
        ),
        devices=(*boxes, *plugs),
        guardians=tuple(
            Guardian(f"g{n}", f"p{n}", "딸", f"+8210{n:08d}", "ko", 0) for n in everyone
        ),
        regimens=tuple(Regimen(f"p{n}", ("evening",)) for n in everyone if _has_box(n)),
        policy=Policy(days=2),
    )


def night(who: Roster, now_ms: int = MORNING_MS, seed: int = 1) -> Iterator[Event]:
    """What the gateway learnt of them until `now_ms`; schedules are not made here."""
    chance = random.Random(seed)
    yield GatewayStarted(now_ms - 60 * HOUR_MS, "bench")
    yield RosterSet(now_ms - 60 * HOUR_MS, to_json(who))
    for place, device in enumerate(who.devices):
        number = int(device.person_id[1:])
        seen_ms = now_ms - chance.randrange(10 * HOUR_MS)
        if number % 100 == 1:
            seen_ms = now_ms - 55 * HOUR_MS
        yield LinkUp(now_ms - 59 * HOUR_MS, device.id)
        yield from _signs(device, seen_ms, place)
        yield _caught_up(device.id, now_ms - MIN_MS)
        if number % 100 in (2, 3, 4, 5):
            yield LinkDown(now_ms - chance.randrange(1, 30) * HOUR_MS, device.id, "out of reach")
    for number in range(0, len(who.persons), 100):
        yield record(box_of(number), 9, wire.HELP_PRESSED, now_ms - 600_000)


def _signs(device: Device, seen_ms: int, place: int) -> Iterator[Event]:
    kind = wire.LID_OPENED if device.kind == "pillbox" else wire.LOAD_ON
    for seq, back_h in enumerate((24, 12, 0), 1):
        yield record(device.id, seq, kind, seen_ms - back_h * HOUR_MS, value=place % 2)


def record(device_id: str, seq: int, kind: int, at_ms: int, value: int = 0) -> DeviceRecord:
    """A record of a device, learnt as it was written."""
    return DeviceRecord(
        at_ms=at_ms,
        device_id=device_id,
        epoch=EPOCH,
        seq=seq,
        boot=1,
        uptime_ms=1000 * seq,
        wall_ms=at_ms,
        timeline=1,
        quality=wire.SYNCED,
        record_kind=kind,
        compartment=2,
        slot_day=None,
        slot_index=None,
        schedule_version=1,
        value=value,
    )


def _caught_up(device_id: str, at_ms: int) -> DeviceCaughtUp:
    return DeviceCaughtUp(at_ms, device_id, EPOCH, 3, at_ms, wire.SYNCED, 90, 1)
