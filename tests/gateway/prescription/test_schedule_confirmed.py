"""The box's schedule follows what a person confirmed, version by version; so does the filling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from anbu_wire import messages as wire
from anbu_wire.messages import OK
from gateway import roster as rosters
from gateway.adherence.outcomes import State, outcome
from gateway.entering import Stop
from gateway.entries import schedule_of
from gateway.events import PlannedSlot, RosterSet, ScheduleMade, ScheduleOnBox, SlotId
from gateway.home import Home
from gateway.orders import Wish, WishRefused
from gateway.prescription.current import coming
from gateway.prescription.medication import AtMeals, EveryHours, Medication, Relation
from gateway.prescription.proposal import propose
from gateway.prescription.refill_plan import refill_plan
from gateway.prescription.schedule import make_schedule
from gateway.roster import Regimen
from pillbox.schedule import check
from tests.gateway.entered_facts import BY, confirm_all, enter, prescribed
from tests.gateway.home_facts import BOX, EVENING, at, begun, caught_up, record, roster
from tests.gateway.prescription.confirmed_facts import MONDAY, confirm, meds

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def made(home: Home, now_ms: int) -> ScheduleMade | None:
    """What the keeper would make; it is folded, and read back by the box."""
    schedule = make_schedule(home.household, BOX, now_ms)
    if schedule is not None:
        assert check(schedule_of(schedule), 28) == OK
        home.fold(schedule)
        home.fold(ScheduleOnBox(now_ms, BOX, schedule.version, schedule.crc))
    return schedule


def home_with(*lines: str, now_ms: int = at("12:00")) -> Home:
    """A home with the file's evening dose, and these lines confirmed."""
    home = begun(at("11:00"))
    confirm(home, now_ms, meds(*lines))
    return home


def slots_of(schedule: ScheduleMade | None) -> list[tuple[str, int]]:
    assert schedule is not None
    return [(s.slot.day, s.slot.index) for s in schedule.slots]


def slot(schedule: ScheduleMade | None, which: SlotId) -> PlannedSlot:
    assert schedule is not None
    return next(s for s in schedule.slots if s.slot == which)


def test_the_confirmed_plan_stands_for_the_file() -> None:
    """The file's evening dose is gone, the confirmed morning is there; version two."""
    home = home_with("a 1T am 30d")
    schedule = made(home, at("12:00"))
    assert schedule is not None
    assert schedule.version == 2
    assert {index for _day, index in slots_of(schedule)} == {0}
    assert schedule.slots[0].slot.day == "2026-03-03"


def test_who_confirmed_nothing_is_planned_from_the_file() -> None:
    """Entered is not confirmed: the box goes on with what it had."""
    home = begun(at("11:00"))
    assert made(home, at("12:00")) is None
    assert [s.slot for s in coming(home.household, "soonja", at("12:00"), 1)][1] == EVENING


def test_no_new_version_without_need() -> None:
    """The same plan at every hour of a day is the same schedule; each midnight brings a day."""
    home = home_with("a 1T tid pc 60d", "b 1T hs 60d", "p 1T prn 60d", "c 1T q8h 60d")
    made(home, at("12:00"))
    made(home, at("00:00", "2026-03-04"))
    hours = [at("00:00", "2026-03-04") + n * HOUR_MS for n in range(1, 24)]
    assert [made(home, now_ms) for now_ms in hours] == [None] * 23
    assert made(home, at("00:00", "2026-03-05")) is not None


def test_a_change_leaves_what_has_begun() -> None:
    """The noon dose is open when the noon is moved: today it stays, tomorrow it is moved."""
    home = home_with("a 1T tid pc 30d", now_ms=at("11:30"))
    made(home, at("11:30"))
    moved = {"breakfast": "07:30", "lunch": "13:30", "dinner": "18:30", "bed": "22:00"}
    confirm(home, at("12:00"), meds("a 1T tid pc 30d"), moved)
    schedule = made(home, at("12:00"))
    assert slot(schedule, SlotId("soonja", "2026-03-02", 1)).due_ms == at("12:30")
    assert slot(schedule, SlotId("soonja", "2026-03-03", 1)).due_ms == at("13:30", "2026-03-03")


