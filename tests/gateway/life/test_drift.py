"""Slow drift over weeks: said as a line in the digest, with a robust measure, never an alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.events import HabitLearnt, RosterSet
from gateway.life.drift import Drift, drift
from gateway.roster import to_json
from gateway.zones import instant_ms
from tests.gateway.home_facts import SEOUL, at
from tests.gateway.ladder_facts import people, told
from tests.gateway.life.lives_facts import PLUG, fold, living

TODAY = date(2026, 3, 2)
NOW_MS = at("03:30")


def days(first: str, hours: int, of: range) -> list[int]:
    """Signs of the days so many days ago: the first at a clock, then one an hour."""
    found = []
    for n in of:
        begin_ms = instant_ms(TODAY - timedelta(days=n), first, SEOUL)
        found += [begin_ms + hour * 3_600_000 for hour in range(hours)]
    return found


BEFORE = days("07:00", 12, range(15, 57))


def test_a_day_that_begins_later_is_said() -> None:
    """From seven to half past eight over the last two weeks."""
    found = drift([*BEFORE, *days("08:30", 12, range(1, 15))], [], SEOUL, NOW_MS)
    assert found == Drift(("later",), 420.0, 510.0, 12.0, 12.0)


def test_a_day_that_begins_earlier_and_emptier_is_said() -> None:
    """Both at once."""
    found = drift([*BEFORE, *days("05:30", 8, range(1, 15))], [], SEOUL, NOW_MS)
    assert found is not None
    assert found.ways == ("earlier", "emptier")


def test_under_an_hour_is_nothing() -> None:
    """Fifty-nine minutes later: as before."""
    assert drift([*BEFORE, *days("07:59", 12, range(1, 15))], [], SEOUL, NOW_MS) is None


def test_four_odd_days_move_no_median() -> None:
    """A robust measure: a few late mornings are no drift."""
    late = [*days("11:00", 12, range(1, 5)), *days("07:00", 12, range(5, 15))]
    assert drift([*BEFORE, *late], [], SEOUL, NOW_MS) is None


def test_days_that_could_not_be_seen_say_nothing() -> None:
    """Five of the fourteen days unseen leave too few; half of the weeks before likewise."""
    late = days("08:30", 12, range(1, 15))
    unseen = [(NOW_MS - 6 * 86_400_000, NOW_MS)]
    assert drift([*BEFORE, *late], unseen, SEOUL, NOW_MS) is None
    assert drift([*days("07:00", 12, range(15, 35)), *late], [(0, NOW_MS - 36 * 86_400_000)],
                 SEOUL, NOW_MS) is None  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(40)))
def test_order_is_no_matter(order: list[int]) -> None:
    """The signs come in any order."""
    signs = [*BEFORE, *days("08:30", 12, range(1, 15))]
    mixed = [signs[i] for i in order] + signs[len(order) :]
    assert drift(mixed, [], SEOUL, NOW_MS) == drift(signs, [], SEOUL, NOW_MS)


def test_the_weekly_text_has_a_line_of_it_and_no_incident() -> None:
    """All works and her days begin later: one weekly text says so."""
    home = living(PLUG)
    roster = home.household.roster
    assert roster is not None
    ways = {"ways": ["later"], "first_before_min": 420.0, "first_now_min": 510.0}
    fold(home, HabitLearnt(at("12:01"), "soonja", {}, ways))
    weekly = replace(roster, policy=replace(roster.policy, weekly_day="mon", news_at="13:00"),
                     guardians=people()[:1])  # fmt: skip
    fold(home, RosterSet(at("12:02"), to_json(weekly)))
    found = [p for _m, p, _to in told(home, "13:01", begin="12:59")]
    assert found == ["weekly_drift"]
    assert not home.ledger.incidents
