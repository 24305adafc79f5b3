"""When somebody is to be called: the days of a plan, and the hours within them.

Knows: plans, weekdays, the days after a hospital stay. May not know: what was tried already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from functools import lru_cache

from gateway.beliefs import Household
from gateway.calling import WELLBEING, CallsPlanned
from gateway.life.spans import Span
from gateway.roster import WEEKDAYS
from gateway.zones import instant_ms

WEEK = 7


def is_day(household: Household, planned: CallsPlanned, day: date) -> bool:
    """Whether she is called on that day."""
    if planned.plan is None:
        return False
    if WEEKDAYS[day.weekday()] in planned.plan["weekdays"]:
        return True
    just_home = household.nets.call_days(planned.person_id)
    return planned.call == WELLBEING and day.isoformat() in just_home


def window(planned: CallsPlanned, day: date, zone: tzinfo) -> Span:
    """Between which instants (UTC ms) a call of that day may begin; the second not included."""
    plan = planned.plan or {}
    return _instants(day, plan["from"], plan["until"], zone)


@lru_cache(maxsize=4096)
def _instants(day: date, begins: str, ends: str, zone: tzinfo) -> Span:
    return instant_ms(day, begins, zone), instant_ms(day, ends, zone)


def coming(household: Household, planned: CallsPlanned, today: date) -> Iterator[date]:
    """Her days from today on, a week far."""
    days = (today + timedelta(days=n) for n in range(WEEK + 1))
    return (day for day in days if is_day(household, planned, day))


def latest_over(
    household: Household, planned: CallsPlanned, today: date, zone: tzinfo, now_ms: int
) -> date | None:
    """Her newest day of the last week whose hours are over."""
    for day in (today - timedelta(days=n) for n in range(WEEK + 1)):
        if is_day(household, planned, day) and window(planned, day, zone)[1] <= now_ms:
            return day
    return None
