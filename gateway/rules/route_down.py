"""A way by which texts leave does not work.

Knows: which parts carry texts, and how long a fault of theirs is borne.
May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from gateway.household import Household
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.units import MIN_MS

# part → why
ROUTES = {"modem": "modem_down", "http": "http_route_down", "kakao": "kakao_route_down"}
BORNE_MS = 5 * MIN_MS  # a part that hangs is back in two


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each route and fault, due when it lasted too long."""
    found = []
    for part, (since_ms, _why) in household.sight.failed.items():
        due_ms = since_ms + BORNE_MS
        if part in ROUTES and now_ms >= due_ms:
            key = f"route/{part}/{since_ms}"
            found.append(Worry(WorryKind.ROUTE_DOWN, key, HOME, None, due_ms, ROUTES[part]))
    return found


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next fault lasted too long."""
    failed = household.sight.failed.items()
    ends = (since_ms + BORNE_MS for part, (since_ms, _why) in failed if part in ROUTES)
    return min((ms for ms in ends if ms > now_ms), default=None)
