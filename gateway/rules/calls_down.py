"""The calls that ask cannot be made: a line is dead, or the hours of a day were too few for all.

Knows: lines that failed, windows that ended without a call. May not know: other rules, guardians,
texts, what a line is.

It says nothing of whoever was to be called: nobody tried her number, or none of it reached her.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.calls.missed import next_over_ms, not_made
from gateway.household import Household
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.units import MIN_MS

CALLS = "calls"  # which of its kind's texts says it
CALLS_DOWN, CALLS_NOT_MADE = "calls_down", "calls_not_made"
BORNE_MS = 5 * MIN_MS
ONCE = 1  # a call that gave way to a text fails once: the line is not dead


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each dead line, and one for the newest day on which somebody was not called."""
    found = [
        _worry(f"route/{CALLS}/{line}/{since_ms}", min(since_ms + BORNE_MS, now_ms), CALLS_DOWN)
        for line, since_ms in _dead(household)
        if not since_ms - BORNE_MS <= now_ms < since_ms + BORNE_MS  # before it: the clock was ahead
    ]
    day_ms = not_made(household, now_ms)
    if day_ms is not None:
        found.append(_worry(f"route/{CALLS}/{day_ms[0]}", day_ms[1], CALLS_NOT_MADE))
    return found


def _worry(key: str, due_ms: int, reason: str) -> Worry:
    return Worry(WorryKind.ROUTE_DOWN, key, HOME, None, due_ms, reason, words=CALLS)


def _dead(household: Household) -> Iterator[tuple[str, int]]:
    """Lines that do not work, since when."""
    for line, unfit in household.calls.lines.items():
        if unfit.dead or unfit.times > ONCE:
            yield line, unfit.since_ms


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When a dead line was borne for long enough, or the next hours end."""
    ends = [since_ms + BORNE_MS for _line, since_ms in _dead(household)]
    over_ms = next_over_ms(household, now_ms)
    if over_ms is not None:
        ends.append(over_ms)
    return min((ms for ms in ends if ms > now_ms), default=None)
