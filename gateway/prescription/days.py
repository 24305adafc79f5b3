"""On which local days a regimen has its doses.

Knows: every n-th day, weekdays, the first and the last day. May not know: hours, zones, the time.
"""

from __future__ import annotations

from datetime import date, timedelta

from gateway.roster import WEEKDAYS, Regimen

LONGEST_GAP_DAYS = 28


def applies(regimen: Regimen, day: date) -> bool:
    """Whether the regimen has doses on that day."""
    iso = day.isoformat()
    if (regimen.from_day or iso) > iso or (regimen.until_day or iso) < iso:
        return False
    if regimen.every_days > 1 and regimen.from_day:
        return (day - date.fromisoformat(regimen.from_day)).days % regimen.every_days == 0
    return not regimen.weekdays or WEEKDAYS[day.weekday()] in regimen.weekdays


def first_from(regimen: Regimen, day: date) -> date | None:
    """The regimen's first day at `day` or after; None where it is over."""
    begin = max(day, date.fromisoformat(regimen.from_day)) if regimen.from_day else day
    days = (begin + timedelta(days=n) for n in range(LONGEST_GAP_DAYS + 1))
    return next((d for d in days if applies(regimen, d)), None)


def days_since_last(regimen: Regimen, day: date) -> int | None:
    """Days from the regimen's day before to `day`; None where there is none."""
    gaps = range(1, LONGEST_GAP_DAYS + 1)
    return next((n for n in gaps if applies(regimen, day - timedelta(days=n))), None)


def least_gap_days(regimen: Regimen) -> int:
    """The least number of days between two days with doses."""
    if regimen.every_days > 1:
        return regimen.every_days
    mine = [n for n, name in enumerate(WEEKDAYS) if name in regimen.weekdays] or list(range(7))
    return min((other - n - 1) % 7 + 1 for n in mine for other in mine)


def weekday_mask(regimen: Regimen) -> int:
    """The weekdays as the wire has them: bit 0 Monday, 0 = all."""
    return sum(1 << WEEKDAYS.index(name) for name in regimen.weekdays)
