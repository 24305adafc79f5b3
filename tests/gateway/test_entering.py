"""What a person enters is a fact or is refused with the reason, and nothing in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from anbu_wire import messages as wire
from gateway.entering import (
    Confirm,
    Correct,
    Entry,
    NotSeen,
    Pause,
    Prescribe,
    SetMealClock,
    Stop,
    Unpause,
    entered,
)
from gateway.events import (
    DeviceOrdered,
    DoseCorrected,
    MealClockSet,
    MedicationStopped,
    NotMonitored,
    PlanConfirmed,
    PrescriptionEntered,
    SlotId,
    TellingPaused,
)
from gateway.home import Home
from gateway.orders import commands_of
from gateway.prescription import stored
from gateway.prescription.proposal import propose
from gateway.refused import EntryRefused
from gateway.sync import commands
from gateway.zones import day_number
from tests.gateway.entered_facts import BY, EVENINGS, confirm_all, enter, prescribed
from tests.gateway.home_facts import BOX, EVENING, at, begun, record
from tests.gateway.prescription.any_medication import once_a_day

NOW = at("18:35")
CLOCK = {"breakfast": "07:00", "lunch": "12:00", "dinner": "18:00", "bed": "21:30"}
TOMORROW = SlotId("soonja", "2026-03-03", 2)
STOP = Stop("soonja", "1/0", "2026-03-10", BY, "의사가 그만 먹으라고")
AWAY = NotSeen("soonja", "2026-03-10", "2026-03-12", "hospital", BY)
WORD = Correct(EVENING, 1, BY, "봉지가 비어 있음")
DAY_MS = 86_400_000
PAUSE = Pause("soonja", at("08:00", "2026-03-05"), BY, "딸네 집에 계심")


@pytest.fixture
def home() -> Home:
    """Her evening's window is open; one medication was entered and waits."""
    home = begun(at("12:00"))
    enter(home, prescribed(), at("12:05"))
    return home


def test_every_entry_becomes_its_fact(home: Home) -> None:
    """With the time, who said it and what was said; names without the space around them."""
    body = stored.to_json(EVENINGS)
    assert [
        entered(home, entry, NOW)
        for entry in (
            replace(prescribed(), by=f" {BY} "),
            STOP,
            SetMealClock("soonja", CLOCK, BY),
            AWAY,
            replace(WORD, taken=0, why=" 그대로 있음 "),
            replace(PAUSE, why=" 딸네 집에 계심 "),
            Unpause("soonja", f" {BY} "),
        )
    ] == [
        [PrescriptionEntered(NOW, "soonja", 2, (body,), "form", BY)],
        [MedicationStopped(NOW, "soonja", "1/0", "2026-03-10", BY, STOP.why)],
        [MealClockSet(NOW, "soonja", CLOCK, BY)],
        [NotMonitored(NOW, "soonja", "2026-03-10", "2026-03-12", "hospital", BY)],
        [DoseCorrected(NOW, EVENING, 0, BY, "그대로 있음")],
        [TellingPaused(NOW, "soonja", PAUSE.until_ms, BY, PAUSE.why)],
        [TellingPaused(NOW, "soonja", NOW, BY, "")],
    ]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (replace(prescribed(), person_id="nobody"), "person"),
        (replace(WORD, slot=replace(EVENING, person_id="nobody")), "person"),
        (replace(prescribed(), by="  "), "by"),
        (replace(prescribed(), by="가" * 41), "by"),
        (replace(prescribed(), by="a\nb"), "by"),
        (replace(prescribed(), source="rumour"), "source"),
        (Prescribe("soonja", (), "form", BY), "medications"),
        (Prescribe("soonja", (EVENINGS,) * 41, "form", BY), "medications"),
        (prescribed(EVENINGS, replace(EVENINGS, days_supply=0)), "medication"),
        (replace(STOP, medication_id="9/0"), "medication_unknown"),
        (replace(STOP, last_day="2026-02-30"), "day"),
        (replace(STOP, last_day="tomorrow"), "day"),
        (replace(STOP, last_day="2026-04-01"), "over_already"),
        (replace(STOP, why=""), "why"),
        (SetMealClock("soonja", {}, BY), "meal_clock"),
        (SetMealClock("soonja", {**CLOCK, "supper": "23:00"}, BY), "meal_clock"),
        (SetMealClock("soonja", {**CLOCK, "lunch": "24:00"}, BY), "meal_clock"),
        (SetMealClock("soonja", {**CLOCK, "lunch": "7:00"}, BY), "meal_clock"),
        (SetMealClock("soonja", {**CLOCK, "lunch": "07:00"}, BY), "meal_order"),
        (SetMealClock("soonja", {**CLOCK, "bed": "00:30"}, BY), "meal_order"),
        (replace(WORD, slot=SlotId("soonja", "2026-03-02", 0)), "slot"),
        (replace(WORD, slot=TOMORROW), "ahead"),
        (replace(WORD, taken=-1), "taken"),
        (replace(WORD, taken=10), "taken"),
        (replace(WORD, why=" "), "why"),
        (replace(AWAY, why="holiday"), "away"),
        (replace(AWAY, from_day="10.3."), "day"),
        (replace(AWAY, to_day="2026-03-09"), "no_period"),
        (replace(AWAY, to_day="2027-03-12"), "period"),
        (replace(PAUSE, person_id="nobody"), "person"),
        (replace(PAUSE, by=" "), "by"),
        (replace(PAUSE, why=" "), "why"),
        (replace(PAUSE, until_ms=NOW), "pause_end"),
        (replace(PAUSE, until_ms=0), "pause_end"),
        (replace(PAUSE, until_ms=NOW + 14 * DAY_MS + 1), "pause_long"),
        (Unpause("nobody", BY), "person"),
        (Unpause("soonja", ""), "by"),
    ],
)
def test_every_mistake_has_its_code(home: Home, entry: Entry, code: str) -> None:
    """Nothing follows from what cannot be meant, and the page can say what is wrong."""
    with pytest.raises(EntryRefused) as refused:
        entered(home, entry, NOW)
    assert refused.value.code == code


