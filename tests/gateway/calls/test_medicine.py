"""Whether a call asks about medicine, by what is known of today's lids."""

from __future__ import annotations

import pytest

from anbu_wire import messages as wire
from gateway.calls import queue
from gateway.calls.medicine import question_of
from gateway.events import CallBegun, CallsPlanned, DoseCorrected, NotMonitored
from gateway.home import Home
from gateway.roster import Regimen
from tests.gateway.calls.called import PLAN, called, fold
from tests.gateway.home_facts import EVENING, at, begun, record, roster

TODAY = EVENING.day


def asked(home: Home, clock: str) -> str:
    """What stands in the medicine's place at that time of today."""
    return question_of(home.household, "soonja", TODAY, at(clock))


def test_nobody_is_asked_before_a_dose_is_due() -> None:
    """The evening's dose is of the evening: who is asked at ten might take it at ten."""
    assert asked(begun(at("08:00")), "10:00") == ""
    assert asked(begun(at("08:00")), "18:15") == ""  # its early window is open


def test_an_opened_lid_is_said_and_not_asked() -> None:
    """Her box saw it."""
    home = fold(begun(at("08:00")), record(1, wire.SLOT_TAKEN, at("18:35"), value=1))
    assert asked(home, "19:30") == "opened"


def test_nobody_says_that_they_saw_what_nobody_saw() -> None:
    """Her daughter says that she took it, the box saw nothing: it is neither asked nor "seen"."""
    home = fold(begun(at("08:00")), record(1, wire.SLOT_MISSED, at("19:31")))
    fold(home, DoseCorrected(at("19:40"), EVENING, 1, "이지은", "told"))
    assert asked(home, "19:45") == ""


@pytest.mark.parametrize("kind", [wire.SLOT_LATE, wire.SLOT_MISSED, wire.SLOT_UNKNOWN, None])
def test_what_nobody_saw_is_asked_in_the_same_words(kind: int | None) -> None:
    """Late, missed, unknown or not over yet: one neutral question, and no word of the state."""
    home = begun(at("08:00"))
    if kind is not None:
        fold(home, record(1, kind, at("19:31")))
    assert asked(home, "19:32") == "medication"


def test_a_doubtful_dose_is_asked_about_by_a_person() -> None:
    """A machine does not ask whether she took it twice."""
    home = fold(begun(at("08:00")), record(1, wire.SLOT_DOUBTFUL, at("18:40")))
    assert asked(home, "19:30") == ""


def test_a_dose_that_is_not_to_be_taken_is_not_asked_about() -> None:
    """Skipped by the box's rule, or a day away."""
    home = fold(begun(at("08:00")), record(1, wire.SLOT_SKIPPED, at("18:40")))
    assert asked(home, "19:30") == ""
    home = fold(
        begun(at("08:00")), NotMonitored(at("08:00"), "soonja", TODAY, TODAY, "travel", "a")
    )
    assert asked(home, "19:30") == ""


def test_one_of_two_opened_is_still_asked() -> None:
    """The morning's was opened, the evening's not: she is asked."""
    who = roster(regimens=(Regimen("soonja", ("morning", "evening"), None, 30, 30, 60),))
    home = begun(at("06:00"), who)
    fold(home, record(1, wire.SLOT_TAKEN, at("07:40"), value=1, slot_index=0, compartment=0))
    assert asked(home, "10:00") == "opened"
    assert asked(home, "19:00") == "medication"


def test_without_a_box_she_may_say_that_she_takes_none() -> None:
    """Nothing is known of her medicine: a third key says that there is none."""
    assert question_of(called().household, "soonja", TODAY, at("10:00")) == "any_medicine"


def test_it_stands_in_its_place_in_the_call() -> None:
    """The question of the moment of dialling, between going out and how she feels."""
    home = fold(begun(at("08:00")), record(1, wire.SLOT_TAKEN, at("18:35"), value=1))
    plan = {**PLAN, "until": "20:00"}
    call = CallBegun(at("19:30"), 1, "soonja", "wellbeing", TODAY, 1, "sip")
    fold(home, CallsPlanned(at("08:00"), "soonja", "wellbeing", plan, "a"), call)
    assert queue.what(home.household, call, at("19:30")).asked.questions == (
        "here", "meals", "sleep", "outing", "opened", "pain", "worry",
    )  # fmt: skip