def test_a_new_dose_of_today_is_taken_up_while_it_is_not_due() -> None:
    """Its window is open already, nobody had it before: it is not lost for the day."""
    home = begun(at("11:00"), roster(regimens=(Regimen("soonja", ("morning",)),)))
    confirm(home, at("17:30"), meds("a 1T 저녁 30d"))
    schedule = made(home, at("17:30"))
    assert slot(schedule, EVENING).opens_ms == at("16:30")
    late = begun(at("11:00"), roster(regimens=(Regimen("soonja", ("morning",)),)))
    confirm(late, at("18:31"), meds("a 1T 저녁 30d"))
    assert ("2026-03-02", 2) not in slots_of(made(late, at("18:31")))


def test_a_dose_that_was_taken_is_not_planned_again() -> None:
    """Taken at 18:20; then the evening moves to 21:00: not today's."""
    home = home_with("a 1T 저녁 30d", now_ms=at("12:00"))
    made(home, at("12:00"))
    home.fold(record(1, wire.SLOT_TAKEN, at("18:20"), value=0))
    before = home.household.slots[EVENING].planned
    later = {"breakfast": "07:30", "lunch": "12:30", "dinner": "21:00", "bed": "22:00"}
    confirm(home, at("18:40"), meds("a 1T 저녁 30d"), later)
    made(home, at("18:40"))
    assert home.household.slots[EVENING].planned == before


def test_a_dose_that_is_over_is_not_offered_again() -> None:
    """The noon's window has ended; then lunch moves to 15:00: tomorrow, not again today."""
    home = home_with("a 1T tid pc 30d", now_ms=at("11:15"))
    noon = SlotId("soonja", "2026-03-02", 1)
    assert slot(made(home, at("11:15")), noon).ends_ms <= at("14:30")
    later = {"breakfast": "07:30", "lunch": "15:00", "dinner": "18:30", "bed": "22:00"}
    confirm(home, at("14:30"), meds("a 1T tid pc 30d"), later)
    schedule = made(home, at("14:30"))
    assert ("2026-03-02", 1) not in slots_of(schedule)
    assert ("2026-03-03", 1) in slots_of(schedule)


def test_what_the_box_made_by_a_rule_stays_when_the_gateway_is_back() -> None:
    """Away for twenty days, back in an open window: the dose goes on, as the box has it."""
    home = home_with("a 1T 저녁 60d")
    made(home, at("12:00"))
    back_ms = at("18:40", "2026-03-22")
    schedule = made(home, back_ms)
    assert slot(schedule, SlotId("soonja", "2026-03-22", 2)).due_ms == at("18:30", "2026-03-22")


def test_the_end_of_a_supply() -> None:
    """After the last day nothing is planned, neither by slots nor by rules."""
    home = home_with("a 1T am 5d")
    schedule = made(home, at("12:00"))
    assert schedule is not None
    assert slots_of(schedule) == [(f"2026-03-{day:02d}", 0) for day in (3, 4, 5, 6)]
    assert schedule.rules == ()


def test_a_stop_and_a_refill_make_new_versions() -> None:
    """Stopped tomorrow: shorter. Refilled early: on and on without a second dose a day."""
    home = home_with("a 1T am 30d")
    made(home, at("12:00"))
    confirm(home, at("13:00"), meds("a 1T am 2d"))
    assert slots_of(made(home, at("13:00"))) == [("2026-03-03", 0)]
    confirm(home, at("14:00"), meds("a 1T am 5d", "2026-03-05 a 1T am 5d"))
    assert slots_of(made(home, at("14:00"))) == [(f"2026-03-{d:02d}", 0) for d in range(3, 12)]


