"""The gateway itself was away: nobody looked meanwhile, and people should know.

Knows: which absences are worth telling. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.units import DAY_MS, MIN_MS

WORTH_TELLING_MS = 10 * MIN_MS  # a restart takes less
LOOK_BACK_MS = DAY_MS
REASON = "gateway_was_away"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each long absence of the last day; its key ends with since when."""
    kind = WorryKind.LOST_SIGHT
    return [
        Worry(kind, f"lost/{from_ms}", HOME, None, min(until_ms, now_ms), REASON)
        for from_ms, until_ms in household.sight.absences
        if until_ms - from_ms >= WORTH_TELLING_MS and until_ms > now_ms - LOOK_BACK_MS
    ]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: an absence worries when it is over, never by time alone."""
    del household, now_ms
    return None
