"""Slow drift: whether somebody's days begin later or earlier than weeks ago, or became emptier.

Knows: signs by local day. May not know: whose they are, whom it is said to. It is a line in the
weekly digest and never an alarm.

The measure: of each whole local day the minute of its first sign from 04:00 on, and the number of
clock hours with any sign; then the **median** of the last 14 days against the median of the 42 days
before. It is said where the two differ by at least an hour (of first signs) or two hours (of active
hours) *and* by more than the median absolute deviation of the 42 days, and only where 10 of the 14
and 21 of the 42 days could be seen. Days of which two hours or more could not be seen are left out,
as are days away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from statistics import median

from gateway.life.spans import Span, length, within
from gateway.units import HOUR_MS
from gateway.zones import instant_ms, local

RECENT_DAYS, BEFORE_DAYS = 14, 42
RECENT_LEAST, BEFORE_LEAST = 10, 21
UNSEEN_MOST_MS = 2 * HOUR_MS
DAY_BEGINS_H = 4
FIRST_LEAST_MIN, HOURS_LEAST = 60.0, 2.0


class Way(StrEnum):
    """What changed."""

    LATER = "later"  # the first sign of the day
    EARLIER = "earlier"
    EMPTIER = "emptier"  # fewer hours with a sign


@dataclass(frozen=True, slots=True)
class Drift:
    """`ways` with the medians behind them: minutes after local midnight, hours of a day."""

    ways: tuple[str, ...]
    first_before_min: float
    first_now_min: float
    hours_before: float
    hours_now: float


@dataclass(frozen=True, slots=True)
class _Day:
    first_min: float | None
    hours: int


def drift(
    signs_ms: Iterable[int], unseen: Iterable[Span], zone: tzinfo, now_ms: int
) -> Drift | None:
    """What the last two weeks were like beside the six before; None: as before, or not known."""
    today, spans = local(now_ms, zone).date(), list(unseen)
    by_day: dict[date, list[int]] = {}
    for ms in signs_ms:
        by_day.setdefault(local(ms, zone).date(), []).append(ms)
    days = [today - timedelta(days=n) for n in range(1, RECENT_DAYS + BEFORE_DAYS + 1)]
    seen = {d: _day(by_day.get(d, []), zone) for d in days if _seen(d, spans, zone)}
    recent = [seen[d] for d in days[:RECENT_DAYS] if d in seen]
    before = [seen[d] for d in days[RECENT_DAYS:] if d in seen]
    if len(recent) < RECENT_LEAST or len(before) < BEFORE_LEAST:
        return None
    return _compared(recent, before)


def _seen(day: date, unseen: list[Span], zone: tzinfo) -> bool:
    begin, end = (instant_ms(day + timedelta(days=n), "00:00", zone) for n in (0, 1))
    return length(within(unseen, begin, end)) < UNSEEN_MOST_MS


def _day(signs_ms: list[int], zone: tzinfo) -> _Day:
    clocks = [local(ms, zone) for ms in signs_ms]
    minutes = [60.0 * c.hour + c.minute for c in clocks if c.hour >= DAY_BEGINS_H]
    return _Day(min(minutes, default=None), len({c.hour for c in clocks}))


def _compared(recent: list[_Day], before: list[_Day]) -> Drift | None:
    first = _medians(recent, before, lambda d: d.first_min)
    hours = _medians(recent, before, lambda d: float(d.hours))
    if first is None or hours is None:
        return None
    ways: list[str] = []
    if _moved(first, FIRST_LEAST_MIN):
        ways.append(Way.LATER if first[0] > first[1] else Way.EARLIER)
    if _moved(hours, HOURS_LEAST) and hours[0] < hours[1]:
        ways.append(Way.EMPTIER)
    if not ways:
        return None
    return Drift(tuple(map(str, ways)), first[1], first[0], hours[1], hours[0])


def _medians(
    recent: list[_Day], before: list[_Day], of: Callable[[_Day], float | None]
) -> tuple[float, float, float] | None:
    """(median now, median before, median absolute deviation before); None: too few days have it."""
    now, then = ([v for d in days if (v := of(d)) is not None] for days in (recent, before))
    if len(now) < RECENT_LEAST or len(then) < BEFORE_LEAST:
        return None
    middle = median(then)
    return median(now), middle, median(abs(v - middle) for v in then)


def _moved(medians: tuple[float, float, float], least: float) -> bool:
    now, before, scatter = medians
    return abs(now - before) >= least and abs(now - before) > scatter
