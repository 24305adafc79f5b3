"""Faults of the installation itself: told to whoever can mend them, over when they are mended."""

from __future__ import annotations

from dataclasses import replace

from anbu_wire import messages as wire
from gateway import incidents
from gateway.events import (
    GatewayStarted,
    LinkDown,
    LinkUp,
    ModemSeen,
    PartFailed,
    RosterSet,
    ScheduleOnBox,
    StockReckoned,
    TextSubmitted,
)
from gateway.home import Home
from gateway.incidents.reasons import Reason
from gateway.prescription.schedule import make_schedule
from gateway.roster import Device, Guardian, Person, to_json
from gateway.rules import lost_sight, power_cut
from gateway.rules.worry import HOME, Worry, WorryKind
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    MIN_MS,
    at,
    begun,
    caught_up,
    only,
    record,
    reply,
    roster,
    sent,
    settle,
    texts,
)

OTHER, SON, OFFICER = "AB-000002", "+821055556666", "+82531234567"


def two() -> Home:
    """Two persons, two boxes that are linked, one child each and one officer for both."""
    who = roster(regimens=())
    people = (
        Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),
        Guardian("son", "yongsu", "박민수", SON, "ko", 0),
        Guardian("o1", "soonja", "최담당", OFFICER, "ko", 30, "officer"),
        Guardian("o2", "yongsu", "최담당", OFFICER, "ko", 30, "officer"),
    )
    home = begun(
        at("08:00"),
        replace(
            who,
            persons=(*who.persons, Person("yongsu", "박용수")),
            devices=(*who.devices, Device(OTHER, "pillbox", "yongsu")),
            guardians=people,
        ),
    )
    made = make_schedule(home.household, OTHER, at("08:00"))
    if made is not None:
        home.fold(made)
        home.fold(ScheduleOnBox(at("08:00"), OTHER, made.version, made.crc))
    for box in (BOX, OTHER):
        home.fold(LinkUp(at("08:00"), box))
        home.fold(caught_up(at("08:00"), device_id=box))
    settle(home, at("08:00"))
    return home


def mains(home: Home, kind: int, clock: str, seq: int = 1) -> None:
    """Both boxes lose or get back the mains."""
    for box in (BOX, OTHER):
        fields = {"device_id": box, "slot_day": None, "slot_index": None}
        home.fold(record(seq, kind, at(clock), **fields))


def test_a_power_cut_of_several_devices_is_one_incident() -> None:
    """Both boxes lose the mains: one text to the officer, though two people live there."""
    home = two()
    mains(home, wire.MAINS_LOST, "10:00")
    assert texts(settle(home, at("10:09"))) == []
    assert power_cut.next_deadline(home.household, at("10:09")) == at("10:10")
    facts = settle(home, at("10:10"))
    assert texts(facts) == [("power_cut", OFFICER)]
    assert only(home).person_id == HOME
    sent(home, at("10:11"))
    for box in (BOX, OTHER):
        home.fold(LinkDown(at("10:20"), box, "gone"))
    assert texts(settle(home, at("10:39"))) == []  # nobody else is told yet
    assert ("device_unseen", OFFICER) not in texts(settle(home, at("11:00")))
    mains(home, wire.MAINS_BACK, "12:00", seq=2)
    assert ("gone", OFFICER) in texts(settle(home, at("12:00")))


def test_one_box_without_mains_runs_on_its_battery() -> None:
    """That is what it has one for."""
    home = two()
    home.fold(record(1, wire.MAINS_LOST, at("10:00"), slot_day=None, slot_index=None))
    assert settle(home, at("12:00")) == []


def test_two_boxes_unseen_at_once_are_one_text() -> None:
    """The officer of both reads of each person, but not twice of one."""
    home = two()
    for box in (BOX, OTHER):
        home.fold(LinkDown(at("10:00"), box, "gone"))
    facts = settle(home, at("10:30"))
    assert texts(facts) == [("device_unseen", OFFICER), ("device_unseen", OFFICER)]
    assert len({f.body for f in facts if f.kind == "text_decided"}) == 2


def test_a_modem_that_stays_away_is_told_by_the_other_way() -> None:
    """Five minutes are borne; it is over when the modem was seen again."""
    home = two()
    home.fold(PartFailed(at("10:00"), "modem", "does not answer"))
    home.fold(PartFailed(at("10:03"), "modem", "is gone"))
    assert texts(settle(home, at("10:04:59"))) == []
    assert home.next_deadline(at("10:04:59")) == at("10:05")
    assert texts(settle(home, at("10:05"))) == [("route_down", OFFICER)]
    sent(home, at("10:06"))
    home.fold(ModemSeen(at("10:20"), registered=True, operator="KT", signal_dbm=-80))
    assert texts(settle(home, at("10:20"))) == [("gone", OFFICER)]


def test_a_text_that_left_says_that_its_route_works() -> None:
    """The fault is over with the first text the route takes."""
    home = two()
    home.fold(PartFailed(at("10:00"), "modem", "does not answer"))
    settle(home, at("10:05"))
    home.fold(TextSubmitted(at("10:06"), 1, (1,), at("10:06"), marked_repeat=False))
    settle(home, at("10:06"))
    assert not only(home).live


