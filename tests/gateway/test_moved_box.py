"""A box that goes from one person to another: what it told of each stays hers."""

from __future__ import annotations

from dataclasses import replace

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.adherence.outcomes import State, outcome
from gateway.enrolling import PlaceDevice
from gateway.entering import entered
from gateway.events import SlotId
from gateway.home import Home
from gateway.prescription.schedule import make_schedule
from gateway.roster import Device, Regimen
from tests.gateway.home_facts import BOX, EVENING, at, begun, caught_up, record, roster, settle

HERS = SlotId("oksun", EVENING.day, EVENING.index)


def both() -> rosters.Roster:
    """Soonja has the box; Oksun, next door, has a dose in the evening too, an hour later."""
    one = roster()
    daughter = rosters.Guardian("g-oksun", "oksun", "딸", "+821033334444", "ko", 0)
    return replace(
        one,
        persons=(*one.persons, rosters.Person("oksun", "이옥순")),
        guardians=(*one.guardians, daughter),
        regimens=(*one.regimens, Regimen("oksun", ("evening",), "20:00", 30, 30, 60)),
    )


def moved(home: Home, clock: str) -> Home:
    """The box goes from Soonja to Oksun at that time."""
    now_ms = at(clock)
    for fact in entered(home, PlaceDevice(Device(BOX, "pillbox", "oksun"), "이지은"), now_ms):
        home.fold(fact)
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    home.fold(made)
    return home


def test_what_the_box_told_late_of_the_first_is_no_dose_of_the_second() -> None:
    """Soonja took hers while nobody heard the box; it tells that when it stands at Oksun's."""
    home = moved(begun(at("12:00"), both()), "19:05")
    home.fold(record(1, wire.SLOT_TAKEN, at("19:10"), wall_ms=at("18:40")))
    assert outcome(home.household, EVENING, at("19:10")).state is State.TAKEN
    assert outcome(home.household, HERS, at("19:45")).state is not State.TAKEN
    settle(home, at("20:40"))
    assert {i.person_id for i in home.ledger.incidents.values()} == {"oksun"}


def test_what_was_not_opened_after_the_box_had_gone_is_unknown_not_missed() -> None:
    """It went in the middle of her window: what she did with her dose then, it cannot say."""
    home = moved(begun(at("12:00"), both()), "18:45")
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    home.fold(caught_up(at("19:05")))
    settle(home, at("19:05"))
    found = {i.person_id: i.worry for i in home.ledger.incidents.values()}
    assert found == {"soonja": "dose_unconfirmed"}


def test_what_the_box_said_before_it_went_stands() -> None:
    """It said at seven that nobody had come; that it goes a minute later makes no doubt of it."""
    home = begun(at("12:00"), both())
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    moved(home, "19:01")
    home.fold(caught_up(at("20:05")))
    settle(home, at("20:05"))
    hers = [i.worry for i in home.ledger.incidents.values() if i.person_id == "soonja"]
    assert hers == ["dose_missed"]
