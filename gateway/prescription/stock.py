"""How much of a drug is left, how long it lasts, and on which day to fetch more.

Knows: what was dispensed, the doses of the drug by day, which of their slots were opened.
May not know: the time (today is an argument), holidays (a function is), who is reminded.

An opened slot uses up its doses. A slot of which nothing is known may have been opened: what is
left is reckoned with it gone, `at_most` without; reminders go by the former.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
NO_SLOT = -1
LONGEST_REST_DAYS = 30  # no run of holidays is longer


@dataclass(frozen=True, slots=True, order=True)
class Dose:
    """One dose of one drug: its slot (day, index) and the amount in the drug's unit."""

    day: date
    index: int
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Stock:
    """`runs_out_on`: the last day whose every dose is there; None: not within the doses given."""

    left: Fraction
    at_most: Fraction
    days_left: int | None
    runs_out_on: date | None
    fetch_by: date | None  # the working day on or before it


def dispensed(doses: Iterable[Dose], first: date, last: date) -> Fraction:
    """What a pharmacy gave for the days from `first` to `last`."""
    return sum((d.amount for d in doses if first <= d.day <= last), Fraction(0))


def stock(
    total: Fraction,
    doses: Iterable[Dose],
    opened: Collection[tuple[date, int]],
    unknown: Collection[tuple[date, int]],
    today: date,
    is_holiday: Callable[[date], bool],
    open_weekdays: Collection[int] = MONDAY_TO_FRIDAY,
) -> Stock:
    """The stock of a drug on the morning of `today` or later on that day.

    `doses`: past and to come, far enough ahead that they may need more than there is.
    """
    every = sorted(doses)
    used = sum((d.amount for d in every if (d.day, d.index) in opened), Fraction(0))
    perhaps = [d for d in every if (d.day, d.index) in unknown and (d.day, d.index) not in opened]
    doubtful = sum((d.amount for d in perhaps), Fraction(0))
    left, at_most = max(total - used - doubtful, Fraction(0)), max(total - used, Fraction(0))
    seen = {*opened, *unknown}
    to_come = [d for d in every if d.day >= today and (d.day, d.index) not in seen]
    runs_out_on = _last_covered(left, to_come)
    if runs_out_on is None:
        return Stock(left, at_most, None, None, None)
    fetch_by = working_day_before(runs_out_on, is_holiday, open_weekdays)
    return Stock(left, at_most, max(0, (runs_out_on - today).days + 1), runs_out_on, fetch_by)


def stock_as_needed(
    total: Fraction,
    amount: Fraction,
    openings: int,
    daily_max: int,
    today: date,
    is_holiday: Callable[[date], bool],
    open_weekdays: Collection[int] = MONDAY_TO_FRIDAY,
    doubtful: int = 0,
) -> Stock:
    """The stock of a PRN medicine before today's first dose: it lasts at least so long.

    `amount` a dose, `openings` so far that were counted as its doses, `doubtful` those that may be.
    """
    at_most = max(total - amount * openings, Fraction(0))
    left = max(at_most - amount * doubtful, Fraction(0))
    days = int(left / (amount * daily_max))
    last = today + timedelta(days=days - 1)
    return Stock(left, at_most, days, last, working_day_before(last, is_holiday, open_weekdays))


def _last_covered(left: Fraction, to_come: list[Dose]) -> date | None:
    """The day before the first dose that is not there; None where all are."""
    for dose in to_come:
        left -= dose.amount
        if left < 0:
            return dose.day - timedelta(days=1)
    return None


def working_day_before(
    day: date,
    is_holiday: Callable[[date], bool],
    open_weekdays: Collection[int] = MONDAY_TO_FRIDAY,
) -> date:
    """The last day on or before `day` on which pharmacies are open.

    Raises ValueError where there is none within LONGEST_REST_DAYS.
    """
    for back in range(LONGEST_REST_DAYS):
        candidate = day - timedelta(days=back)
        if candidate.weekday() in open_weekdays and not is_holiday(candidate):
            return candidate
    raise ValueError(f"no working day in the {LONGEST_REST_DAYS} days up to {day}")
