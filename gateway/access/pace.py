"""How many questions of one kind may come from one place: a bucket that fills with time.

Knows: buckets. May not know: addresses, the clock, what is asked.

It only answers "too many"; nothing but the page looks at it, so no text ever waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.units import MIN_MS


@dataclass(frozen=True, slots=True)
class Pace:
    """So many at once, and so many a minute on the long run."""

    at_once: int
    a_minute: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left at an instant."""

    left: float
    at_ms: int


def taken(bucket: Bucket | None, pace: Pace, now_ms: int) -> tuple[Bucket, bool]:
    """The bucket after one more question, and whether that one may be answered."""
    before = bucket or Bucket(pace.at_once, now_ms)
    gone_ms = max(0, now_ms - before.at_ms)  # a clock that was set back fills nothing
    left = min(float(pace.at_once), before.left + gone_ms * pace.a_minute / MIN_MS)
    if left < 1:
        return Bucket(left, now_ms), False
    return Bucket(left - 1, now_ms), True
