"""Faults of the installation itself: told to whoever can mend them, over when they are mended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from gateway import incidents
from gateway.events import (
    DeviceRests,
    Event,
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
from gateway.roster import CAREPLUG, Device, Guardian, Person, to_json
from gateway.rules import lost_sight, power_cut, radio_down
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


PLUGS = ("AP-000001", "AP-000002")


def plugged(*plugs: str) -> Home:
    """The same home with plugs of hers, all linked."""
    home = two()
    who = home.household.roster
    assert who is not None
    more = tuple(Device(plug, CAREPLUG, "soonja") for plug in plugs)
    home.fold(RosterSet(at("08:01"), to_json(replace(who, devices=(*who.devices, *more)))))
    for plug in plugs:
        home.fold(LinkUp(at("08:01"), plug))
        home.fold(caught_up(at("08:01"), device_id=plug))
    return home


def test_plugs_that_fall_silent_together_are_a_power_cut() -> None:
    """Both plugs within five minutes, the boxes still heard: one text, and no silent plug."""
    home = plugged(*PLUGS)
    home.fold(LinkDown(at("10:00"), PLUGS[0], "gone"))
    home.fold(LinkDown(at("10:04"), PLUGS[1], "gone"))
    assert power_cut.next_deadline(home.household, at("10:05")) == at("10:14")
    assert texts(settle(home, at("10:14"))) == [("power_cut", OFFICER)]
    assert texts(settle(home, at("10:34"))) == []
    sent(home, at("10:35"))
    home.fold(LinkUp(at("11:00"), PLUGS[0]))
    home.fold(LinkUp(at("11:00"), PLUGS[1]))
    assert ("gone", OFFICER) in texts(settle(home, at("11:00")))


def test_a_box_that_lost_the_mains_and_a_silent_plug_are_a_power_cut() -> None:
    """The box tells it, the plug falls silent: two devices, one event."""
    home = plugged(PLUGS[0])
    home.fold(record(1, wire.MAINS_LOST, at("10:00"), slot_day=None, slot_index=None))
    home.fold(LinkDown(at("10:01"), PLUGS[0], "gone"))
    assert texts(settle(home, at("10:11"))) == [("power_cut", OFFICER)]


def test_a_box_that_rests_is_not_silent_in_a_power_cut() -> None:
    """It told of the cut and rests on its battery: one text after ten minutes, over when back."""
    home = plugged(*PLUGS)
    lost = {"slot_day": None, "slot_index": None}
    home.fold(record(1, wire.MAINS_LOST, at("20:10"), **lost))
    for plug in PLUGS:
        home.fold(LinkDown(at("20:10"), plug, "gone"))
    home.fold(DeviceRests(at("20:11"), BOX, at("20:41")))
    assert texts(settle(home, at("20:20"))) == [("power_cut", OFFICER)]
    assert texts(settle(home, at("20:40"))) == []
    home.fold(LinkUp(at("20:41"), BOX))
    assert settle(home, at("20:41")) == []
    sent(home, at("20:42"))
    home.fold(record(2, wire.MAINS_BACK, at("20:48"), **lost))
    assert texts(settle(home, at("20:48"))) == [("gone", OFFICER)]
    assert settle(home, at("20:49")) == []  # the plugs are starting: that is no second cut
    assert [i.worry for i in home.ledger.incidents.values()].count("power_cut") == 1


@pytest.mark.parametrize("cut_min", [15, 29, 38])
def test_what_a_cut_absorbed_is_borne_anew_when_it_is_over(cut_min: int) -> None:
    """Five minutes for each plug to start: the one that is back is not told, the other one is.

    Also where its half hour ends only after the cut did; never sooner than that half hour.
    """
    home = plugged(*PLUGS)
    lost = {"slot_day": None, "slot_index": None}
    home.fold(record(1, wire.MAINS_LOST, at("20:00"), **lost))
    for plug in PLUGS:
        home.fold(LinkDown(at("20:00"), plug, "gone"))
    told = texts(every_minute(home, 0, cut_min - 1))
    sent(home, minute(cut_min - 1))
    home.fold(record(2, wire.MAINS_BACK, minute(cut_min), **lost))
    due = max(30, cut_min + 5)
    told += texts(every_minute(home, cut_min, cut_min + 2))
    home.fold(LinkUp(minute(cut_min + 3), PLUGS[0]))
    told += texts(every_minute(home, cut_min + 3, due - 1))
    assert told == [("power_cut", OFFICER), ("gone", OFFICER)]
    assert home.next_deadline(minute(due - 1)) == minute(due)
    assert texts(settle(home, minute(due))) == [("device_unseen_plug", OFFICER)]


def minute(n: int) -> int:
    """So many minutes after eight in the evening."""
    return at("20:00") + n * MIN_MS


def every_minute(home: Home, first: int, last: int) -> list[Event]:
    """What is decided at each of these minutes."""
    return [fact for n in range(first, last + 1) for fact in settle(home, minute(n))]


def test_a_plug_that_was_pulled_out_is_no_power_cut() -> None:
    """One plug alone, or two an hour apart: each is told as silent, in words of a plug."""
    home = plugged(*PLUGS)
    home.fold(LinkDown(at("10:00"), PLUGS[0], "gone"))
    home.fold(LinkDown(at("11:00"), PLUGS[1], "gone"))
    for clock in ("10:30", "11:30"):
        assert ("device_unseen_plug", OFFICER) in texts(settle(home, at(clock)))
    assert {i.worry for i in home.ledger.incidents.values()} == {"device_unseen"}


def test_a_plug_is_not_missed_sooner_in_a_dose_window() -> None:
    """It knows of no dose: thirty minutes are borne at any hour."""
    home = plugged(PLUGS[0])
    who = home.household.roster
    assert who is not None
    home.fold(LinkDown(at("18:30"), PLUGS[0], "gone"))
    assert texts(settle(home, at("18:59"))) == []
    assert texts(settle(home, at("19:00"))) == [("device_unseen_plug", OFFICER)]


def test_one_box_without_mains_runs_on_its_battery() -> None:
    """That is what it has one for."""
    home = two()
    home.fold(record(1, wire.MAINS_LOST, at("10:00"), slot_day=None, slot_index=None))
    assert settle(home, at("12:00")) == []


def test_all_devices_unseen_at_once_are_one_text() -> None:
    """Boxes have batteries: it is the gateway that hears nothing, and the officer reads it once."""
    home = two()
    for box in (BOX, OTHER):
        home.fold(LinkDown(at("10:00"), box, "gone"))
    assert radio_down.next_deadline(home.household, at("10:09")) == at("10:10")
    assert texts(settle(home, at("10:10"))) == [("radio_down", OFFICER)]
    assert only(home).reason == radio_down.ALL_SILENT
    assert texts(settle(home, at("10:30"))) == []
    sent(home, at("10:31"))
    home.fold(LinkUp(at("10:32"), BOX))
    assert ("gone", OFFICER) in texts(settle(home, at("10:32")))


def test_boxes_unseen_at_different_times_are_told_each() -> None:
    """The officer of both reads of each person."""
    home = two()
    home.fold(LinkDown(at("10:00"), BOX, "gone"))
    home.fold(LinkDown(at("10:20"), OTHER, "gone"))
    facts = settle(home, at("10:30")) + settle(home, at("10:50"))
    assert texts(facts) == [("device_unseen", OFFICER), ("device_unseen", OFFICER)]
    assert len({f.body for f in facts if f.kind == "text_decided"}) == 2


def test_a_dead_adapter_is_told_as_that() -> None:
    """The radio says of itself that it is dead: one text, over with the first link."""
    home = two()
    home.fold(PartFailed(at("10:00"), "radio", "adapter gone"))
    assert texts(settle(home, at("10:09"))) == []
    assert texts(settle(home, at("10:10"))) == [("radio_down", OFFICER)]
    assert only(home).reason == radio_down.ADAPTER_DEAD
    sent(home, at("10:11"))
    home.fold(LinkUp(at("10:12"), BOX))
    assert texts(settle(home, at("10:12"))) == [("gone", OFFICER)]


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