def test_a_line_that_is_refused_is_named(home: Home) -> None:
    """The page can show which of many, and which field of it."""
    with pytest.raises(EntryRefused) as refused:
        entered(home, prescribed(EVENINGS, once_a_day("b", days=999)), NOW)
    assert refused.value.values == {"place": 2, "name": "b", "field": "days_supply"}


def test_days_away_are_withdrawn_once(home: Home) -> None:
    """What ends before it begins takes back what began on that day, and only that."""
    enter(home, AWAY, NOW)
    enter(home, replace(AWAY, to_day="2026-03-09"), NOW)
    assert home.household.not_monitored == {"soonja": {}}
    with pytest.raises(EntryRefused, match="no_period"):
        entered(home, replace(AWAY, to_day="2026-03-09"), NOW)


def test_a_stop_can_be_taken_back(home: Home) -> None:
    """With the supply's own last day it is taken as it was dispensed."""
    enter(home, replace(STOP, last_day="2026-03-01"), NOW)
    assert home.household.books["soonja"].effective() == {}
    enter(home, replace(STOP, last_day="2026-03-31"), NOW)
    assert home.household.books["soonja"].effective() == {"1/0": EVENINGS}


def test_a_person_confirms_exactly_what_she_saw(home: Home) -> None:
    """Whatever was entered since she looked, she is to look again; then it holds."""
    seen = propose(home.household, "soonja", NOW).digest
    enter(home, prescribed(once_a_day("b")), NOW)
    with pytest.raises(EntryRefused, match="changed"):
        entered(home, Confirm("soonja", seen, BY), NOW)
    fact = enter(home, Confirm("soonja", propose(home.household, "soonja", NOW).digest, BY), NOW)
    assert isinstance(fact, PlanConfirmed)
    assert set(fact.medications) == {"1/0", "2/0"}


def test_nothing_is_confirmed_twice(home: Home) -> None:
    """Where nothing waits there is nothing to say yes to; nor where nothing was ever entered."""
    confirm_all(home, NOW)
    for empty in (home, begun(at("12:00"))):
        digest = propose(empty.household, "soonja", NOW).digest
        with pytest.raises(EntryRefused, match="nothing"):
            entered(empty, Confirm("soonja", digest, BY), NOW)


def test_a_contradiction_is_not_confirmed(home: Home) -> None:
    """A plan a person must decide about first is blocked, though she saw all of it."""
    enter(home, prescribed(once_a_day(label="morning")), NOW)
    digest = propose(home.household, "soonja", NOW).digest
    with pytest.raises(EntryRefused, match="blocked"):
        entered(home, Confirm("soonja", digest, BY), NOW)


def test_a_pause_may_last_two_weeks_and_says_so(home: Home) -> None:
    """The longest one is taken; for a longer one the page can say how long it may be."""
    assert entered(home, replace(PAUSE, until_ms=NOW + 14 * DAY_MS), NOW)
    with pytest.raises(EntryRefused) as refused:
        entered(home, replace(PAUSE, until_ms=NOW + 15 * DAY_MS), NOW)
    assert refused.value.values == {"days": 14}


def test_taken_by_word_closes_the_slot_on_its_box(home: Home) -> None:
    """The box still offers it: with the word goes CLOSE_SLOT, once; not with "not taken"."""
    word, order = entered(home, WORD, NOW)
    assert word == DoseCorrected(NOW, EVENING, 1, BY, WORD.why)
    assert isinstance(order, DeviceOrdered)
    assert (order.device_id, order.order) == (BOX, "taken")
    assert [type(fact) for fact in entered(home, replace(WORD, taken=0), NOW)] == [DoseCorrected]
    home.fold(word)
    home.fold(order)
    (command,) = commands_of(home.book.orders[order.order_id])
    day = day_number(date.fromisoformat(EVENING.day))
    assert command == commands.close_slot(day, EVENING.index, wire.WORD_TAKEN)
    assert [type(fact) for fact in entered(home, WORD, NOW)] == [DoseCorrected]


def test_what_its_box_saw_taken_is_not_closed_again(home: Home) -> None:
    """A word about a slot that the box itself ended is a word, and no order."""
    home.fold(record(1, wire.SLOT_TAKEN, at("18:31"), value=1))
    assert [type(fact) for fact in entered(home, WORD, NOW)] == [DoseCorrected]
