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

# The most that a box believes.
LATE_MAX_MIN = 720
SKIP_MAX_MIN = 2 * DAY_MIN
SPACING_MAX_MIN = 7 * DAY_MIN


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
    end = min(late_end_min(regimen, doses_a_day, next_min, after), policy.late_cap_min)
    return Window(early, after, min(max(0, end - after), LATE_MAX_MIN))


def late_end_min(regimen: Regimen, doses_a_day: int, next_min: int, window_min: int) -> int:
    """Minutes after due from which a dose is skipped, never doubled.

    It is then nearer to the next dose than to its own time, or inside the spacing before the next.
    """
    spacing = spacing_min(regimen, doses_a_day, next_min, window_min)
    return max(0, min(next_min // 2, next_min - spacing))


def skip_after_min(regimen: Regimen, doses_a_day: int, next_min: int, window_min: int) -> int:
    """When "take" turns into "skip this one"; a window that was prescribed is not cut short."""
    prescribed = window_min + (regimen.late_min or 0)
    end = late_end_min(regimen, doses_a_day, next_min, window_min)
    return min(max(prescribed, end), SKIP_MAX_MIN)


def spacing_min(regimen: Regimen, doses_a_day: int, interval_min: int, window_min: int) -> int:
    """The least time between two doses that are prescribed `interval_min` apart.

    Half of what lies between two doses of such a drug (6 h at two a day, 4 h at three). Where that
    is nobody's decision, it does not postpone a dose whose forerunner was opened in its window.
    """
    if regimen.spacing_min is not None:
        return regimen.spacing_min
    usual = interval_min // 2 if doses_a_day == 1 else DAY_MIN // doses_a_day // 2
    room = max(interval_min - window_min, interval_min // 2)
    return min(usual, room, SPACING_MAX_MIN)
