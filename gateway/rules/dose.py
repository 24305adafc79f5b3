"""A dose that was not opened in its window, is in doubt, or of which that is not known.

Knows: when a slot's outcome worries. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from gateway.adherence.outcomes import (
    Outcome,
    Reason,
    State,
    not_opened,
    outcome,
    unconfirmed_due_ms,
    unconfirmed_from_ms,
)
from gateway.beliefs import UNSEEN_MS
from gateway.events import PlannedSlot
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS

LONGEST_WINDOW_MS = DAY_MS  # no window ends later than this after it began
LOOK_BACK_MS = 7 * DAY_MS  # older slots worry nobody any more; the page still shows them


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each slot whose window is over and which was not seen opened.

    A doubtful one is not waited for: whether she took it is to be asked now.
    """
    begun = household.unsettled(now_ms - LOOK_BACK_MS, now_ms + LONGEST_WINDOW_MS)
    found = (_worry(household, planned, now_ms) for planned in begun)
    return [worry for worry in found if worry is not None]


def _worry(household: Household, planned: PlannedSlot, now_ms: int) -> Worry | None:
    if now_ms < planned.closes_ms and not household.slots[planned.slot].evidence:
        return None  # nobody said anything of it yet but, perhaps, that it was taken
    now = outcome(household, planned.slot, now_ms)
    missed = not_opened(now)
    if now.state is State.DOUBTFUL and now.since_ms is not None:
        if now.reason is Reason.DOUBT_TOO_SOON:
            return None  # the warning of a double dose says it
        kind, due_ms = WorryKind.DOSE_DOUBTFUL, min(now.since_ms, now_ms)
    elif now_ms < planned.closes_ms and not _skipped_late(now):
        return None
    elif missed:
        if now_ms < _held_until_ms(household, planned):
            return None
        kind, due_ms = WorryKind.DOSE_MISSED, min(planned.closes_ms, now_ms)
    elif now.state is State.UNKNOWN and now_ms >= unconfirmed_from_ms(household, planned):
        kind, due_ms = _not_seen(household, planned, now_ms), unconfirmed_due_ms(household, planned)
    else:
        return None
    key = f"dose/{planned.slot}"
    return Worry(kind, key, planned.slot.person_id, planned.slot, due_ms, str(now.reason))


def _not_seen(household: Household, planned: PlannedSlot, now_ms: int) -> WorryKind:
    """Not confirmed; where the link is known to be dead, it is not the dose that cannot be seen."""
    device_id = household.slots[planned.slot].device_id
    belief = household.devices.get(device_id) if device_id else None
    late_ms = belief.late_ms() if belief else None
    dead = late_ms is not None and now_ms >= late_ms + UNSEEN_MS
    return WorryKind.CANNOT_SEE if dead else WorryKind.DOSE_UNCONFIRMED


def _skipped_late(now: Outcome) -> bool:
    """Too near the next dose before its own window ended: nobody will open it any more."""
    return now.reason is Reason.BOX_SAYS_SKIPPED


def _held_until_ms(household: Household, planned: PlannedSlot) -> int:
    """While a box tells what it kept, a later record may say that the lid was opened after all.

    It is waited for until all is told, but not longer than the grace after the link came up.
    """
    device_id = household.slots[planned.slot].device_id
    belief = household.devices.get(device_id) if device_id else None
    if belief is None or not belief.syncing or belief.link_ms is None:
        return 0
    return belief.link_ms + unconfirmed_due_ms(household, planned) - planned.closes_ms


def next_deadline(household: Household, now_ms: int) -> int | None:
    """The next border of any slot's life after `now_ms`; one that was taken has none any more."""
    borders: list[int] = []
    for planned in household.unsettled(now_ms - LOOK_BACK_MS, now_ms + LOOK_BACK_MS):
        if borders and planned.closes_ms - LONGEST_WINDOW_MS > borders[0]:
            break  # the windows from here on begin later than that
        coming = [ms for ms in _borders(household, planned, now_ms) if ms > now_ms]
        borders = [min([*borders, *coming])] if borders or coming else []
    for planned in household.unsettled(now_ms + LOOK_BACK_MS):
        borders.append(planned.closes_ms - LOOK_BACK_MS + 1)  # when it comes in sight
        break
    return min(borders, default=None)


def _borders(household: Household, planned: PlannedSlot, now_ms: int) -> tuple[int, ...]:
    told = bool(household.slots[planned.slot].evidence)
    if planned.opens_ms > now_ms and not told:
        return (planned.opens_ms,)
    return (
        planned.due_ms,
        planned.closes_ms,
        unconfirmed_from_ms(household, planned),
        planned.ends_ms,
        _held_until_ms(household, planned),
        # What a box says of a slot far ahead is not looked at before.
        planned.closes_ms - LONGEST_WINDOW_MS + 1 if told else 0,
    )
