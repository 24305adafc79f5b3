"""Local months, days and hours of a home, from UTC milliseconds and back.

Knows: time zones (from the system's zone files) and the device's way of counting.
May not know: what time it is; every function takes the instant it is asked about.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from anbu_wire.messages import EPOCH_2000_UNIX_S
from gateway.units import DAY_MS

DAY_ZERO = date(2000, 1, 1)
_LOOK_AHEAD_DAYS = 366
_ISO_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")  # any years around it can be reckoned


def local(ms: int, zone: tzinfo) -> datetime:
    """The local date and time of an instant."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def instant_ms(day: date, clock: str, zone: tzinfo) -> int:
    """UTC ms of "HH:MM" on a local day. In a gap of summer time: as if the clock had gone on."""
    hours, minutes = clock.split(":")
    there = datetime.combine(day, time(int(hours), int(minutes)), tzinfo=zone)
    return round(there.timestamp()) * 1000


def months_to(last: date, count: int) -> list[str]:
    """The month a day lies in and those before it, the newest first: "2026-10", "2026-09"."""
    newest = last.year * 12 + last.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(newest, newest - count, -1)]


def day_of(text: str, first_year: int = DAY_ZERO.year) -> date | None:
    """The day that "2026-03-02" says; None for anything else, and before `first_year`."""
    try:
        day = date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")
    except ValueError:
        return None
    return day if day.year >= first_year else None


def day_number(day: date) -> int:
    """Local days from 2000-01-01, as the wire counts them."""
    return (day - DAY_ZERO).days


def iso_day(number: int) -> str:
    """The ISO date of a day number."""
    return (DAY_ZERO + timedelta(days=number)).isoformat()


def wall_s(ms: int) -> int:
    """Device wall time (s since 2000) of an instant."""
    return ms // 1000 - EPOCH_2000_UNIX_S


def unix_ms(device_wall_s: int) -> int | None:
    """UTC ms of a device's wall time; None for 0 = it knew no time."""
    return (device_wall_s + EPOCH_2000_UNIX_S) * 1000 if device_wall_s else None


def time_fields(now_ms: int, zone: tzinfo) -> tuple[int, int, int, int, int]:
    """SET_TIME's fields: wall_s, wall_ms, offset_min, change_wall_s, next_offset_min.

    `change_wall_s` is the next change of the zone's offset within a year, 0 where there is none.
    """
    offset = _offset_min(now_ms, zone)
    change_ms = _next_change_ms(now_ms, zone)
    if change_ms is None:
        return wall_s(now_ms), now_ms % 1000, offset, 0, offset
    return wall_s(now_ms), now_ms % 1000, offset, wall_s(change_ms), _offset_min(change_ms, zone)


def _offset_min(ms: int, zone: tzinfo) -> int:
    offset = local(ms, zone).utcoffset()
    return int(offset.total_seconds()) // 60 if offset is not None else 0


def _next_change_ms(now_ms: int, zone: tzinfo) -> int | None:
    """The first second with another offset, found by halving the day it lies in."""
    before = _offset_min(now_ms, zone)
    for n in range(1, _LOOK_AHEAD_DAYS + 1):
        if _offset_min(now_ms + n * DAY_MS, zone) != before:
            low, high = (now_ms + (n - 1) * DAY_MS) // 1000, (now_ms + n * DAY_MS) // 1000 + 1
            while high - low > 1:
                middle = (low + high) // 2
                if _offset_min(middle * 1000, zone) == before:
                    low = middle
                else:
                    high = middle
            return high * 1000
    return None
