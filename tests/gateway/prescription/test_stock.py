"""How long a drug lasts, and the working day on which more must be fetched.

Knows: the Korean calendar of 2026 (설날 16 to 18 February; 1 March a Sunday, so 2 March is free).
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from gateway.prescription.stock import (
    NO_SLOT,
    Dose,
    Stock,
    dispensed,
    stock,
    stock_as_needed,
    working_day_before,
)
from gateway.prescription.working_days import is_holiday

FIRST = date(2026, 2, 9)
DAY = timedelta(days=1)
DOSES = [Dose(FIRST + n * DAY, index, Fraction(1)) for n in range(60) for index in (0, 2)]


def slots(first: int, last: int) -> set[tuple[date, int]]:
    """Both slots of each day from the first to the last one, counted from FIRST."""
    return {(d.day, d.index) for d in DOSES[first * 2 : (last + 1) * 2]}


def weekends_only(day: date) -> bool:
    return False


def test_what_was_dispensed() -> None:
    """Seven days of two tablets are fourteen."""
    assert dispensed(DOSES, FIRST, FIRST + 6 * DAY) == 14


def test_all_opened() -> None:
    """After three of seven days with every slot opened four days are left."""
    today = FIRST + 3 * DAY
    found = stock(Fraction(14), DOSES, slots(0, 2), set(), today, weekends_only)
    # Sunday the 15th is the last day; the Friday before it is the 13th
    assert found == Stock(Fraction(8), Fraction(8), 4, date(2026, 2, 15), date(2026, 2, 13))


def test_missed_doses_last_longer_and_unknown_ones_do_not() -> None:
    """What was not opened is still there; what nobody knows is reckoned as gone."""
    today, opened = FIRST + 3 * DAY, slots(0, 0)
    missed = stock(Fraction(14), DOSES, opened, set(), today, weekends_only)
    assert missed.left == 12
    assert (missed.days_left, missed.runs_out_on) == (6, today + 5 * DAY)
    unknown = stock(Fraction(14), DOSES, opened, slots(1, 2), today, weekends_only)
    assert (unknown.left, unknown.at_most) == (Fraction(8), Fraction(12))
    assert unknown.days_left == 4


def test_a_day_half_covered_is_not_covered() -> None:
    """With three tablets at two a day only one more day is covered."""
    found = stock(Fraction(3), DOSES, set(), set(), FIRST, weekends_only)
    assert (found.days_left, found.runs_out_on) == (1, FIRST)


def test_today_counts_what_is_left_of_it() -> None:
    """A slot opened this morning is used; the evening one is still to come."""
    found = stock(Fraction(2), DOSES, {(FIRST, 0)}, set(), FIRST, weekends_only)
    assert found.left == 1
    assert (found.days_left, found.runs_out_on) == (1, FIRST)


def test_nothing_left() -> None:
    """Without stock the last covered day was yesterday."""
    found = stock(Fraction(0), DOSES, set(), set(), FIRST, weekends_only)
    assert (found.days_left, found.runs_out_on) == (0, FIRST - DAY)


def test_more_than_will_be_taken() -> None:
    """Where the doses to come do not need it all, no date is invented."""
    found = stock(Fraction(500), DOSES, set(), set(), FIRST, weekends_only)
    assert (found.days_left, found.runs_out_on, found.fetch_by) == (None, None, None)


def test_what_was_missed_lasts_into_the_days_beyond() -> None:
    """Of five tablets for every other day four are left: they last into days without a slot yet."""
    days = [FIRST + 2 * n * DAY for n in range(11)]
    doses = [Dose(day, 0 if n < 5 else NO_SLOT, Fraction(1)) for n, day in enumerate(days)]
    total = dispensed(doses, FIRST, FIRST + 9 * DAY)
    today, opened = FIRST + 3 * DAY, {(FIRST, 0)}
    found = stock(total, doses, opened, set(), today, weekends_only)
    # four tablets left, for the 4th, 6th, 8th, 10th day; the 12th has none
    assert (found.left, found.runs_out_on) == (Fraction(4), FIRST + 11 * DAY)


def test_as_needed_lasts_at_least() -> None:
    """Of 30 tablets four were taken; at three a day at most 26 last eight days."""
    found = stock_as_needed(Fraction(30), Fraction(1), 4, 3, FIRST, weekends_only)
    assert (found.left, found.days_left) == (Fraction(26), 8)
    assert (found.runs_out_on, found.fetch_by) == (date(2026, 2, 16), date(2026, 2, 16))


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 2, 12), date(2026, 2, 12)),  # a Thursday
        (date(2026, 2, 18), date(2026, 2, 13)),  # the last day of 설날: the Friday before it
        (date(2026, 3, 2), date(2026, 2, 27)),  # in place of the Sunday before
        (date(2026, 9, 26), date(2026, 9, 23)),  # 추석
        (date(2026, 10, 5), date(2026, 10, 2)),  # in place of 개천절
    ],
)
def test_working_day(day: date, wanted: date) -> None:
    """The working day on or before a date knows Korean holidays, substitute days and weekends."""
    assert working_day_before(day, is_holiday) == wanted


def test_a_pharmacy_open_on_saturday() -> None:
    """On which weekdays the pharmacy is open is a matter of the house."""
    saturday = date(2026, 3, 7)
    assert working_day_before(saturday, is_holiday, range(6)) == saturday
    assert working_day_before(saturday, is_holiday) == saturday - DAY


def test_a_calendar_without_working_days_is_refused() -> None:
    """A calendar of holidays only is a mistake, not a search without end."""
    with pytest.raises(ValueError, match="no working day"):
        working_day_before(FIRST, lambda _: True)
