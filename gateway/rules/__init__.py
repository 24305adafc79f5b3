"""What worries: each rule reads the household at an instant and gives worries.

Knows: the list of rules. May not know: what is done about a worry. No rule imports another.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules import (
    at_the_door,
    call_unanswered,
    call_worry,
    calls_down,
    dose,
    double_dose,
    help_call,
    household_reported,
    lost_sight,
    no_sign_of_life,
    periodic_load,
    phone_still,
    phone_unreachable,
    power_cut,
    prescription_wanted,
    radio_down,
    route_down,
    schedule_stale,
    supply_low,
    unseen,
    visit_missed,
)
from gateway.rules.worry import Worry, WorryKind
from gateway.sight import LIFE

__all__ = ["Worry", "WorryKind", "next_deadline", "worries"]

RULES = (
    help_call,
    no_sign_of_life,
    phone_still,
    call_worry,
    call_unanswered,
    dose,
    double_dose,
    unseen,
    phone_unreachable,
    power_cut,
    radio_down,
    route_down,
    calls_down,
    periodic_load,
    lost_sight,
    schedule_stale,
    supply_low,
    prescription_wanted,
    at_the_door,
    visit_missed,
    household_reported,
)


def worries(household: Household, now_ms: int) -> list[Worry]:
    """Everything that worries at `now_ms`, the oldest deadline first."""
    telling: dict[str, Worry] = {}
    for rule in RULES:
        for worry in rule.worries(household, now_ms):
            telling[worry.key] = min(telling.get(worry.key, worry), worry, key=_vague)
    stands = {w.person_id: w.key for w in telling.values() if w.keeps and _silence(w)}
    found = (
        w for w in telling.values() if not _silence(w) or stands.get(w.person_id, w.key) == w.key
    )
    return sorted(found, key=lambda worry: (worry.due_ms, worry.key))


def _silence(worry: Worry) -> bool:
    """Whether it is one of those of which a person has one at a time: what stands is the one."""
    return worry.key.startswith(LIFE)


def _vague(worry: Worry) -> tuple[bool, bool, int]:
    """Of several that share a key the least vague, then the earliest, is the one."""
    return worry.keeps, worry.kind is WorryKind.CANNOT_SEE_LIFE, worry.due_ms


def next_deadline(household: Household, now_ms: int) -> int | None:
    """The next instant after `now_ms` at which a belief or a worry changes by time alone."""
    deadlines = [rule.next_deadline(household, now_ms) for rule in RULES]
    return min((d for d in deadlines if d is not None), default=None)
