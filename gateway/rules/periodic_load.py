"""A plug watches something that switches itself, as a refrigerator does: it should be moved.

Knows: since when a plug says so. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

REASON = "looks_automatic"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each plug whose load looks automatic, until the plug says otherwise."""
    found = []
    for device in household.roster.devices if household.roster else ():
        spans = household.signs.periodic(device.id)
        if spans and spans[-1][1] is None:
            since_ms = spans[-1][0]
            key, kind = f"periodic/{device.id}/{since_ms}", WorryKind.PERIODIC_LOAD
            due_ms, detail = min(since_ms, now_ms), {"device_id": device.id}
            found.append(Worry(kind, key, device.person_id, None, due_ms, REASON, detail=detail))
    return found


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: a plug says it when it finds out, never by time alone."""
    del household, now_ms
    return None
