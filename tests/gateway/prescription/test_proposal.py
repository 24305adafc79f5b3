"""What a person is shown before she confirms a plan, and that she confirms exactly that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import roster as rosters
from gateway.events import (
    MealClockSet,
    MedicationStopped,
    PlanConfirmed,
    PrescriptionEntered,
    RosterSet,
)
from gateway.household import Household, fold
from gateway.prescription import stored
from gateway.prescription.changes import Kind
from gateway.prescription.medication import AsNeeded, AtMeals, Days, Medication, Relation
from gateway.prescription.proposal import KEPT_DAYS, Proposal, propose, snapshot, waiting
from gateway.prescription.schedule import make_schedule
from tests.gateway.home_clock import BOX, at
from tests.gateway.prescription.any_medication import DAY_ONE, MEDICATIONS, once_a_day

CLOCK = {"breakfast": "07:30", "lunch": "12:30", "dinner": "18:30", "bed": "22:00"}
NOON = at("12:00")
HOME = rosters.Roster(
    home_id="home-1",
    time_zone="Asia/Seoul",
    language="ko",
    persons=(rosters.Person("soonja", "김순자"),),
    devices=(rosters.Device(BOX, "pillbox", "soonja"),),
    regimens=(rosters.Regimen("soonja", ("evening",)),),
)


def living(roster: rosters.Roster = HOME) -> Household:
    """A household planned from its configuration file."""
    household = fold(Household(), RosterSet(NOON, rosters.to_json(roster)))
    return keep(household, NOON)


def keep(household: Household, now_ms: int) -> Household:
    """Make the box's schedule, as the gateway does."""
    made = make_schedule(household, BOX, now_ms)
    return fold(household, made) if made else household


def prescribe(household: Household, number: int, *medications: Medication) -> Household:
    """Enter a prescription."""
    bodies = tuple(stored.to_json(m) for m in medications)
    return fold(household, PrescriptionEntered(NOON, "soonja", number, bodies, "form", "딸"))


def confirm(household: Household, now_ms: int) -> Proposal:
    """Say yes to what is proposed; the proposal it was."""
    proposal = propose(household, "soonja", now_ms)
    bodies = {key: stored.to_json(m) for key, m in proposal.medications.items()}
    clock, digest = proposal.meal_clock, proposal.digest
    fold(household, PlanConfirmed(now_ms, "soonja", bodies, clock, digest, "딸"))
    keep(household, now_ms)
    return proposal


def test_a_first_prescription_replaces_the_file_and_says_so() -> None:
    """The file's evenings end or get contents, what is new is named from its first dose on."""
    household = prescribe(living(), 1, once_a_day(label="morning", days=10))
    proposal = propose(household, "soonja", NOON)
    assert proposal.replaces_file
    removed, added = proposal.changes
    assert (removed.kind, removed.label, removed.from_day) == (
        Kind.REMOVED,
        "evening",
        "2026-03-02",
    )
    assert removed.goes_on
    assert (added.kind, added.label, added.days) == (Kind.ADDED, "morning", 9)
    assert (added.from_day, added.until_day) == ("2026-03-03", "2026-03-11")
    assert added.after is not None
    assert [(c.medication_id, c.amount) for c in added.after.contents] == [("1/0", "1")]
    assert proposal.holds_from == removed.before


def test_what_is_proposed_is_what_the_box_gets() -> None:
    """After the confirmation the box's schedule has the proposal's slots, and nothing waits."""
    household = prescribe(living(), 1, once_a_day(label="morning"), once_a_day("b", "evening"))
    proposal = confirm(household, NOON)
    made = household.made[BOX]
    wanted = {s.slot: s for s in proposal.plan.slots if s.opens_ms > NOON}
    assert {s.slot: s for s in made.slots} == wanted
    again = propose(household, "soonja", NOON)
    assert (again.waiting, again.changes, again.holds_from) == (0, (), None)


near = MEDICATIONS.flatmap(
    lambda m: st.integers(-20, 20).map(
        lambda n: replace(
            m, dispensed_on=DAY_ONE + timedelta(n), days_supply=min(m.days_supply, 30)
        )
    )
)


