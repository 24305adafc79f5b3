"""The red button was pressed: somebody is to be told at once.

Knows: which presses are one call. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

ONE_CALL_MS = 10 * 60_000  # who presses again within ten minutes calls for the same thing
LOOK_BACK_MS = 7 * 86_400_000
REASON = "box_says_help"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each call of the last days, due when the button was first pressed."""
    found: list[Worry] = []
    last_ms: dict[str, int] = {}
    recent = {k: c for k, c in household.help_calls.items() if c.when_ms > now_ms - LOOK_BACK_MS}
    for identity, call in sorted(recent.items(), key=lambda entry: (entry[1], entry[0])):
        before_ms = last_ms.get(call.person_id)
        last_ms[call.person_id] = call.when_ms
        if before_ms is not None and call.when_ms - before_ms <= ONE_CALL_MS:
            continue
        key = "help/" + "/".join(str(part) for part in identity)
        due_ms = min(call.when_ms, now_ms)
        kind = WorryKind.HELP_PRESSED
        found.append(Worry(kind, key, call.person_id, None, due_ms, REASON))
    return found


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a call worries when it comes, never by time alone."""
    del household, now_ms
    return None
