"""A box without a gateway keeps reminding: rules behind the explicit slots, spacing, skipping."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import schedule as wire
from anbu_wire.messages import OK
from gateway.entries import schedule_of, slot_by_rule
from gateway.events import PlannedSlot, RosterSet, ScheduleMade, SlotId, from_json, to_json
from gateway.home import Home
from gateway.prescription.plan import plan, rules
from gateway.prescription.schedule import make_schedule, to_wire
from gateway.prescription.windows import skip_after_min, spacing_min, window
from gateway.roster import LABELS, WEEKDAYS, AsNeeded, Policy, Regimen, Roster
from gateway.roster import to_json as roster_to_json
from gateway.zones import day_number, unix_ms, wall_s
from pillbox.schedule import check
from tests.gateway.home_facts import BOX, MIN_MS, at, roster

DAY_MS = 86_400_000
FULL = (Regimen("soonja", ("morning", "noon", "evening")), Regimen("soonja", ("bedtime",)))


def made_at(now_ms: int, who: Roster, before: Home | None = None) -> ScheduleMade:
    """The first schedule of a roster, or the one that follows in a home."""
    home = before or Home()
    home.fold(RosterSet(now_ms, roster_to_json(who)))
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    home.fold(made)
    return made


def slots_on_box(made: ScheduleMade, from_ms: int, until_ms: int) -> list[wire.Entry]:
    """What the box makes of the bytes it was sent."""
    schedule = wire.decode_schedule(to_wire(made))
    found = [
        one
        for entry in schedule.entries
        for one in wire.occurrences(entry, schedule.zone, wall_s(from_ms), wall_s(until_ms))
    ]
    return sorted(found, key=lambda e: e.due_wall_s)


def test_the_box_reminds_for_forty_days_alone() -> None:
    """Each slot of forty days, at its hour, in its compartment, exactly once."""
    now_ms = at("12:00")
    made = made_at(now_ms, roster(regimens=FULL))
    found = slots_on_box(made, now_ms, now_ms + 40 * DAY_MS)
    assert len({e.slot for e in found}) == len(found)
    planned = plan(roster(regimens=FULL), "soonja", now_ms, 41)
    wanted = [s for s in planned if now_ms <= s.due_ms <= now_ms + 40 * DAY_MS]
    assert [unix_ms(e.due_wall_s) for e in found] == [s.due_ms for s in wanted]
    assert [e.compartment for e in found] == [s.compartment for s in wanted]


regimens = st.builds(
    Regimen,
    st.just("soonja"),
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=2, unique=True).map(
        lambda found: tuple(sorted(found, key=LABELS.index))
    ),
    every_days=st.integers(1, 9),
    weekdays=st.just(()),
    from_day=st.dates(date(2026, 2, 1), date(2026, 4, 20)).map(str),
    until_day=st.none() | st.dates(date(2026, 3, 1), date(2026, 5, 20)).map(str),
) | st.builds(
    Regimen,
    st.just("soonja"),
    st.just(("evening",)),
    weekdays=st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=6).map(tuple),
    until_day=st.none() | st.dates(date(2026, 3, 1), date(2026, 5, 20)).map(str),
)


@given(regimens, st.integers(0, 45), st.sampled_from(["Asia/Seoul", "Europe/Berlin"]))
def test_rules_go_on_where_the_plan_ends(regimen: Regimen, day: int, zone: str) -> None:
    """Explicit slots and rules together are the plan of sixty days: no day twice, none left out."""
    now_ms = at("12:00") + day * DAY_MS
    who = roster(regimens=(regimen,), zone=zone)
    wanted = [s for s in plan(who, "soonja", now_ms, 60) if s.due_ms > now_ms]
    home = Home()
    home.fold(RosterSet(now_ms, roster_to_json(who)))
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    assert check(schedule_of(made), 28) == OK
    found = slots_on_box(made, now_ms, now_ms + 58 * DAY_MS)
    until = [s for s in wanted if s.due_ms <= now_ms + 58 * DAY_MS]
    assert [(e.slot[1], unix_ms(e.due_wall_s)) for e in found] == [
        (s.slot.index, s.due_ms) for s in until
    ]
    assert [e.slot[0] for e in found] == [day_number(date.fromisoformat(s.slot.day)) for s in until]


def test_a_full_box_takes_fewer_days_and_never_more_entries() -> None:
    """With PRN compartments beside four slots a day the explicit days shrink, the rules stay."""
    four = Regimen("soonja", LABELS, weekdays=WEEKDAYS[:5])
    asked = tuple(AsNeeded("soonja", 20 + n, 240, 3) for n in range(6))
    who = replace(roster(regimens=(four,)), as_needed=asked)
    made = made_at(at("12:00"), who)
    entries = schedule_of(made).entries
    assert check(schedule_of(made), 28) == OK
    assert len(entries) <= wire.MAX_ENTRIES
    assert len(made.rules) == 4 + 6
    assert len({e.slot for e in entries}) == len(entries)
    daily = replace(roster(regimens=(Regimen("soonja", LABELS),)), as_needed=asked)
    days = {s.slot.day for s in made_at(at("12:00"), daily).slots}
    assert 10 <= len(days) < 14


def test_a_prn_compartment_is_no_slot() -> None:
    """It has its compartment, spacing and limit, an index of its own, and no due time."""
    asked = AsNeeded("soonja", 13, 360, 3, until_day="2026-03-05")
    made = made_at(at("12:00"), replace(roster(), as_needed=(asked,)))
    entry = next(e for e in schedule_of(made).entries if e.daily_max)
    assert (entry.compartment, entry.spacing_min, entry.daily_max) == (13, 360, 3)
    assert entry.slot[1] >= len(LABELS)
    assert entry.until_day == day_number(date(2026, 3, 5))
    assert wire.occurrences(entry, wire.UTC, 0, 0xFFFFFFFF) == []
    late = replace(roster(), as_needed=(replace(asked, until_day="2026-03-01"),))
    assert not any(r.daily_max for r in rules(late, "soonja", at("12:00")))


def test_the_days_supply_ends() -> None:
    """After the last day of what was dispensed nothing is planned and no rule goes on."""
    who = roster(regimens=(Regimen("soonja", ("evening",), until_day="2026-03-04"),))
    made = made_at(at("12:00"), who)
    assert [s.slot.day for s in made.slots] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert made.rules == ()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # (slot's index, minutes, the slot before as days back and index)
        (("evening",), [(2, 720, 1, 2)]),
        (("morning", "evening"), [(0, 360, 1, 2), (2, 360, 0, 0)]),
        (("morning", "noon", "evening"), [(0, 240, 1, 2), (1, 240, 0, 0), (2, 240, 0, 1)]),
        (("evening", "bedtime"), [(2, 360, 1, 3), (3, 150, 0, 2)]),
    ],
)
def test_spacing_is_per_regimen(
    labels: tuple[str, ...], expected: list[tuple[int, int, int, int]]
) -> None:
    """Each slot waits for the same regimen's slot before, not for its neighbour in the day."""
    other = tuple(label for label in LABELS if label not in labels)
    who = roster(regimens=(Regimen("soonja", labels), Regimen("soonja", other)))
    made = made_at(at("12:00"), who)
    for index, minutes, days_back, before in expected:
        slot = next(s for s in made.slots if s.slot.index == index and s.slot.day == "2026-03-05")
        assert slot.spacing_min == minutes
        assert (slot.after_days, slot.after_index) == (days_back, before)