def test_the_filling_is_what_the_order_sends() -> None:
    """Each compartment of the week with what goes into it; the mask is the order's."""
    home = home_with(
        "암로디핀 5mg 1T 아침 30d", "b 0.5T 2d → 1T 5d am", "c 2C hs 60d", "p 1T prn 9d"
    )
    made(home, at("12:00"))
    found = refill_plan(home.household, "soonja", at("12:00"))
    (order,) = home.order(Wish(BOX, "refill"), at("12:00"))
    assert order.arguments["compartments"] == found.mask  # type: ignore[attr-defined]
    assert found.mask == sum(1 << row.compartment for row in found.fill)
    assert len(found.fill) == 14
    tomorrow = next(row for row in found.fill if row.label == "morning")
    assert (tomorrow.day, tomorrow.column, tomorrow.row) == ("2026-03-03", 1, 0)
    assert [(p.name, p.strength, str(p.amount), p.unit) for p in tomorrow.contents] == [
        ("암로디핀", "5mg", "1", "T"),
        ("b", "", "1/2", "T"),
    ]
    (asked,) = found.as_needed
    assert asked.contents[0].name == "p"
    places = {row.compartment for row in (*found.fill, asked)}
    assert set(found.empty) == set(range(28)) - places


def test_what_may_be_opened_soon_is_left_alone() -> None:
    """At 18:00 the evening's lid may be opened: it is named, and not filled now."""
    home = home_with("a 1T 저녁 30d")
    made(home, at("12:00"))
    found = refill_plan(home.household, "soonja", at("18:00"))
    assert [row.day for row in found.left] == ["2026-03-02"]
    assert "2026-03-02" not in {row.day for row in found.fill}
    assert len(found.fill) == 6
    soon = refill_plan(home.household, "soonja", at("16:20"))  # it opens in ten minutes
    assert [row.day for row in soon.left] == ["2026-03-02"]
    assert "2026-03-02" not in {row.day for row in soon.fill}
    assert refill_plan(home.household, "soonja", at("23:30")).left == ()
    found = refill_plan(home.household, "soonja", at("18:31"))
    assert {row.compartment for row in found.left} & {row.compartment for row in found.fill} == {2}


def test_taking_out_follows_the_confirmed_plan() -> None:
    """Two days along: their two mornings; a person with nothing planned takes nothing."""
    home = home_with("a 1T am 30d")
    (order,) = home.order(Wish(BOX, "take_out", {"days": 2}), at("12:00"))
    assert order.arguments["compartments"] == 1 << 4 | 1 << 8  # type: ignore[attr-defined]
    empty = home_with()
    with pytest.raises(WishRefused):
        empty.order(Wish(BOX, "refill"), at("12:00"))


def test_a_year_of_hours_keeps_the_plan() -> None:
    """Over the year's end, day by day: what is still to come is what the pouches say."""
    begin = date(2026, 12, 20)
    home = begun(at("11:00", str(begin)))
    confirm(home, at("12:00", str(begin)), meds("a 1T bid pc 60d", "b 1T qod hs 60d", on=begin))
    for n in range(30):
        now_ms = at("12:00", str(begin + timedelta(days=n)))
        made(home, now_ms)
        newest = home.household.made[BOX]
        wanted = {s.slot: s for s in coming(home.household, "soonja", now_ms, 10)}
        for one in newest.slots:
            if one.slot in wanted:
                assert one == wanted[one.slot]
        told = {s.slot for s in newest.slots}
        assert {s for s, one in wanted.items() if one.opens_ms > now_ms} <= told


BEFORE_DINNER = Medication("b", AtMeals(("evening",), Relation.BEFORE, 30), 30, dispensed_on=MONDAY)
WITH_DINNER = Medication("m", AtMeals(("evening",)), 30, dispensed_on=MONDAY)


def contents_today(schedule: ScheduleMade | None) -> list[tuple[int, list[str]]]:
    """What the schedule has in which place on the Monday."""
    assert schedule is not None
    today = [s for s in schedule.slots if s.slot.day == EVENING.day]
    return [(s.slot.index, [c.medication_id for c in s.contents]) for s in today]


