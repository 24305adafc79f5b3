"""Drawn days of calls, lived through whole: what the telephone saw and what stands on paper agree.

Plans that change, stays, pauses, a full disk, a dead line, a gateway that is killed in the middle
of anything, a clock that is set: tests/gateway/call_weeks.py has what must hold.
"""

from __future__ import annotations

import pytest

from tests.gateway.call_weeks import lived


@pytest.mark.parametrize("seed", [3, 14])
def test_some_days(seed: int) -> None:
    """Two drawn weekends, also the night in which summer time begins."""
    week = lived(seed)
    assert week.wrong == []
    assert len(week.dials) > 10


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_days(seed: int) -> None:
    """As above, more of them."""
    assert lived(seed).wrong == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(300, 306))
def test_days_by_a_clock_that_is_set(seed: int) -> None:
    """The clock is set an hour back or ahead now and then: nobody is rung twice or forgotten."""
    assert lived(seed, jumps=True).wrong == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 5, 8])
def test_to_look_each_second_finds_nothing_more(seed: int) -> None:
    """Who looks when it was told to rings the same numbers at the same time."""
    told, always = lived(seed), lived(seed, look_again_ms=1000)
    assert len(told.dials) == len(always.dials)
    for (at_ms, number), (then_ms, other) in zip(told.dials, always.dials, strict=True):
        assert number == other
        assert abs(at_ms - then_ms) <= 1000
