"""A household that nobody knows was reported, and no officer has looked at it yet.

Knows: which reports wait. May not know: other rules, guardians, texts, what was reported.

However many wait, they are one worry, as long as any of them waits, and none of them is lost from
the list: a flood of reports is one incident, also while the office works through it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from gateway.household import Household
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.visiting.intake import Intake, State

REASON = "household_reported"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """None, or one."""
    del now_ms
    hers = wave(household.visits.intakes)
    if not any(one.state is State.NEW for one in hers):
        return []
    first, *others = hers
    again = tuple((key_of(one.id), one.reported.at_ms) for one in others)
    due_ms = first.reported.at_ms
    kind = WorryKind.HOUSEHOLD_REPORTED
    return [Worry(kind, key_of(first.id), HOME, None, due_ms, REASON, again=again)]


def wave(intakes: Mapping[int, Intake]) -> list[Intake]:
    """The newest reports of which one always waited while the next came in, the oldest first."""
    found: list[Intake] = []
    until_ms: float = -math.inf
    for one in intakes.values():
        if one.reported.at_ms > until_ms:
            found.clear()
        found.append(one)
        until_ms = max(until_ms, one.changes[0].at_ms if one.changes else math.inf)
    return found


def key_of(intake_id: int) -> str:
    """The key of the worry about a report."""
    return f"intake/{intake_id}"


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a report worries when it comes in."""
    del household, now_ms
    return None
