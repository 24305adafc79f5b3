"""The red button was pressed: somebody is to be told at once.

Knows: which presses are one call. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.beliefs import HelpCall, RecordId
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

ONE_CALL_MS = 10 * 60_000  # who presses again within ten minutes calls for the same thing
LOOK_BACK_MS = 7 * 86_400_000
OLD_MS = 86_400_000  # of so old a call the box's clock is doubted until all its records are here
REASON = "box_says_help"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each call of the last days, due when the button was first pressed."""
    found: list[Worry] = []
    last_ms: dict[str, int] = {}
    newest: dict[str, int] = {}  # person → the place of the call she made last
    for when_ms, identity, call in _recent(household, now_ms):
        before_ms = last_ms.get(call.person_id)
        last_ms[call.person_id] = when_ms
        key = "help/" + "/".join(str(part) for part in identity)
        due_ms = min(when_ms, now_ms)
        if before_ms is not None and when_ms - before_ms <= ONE_CALL_MS:
            first = found[newest[call.person_id]]
            again = (*first.again, (key, due_ms))
            found[newest[call.person_id]] = replace(first, again=again)
            continue
        kind = WorryKind.HELP_PRESSED
        newest[call.person_id] = len(found)
        found.append(Worry(kind, key, call.person_id, None, due_ms, REASON))
    return found


def _recent(household: Household, now_ms: int) -> list[tuple[int, RecordId, HelpCall]]:
    """The calls of the last days by time, each dated as well as that is known now.

    A box whose clock was behind dates a call of this minute long ago; the record that sets its
    clock right is still on its way, and no call may be thought old before it came.
    """
    found = []
    for identity, call in household.help_calls.items():
        when_ms = household.when_ms(identity, call.stamp, call.when_ms)
        syncing = household.device(identity[0]).syncing
        if when_ms > now_ms - (OLD_MS if syncing else LOOK_BACK_MS):
            found.append((when_ms, identity, call))
    return sorted(found, key=lambda entry: entry[:2])


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a call worries when it comes, never by time alone."""
    del household, now_ms
    return None
