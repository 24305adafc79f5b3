"""What was seen of somebody's last sixty days, cut into half hours.

Knows: signs, spans in which nothing could be seen, local half hours, what an absence is.
May not know: when to worry, what a sign was.

The clock of silence stands still in an unseen span. What lies in one, in an absence, or behind the
last sign (nobody knows yet how long that silence gets) is left out: a silence does not teach that
it is usual. On the two days a year when the clock is changed the half hours after the change are
counted an hour off.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import accumulate

from gateway.life.spans import Span, united
from gateway.units import DAY_MS, MIN_MS
from gateway.zones import instant_ms, local

SLOTS = 48
SLOT_MIN = 30
SLOT_MS = SLOT_MIN * MIN_MS
HISTORY_DAYS = 60
ABSENCE_MS = 2 * DAY_MS  # two days without a sign: she was not there


@dataclass(frozen=True, slots=True)
class Seen:
    """Signs of life in any order, spans in which none could have reached us, since when we watch.

    All UTC ms. Unseen are also the spans in which she was known to be away; they may overlap.
    """

    signs_ms: tuple[int, ...]
    unseen: tuple[Span, ...]
    since_ms: int


class Clock:
    """Counts seen time only."""

    def __init__(self, unseen: Iterable[Span]) -> None:
        spans = united(unseen)
        self._begins = [begin for begin, _end in spans]
        self._ends = [end for _begin, end in spans]
        self._before = [0, *accumulate(end - begin for begin, end in spans)]

    def seen_ms(self, from_ms: int, until_ms: int) -> int:
        """How much of a time was seen."""
        return max(0, until_ms - from_ms - self._hidden(until_ms) + self._hidden(from_ms))

    def sees(self, at_ms: int) -> bool:
        """Whether an instant was seen."""
        n = bisect_right(self._begins, at_ms)
        return n == 0 or at_ms >= self._ends[n - 1]

    def _hidden(self, until_ms: int) -> int:
        n = bisect_right(self._begins, until_ms)
        return self._before[n] - max(0, self._ends[n - 1] - until_ms) if n else 0


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One half hour that was seen, at its beginning; `silent_min` counts seen time only.

    `sign_ms`: the sign after it. `wait_min`: until then, None where a part of that was not seen.
    """

    at_ms: int
    slot: int
    silent_min: int
    sign_ms: int
    wait_min: int | None


@dataclass(frozen=True, slots=True)
class History:
    """The half hours of the days that count, and the days watched all in all (seen time)."""

    half_hours: tuple[HalfHour, ...]
    watched_days: int


def history(seen: Seen, zone: tzinfo, now_ms: int) -> History:
    """The last sixty whole local days before the one of `now_ms`."""
    today = local(now_ms, zone).date()
    first = today - timedelta(days=HISTORY_DAYS)
    # a silence that reaches into the first day may have begun before it
    kept_ms = instant_ms(first, "00:00", zone) - ABSENCE_MS
    known = tuple(ms for ms in seen.signs_ms if kept_ms <= ms < now_ms)
    found = half_hours(known, Clock(seen.unseen), first, today, zone)
    return History(tuple(found), watched_days(seen, now_ms))


def watched_days(seen: Seen, now_ms: int) -> int:
    """Whole days of seen time since watching began."""
    return Clock(seen.unseen).seen_ms(seen.since_ms, max(seen.since_ms, now_ms)) // DAY_MS


def half_hours(
    signs_ms: tuple[int, ...], clock: Clock, first: date, until: date, zone: tzinfo
) -> list[HalfHour]:
    """What is known of every half hour of the local days from `first` until before `until`."""
    signs = sorted(signs_ms)
    found: list[HalfHour] = []
    day = first
    while signs and day < until:
        midnight_ms = instant_ms(day, "00:00", zone)
        if midnight_ms + DAY_MS > signs[0] and midnight_ms < signs[-1]:
            found += _day(midnight_ms, signs, clock)
        day += timedelta(days=1)
    return found


def _day(midnight_ms: int, signs: list[int], clock: Clock) -> list[HalfHour]:
    found = []
    for slot in range(SLOTS):
        at = midnight_ms + slot * SLOT_MS
        after = bisect_right(signs, at)
        if not 0 < after < len(signs) or not clock.sees(at):
            continue
        last, then = signs[after - 1], signs[after]
        if then - last >= ABSENCE_MS:
            continue
        silent_min = clock.seen_ms(last, at) // MIN_MS
        wait_ms = then - at
        whole = clock.seen_ms(at, then) == wait_ms
        found.append(HalfHour(at, slot, silent_min, then, wait_ms // MIN_MS if whole else None))
    return found


def quantile(values: list[int], share: float) -> float:
    """Of sorted values, with straight lines between them (the usual definition, "type 7")."""
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])
