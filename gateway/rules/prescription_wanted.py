"""She is home from hospital, and nobody has entered what she takes now.

Knows: when the new prescription is asked for, and what ends that. May not know: other rules, drugs,
texts, what else was agreed (gateway.coverage).
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.coverage.watch import ends_ms
from gateway.events import HospitalLeft
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

REASON = "home_from_hospital"


def worries(household: Household, _now_ms: int) -> list[Worry]:
    """One for each homecoming, until a prescription is entered or the weeks after it are over."""
    return [
        Worry(
            WorryKind.PRESCRIPTION_WANTED,
            f"prescription/{left.person_id}/{left.day}",
            left.person_id,
            None,
            left.at_ms,
            REASON,
        )
        for left in _waiting(household)
    ]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next one is asked for no more."""
    roster = household.roster
    ends = [ends_ms(left, roster) for left in _waiting(household)] if roster else []
    return min((ms for ms in ends if ms > now_ms), default=None)


def _waiting(household: Household) -> Iterator[HospitalLeft]:
    nets, roster = household.nets, household.roster
    for left in nets.watched.values():
        there = roster is not None and roster.person(left.person_id) is not None
        entered = nets.entered_ms.get(left.person_id, 0) >= left.at_ms
        if left.prescription and there and not entered:
            yield left