def test_a_dose_that_has_begun_is_not_asked_for_in_another_place() -> None:
    """Taken at 16:30 from the evening's lid; a new bag at 17:00 puts it into the bedtime's."""
    home = begun(at("11:00"))
    enter(home, prescribed(BEFORE_DINNER), at("12:00"))
    confirm_all(home, at("12:00"))
    home.fold(record(1, wire.SLOT_TAKEN, at("16:30"), value=0, schedule_version=2))
    enter(home, prescribed(WITH_DINNER), at("17:00"))
    shown = propose(home.household, "soonja", at("17:00"))
    confirm_all(home, at("17:00"))
    schedule = home.household.made[BOX]
    assert contents_today(schedule) == [(2, ["1/0"])]
    assert shown.holds_from is not None
    assert shown.holds_from.slot.day == "2026-03-03"
    assert made(home, at("17:30")) is None


def test_a_dose_that_has_not_begun_keeps_a_place_it_cannot_leave() -> None:
    """The pouch it would move to has begun without it: today it stays where it lies."""
    critical = replace(BEFORE_DINNER, drug_class="time_critical")
    home = begun(at("11:00"))
    enter(home, prescribed(critical, WITH_DINNER), at("12:00"))
    confirm_all(home, at("12:00"))
    before = contents_today(home.household.made[BOX])
    assert before == [(3, ["1/0"]), (2, ["1/1"])]
    enter(home, Stop("soonja", "1/1", "2026-03-01", BY, "의사"), at("17:00"))
    confirm_all(home, at("17:00"))
    schedule = home.household.made[BOX]
    assert contents_today(schedule) == before
    assert slot(schedule, SlotId("soonja", "2026-03-03", 2)).contents[0].medication_id == "1/0"
    assert check(schedule_of(schedule), 28) == OK
    assert made(home, at("17:31")) is None


def test_missed_by_an_older_schedule_is_not_missed_by_the_new_one() -> None:
    """Dinner moves to 21:00, the box never hears of it: what it missed at 22:30 is none of ours."""
    home = home_with("a 1T 저녁 30d")
    made(home, at("12:00"))
    later = {"breakfast": "07:30", "lunch": "12:30", "dinner": "21:00", "bed": "23:00"}
    confirm(home, at("13:00"), meds("a 1T 저녁 30d"), later)
    moved = make_schedule(home.household, BOX, at("13:00"))
    assert moved is not None
    home.fold(moved)
    home.fold(record(1, wire.SLOT_LATE, at("20:30"), schedule_version=2))
    home.fold(record(2, wire.SLOT_MISSED, at("22:30"), schedule_version=2))
    home.fold(caught_up(at("22:31"), schedule_version=2))
    assert outcome(home.household, EVENING, at("22:31")).state is State.DUE
    assert outcome(home.household, EVENING, at("23:30")).state is State.UNKNOWN
    home.fold(record(3, wire.SLOT_TAKEN, at("23:40"), value=2, schedule_version=2))
    assert outcome(home.household, EVENING, at("23:40")).state is State.TAKEN


def test_other_contents_are_no_other_slot_for_the_box() -> None:
    """One more medicine in the evening's pouch, not read back yet: the box's miss is a miss."""
    home = home_with("a 1T 저녁 30d")
    made(home, at("12:00"))
    confirm(home, at("13:00"), meds("a 1T 저녁 30d", "b 1T 저녁 30d"))
    fuller = make_schedule(home.household, BOX, at("13:00"))
    assert fuller is not None
    home.fold(fuller)
    assert len(slot(fuller, EVENING).contents) == 2
    home.fold(record(1, wire.SLOT_MISSED, at("22:30"), schedule_version=2))
    assert outcome(home.household, EVENING, at("22:31")).state is State.MISSED


def test_what_has_begun_before_midnight_is_in_no_rule_as_well() -> None:
    """At 23:40 tomorrow's first window is open, and few days are told by name: the box takes it."""
    home = begun(at("05:00"))
    confirm(
        home, at("12:00"), meds(Medication("a", EveryHours(6, "00:30"), 60, dispensed_on=MONDAY))
    )
    made(home, at("12:00"))
    home.fold(RosterSet(at("23:40"), rosters.to_json(roster(days=1))))
    schedule = made(home, at("23:40"))
    assert slot(schedule, SlotId("soonja", "2026-03-03", 0)).opens_ms == at("23:30")
