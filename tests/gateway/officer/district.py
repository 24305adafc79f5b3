"""Three persons for the officer's tests: 김순자 and 이말순 with boxes, 박정호 with none yet."""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.entering import Entry, entered
from gateway.events import (
    DeviceRecord,
    DeviceRests,
    Event,
    GatewayStarted,
    LinkDown,
    LinkUp,
    RosterSet,
)
from gateway.home import Home
from gateway.officer.standing import Standing
from tests.gateway.home_facts import at, caught_up, record

BOXES = {"soonja": "AB-000001", "malsoon": "AB-000002"}
NAMES = {"soonja": "김순자", "malsoon": "이말순", "jungho": "박정호"}
NOW_MS = at("09:00")


def roster() -> rosters.Roster:
    """Everybody watched for silences; a daughter for each."""
    return rosters.Roster(
        home_id="dong",
        time_zone="Asia/Seoul",
        language="ko",
        persons=tuple(rosters.Person(of, name, level="risk") for of, name in NAMES.items()),
        devices=tuple(rosters.Device(box, "pillbox", of, "주방") for of, box in BOXES.items()),
        guardians=tuple(
            rosters.Guardian(f"d-{of}", of, "딸", f"+82101234000{n}", "ko", 0)
            for n, of in enumerate(NAMES)
        ),
    )


def begun() -> Home:
    """Both boxes were heard and opened this morning, and are linked."""
    home = Home()
    home.fold(GatewayStarted(at("06:00"), "test"))
    home.fold(RosterSet(at("06:00"), rosters.to_json(roster())))
    for box in BOXES.values():
        home.fold(LinkUp(at("06:01"), box))
        home.fold(lid(box, 1, at("07:30")))
        home.fold(caught_up(at("07:31"), device_id=box))
    return home


def lid(box: str, seq: int, now_ms: int) -> DeviceRecord:
    """A lid that was opened."""
    return record(seq, wire.LID_OPENED, now_ms, device_id=box, slot_day=None, slot_index=None)


def down(person_id: str, now_ms: int) -> Event:
    """Her box is not heard any more."""
    return LinkDown(now_ms, BOXES[person_id], "out of reach")


def rests(person_id: str, now_ms: int, until_ms: int) -> Event:
    """Her box switched its radio off until then."""
    return DeviceRests(now_ms, BOXES[person_id], until_ms)


def settle(home: Home, now_ms: int) -> None:
    """Decide until nothing follows."""
    while follows := home.decide(now_ms):
        for fact in follows:
            home.fold(fact)


def enter(home: Home, entry: Entry, now_ms: int) -> list[Event]:
    """What a person enters is taken in."""
    facts = entered(home, entry, now_ms)
    for fact in facts:
        home.fold(fact)
    return facts


def stands(home: Home, person_id: str, now_ms: int) -> Standing:
    """How she stands."""
    row = home.board.row(home.household, home.ledger, person_id, now_ms)
    assert row is not None
    return row


def rows(home: Home, now_ms: int) -> list[Standing]:
    """Everybody's rows."""
    return home.board.rows(home.household, home.ledger, now_ms)
