"""The red button was pressed: somebody is to be told at once.

Knows: which presses are one call. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.beliefs import HelpCall, RecordId
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS, MIN_MS

ONE_CALL_MS = 10 * MIN_MS  # who presses again within ten minutes calls for the same thing
LOOK_BACK_MS = 7 * DAY_MS
OLD_MS = DAY_MS  # of so old a call the box's clock is doubted until all its records are here
REASON = "box_says_help"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each call of the last days, due when the button was first pressed."""
    found: list[Worry] = []
    last_ms: dict[str, int] = {}
    newest: dict[str, int | None] = {}  # person → the place of her last call; None: an old one
    for when_ms, identity, call in _by_time(household):
        before_ms = last_ms.get(call.person_id)
        last_ms[call.person_id] = when_ms
        key = "help/" + "/".join(str(part) for part in identity)
        due_ms = min(when_ms, now_ms)
        if before_ms is not None and when_ms - before_ms <= ONE_CALL_MS:
            place = newest[call.person_id]
            if place is not None:
                again = (*found[place].again, (key, due_ms))
                found[place] = replace(found[place], again=again)
            continue
        newest[call.person_id] = None
        if when_ms > _oldest_ms(household, identity, now_ms):
            newest[call.person_id] = len(found)
            found.append(Worry(WorryKind.HELP_PRESSED, key, call.person_id, None, due_ms, REASON))
    return found


def _by_time(household: Household) -> list[tuple[int, RecordId, HelpCall]]:
    """All calls, each dated as well as that is known now."""
    calls = household.help_calls.items()
    dated = [(household.when_ms(of, call.stamp, call.learnt_ms), of, call) for of, call in calls]
    return sorted(dated, key=lambda entry: entry[:2])


def _oldest_ms(household: Household, identity: RecordId, now_ms: int) -> int:
    """A call is told when it is younger than that.

    A box whose clock was behind dates a call of this minute long ago; the record that sets its
    clock right is still on its way, and no call may be thought old before it came.
    """
    syncing = household.device(identity[0]).syncing
    return now_ms - (OLD_MS if syncing else LOOK_BACK_MS)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a call worries when it comes, never by time alone."""
    del household, now_ms
    return None
