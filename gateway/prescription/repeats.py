"""Days on which something repeats, as few rules of the box as say exactly them.

Knows: what a rule can say: from a first day every n-th one, on some weekdays, up to a last day.
May not know: what repeats, hours, slots, how many rules a box holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_STEP_DAYS = 28  # longer rhythms are told day by day


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every `every_days`-th day from `first` on, on the weekdays (bit 0 Monday; 0 = all)."""

    first: date
    last: date  # itself one of the days
    every_days: int = 1
    weekdays: int = 0

    def days(self) -> list[date]:
        """The days themselves."""
        every = ((self.last - self.first).days // self.every_days) + 1
        found = (self.first + timedelta(days=n * self.every_days) for n in range(every))
        return [d for d in found if not self.weekdays or self.weekdays >> d.weekday() & 1]


def repeats(days: Collection[date]) -> list[Repeat]:
    """The days, each in one rule alone. Of the rules from a day on, the one that says most."""
    left = set(days)
    found = []
    while left:
        best = max(_from_first(left), key=lambda r: (len(r.days()), -r.every_days))
        found.append(best)
        left.difference_update(best.days())
    return found


def _from_first(days: set[date]) -> Iterator[Repeat]:
    """Every rule that begins with the first of the days and says none that is not among them."""
    first = min(days)
    gaps = {(day - first).days for day in days}
    for every in sorted({1} | {gap for gap in gaps if 1 < gap <= LONGEST_STEP_DAYS}):
        yield _as_far_as_it_goes(days, first, every)


def _as_far_as_it_goes(days: set[date], first: date, every: int) -> Repeat:
    """The rule of that step, its weekdays learnt from the first seven days it could have."""
    step, end = timedelta(days=every), max(days)
    possible = [first + step * n for n in range(7)]
    mask = sum({1 << day.weekday() for day in possible if day in days})
    last = day = first
    while day <= end and (day in days) == bool(mask >> day.weekday() & 1):
        last = day if day in days else last
        day += step
    plain = Repeat(first, last, every)
    return plain if days.issuperset(plain.days()) else Repeat(first, last, every, mask)
