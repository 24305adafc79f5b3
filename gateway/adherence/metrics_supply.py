"""What the pharmacy dispensed, laid over days.

Knows: carrying early refills forward, days away, fills of one visit.
May not know: openings of the box, formulas, words, the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gateway.adherence.metrics_input import (
    Course,
    Fill,
    Supply,
    as_date,
    away_days,
    courses_of,
    overlaps,
)


def covered_days(supply: Supply) -> frozenset[str]:
    """Every day with medicine at home, if it was used up as prescribed.

    A refill that came early is begun when what is at home is used up. On days away nothing of it
    is used up. Raises ValueError for fills of more than one drug.
    """
    unseen = away_days(supply.away)
    covered: set[str] = set()
    free = None
    for fill in _of_one_drug(supply.fills):
        day = as_date(fill.day) if free is None else max(as_date(fill.day), free)
        left = fill.days_supply
        while left:
            if day.isoformat() not in unseen:
                covered.add(day.isoformat())
                left -= 1
            day += timedelta(1)
        free = day
    return frozenset(covered)


def kept(supply: Supply) -> tuple[Fill, ...]:
    """The fills within the period, in order, each once. ValueError for more than one drug."""
    every = _of_one_drug(supply.fills)
    return tuple(f for f in every if supply.from_day <= f.day <= supply.to_day)


def last_fill_apart(fills: Sequence[Fill]) -> tuple[tuple[Fill, ...], str]:
    """The fills before the last day of filling, and that day; what one visit gave is one fill."""
    last_day = max((f.day for f in fills), default="")
    return tuple(f for f in fills if f.day < last_day), last_day


def to_be_asked(supply: Supply) -> tuple[Course, ...]:
    """Courses of the drug that overlap each other within the period."""
    found = overlaps(courses_of(supply.fills))
    return tuple(c for c in found if c.from_day <= supply.to_day and c.to_day >= supply.from_day)


def _of_one_drug(fills: tuple[Fill, ...]) -> tuple[Fill, ...]:
    every = tuple(sorted(set(fills)))
    drugs = sorted({f.drug for f in every})
    if len(drugs) > 1:
        raise ValueError(f"supply of {len(drugs)} drugs at once: {', '.join(drugs)}")
    ids = {f.id for f in every}
    if len(ids) < len(every):
        raise ValueError("two fills that differ under one id")
    return every
