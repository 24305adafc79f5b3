"""A household that nobody knows was reported, and no officer has looked at it yet.

Knows: which reports wait. May not know: other rules, guardians, texts, what was reported.

However many wait, the oldest is the worry and the others are the same once more: a flood of reports
is one incident, and none of them is lost from the list.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.visiting.intake import State

REASON = "household_reported"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """None, or one."""
    del now_ms
    waiting = [one for one in household.visits.intakes.values() if one.state is State.NEW]
    if not waiting:
        return []
    first, *others = waiting
    again = tuple((key_of(one.id), one.reported.at_ms) for one in others)
    due_ms = first.reported.at_ms
    kind = WorryKind.HOUSEHOLD_REPORTED
    return [Worry(kind, key_of(first.id), HOME, None, due_ms, REASON, again=again)]


def key_of(intake_id: int) -> str:
    """The key of the worry about a report."""
    return f"intake/{intake_id}"


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a report worries when it comes in."""
    del household, now_ms
    return None
