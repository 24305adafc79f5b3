"""Regimens become slots, windows and the box's schedule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from anbu_wire.schedule import MAX_ENTRIES, decode_schedule
from gateway.events import RosterSet, ScheduleMade
from gateway.home import Home
from gateway.prescription.plan import plan
from gateway.prescription.schedule import make_schedule, to_wire
from gateway.prescription.windows import window
from gateway.roster import Policy, Regimen, Roster
from gateway.roster import to_json as roster_to_json
from gateway.zones import day_number, local, time_fields
from tests.gateway.home_facts import BOX, EVENING, SEOUL, at, begun, caught_up, roster


@pytest.mark.parametrize(
    ("regimen", "doses", "next_min", "expected"),
    [
        (Regimen("p", ("evening",)), 1, 1440, (120, 120, 120)),
        (Regimen("p", ("morning", "evening")), 2, 660, (60, 60, 180)),
        (Regimen("p", ("morning", "noon", "evening")), 3, 300, (60, 60, 0)),
        (Regimen("p", ("evening",), criticality="time_critical"), 1, 1440, (30, 30, 210)),
        (Regimen("p", ("evening",), None, 10, 20, 0), 1, 1440, (10, 20, 0)),
        (Regimen("p", ("evening",), None, None, 20, None), 1, 1440, (120, 20, 220)),
    ],
)
def test_window_follows_policy_and_overrides(
    regimen: Regimen, doses: int, next_min: int, expected: tuple[int, int, int]
) -> None:
    """±30 time critical, ±60 more than once a day, ±120 daily; late never inside the spacing."""
    assert tuple(window(regimen, doses, next_min, Policy())) == expected


def test_slots_stand_in_the_week_and_at_the_meal() -> None:
    """The compartment is weekday × 4 + slot, the time is the person's own dinner."""
    slots = plan(roster(), "soonja", at("12:00"))
    today = next(s for s in slots if s.slot == EVENING)
    assert (today.compartment, today.due_ms) == (2, at("18:30"))
    assert {s.compartment for s in slots} == {day * 4 + 2 for day in range(7)}
    assert (today.opens_ms, today.closes_ms, today.ends_ms) == (
        at("18:00"),
        at("19:00"),
        at("20:00"),
    )


def test_moving_dinner_moves_the_dose() -> None:
    """The meal clock anchors doses: a later dinner is a later dose."""
    early = roster()
    late = replace(early, persons=(replace(early.persons[0], meal_clock={"dinner": "19:15"}),))
    due = next(s for s in plan(late, "soonja", at("12:00")) if s.slot == EVENING).due_ms
    assert due == at("19:15")


def test_fourteen_days_of_four_slots_fit_the_box() -> None:
    """The fullest day plan stays within the 64 entries a box takes, today's begun slots too."""
    full = roster(regimens=(Regimen("soonja", ("morning", "noon", "evening", "bedtime")),))
    home = Home()
    home.fold(RosterSet(at("23:30"), roster_to_json(full)))
    for clock, day in (("23:30", "2026-03-02"), ("00:05", "2026-03-03")):
        made = make_schedule(home.household, BOX, at(clock, day))
        assert made is not None
        assert len(made.slots) >= 52
        assert len(made.slots) + len(made.rules) <= MAX_ENTRIES
        home.fold(made)


def test_schedule_survives_the_wire() -> None:
    """What the box decodes are the same absolute times, windows and compartments."""
    home = begun(at("12:00"))
    made = home.household.made[BOX]
    entries = decode_schedule(to_wire(made)).entries
    first, planned = entries[0], made.slots[0]
    assert first.due_wall_s + wire.EPOCH_2000_UNIX_S == planned.due_ms // 1000
    assert (first.early_min, first.window_min, first.late_min) == (30, 30, 60)
    assert first.slot == (day_number(local(planned.due_ms, SEOUL).date()), 2)


def test_schedule_is_not_made_again_without_need() -> None:
    """On the same day nothing new is made; the next day there is a higher version."""
    home = begun(at("12:00"))
    assert make_schedule(home.household, BOX, at("12:01")) is None
    assert make_schedule(home.household, BOX, at("20:30")) is None
    tomorrow = make_schedule(home.household, BOX, at("00:00", "2026-03-03"))
    assert tomorrow is not None
    assert tomorrow.version == 2


def test_a_slot_that_has_begun_does_not_change() -> None:
    """A new regimen in the middle of a window leaves that window as it was."""
    home = begun(at("12:00"))
    later = roster(regimens=(Regimen("soonja", ("evening",), "20:00", 30, 30, 0),))
    home.fold(RosterSet(at("18:40"), roster_to_json(later)))
    made = make_schedule(home.household, BOX, at("18:40"))
    assert made is not None
    home.fold(made)
    dues = {s.slot.day: s.due_ms for s in made.slots}
    assert dues["2026-03-02"] == at("18:30")
    assert dues["2026-03-03"] == at("20:00", "2026-03-03")
    planned = home.household.slots[EVENING].planned
    assert planned is not None
    assert planned.due_ms == at("18:30")


def test_a_withdrawn_slot_is_gone_only_before_it_begins() -> None:
    """A schedule without a slot takes it back where its window has not opened."""
    home = begun(at("12:00"))
    made = home.household.made[BOX]
    home.fold(ScheduleMade(at("13:00"), BOX, 2, 0, made.slots[1:]))
    assert home.household.slots[EVENING].planned is None
    again = begun(at("12:00"))
    again.fold(ScheduleMade(at("18:10"), BOX, 2, 0, made.slots[1:]))
    assert again.household.slots[EVENING].planned is not None


def test_version_rises_above_what_the_box_runs() -> None:
    """A box that knows a higher version than this log gets one above it."""
    home = begun(at("12:00"))
    home.fold(caught_up(at("12:01"), schedule_version=41))
    made = make_schedule(home.household, BOX, at("12:01"), anew=True)
    assert made is not None
    assert made.version == 42


def _berlin() -> Roster:
    return roster(zone="Europe/Berlin")


def test_summer_time_keeps_the_local_hour() -> None:
    """Across the change of the clocks a dose stays at the same local time, once a day."""
    slots = plan(_berlin(), "soonja", at("12:00", "2026-03-27"))
    hours = {local(s.due_ms, _berlin().zone).strftime("%H:%M") for s in slots}
    assert hours == {"18:30"}
    assert len({s.slot.day for s in slots}) == len(slots)


def test_set_time_tells_the_next_change() -> None:
    """Berlin's box is told when summer time begins; Seoul's that nothing will change."""
    now_ms = at("12:00", "2026-03-01")
    _wall, _ms, offset, change_s, following = time_fields(now_ms, _berlin().zone)
    change_ms = (change_s + wire.EPOCH_2000_UNIX_S) * 1000
    assert (offset, following) == (60, 120)
    assert local(change_ms, _berlin().zone).isoformat() == "2026-03-29T03:00:00+02:00"
    assert time_fields(now_ms, SEOUL)[2:] == (540, 0, 540)
