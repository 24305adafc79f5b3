"""A confirmed plan as the box runs it: what the rules say is what the pouches are.

Knows: the box's own check and its own way to read a rule.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import schedule as wire
from anbu_wire.messages import OK, OPENED_PRN, OPENED_PRN_TOO_SOON
from anbu_wire.schedule import local_day
from gateway.entries import schedule_of, slot_by_rule
from gateway.events import Content, PlannedSlot, ScheduleMade
from gateway.prescription.confirmed import Plan, planned, to_planned
from gateway.prescription.medication import EveryHours, Medication
from gateway.prescription.policy_table import TABLE
from gateway.prescription.repeats import repeats
from gateway.prescription.supplies import Reason
from gateway.roster import Policy
from gateway.zones import day_number, instant_ms, time_fields, unix_ms, wall_s
from pillbox.prn import Prn
from pillbox.schedule import check
from tests.gateway.home_clock import at
from tests.gateway.prescription.confirmed_facts import MONDAY, confirmed

DAY = timedelta(days=1)
DAY_MS = 86_400_000
SEOUL = ZoneInfo("Asia/Seoul")
ZONES = st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"])


def plan_at(
    now: date,
    *lines: str | Medication,
    zone: ZoneInfo = SEOUL,
    days: int = 14,
    clock: str = "12:00",
) -> tuple[Plan, ScheduleMade]:
    """The plan at that time of that day, and the schedule it makes."""
    now_ms = instant_ms(now, clock, zone)
    plan = planned("soonja", confirmed(now_ms, *lines), zone, TABLE, Policy(), now_ms, days)
    made = ScheduleMade(now_ms, "box", 1, 0, plan.slots, plan.rules, time_fields(now_ms, zone)[2:])
    return plan, made


def on_box(made: ScheduleMade) -> list[wire.Entry]:
    """Every slot the box makes of the bytes it gets, for two years."""
    schedule = wire.decode_schedule(wire.encode_schedule(schedule_of(made)))
    around = (wall_s(made.at_ms) - 3 * 86_400, wall_s(made.at_ms) + 730 * 86_400)
    found = [o for e in schedule.entries for o in wire.occurrences(e, schedule.zone, *around)]
    return sorted(found, key=lambda e: (e.due_wall_s, e.slot))


def asked(plan: Plan, made: ScheduleMade, zone: ZoneInfo) -> list[wire.Entry]:
    """The same, from the pouches themselves."""
    slots = [to_planned("soonja", s, ["-"] * 99, zone) for s in plan.merged.slots]
    alone = schedule_of(replace(made, slots=tuple(slots), rules=())).entries
    return sorted(alone, key=lambda e: (e.due_wall_s, e.slot))


def second_change_s(made: ScheduleMade, zone: ZoneInfo) -> int:
    """When the zone changes for the second time, as the box counts; far off where it does not."""
    first_s = made.zone[1]
    second_s = time_fields(unix_ms(first_s) or 0, zone)[3] if first_s else 0
    return second_s or 0xFFFFFFFF


LINES = st.lists(
    st.builds(
        "{} {} {} {}d {}".format,
        st.sampled_from(["2026-02-20", "2026-03-02", "2026-03-04"]),
        st.sampled_from(["a 1T", "b 1T", "c 0.5T", "d 2C", "1T"]),
        st.sampled_from(
            ["qd am", "bid pc", "tid 식전 30분", "qid pc", "hs", "q8h", "q12h from 02:00",
             "am 식후 2시간", "qod hs", "qod am", "월목 저녁 식후", "화금 아침 식후", "prn"]
        ),
        st.integers(1, 100),
        st.sampled_from(["", "#parkinson", "#statin", "#weekly"]),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


DRIFTING = st.builds(
    lambda name, hours, first: Medication(name, EveryHours(hours, first), 40, dispensed_on=MONDAY),
    st.sampled_from("ab"),
    st.integers(5, 100),
    st.sampled_from(["08:00", "00:30", "23:30"]),
)


@given(st.tuples(LINES, st.lists(DRIFTING, max_size=1)), ZONES, st.integers(0, 40))
def test_the_box_makes_every_pouch_and_no_other(
    drawn: tuple[list[str], list[Medication]], zone: str, day: int
) -> None:
    """Days, hours, windows, skipping, spacing: slots and rules say what the pouches are.

    Where the box has no room for all, it says them up to the day that is told; and it knows the
    next change of the zone, not the one after it.
    """
    plan, made = plan_at(MONDAY + day * DAY, *drawn[0], *drawn[1], zone=ZoneInfo(zone))
    assert check(schedule_of(made), 28) == OK
    until_s = second_change_s(made, ZoneInfo(zone))
    wanted = [e for e in asked(plan, made, ZoneInfo(zone)) if e.due_wall_s < until_s]
    beyond = [f for f in plan.findings if f.reason is Reason.BEYOND_BOX]
    found = [e for e in on_box(made) if e.due_wall_s < until_s]
    for finding in beyond:
        assert finding.day is not None
        wanted = [e for e in wanted if e.slot[0] <= day_number(finding.day)]
        found = [e for e in found if e.slot[0] <= day_number(finding.day)]
    assert found == wanted
    told = {s.slot for s in plan.slots}
    pouches = (to_planned("soonja", s, ["-"] * 99, ZoneInfo(zone)) for s in plan.merged.slots)
    for one in [s for s in pouches if s.slot not in told and not beyond][-5:]:
        if wall_s(one.due_ms) >= until_s:
            continue
        by_rule = slot_by_rule(made, one.slot)
        assert by_rule is not None
        assert replace(by_rule, contents=()) == replace(one, contents=())


@given(st.sets(st.integers(0, 60)))
def test_rules_say_exactly_the_days(numbers: set[int]) -> None:
    """Any days at all are said by rules, each once."""
    days = {MONDAY + n * DAY for n in numbers}
    said = [day for repeat in repeats(days) for day in repeat.days()]
    assert sorted(said) == sorted(days)


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("a 1T qd am 60d", 1),
        ("a 1T tid pc 60d", 3),
        ("a 1T qod hs 60d", 1),
        ("a 1T 월 저녁 식후 60d", 1),
        ("a 1T 월목 저녁 식후 60d", 2),  # three days and four since the dose before
        ("a 1T q8h 60d", 3),
        ("a 3T 20d → 2T 20d → 1T 20d am", 3),  # the same slots, but other contents
        ("a 1T qd am 10d", 0),
    ],
)
def test_a_rhythm_is_one_rule(line: str, rules: int) -> None:
    """What is the same each time is said once, up to the last day, and the box stops by itself."""
    plan, made = plan_at(MONDAY, line)
    assert len(plan.rules) == rules
    assert all(r.until_day for r in plan.rules)
    last = max(s.day for s in plan.merged.slots)
    assert max(e.slot[0] for e in on_box(made)) == day_number(last)


def test_the_night_after() -> None:
    """Every eight hours from 08:00: the third dose lies after midnight, in its own day's column."""
    plan, made = plan_at(MONDAY, "a 1T q8h from 08:00 40d")
    night = [s for s in plan.slots if s.slot.day == "2026-03-03"]
    hours = [(s.due_ms - instant_ms(date(2026, 3, 3), "00:00", SEOUL)) // 3_600_000 for s in night]
    assert hours == [8, 16, 24]
    assert {s.compartment // 4 for s in night} == {1}
    late = next(s for s in plan.merged.slots if s.day == MONDAY + 30 * DAY and s.due_min == 1440)
    wanted = to_planned("soonja", late, ["1/0"], SEOUL)
    assert slot_by_rule(made, wanted.slot) == wanted


def test_the_contents_are_said() -> None:
    """Each slot names what lies in its pouch, a taper with that day's amount."""
    plan, _made = plan_at(MONDAY, "a 5mg 1T am 5d", "b 2T 2d → 0.5T 3d am")
    first, later = plan.slots[0], plan.slots[3]
    assert first.contents == (Content("1/0", "1"), Content("1/1", "2"))
    assert later.contents == (Content("1/0", "1"), Content("1/1", "1/2"))


def test_a_slot_made_by_a_rule_has_its_contents() -> None:
    """The box was alone for weeks: what it made by its rules is known to be of which medicine."""
    plan, made = plan_at(MONDAY, "a 3T 20d → 2T 20d → 1T 20d am", "b 1T 월목 아침 60d")
    for slot in plan.merged.slots[15:]:
        wanted = to_planned("soonja", slot, ["1/0", "1/1"], SEOUL)
        assert slot_by_rule(made, wanted.slot) == wanted


def test_what_no_rule_knows_is_not_guessed() -> None:
    """Where rules that know their contents find no room, they say nothing about contents."""
    steps = " → ".join(f"{n % 19 + 1}T 2d" for n in range(40))
    plan, made = plan_at(MONDAY, f"a {steps} bid pc")
    assert Reason.BEYOND_BOX not in {f.reason for f in plan.findings}
    assert check(schedule_of(made), 28) == OK
    assert {r.first.contents for r in plan.rules} == {()}
    assert on_box(made) == asked(plan, made, SEOUL)


def test_the_first_slot_waits_for_nothing() -> None:
    """Spacing is to the same drug's slot before; the first has none, the next names it."""
    plan, _made = plan_at(MONDAY, "a 1T bid pc 5d")
    spacing = [(s.spacing_min, s.after_days, s.after_index) for s in plan.slots[:3]]
    assert spacing == [(0, 0, 0), (360, 0, 0), (360, 1, 2)]


def test_a_full_box_takes_fewer_days_one_by_one() -> None:
    """The rules have their room first; nothing is left out while all fits."""
    lines = [f"d{n} 1T {when} 60d" for n, when in enumerate(["bid pc", "noon", "hs"])]
    lines += ["p 1T prn 60d", "월 e 1T 월 아침 60d"]
    plan, made = plan_at(MONDAY, *lines[:3])
    assert check(schedule_of(made), 28) == OK
    assert 10 <= len({s.slot.day for s in plan.slots}) < 15
    assert Reason.BEYOND_BOX not in {f.reason for f in plan.findings}


def test_what_no_rule_says_is_told_up_to_a_day() -> None:
    """Rhythms that drift against one another: told up to a day, and by no guess beyond it."""
    drifting = [
        Medication(name, EveryHours(hours), 90, dispensed_on=MONDAY)
        for name, hours in (("a", 29), ("b", 11), ("c", 37))
    ]
    plan, made = plan_at(MONDAY, *drifting)
    (beyond,) = [f for f in plan.findings if f.reason is Reason.BEYOND_BOX]
    assert beyond.day is not None
    assert not beyond.blocks
    assert beyond.day > MONDAY + 7 * DAY
    entries = schedule_of(made).entries
    assert len(entries) <= wire.MAX_ENTRIES
    assert check(schedule_of(made), 28) == OK
    told = [e for e in on_box(made) if e.slot[0] <= day_number(beyond.day)]
    wanted = asked(plan, made, SEOUL)
    assert told == [e for e in wanted if e.slot[0] <= day_number(beyond.day)]


def test_a_supply_long_after_the_one_before_has_no_spacing_from_it() -> None:
    """Eleven months lie between them: a box is told, and its byte of days is not overrun."""
    plan, made = plan_at(MONDAY, "a 1T am 30d", "2027-02-01 a 1T am 30d")
    assert check(schedule_of(made), 28) == OK
    assert {e.after_days for e in on_box(made)} == {0, 1}
    late = next(r for r in plan.rules if r.first.slot.day > "2027")
    assert late.first.spacing_min > 0


def prn(plan: Plan) -> list[tuple[str, int, int]]:
    """Medication, index and compartment of each PRN medicine."""
    asked_for = [r.first for r in plan.rules if r.daily_max]
    return [(s.contents[0].medication_id, s.slot.index, s.compartment) for s in asked_for]


def test_as_needed_lies_where_no_slot_ever_is() -> None:
    """The last free compartments, each its own; limits and last day go to the box."""
    plan, made = plan_at(MONDAY, "a 1T bid pc 30d", "p 1T prn max 2/d min 8h 30d", "q 1T prn 9d")
    assert prn(plan) == [("1/1", 73, 27), ("1/2", 4, 25)]
    used = {s.compartment for s in plan.slots}
    assert not used & {27, 25}
    rule = next(r for r in plan.rules if r.daily_max)
    assert (rule.daily_max, rule.first.spacing_min) == (2, 480)
    assert rule.until_day == "2026-03-31"
    assert check(schedule_of(made), 28) == OK


def test_as_needed_stays_where_it_is() -> None:
    """Index and compartment are the same as time goes on and others end; then it is gone."""
    lines = ("a 1T tid pc 3d", "b 1T hs 7d", "c 1T 월목 아침 30d", "p 1T prn 20d")
    now_ms = instant_ms(MONDAY, "12:00", SEOUL)
    said = confirmed(now_ms, *lines)
    found = [
        prn(planned("soonja", said, SEOUL, TABLE, Policy(), now_ms + n * DAY_MS, 14))
        for n in range(25)
    ]
    assert len(found[0]) == 1
    assert found[:20] == [found[0]] * 20
    assert found[20:] == [[]] * 5


def test_a_refill_of_a_prn_medicine_keeps_its_compartment() -> None:
    """The second supply of a drug lies in the same place, on the days after the first."""
    plan, made = plan_at(MONDAY, "p 1T prn 10d", "2026-03-10 p 1T prn 10d", "q 1T prn 10d")
    assert prn(plan) == [("1/0", 73, 27), ("1/1", 73, 27), ("1/2", 4, 26)]
    assert [r.first.slot.day for r in plan.rules] == ["2026-03-02", "2026-03-12", "2026-03-02"]
    assert check(schedule_of(made), 28) == OK


def test_a_refill_of_a_prn_medicine_keeps_its_limits() -> None:
    """One at 23:50 of the old supply's last day, the next 20 minutes later: the box warns."""
    _plan, made = plan_at(MONDAY, "p 1T prn min 6h 2d", "2026-03-03 p 1T prn min 6h 2d")
    schedule, doses, said = schedule_of(made), Prn(), []
    for now_ms in (at("23:50", "2026-03-03"), at("00:10", "2026-03-04")):
        now_s = wall_s(now_ms)
        entry = doses.entry_of(schedule, 27, now_s)
        assert entry is not None
        day = local_day(schedule.zone, now_s)
        said.append(doses.judge(entry, day, now_s))
        doses.opened(27, (day, entry.slot[1]), said[-1], now_s, 1, 0)
    assert said == [OPENED_PRN, OPENED_PRN_TOO_SOON]


def test_a_new_prescription_of_a_prn_medicine_counts_on() -> None:
    """Another id, confirmed when the old one is gone from the plan: the box counts on."""
    old, _made = plan_at(MONDAY, "a 1T am 9d", "p 1T prn 9d")
    new, _made = plan_at(MONDAY, "p 1T prn 9d")
    assert [index for _id, index, _lid in prn(old)] == [index for _id, index, _lid in prn(new)]


def test_without_a_free_compartment_a_person_decides() -> None:
    """All 28 are used: a medicine as needed has no place, and that blocks."""
    plan, _made = plan_at(MONDAY, "a 1T qid pc 10d", "p 1T prn 10d")
    (first, *_others) = plan.findings
    assert (first.reason, first.medications) == (Reason.NO_PRN_COMPARTMENT, (1,))
    assert first.blocks
    assert prn(plan) == []


def test_an_end_is_told_only_within_the_days_planned() -> None:
    """What lasts longer than the horizon ends later: nobody needs to hear of it now."""
    plan, _made = plan_at(MONDAY, "a 1T am 5d", "b 1T am 60d")
    ends = [f.medications for f in plan.findings if f.reason is Reason.SUPPLY_ENDS]
    assert ends == [(0,)]


def test_nothing_confirmed_plans_nothing() -> None:
    """A person who is to take nothing has an empty box, not an error."""
    plan, _made = plan_at(MONDAY)
    assert (plan.slots, plan.rules, plan.findings) == ((), (), ())


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Seoul", date(2026, 12, 25)), ("Europe/Berlin", date(2026, 3, 20)),
     ("Europe/Berlin", date(2026, 10, 20)), ("Asia/Seoul", date(2028, 2, 20))],
)  # fmt: skip
def test_borders_of_the_calendar(zone: str, day: date) -> None:
    """Over the year's end, 29 February and both changes of the clock the local hour stays."""
    there = ZoneInfo(zone)
    _plan, made = plan_at(day, f"{day} a 1T bid pc 60d", zone=there)
    found = on_box(made)
    assert len(found) == 120
    for entry in found:
        local_day = date(2000, 1, 1) + entry.slot[0] * DAY
        clock = ("07:30", "", "18:30")[entry.slot[1]]
        assert entry.due_wall_s == wall_s(instant_ms(local_day, clock, there))
    assert isinstance(made.slots[0], PlannedSlot)