@settings(max_examples=15, deadline=None)
@given(st.lists(near, max_size=5), st.sampled_from([NOON, at("17:30"), at("00:10")]))
def test_after_a_confirmation_nothing_differs(medications: list[Medication], now_ms: int) -> None:
    """Whatever was dispensed: what was confirmed is what runs, so nothing more is proposed."""
    household = living()
    keep(household, now_ms)
    prescribe(household, 1, *medications)
    first = confirm(household, now_ms)
    again = propose(household, "soonja", now_ms)
    assert (again.changes, again.waiting) == ((), 0)
    assert again.medications == first.medications
    for change in first.changes:
        assert (change.before, change.after) != (None, None)
        assert list(change.on) == sorted(set(change.on))


def test_a_slot_that_has_begun_stays_as_it_was() -> None:
    """A second medicine entered while the evening's window is open comes with tomorrow's."""
    household = prescribe(living(), 1, once_a_day())
    confirm(household, NOON)
    during = at("17:30")  # not due yet, but it may be opened
    prescribe(household, 2, once_a_day("b"))
    proposal = confirm(household, during)
    assert [c.kind for c in proposal.changes] == [Kind.CONTENTS]
    assert proposal.changes[0].from_day == "2026-03-03"
    assert proposal.holds_from is not None
    assert proposal.holds_from.slot.day == "2026-03-03"
    tonight = next(s for s in household.made[BOX].slots if s.slot.day == "2026-03-02")
    assert [c.medication_id for c in tonight.contents] == ["1/0"]


def test_the_kinds_of_changes() -> None:
    """Another hour, another class and another medicine in the pouch are three kinds."""
    household = prescribe(living(), 1, once_a_day())
    confirm(household, NOON)
    fold(household, MealClockSet(NOON, "soonja", {**CLOCK, "dinner": "19:30"}, "딸"))
    moved = propose(household, "soonja", NOON)
    assert [c.kind for c in moved.changes] == [Kind.MOVED]
    assert moved.changes[0].before is not None
    assert moved.changes[0].after is not None
    assert moved.changes[0].after.due_ms - moved.changes[0].before.due_ms == 3_600_000
    confirm(household, NOON)
    stop = MedicationStopped(NOON, "soonja", "1/0", "2026-03-01", "딸", "의사")
    fold(household, stop)
    prescribe(household, 2, replace(once_a_day("b"), drug_class="time_critical"))
    other = propose(household, "soonja", NOON)
    assert [c.kind for c in other.changes] == [Kind.CONTENTS]
    confirm(household, NOON)
    house = replace(HOME, drug_classes={"time_critical": {"window_min": 45}})
    fold(household, RosterSet(NOON, rosters.to_json(house)))
    assert propose(household, "soonja", NOON).waiting == 0  # a house's row is no entry


def test_days_of_one_change_need_not_follow_one_another() -> None:
    """Every other day is one line with its days, not one line for each of them."""
    second = Medication("b", AtMeals(("evening",)), 30, dispensed_on=DAY_ONE, days=Days(2))
    household = prescribe(living(), 1, once_a_day())
    confirm(household, NOON)
    prescribe(household, 2, second)
    (change,) = propose(household, "soonja", NOON).changes
    assert (change.kind, change.days) == (Kind.CONTENTS, 15)
    assert change.on[:3] == ("2026-03-02", "2026-03-04", "2026-03-06")


def test_a_prn_compartment_is_a_change_of_its_own() -> None:
    """It is said with its most a day and its days, and is no dose from which anything holds."""
    asked = Medication("c", AsNeeded(360, 3), 5, dispensed_on=DAY_ONE)
    household = prescribe(living(replace(HOME, regimens=())), 1, asked)
    proposal = propose(household, "soonja", NOON)
    (change,) = proposal.changes
    assert (change.label, change.daily_max, change.days) == (rosters.AS_NEEDED, (0, 3), 5)
    assert proposal.holds_from is None
    confirm(household, NOON)
    assert propose(household, "soonja", NOON).changes == ()


