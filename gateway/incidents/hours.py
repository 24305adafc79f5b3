"""Hours of the day and days of the week at which somebody is told, or is not.

Knows: clocks {"from", "until"} as "HH:MM" local, also over midnight. May not know: who or why.
"""

from __future__ import annotations

from datetime import date, timedelta, tzinfo

from gateway.roster import WEEKDAYS
from gateway.zones import instant_ms, local

Clock = dict[str, str]
MOST_DAYS = 15  # every weekday comes within these, though summer time takes an hour of one


def inside(clock: Clock, ms: int, zone: tzinfo) -> bool:
    """Whether an instant lies between the two; equal ones are the whole day."""
    now = f"{local(ms, zone):%H:%M}"
    begin, end = clock["from"], clock["until"]
    return begin <= now < end if begin < end else now >= begin or now < end


def next_ms(clock: str, ms: int, zone: tzinfo) -> int:
    """The first instant at `ms` or later that shows "HH:MM"."""
    day = local(ms, zone).date()
    return next(at for n in range(3) if (at := _at(day, n, clock, zone)) >= ms)


def quiet_until_ms(quiet: Clock | None, ms: int, zone: tzinfo) -> int | None:
    """When quiet hours end that an instant lies in; None: it lies in none."""
    if quiet is None or not inside(quiet, ms, zone):
        return None
    return next_ms(quiet["until"], ms + 1, zone)


def off_until_ms(
    hours: Clock | None, weekdays: tuple[str, ...], ms: int, zone: tzinfo
) -> int | None:
    """When somebody is on duty next; None: she is now. A duty over midnight is of its first day."""
    if _on(hours, weekdays, ms, zone):
        return None
    day, begin = local(ms, zone).date(), hours["from"] if hours else "00:00"
    starts = (_at(day, n, begin, zone) for n in range(MOST_DAYS + 1))
    return next(at for at in starts if at > ms and _on(hours, weekdays, at, zone))


def _on(hours: Clock | None, weekdays: tuple[str, ...], ms: int, zone: tzinfo) -> bool:
    if hours is not None and not inside(hours, ms, zone):
        return False
    now = local(ms, zone)
    day = now.date()
    if hours is not None and hours["from"] >= hours["until"] and f"{now:%H:%M}" < hours["until"]:
        day -= timedelta(days=1)
    return not weekdays or WEEKDAYS[day.weekday()] in weekdays


def _at(day: date, days: int, clock: str, zone: tzinfo) -> int:
    return instant_ms(day + timedelta(days=days), clock, zone)
