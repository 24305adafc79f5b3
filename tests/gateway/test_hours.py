"""Hours of the day: quiet ones and those on duty, also over midnight and summer time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.incidents.hours import inside, next_ms, off_until_ms, quiet_until_ms
from gateway.roster import WEEKDAYS
from gateway.zones import local
from tests.gateway.home_facts import SEOUL, at

NIGHT = {"from": "22:00", "until": "07:00"}
DAY = {"from": "09:00", "until": "18:00"}
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
moments = st.integers(at("00:00", "2026-01-01") // 1000, at("00:00", "2027-01-01") // 1000)


@pytest.mark.parametrize(
    ("clock", "quiet"), [("21:59", False), ("22:00", True), ("03:00", True), ("07:00", False)]
)
def test_quiet_over_midnight(clock: str, *, quiet: bool) -> None:
    """From ten to seven: its end is no part of it."""
    assert inside(NIGHT, at(clock), SEOUL) is quiet
    assert (quiet_until_ms(NIGHT, at(clock), SEOUL) is not None) is quiet


def test_quiet_ends_in_the_morning() -> None:
    """Before and after midnight it is the same morning."""
    seven = at("07:00", "2026-03-03")
    assert quiet_until_ms(NIGHT, at("23:00"), SEOUL) == seven
    assert quiet_until_ms(NIGHT, at("02:00", "2026-03-03"), SEOUL) == seven


def test_duty_is_of_its_first_day() -> None:
    """A night duty of Monday is on at three on Tuesday, and off at three on Monday."""
    assert off_until_ms(NIGHT, ("mon",), at("03:00", "2026-03-03"), SEOUL) is None
    assert off_until_ms(NIGHT, ("mon",), at("03:00", "2026-03-02"), SEOUL) == at("22:00")


def test_duty_begins_on_the_next_weekday() -> None:
    """Friday evening: Monday at nine."""
    friday = at("18:00", "2026-03-06")
    assert off_until_ms(DAY, WEEKDAYS[:5], friday, SEOUL) == at("09:00", "2026-03-09")


@given(clocks, clocks, st.sets(st.sampled_from(WEEKDAYS)), moments)
def test_waiting_always_ends_on_duty(begin: str, end: str, days: set[str], s: int) -> None:
    """Whoever is off duty is on duty when that is said to end, within eight days."""
    hours = {"from": begin, "until": end} if begin != end else None
    weekdays = tuple(days)
    until_ms = off_until_ms(hours, weekdays, s * 1000, SEOUL)
    if until_ms is not None:
        assert s * 1000 < until_ms <= s * 1000 + 9 * 86_400_000
        assert off_until_ms(hours, weekdays, until_ms, SEOUL) is None


@given(clocks, moments, st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York"]))
def test_the_next_instant_shows_the_clock(clock: str, s: int, name: str) -> None:
    """It is not before, within a day and an hour, and shows that clock but in summer time's gap."""
    zone = ZoneInfo(name)
    ms = next_ms(clock, s * 1000, zone)
    assert 0 <= ms - s * 1000 <= 25 * 3_600_000
    shown = local(ms, zone)
    gap = (shown + timedelta(hours=3)).utcoffset() != (shown - timedelta(hours=3)).utcoffset()
    assert gap or f"{shown:%H:%M}" == clock


def test_a_duty_that_summer_time_takes_away_is_the_one_after() -> None:
    """Sundays from two to three: on the Sunday that has no such hour nobody is on duty."""
    berlin, hour = ZoneInfo("Europe/Berlin"), {"from": "02:00", "until": "03:00"}
    wednesday = int(datetime(2026, 3, 25, 12, tzinfo=berlin).timestamp() * 1000)
    until_ms = off_until_ms(hour, ("sun",), wednesday, berlin)
    assert until_ms is not None
    assert f"{local(until_ms, berlin):%m-%d %H:%M}" == "04-05 02:00"