def test_a_gateway_that_was_away_says_since_when() -> None:
    """Off from two to five: the officer reads both clocks, once; the incident is over with that."""
    home = two()
    since_ms = at("02:00", "2026-03-03")
    home.fold(GatewayStarted(at("05:00", "2026-03-03"), "x", last_alive_ms=since_ms))
    facts = settle(home, at("05:00", "2026-03-03"))
    assert texts(facts) == [("lost_sight", OFFICER)]
    body = next(f.body for f in facts if f.kind == "text_decided")
    assert body == "[안부 1] 김순자님 댁 02:00~05:00 확인 못 함(장비 꺼짐)"
    assert only(home).reason == Reason.TOLD
    for box in (BOX, OTHER):
        home.fold(LinkUp(at("05:01", "2026-03-03"), box))
    assert texts(settle(home, at("06:00", "2026-03-03"))) == []


def test_a_restart_is_no_absence() -> None:
    """Nine minutes worry nobody; ten do."""
    home = two()
    home.fold(GatewayStarted(at("10:09"), "x", last_alive_ms=at("10:00")))
    assert lost_sight.worries(home.household, at("10:10")) == []
    home.fold(GatewayStarted(at("10:30"), "x", last_alive_ms=at("10:20")))
    assert len(lost_sight.worries(home.household, at("10:30"))) == 1


def test_a_device_that_was_never_heard_is_no_alarm() -> None:
    """A box on the shelf, still to be set up, is not missed."""
    home = begun(at("08:00"), roster(regimens=()))
    home.fold(GatewayStarted(at("09:00"), "x"))
    home.fold(LinkDown(at("09:00"), BOX, "not found"))
    assert settle(home, at("20:00")) == []


# --- what stands until it is gone: read back, supply -------------------------------------------


class Standing:
    """A home in which one worry of a kind stands, as long as it is asked for."""

    def __init__(self, kind: WorryKind) -> None:
        self.home = begun(at("08:00"), roster(regimens=()))
        self.kind = kind

    def look(self, ms: int, *, stands: bool = True) -> list[tuple[str, str]]:
        """The texts that follow at an instant."""
        told = []
        for _ in range(9):
            worry = Worry(self.kind, "standing/1", "soonja", None, at("08:00"), "not_heard")
            household, ledger = self.home.household, self.home.ledger
            facts = incidents.decide(household, ledger, [worry] if stands else [], ms)
            for fact in facts:
                self.home.fold(fact)
            told += texts(facts)
        sent(self.home, ms)
        return told


def test_a_supply_is_reminded_daily_until_somebody_answers() -> None:
    """At ten, each day; after an answer not before the day it runs out, then daily again."""
    standing = Standing(WorryKind.SUPPLY_LOW)
    home = standing.home
    home.fold(StockReckoned(at("08:00"), "soonja", "1/0", "5", "5", 5, "2026-03-07", "2026-03-05"))
    assert standing.look(at("08:00")) == []
    assert standing.look(at("10:00")) == [("supply_low", DAUGHTER)]
    assert standing.look(at("23:00")) == []
    assert standing.look(at("10:00", "2026-03-03")) != []
    reply(home, "1", "10:30")
    assert only(home).acked_until_ms == at("10:00", "2026-03-07")
    assert standing.look(at("10:00", "2026-03-06")) == []
    assert standing.look(at("10:00", "2026-03-07")) != []
    assert standing.look(at("11:00", "2026-03-07"), stands=False) != []
    assert only(home).reason == Reason.GONE


def test_a_stale_schedule_is_told_by_day() -> None:
    """It is found at night and told at ten; read back it is over."""
    standing = Standing(WorryKind.SCHEDULE_STALE)
    assert standing.look(at("23:00")) == []
    assert standing.look(at("10:00", "2026-03-03")) == [("schedule_stale", DAUGHTER)]
    assert standing.look(at("10:05", "2026-03-03"), stands=False) == [("gone", DAUGHTER)]


def test_an_answer_to_a_technical_text_lasts_a_day() -> None:
    """Who says that she looks after it is not told again before tomorrow."""
    standing = Standing(WorryKind.DEVICE_UNSEEN)
    standing.look(at("08:00"))
    reply(standing.home, "1", "08:10")
    assert only(standing.home).acked_until_ms == at("08:10") + 24 * 60 * MIN_MS


def test_a_device_that_was_taken_away_makes_no_power_cut() -> None:
    """It was unplugged for good; the one that is left without mains is no cut of the flat."""
    home = two()
    who = home.household.roster
    assert who is not None
    lost = {"slot_day": None, "slot_index": None}
    home.fold(record(1, wire.MAINS_LOST, at("10:00"), device_id=OTHER, **lost))
    left = replace(who, devices=tuple(d for d in who.devices if d.id != OTHER))
    home.fold(RosterSet(at("10:05"), to_json(left)))
    home.fold(record(1, wire.MAINS_LOST, at("11:00"), **lost))
    assert texts(settle(home, at("11:10"))) == []
