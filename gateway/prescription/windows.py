"""How long before and after its time a dose may be taken.

Knows: the window policy (ISMP) and the late rule.
May not know: dates, zones, persons.

All values are minutes. A window may be overridden by the regimen, field by field.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.roster import Policy, Regimen

DAY_MIN = 24 * 60
TIME_CRITICAL_MIN = 30
OFTEN_MIN = 60  # more than once a day
DAILY_MIN = 120

# Doses a day → the least time between two of them; half the interval where not listed.
SPACING_MIN = {2: 360, 3: 240}


class Window(NamedTuple):
    """Minutes before due, after due, and for a late dose after the window."""

    early_min: int
    window_min: int
    late_min: int


def window(regimen: Regimen, doses_a_day: int, next_min: int, policy: Policy) -> Window:
    """The window of one slot; `next_min` is the time from this dose to the regimen's next."""
    if regimen.criticality == "time_critical":
        width = TIME_CRITICAL_MIN
    else:
        width = OFTEN_MIN if doses_a_day > 1 else DAILY_MIN
    early = width if regimen.early_min is None else regimen.early_min
    after = width if regimen.window_min is None else regimen.window_min
    if regimen.late_min is not None:
        return Window(early, after, regimen.late_min)
    return Window(early, after, max(0, late_end_min(doses_a_day, next_min, policy) - after))


def late_end_min(doses_a_day: int, next_min: int, policy: Policy) -> int:
    """Minutes after due until which a late dose is still offered.

    Not nearer to the next dose than to its own time, not inside the spacing before the next,
    and not beyond the house's cap: after that it is skipped, never doubled.
    """
    spacing = SPACING_MIN.get(doses_a_day, next_min // 2)
    return min(next_min // 2, next_min - spacing, policy.late_cap_min)
