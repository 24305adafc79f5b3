"""Cuddihy's alert line: how long a silence is usual at each half hour of the day.

Knows: percentiles of past silences, their neighbours, smoothing. May not know: caps, instants.

Cuddihy, Weisenberg, Graichen, Ganesh: Algorithm to automatically detect abnormally long periods of
inactivity in a home (HealthNet 2007): of 48 half hours the 97th percentile of the running silence
over 60 days, the greatest of each and its neighbours raised by 30 %, smoothed, raised by 40 %.
"""

from __future__ import annotations

from gateway.life.history import SLOTS, History, quantile

SHARE = 0.97
RAISED = 1.3 * 1.4  # smoothing is linear: one factor may stand for both
NO_LIMIT_MIN = 7 * 1_440  # nothing is known of this half hour: only the cap


def usual_min(past: History) -> tuple[float, ...]:
    """Per half hour the longest usual silence, neighbours and smoothing in, not raised."""
    silences: list[list[int]] = [[] for _slot in range(SLOTS)]
    for half_hour in past.half_hours:
        silences[half_hour.slot].append(half_hour.silent_min)
    high = [quantile(sorted(found), SHARE) if found else NO_LIMIT_MIN for found in silences]
    widest = [max(_around(high, slot)) for slot in range(SLOTS)]
    return tuple(sum(_around(widest, slot)) / 3 for slot in range(SLOTS))


def limits_min(past: History, factor: float, margin_min: int) -> tuple[int, ...]:
    """Per half hour the silence at which to worry: so many times the usual one, and so much more.

    Cuddihy's own line is `factor` = RAISED × strictness, no margin. A margin in hours bears what
    a multiple does not: a silence that is short by day is not an alarm after twice as little,
    one that is long by night need not become twice as long.
    """
    return tuple(min(NO_LIMIT_MIN, round(usual * factor) + margin_min) for usual in usual_min(past))


def _around(values: list[float], slot: int) -> tuple[float, float, float]:
    return values[slot - 1], values[slot], values[(slot + 1) % SLOTS]