def test_opened_in_its_window_a_dose_postpones_nothing() -> None:
    """The spacing that nobody decided never moves a dose whose forerunner came in its window."""
    for size in range(1, 5):
        for labels in itertools.combinations(LABELS, size):
            who = roster(regimens=(Regimen("soonja", labels),))
            found = {s.slot: s for s in plan(who, "soonja", at("12:00"))}
            for slot in found.values():
                back = date.fromisoformat(slot.slot.day) - timedelta(days=slot.after_days)
                before = found.get(SlotId("soonja", back.isoformat(), slot.after_index))
                if before is not None and slot.spacing_min:
                    assert before.due_ms < slot.due_ms
                    earliest_ms = before.closes_ms + slot.spacing_min * MIN_MS
                    assert earliest_ms <= slot.due_ms or size == 4, (labels, slot)


@pytest.mark.parametrize(
    ("regimen", "doses", "next_min", "expected"),
    [
        (Regimen("p", ("evening",)), 1, 1440, 720),  # half way to tomorrow's
        (Regimen("p", ("morning", "evening")), 2, 660, 300),  # six hours before the evening's
        (Regimen("p", ("morning", "noon", "evening")), 3, 300, 60),
        (Regimen("p", ("morning", "evening"), spacing_min=480), 2, 660, 180),
        (Regimen("p", ("morning", "noon"), window_min=200), 2, 300, 200),  # what is prescribed
        (Regimen("p", ("evening",), None, 10, 20, 0), 1, 1440, 720),
    ],
)
def test_take_turns_into_skip(regimen: Regimen, doses: int, next_min: int, expected: int) -> None:
    """Nearer to the next dose, or inside its spacing: skipped; a prescribed window stands."""
    width = window(regimen, doses, next_min, Policy())
    assert skip_after_min(regimen, doses, next_min, width.window_min) == expected
    assert width.window_min + width.late_min <= max(expected, width.window_min)


