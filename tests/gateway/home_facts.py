"""A small home for the gateway's tests: a roster, and facts by the clock of its kitchen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.events import (
    DeviceCaughtUp,
    DeviceRecord,
    Event,
    GatewayStarted,
    RosterSet,
    ScheduleOnBox,
    SlotId,
    TextClaimed,
    TextReceived,
    TextSubmitted,
)
from gateway.home import Home
from gateway.incidents import Incident
from gateway.prescription.schedule import make_schedule

SEOUL = ZoneInfo("Asia/Seoul")
BOX = "AB-000001"
DAUGHTER = "+821012345678"
NEIGHBOUR = "+821087654321"
EVENING = SlotId("soonja", "2026-03-02", 2)
MIN_MS = 60_000


def at(clock: str, day: str = "2026-03-02") -> int:
    """UTC ms of a clock in Seoul: "19:30" or "19:30:15"."""
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SEOUL).timestamp() * 1000)


def roster(
    *,
    guardians: tuple[rosters.Guardian, ...] | None = None,
    regimens: tuple[rosters.Regimen, ...] | None = None,
    zone: str = "Asia/Seoul",
    **policy: Any,  # noqa: ANN401 - fields of rosters.Policy
) -> rosters.Roster:
    """Kim Soonja with one box, a daughter and a neighbour, and one dose in the evening."""
    if guardians is None:
        guardians = (
            rosters.Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),
            rosters.Guardian("neighbour", "soonja", "박영희", NEIGHBOUR, "ko", 15),
        )
    if regimens is None:
        regimens = (rosters.Regimen("soonja", ("evening",), None, 30, 30, 60),)
    return rosters.Roster(
        home_id="home-1",
        time_zone=zone,
        language="ko",
        persons=(rosters.Person("soonja", "김순자"),),
        devices=(rosters.Device(BOX, "pillbox", "soonja"),),
        guardians=guardians,
        regimens=regimens,
        policy=rosters.Policy(**policy),
    )


def begun(now_ms: int, who: rosters.Roster | None = None) -> Home:
    """A home whose box has read back its first schedule at `now_ms`."""
    home = Home()
    home.fold(GatewayStarted(now_ms, "test"))
    home.fold(RosterSet(now_ms, rosters.to_json(who or roster())))
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    home.fold(made)
    home.fold(ScheduleOnBox(now_ms, BOX, made.version, made.crc))
    return home


def record(seq: int, kind: int, now_ms: int, **fields: object) -> DeviceRecord:
    """A record of the box about this evening's slot."""
    values: dict[str, Any] = {
        "at_ms": now_ms,
        "device_id": BOX,
        "epoch": 7,
        "seq": seq,
        "boot": 1,
        "uptime_ms": 1000 * seq,
        "wall_ms": now_ms,
        "timeline": 1,
        "quality": wire.SYNCED,
        "record_kind": kind,
        "compartment": 2,
        "slot_day": EVENING.day,
        "slot_index": EVENING.index,
        "schedule_version": 1,
        "value": 0,
    }
    return DeviceRecord(**{**values, **fields})


def caught_up(wall_ms: int | None, now_ms: int | None = None, **fields: object) -> DeviceCaughtUp:
    """All the box's records up to its time `wall_ms` are here."""
    values: dict[str, Any] = {
        "at_ms": now_ms if now_ms is not None else wall_ms,
        "device_id": BOX,
        "epoch": 7,
        "up_to_seq": 1,
        "device_wall_ms": wall_ms,
        "quality": wire.SYNCED,
        "battery_percent": 90,
        "schedule_version": 1,
    }
    return DeviceCaughtUp(**{**values, **fields})


def settle(home: Home, now_ms: int) -> list[Any]:
    """Decide until it is quiet, folding each decision; all decisions."""
    everything: list[Any] = []
    for _ in range(50):
        follows = home.decide(now_ms)
        if not follows:
            return everything
        for fact in follows:
            home.fold(fact)
        everything += follows
    raise AssertionError(f"decisions without end: {everything[-3:]}")


def texts(facts: list[Any]) -> list[tuple[str, str]]:
    """(purpose, to) of every text decided."""
    return [(f.purpose, f.to) for f in facts if f.kind == "text_decided"]


def sent(home: Home, now_ms: int) -> Home:
    """Every text that waits in the outbox is taken out of it, and handed to the modem."""
    for text in list(home.ledger.texts.values()):
        if text.state == "pending":
            home.fold(TextClaimed(now_ms, text.id, "modem"))
            home.fold(TextSubmitted(now_ms, text.id, (text.id % 256,), now_ms, marked_repeat=False))
    return home


def missed_at_seven(who: rosters.Roster | None = None) -> Home:
    """A home whose box said at 19:00 that nobody opened the lid, decided upon and told."""
    home = begun(at("12:00"), who)
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    return sent(home, at("19:00"))


def unconfirmed_at_five_past() -> Home:
    """A home that heard nothing of its box, decided upon and told at 19:05."""
    home = begun(at("12:00"))
    settle(home, at("19:05"))
    return sent(home, at("19:05"))


def reply(home: Home, body: str, clock: str, sender: str = DAUGHTER, key: str = "") -> list[Any]:
    """A text comes in, is stored and answered."""
    now_ms = at(clock)
    received = TextReceived(now_ms, sender, body, key or f"{clock}{sender}{body}")
    facts: list[Event] = [received, *home.answer(received, now_ms)]
    for fact in facts:
        home.fold(fact)
    return facts[1:]


def only(home: Home) -> Incident:
    """The one incident there is."""
    assert len(home.ledger.incidents) == 1
    return next(iter(home.ledger.incidents.values()))
