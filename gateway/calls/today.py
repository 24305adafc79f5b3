"""Whose hours are today, in the order in which they begin, and when the first begin after today.

Knows: plans, days, hours; that the list stands until a plan, a stay or the roster changes, or the
day does. May not know: what was tried, lines, who is away.
"""

from __future__ import annotations

from datetime import date, timedelta

from gateway.calling import CallsPlanned
from gateway.calls.known import Today
from gateway.calls.windows import coming, is_day, window
from gateway.household import Household
from gateway.roster import Roster
from gateway.zones import instant_ms, local


def today(household: Household, now_ms: int) -> Today | None:
    """As it stands; who has no call left may be taken out of `waiting`. None: no roster yet."""
    calls, roster = household.calls, household.roster
    if roster is None:
        return None
    known = calls.today
    if (
        known is None
        or known.roster is not roster
        or known.changes != calls.changes
        or not known.from_ms <= now_ms < known.until_ms
    ):
        known = calls.today = _today(household, roster, now_ms)
    return known


def _today(household: Household, roster: Roster, now_ms: int) -> Today:
    """Through all plans of persons who live here; the same hours are reckoned once."""
    day = local(now_ms, roster.zone).date()
    known: dict[tuple[str, ...], int | None] = {}
    nexts: set[int | None] = set()
    waiting: list[tuple[int, int, CallsPlanned]] = []
    for person_id, plans in household.calls.plans.items():
        just_home = household.nets.call_days(person_id)
        for planned in plans.values() if roster.person(person_id) is not None else ():
            if is_day(household, planned, day):
                waiting.append((*window(planned, day, roster.zone), planned))
            plan = planned.plan or {}
            of = (*plan["weekdays"], plan["from"], plan["until"])
            if just_home:
                nexts.add(_begins_after(household, planned, day, roster))
            elif of not in known:
                known[of] = _begins_after(household, planned, day, roster)
    waiting.sort(key=lambda hours: hours[0])
    begins_ms = instant_ms(day, "00:00", roster.zone)
    ends_ms = instant_ms(day + timedelta(days=1), "00:00", roster.zone)
    after_ms = min((ms for ms in {*nexts, *known.values()} if ms is not None), default=None)
    changes = household.calls.changes
    return Today(roster, changes, min(begins_ms, now_ms), ends_ms, waiting, after_ms)


def _begins_after(
    household: Household, planned: CallsPlanned, day: date, roster: Roster
) -> int | None:
    days = coming(household, planned, day + timedelta(days=1))
    return next((window(planned, of, roster.zone)[0] for of in days), None)
