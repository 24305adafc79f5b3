"""More is to be fetched in time: told once, on the day, and over once there is more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.events import StockReckoned
from gateway.home import Home
from gateway.rules import WorryKind, supply_low
from tests.gateway.home_facts import at, begun, roster, sent, settle, texts
from tests.gateway.prescription.confirmed_facts import confirm, meds

HOUR_MS = 3_600_000


def home_with(*stocks: tuple[str, str | None, str | None], now_ms: int = at("12:00")) -> Home:
    """A resident with two confirmed medicines; stocks by medication, last day and fetching day."""
    home = begun(at("11:00"), roster(regimens=()))
    confirm(home, at("11:30"), meds("a 1T am 30d", "b 1T hs 30d"))
    for medication_id, runs_out_on, fetch_by in stocks:
        home.fold(reckoned(medication_id, runs_out_on, fetch_by, now_ms))
    return home


def reckoned(
    medication_id: str, runs_out_on: str | None, fetch_by: str | None, now_ms: int
) -> StockReckoned:
    return StockReckoned(now_ms, "soonja", medication_id, "9", "9", 9, runs_out_on, fetch_by)


def told(home: Home, now_ms: int) -> list[tuple[str, int]]:
    return [(w.key, w.due_ms) for w in supply_low.worries(home.household, now_ms)]


def test_five_days_before_at_ten() -> None:
    """Fetched by Friday the 27th: from Sunday the 22nd at ten, a minute before not."""
    home = home_with(("1/0", "2026-03-29", "2026-03-27"))
    begin_ms = at("10:00", "2026-03-22")
    assert told(home, begin_ms - 1) == []
    assert told(home, begin_ms) == [("supply/soonja/2026-03-29", begin_ms)]
    assert supply_low.next_deadline(home.household, at("12:00")) == begin_ms


def test_one_worry_a_day_on_which_something_ends() -> None:
    """Two medicines that end together are one worry, two days are two."""
    both = (("1/0", "2026-03-05", "2026-03-05"), ("1/1", "2026-03-05", "2026-03-05"))
    assert len(told(home_with(*both), at("12:00"))) == 1
    each = (("1/0", "2026-03-05", "2026-03-05"), ("1/1", "2026-03-06", "2026-03-06"))
    found = supply_low.worries(home_with(*each).household, at("12:00"))
    assert [w.key[-10:] for w in found] == ["2026-03-05", "2026-03-06"]
    assert {w.kind for w in found} == {WorryKind.SUPPLY_LOW}


def test_what_was_learnt_late_is_due_when_it_was_learnt() -> None:
    """A bag of last month is entered with two days left: due now, not days ago and too old."""
    home = home_with(("1/0", "2026-03-03", "2026-03-03"), now_ms=at("11:45"))
    assert told(home, at("12:00")) == [("supply/soonja/2026-03-03", at("11:45"))]


def test_a_new_supply_ends_it() -> None:
    """Confirmed and reckoned anew, nothing is to be fetched; stopped, neither."""
    home = home_with(("1/0", "2026-03-05", "2026-03-05"))
    home.fold(reckoned("1/0", None, None, at("12:30")))
    assert told(home, at("12:30")) == []
    home = home_with(("1/1", "2026-03-05", "2026-03-05"))
    confirm(home, at("12:30"), meds("a 1T am 30d"))
    assert told(home, at("12:31")) == []
    assert supply_low.next_deadline(home.household, at("12:31")) is None


def test_a_course_worries_nobody() -> None:
    """Without a day to fetch more by there is nothing to say."""
    assert told(home_with(("1/0", "2026-03-05", None)), at("12:00")) == []


def test_a_week_after_the_end_it_is_over() -> None:
    """Whoever did not fetch more was told; the page goes on to show it."""
    home = home_with(("1/0", "2026-03-05", "2026-03-05"))
    end_ms = at("10:00", "2026-03-12")
    assert told(home, end_ms - 1)
    assert supply_low.next_deadline(home.household, end_ms - 1) == end_ms
    assert told(home, end_ms) == []


@given(
    st.lists(st.integers(1, 28), min_size=1, max_size=4),
    st.integers(0, 40 * 24),
    st.integers(1, 5),
)
def test_nothing_changes_before_the_deadline(days: list[int], hour: int, fetch: int) -> None:
    """Between two deadlines the worries are the same: no look between them is needed."""
    stocks = [
        (f"1/{n % 2}", f"2026-03-{day:02d}", f"2026-03-{max(1, day - fetch):02d}")
        for n, day in enumerate(days)
    ]
    home = home_with(*stocks)
    now_ms = at("12:00") + hour * HOUR_MS
    deadline_ms = supply_low.next_deadline(home.household, now_ms)
    until_ms = deadline_ms - 1 if deadline_ms else now_ms + 60 * 24 * HOUR_MS
    assert told(home, until_ms) == told(home, now_ms)
    if deadline_ms:
        assert told(home, deadline_ms) != told(home, until_ms)


def test_a_day_more_is_no_supply() -> None:
    """A dose was missed, so it lasts a day longer: nobody reads that there is enough again."""
    home = home_with(("1/0", "2026-03-06", "2026-03-05"))
    settle(home, at("12:00"))
    assert [p for p, _to in texts(settle(home, at("10:00", "2026-03-03")))] == ["supply_low"]
    sent(home, at("10:00", "2026-03-03"))
    home.fold(reckoned("1/0", "2026-03-07", "2026-03-06", at("20:00", "2026-03-03")))
    assert texts(settle(home, at("20:00", "2026-03-03"))) == []
    home.fold(reckoned("1/0", None, None, at("21:00", "2026-03-03")))
    assert texts(settle(home, at("21:00", "2026-03-03"))) == []