def test_a_regimens_own_spacing_is_kept() -> None:
    """What the prescription says replaces the default, for the first dose of a day too."""
    regimen = Regimen("soonja", ("morning", "evening"), spacing_min=500)
    assert spacing_min(regimen, 2, 660, 60) == 500
    made = made_at(at("12:00"), roster(regimens=(regimen,)))
    assert {s.spacing_min for s in made.slots} == {500}


def test_every_other_day_waits_for_the_dose_two_days_before() -> None:
    """격일: the slot before is two days back, on its very first day there is none."""
    regimen = Regimen("soonja", ("evening",), every_days=2, from_day="2026-03-03")
    made = made_at(at("12:00"), roster(regimens=(regimen,)))
    assert [(s.slot.day, s.after_days) for s in made.slots[:3]] == [
        ("2026-03-03", 0),
        ("2026-03-05", 2),
        ("2026-03-07", 2),
    ]
    assert made.slots[0].spacing_min == 0
    assert made.rules[0].every_days == made.rules[0].first.after_days == 2


def test_the_schedule_carries_the_zones_next_change() -> None:
    """Berlin's box learns with its schedule when its hours move; Seoul's that nothing will."""
    berlin = schedule_of(made_at(at("12:00"), roster(zone="Europe/Berlin"))).zone
    assert (berlin.offset_min, berlin.next_offset_min) == (60, 120)
    assert unix_ms(berlin.change_wall_s) == at("10:00", "2026-03-29")
    assert schedule_of(made_at(at("12:00"), roster())).zone == wire.Zone(540, 0, 540)


def test_low_criticality_reaches_the_box() -> None:
    """What may be silent at night is marked so."""
    who = roster(regimens=(Regimen("soonja", ("bedtime",), criticality="low"),))
    assert {e.criticality for e in schedule_of(made_at(at("12:00"), who)).entries} == {wire.LOW}


def test_a_schedule_survives_json_with_its_rules() -> None:
    """What the log gives back is sent with the same bytes."""
    asked = (AsNeeded("soonja", 13, 360, 3),)
    made = made_at(at("12:00"), replace(roster(regimens=FULL), as_needed=asked))
    back = from_json(made.kind, to_json(made))
    assert back == made
    assert isinstance(back, ScheduleMade)
    assert to_wire(back) == to_wire(made)


def test_an_older_logs_schedule_is_read() -> None:
    """A fact written before rules and spacing existed is understood, and made anew."""
    made = made_at(at("12:00"), roster())
    body = to_json(made)
    del body["rules"], body["zone"]
    new = ("skip_after_min", "spacing_min", "after_days", "after_index")
    body["slots"] = [{k: v for k, v in s.items() if k not in new} for s in body["slots"]]
    old = from_json(made.kind, body)
    home = Home()
    home.fold(RosterSet(at("12:00"), roster_to_json(roster())))
    home.fold(old)
    again = make_schedule(home.household, BOX, at("12:01"))
    assert again is not None
    assert again.version == 2


def test_a_rule_makes_the_same_slot_here_and_there() -> None:
    """The gateway plans a slot that only a rule made exactly as the box did."""
    now_ms = at("12:00")
    made = made_at(now_ms, roster(regimens=FULL, zone="Europe/Berlin"))
    alone = slots_on_box(made, now_ms + 20 * DAY_MS, now_ms + 40 * DAY_MS)
    assert len(alone) > 70
    for entry in alone:
        slot = SlotId("soonja", (date(2000, 1, 1) + timedelta(days=entry.slot[0])).isoformat(), 0)
        planned = slot_by_rule(made, replace(slot, index=entry.slot[1]))
        assert isinstance(planned, PlannedSlot)
        assert (planned.due_ms, planned.compartment) == (
            unix_ms(entry.due_wall_s),
            entry.compartment,
        )
        assert planned.label == LABELS[entry.slot[1]]
    assert slot_by_rule(made, SlotId("soonja", "2026-03-30", 9)) is None
