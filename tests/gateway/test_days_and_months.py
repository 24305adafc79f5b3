"""Days as people enter them, months as they follow one another."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.refused import EntryRefused, day_entered
from gateway.zones import day_of, months_to


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    """An ISO day is that day; before the year from which days count it is none."""
    assert day_of(day.isoformat(), 1900) == day
    assert day_of(day.isoformat()) == (day if day.year >= 2000 else None)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "2026-W10-1", "20260302", "26-03-02", "3026-03-02", "２026-03-02"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """Nothing else is a day, not even where a library would read one in it."""
    assert day_of(text) is None
    with pytest.raises(EntryRefused) as refused:
        day_entered(text)
    assert (refused.value.code, refused.value.values) == ("day", {"day": text})


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.integers(1, 30))
def test_months_follow_one_another(day: date, count: int) -> None:
    """So many months, the newest first, that of the day itself first; none is left out."""
    months = months_to(day, count)
    assert months[0] == f"{day:%Y-%m}"
    begun = [date.fromisoformat(f"{month}-01") for month in months]
    assert len(months) == count
    assert all(1 <= (a - b).days <= 31 for a, b in pairwise(begun))