def test_the_digest_is_of_everything_that_was_seen() -> None:
    """Looked at again it is the same; anything that was entered since makes it another."""
    household = prescribe(living(), 1, once_a_day())
    seen = propose(household, "soonja", NOON).digest
    assert propose(household, "soonja", NOON + 60_000).digest == seen
    begun = propose(household, "soonja", at("18:40")).digest
    fold(household, MealClockSet(NOON, "soonja", {**CLOCK, "dinner": "19:30"}, "딸"))
    moved = propose(household, "soonja", NOON).digest
    prescribe(household, 2, once_a_day("b"))
    added = propose(household, "soonja", NOON).digest
    fold(
        household,
        MealClockSet(NOON, "soonja", {**CLOCK, "dinner": "19:30", "lunch": "13:00"}, "딸"),
    )
    unseen = propose(household, "soonja", NOON).digest  # no dose is at lunch
    house = replace(HOME, drug_classes={"default": {"window_min": 45}})
    fold(household, RosterSet(NOON, rosters.to_json(house)))
    ruled = propose(household, "soonja", NOON).digest
    assert len({seen, begun, moved, added, unseen, ruled}) == 6


def test_a_plan_that_contradicts_itself_is_blocked() -> None:
    """The same drug in two dosings at once is for a person to decide."""
    household = prescribe(living(), 1, once_a_day(), once_a_day(label="morning"))
    assert propose(household, "soonja", NOON).blocked
    fold(household, MedicationStopped(NOON, "soonja", "1/1", "2026-03-01", "딸", "잘못"))
    assert not propose(household, "soonja", NOON).blocked


def test_how_much_waits() -> None:
    """Each medication that is other than confirmed, and a meal clock, count one."""
    household = living()
    assert waiting(household, "soonja", NOON) == 0
    prescribe(household, 1, once_a_day(), once_a_day("b"))
    assert waiting(household, "soonja", NOON) == 2
    confirm(household, NOON)
    assert waiting(household, "soonja", NOON) == 0
    fold(household, MedicationStopped(NOON, "soonja", "1/1", "2026-03-05", "딸", "의사"))
    fold(household, MealClockSet(NOON, "soonja", {**CLOCK, "dinner": "19:30"}, "딸"))
    assert waiting(household, "soonja", NOON) == 2
    confirm(household, NOON)
    assert waiting(household, "soonja", NOON) == 0
    assert waiting(household, "soonja", NOON + 400 * 86_400_000) == 0
    with pytest.raises(KeyError):
        waiting(household, "nobody", NOON)


def test_what_ended_long_ago_leaves_the_snapshot() -> None:
    """It is kept while a later supply takes its first day or its rhythm from it."""
    daily = [once_a_day("a"), once_a_day("a", after_days=28)]  # the refill begins on day 30
    rhythm = [replace(m, name="b", days=Days(2)) for m in (once_a_day(), once_a_day(after_days=30))]
    apart = [once_a_day("c"), once_a_day("c", after_days=30)]
    household = prescribe(living(), 1, *daily, *rhythm, *apart)
    book = household.books["soonja"]
    soon = DAY_ONE + timedelta(29 + KEPT_DAYS)
    assert set(snapshot(book, soon)) == {f"1/{n}" for n in range(6)}
    assert set(snapshot(book, soon + timedelta(1))) == {"1/0", "1/1", "1/2", "1/3", "1/5"}
    assert snapshot(book, soon + timedelta(40)) == {}


def test_a_relation_is_seen_in_the_hour() -> None:
    """Half an hour after the meal is half an hour later on the box."""
    after = Medication("a", AtMeals(("morning",), Relation.AFTER, 30), 5, dispensed_on=DAY_ONE)
    household = prescribe(living(replace(HOME, regimens=())), 1, after)
    (change,) = propose(household, "soonja", NOON).changes
    assert change.after is not None
    assert change.after.due_ms == at("08:00", "2026-03-03")


def test_what_begins_long_after_it_was_dispensed_can_be_confirmed() -> None:
    """Three bags of 90 days, typed in five months late: the second runs, the third waits."""
    household = prescribe(living(), 1, once_a_day("old", "noon"))
    confirm(household, NOON)
    bags = [once_a_day("a", "morning", days=90) for _ in range(3)]
    household = prescribe(household, 2, *bags)
    later = NOON + 153 * 86_400_000
    assert waiting(household, "soonja", later) == 2  # the first ended more than 60 days ago
    assert propose(household, "soonja", later).changes
