"""What worries: each rule reads the household at an instant and gives worries.

Knows: the list of rules. May not know: what is done about a worry. No rule imports another.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules import (
    dose,
    double_dose,
    help_call,
    lost_sight,
    no_sign_of_life,
    periodic_load,
    power_cut,
    radio_down,
    route_down,
    schedule_stale,
    supply_low,
    unseen,
)
from gateway.rules.worry import Worry, WorryKind

__all__ = ["Worry", "WorryKind", "next_deadline", "worries"]

RULES = (
    help_call,
    no_sign_of_life,
    dose,
    double_dose,
    unseen,
    power_cut,
    radio_down,
    route_down,
    periodic_load,
    lost_sight,
    schedule_stale,
    supply_low,
)


def worries(household: Household, now_ms: int) -> list[Worry]:
    """Everything that worries at `now_ms`, the oldest deadline first."""
    found = [worry for rule in RULES for worry in rule.worries(household, now_ms)]
    return sorted(found, key=lambda worry: (worry.due_ms, worry.key))


def next_deadline(household: Household, now_ms: int) -> int | None:
    """The next instant after `now_ms` at which a belief or a worry changes by time alone."""
    deadlines = [rule.next_deadline(household, now_ms) for rule in RULES]
    return min((d for d in deadlines if d is not None), default=None)
