"""The time-rescaled hazard: silence counted not in hours, but in signs that should have come.

Knows: how often a silence of some hours ended in each half hour, the tail of rescaled silences.
May not know: caps, instants.

Each half hour weighs as much as the chance that a silence which already lasted three hours ends in
it (pooled with its neighbours, drawn to the day's mean by PRIOR half hours): a night weighs little,
the usual breakfast much. By the time-rescaling theorem (Brown and others, Neural Computation 14,
2002) silences of one law are exponential in that count; those of people are not, so the count at
which to worry is extrapolated from the longest tenth (peaks over threshold, exponential tail, its
mean drawn to 1 by TAIL_PRIOR silences) to as few alarms a month as wanted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gateway.life.history import SLOT_MIN, SLOTS, History, quantile

BEGINS_MIN = 180  # signs come in bursts: what follows within three hours says nothing of long ones
PRIOR = 2
TAIL_PRIOR = 10
TAIL_SHARE = 0.9
MOST = 0.98  # no half hour is so sure that its weight is endless
WEIGHT = 1_000_000  # weights and thresholds are whole numbers of this part


@dataclass(frozen=True, slots=True)
class Hazard:
    """Weight of each half hour and the count at which to worry, in millionths."""

    weights: tuple[int, ...]
    threshold: int


def hazard(past: History, alarms_a_month: float) -> Hazard | None:
    """None where no silence was long enough to learn from."""
    weights = _weights(past)
    counts = _rescaled(past, weights)
    if not counts:
        return None
    above = quantile(counts, TAIL_SHARE)
    tail = [count - above for count in counts if count > above]
    mean = (sum(tail) + TAIL_PRIOR * WEIGHT) / (len(tail) + TAIL_PRIOR)
    months = max(1.0, len(past.half_hours) / SLOTS) / 30
    excess = len(tail) / (alarms_a_month * months)
    return Hazard(weights, round(above + mean * math.log(max(1.0, excess))))


def _weights(past: History) -> tuple[int, ...]:
    silent, ended = [0] * SLOTS, [0] * SLOTS
    for half_hour in past.half_hours:
        if half_hour.silent_min >= BEGINS_MIN and half_hour.wait_min is not None:
            for slot in (half_hour.slot - 1, half_hour.slot, (half_hour.slot + 1) % SLOTS):
                silent[slot] += 1
                ended[slot] += half_hour.wait_min < SLOT_MIN
    mean = sum(ended) / max(1, sum(silent))
    shares = [(e + PRIOR * mean) / (s + PRIOR) for e, s in zip(ended, silent, strict=True)]
    return tuple(round(-math.log(1 - min(share, MOST)) * WEIGHT) for share in shares)


def _rescaled(past: History, weights: tuple[int, ...]) -> list[int]:
    """Each silence of three hours and more, known by its end: the weights it lasted through."""
    sums: dict[int, int] = {}
    for half_hour in past.half_hours:
        if half_hour.silent_min >= BEGINS_MIN:
            silence = half_hour.sign_ms
            sums[silence] = sums.get(silence, 0) + weights[half_hour.slot]
    return sorted(sums.values())
