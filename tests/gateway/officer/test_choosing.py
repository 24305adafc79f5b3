"""gateway.officer.choosing, visits, alarms: which rows are looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import IncidentResolved
from gateway.officer.alarms import alarms_of_all
from gateway.officer.casework import PlanVisit
from gateway.officer.choosing import FILTERS, PAGE_ROWS, Wanted, chosen
from gateway.officer.standing import Level
from gateway.officer.visits import visits
from tests.gateway.home_facts import MIN_MS, at, caught_up, record
from tests.gateway.officer.district import (
    BOXES,
    NOW_MS,
    begun,
    down,
    enter,
    lid,
    roster,
    rows,
    settle,
)


def _ids(name: str, now_ms: int, hours: int = 24) -> list[str]:
    """Who is shown of a morning on which 김순자's box fell silent two hours ago."""
    home = begun()
    home.fold(down("soonja", at("07:31")))
    home.fold(lid(BOXES["malsoon"], 5, now_ms - 5 * MIN_MS))
    home.fold(caught_up(now_ms, device_id=BOXES["malsoon"]))
    return [row.person_id for row in chosen(rows(home, now_ms), Wanted(name, hours), now_ms).rows]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all", ["soonja", "jungho", "malsoon"]),
        ("visit", ["soonja"]),
        ("unknown", ["soonja", "jungho"]),
        ("open", []),
        ("stale", ["soonja"]),
        ("silent", []),
        ("no such filter", ["soonja", "jungho", "malsoon"]),
    ],
)
def test_each_filter_shows_who_it_names(name: str, expected: list[str]) -> None:
    """Unknown is not silent, a silent box is not an open incident, an unknown filter is none."""
    assert _ids(name, NOW_MS) == expected


def test_hours_without_a_sign_are_counted_from_the_last_one() -> None:
    """Twelve hours after 07:30 she is on that list, a minute before she is not."""
    twelve_ms = at("19:30")
    assert _ids("silent", twelve_ms - MIN_MS, hours=12) == []
    assert "soonja" in _ids("silent", twelve_ms, hours=12)


@given(st.integers(0, 130), st.integers(-3, 9), st.sampled_from([*FILTERS, "?"]))
def test_the_pages_together_are_everybody_once(many: int, page: int, name: str) -> None:
    """No row is lost or doubled between pages; a page there is not is the nearest there is."""
    home = begun()
    one = rows(home, NOW_MS)[-1]
    everybody = [replace(one, person_id=f"p{n}") for n in range(many)]
    first = chosen(everybody, Wanted(name), NOW_MS)
    pages = [chosen(everybody, Wanted(name, page=n + 1), NOW_MS) for n in range(first.pages)]
    shown = [row.person_id for each in pages for row in each.rows]
    assert len(shown) == len(set(shown)) == first.found
    assert all(len(each.rows) <= PAGE_ROWS for each in pages)
    assert 1 <= chosen(everybody, Wanted(name, page=page), NOW_MS).page <= first.pages


@pytest.mark.parametrize("text", ["순자", " 김 순자 ", "김순", "soonja"])
def test_a_name_is_found_however_it_is_typed(text: str) -> None:
    """Spaces, and 가 written as two letters, make no difference; somebody else is not found."""
    found = chosen(rows(begun(), NOW_MS), Wanted(text=text), NOW_MS).rows
    assert [row.name for row in found] == ["김순자"]


def test_todays_visits_are_the_urgent_and_the_planned_another_days_the_planned_alone() -> None:
    """Who is urgent tomorrow is not known today; who was taken off is off."""
    home = begun()
    home.fold(down("soonja", at("07:31")))
    enter(home, PlanVisit("malsoon", "2026-03-03", True, "이지은"), NOW_MS)
    enter(home, PlanVisit("malsoon", "2026-03-02", True, "이지은"), NOW_MS)
    everybody = rows(home, NOW_MS)

    def names(day: str) -> list[str]:
        found = visits(everybody, home.cases, home.household.visits, roster(), day, "2026-03-02")
        return [one.row.name for one in found]

    assert names("2026-03-02") == ["김순자", "이말순"]
    assert names("2026-03-03") == ["이말순"]
    enter(home, PlanVisit("malsoon", "2026-03-02", False, "이지은"), NOW_MS)
    assert names("2026-03-02") == ["김순자"]


def test_the_budget_is_counted_a_person() -> None:
    """Two false alarms of one among three are within the budget, and she is named as above it."""
    home = begun()
    for seq in (2, 3):
        now_ms = NOW_MS + seq * 60 * MIN_MS
        home.fold(record(seq, wire.HELP_PRESSED, now_ms, slot_day=None, slot_index=None))
        settle(home, now_ms)
        home.fold(IncidentResolved(now_ms + 1, next(iter(home.ledger.live)), "false_alarm"))
    seen = alarms_of_all(home.ledger, {"soonja", "malsoon", "jungho"}, at("13:00"))
    assert (seen.every.told, seen.every.false) == (2, 2)
    assert seen.false_a_person == pytest.approx(2 / 3)
    assert seen.within_budget
    assert list(seen.noisy) == ["soonja"]
    assert list(seen.by_worry) == ["help_pressed"]
    others = alarms_of_all(home.ledger, {"malsoon"}, at("13:00"))
    assert (others.every.told, others.within_budget) == (0, True)


def test_levels_are_counted_whatever_is_shown() -> None:
    """The line at the top is about everybody, also where a filter shows nobody."""
    found = chosen(rows(begun(), NOW_MS), Wanted("open"), NOW_MS)
    assert (found.found, found.levels[Level.FINE], found.levels[Level.MEND]) == (0, 2, 1)
