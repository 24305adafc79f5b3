"""Which calls of the newest day were not made, without a walk through all plans at every look.

Knows: whose hours are over, and when the next are. May not know: lines, why nobody called, whom it
worries.

What is found stands until a plan, a stay, a pause or the roster changes, or the next hours end; in
between only calls were made, and they only take away from it.
"""

from __future__ import annotations

from collections import deque
from datetime import date

from gateway.calling import CallsPlanned
from gateway.calls.known import Looked
from gateway.calls.queue import kept_from_within
from gateway.calls.windows import coming, latest_over, window
from gateway.household import Household
from gateway.roster import Roster
from gateway.zones import local

Hours = tuple[date | None, int, int | None]  # newest day that is over, its end, when the next are


def not_made(household: Household, now_ms: int) -> tuple[str, int] | None:
    """(the newest day on which hours ended, when the first did in which somebody was not called).

    None: everybody was called on that day, whatever came of it.
    """
    looked = _looked(household, now_ms)
    ringing: list[tuple[int, CallsPlanned]] = []
    found = None
    while looked is not None and looked.open and found is None:
        until_ms, planned = looked.open[0]
        if _rings(household, planned, looked.day):
            ringing.append(looked.open.popleft())
        elif _was_called(household, planned, looked.day):
            looked.open.popleft()
        else:
            found = looked.day, until_ms
    if looked is not None:
        looked.open.extendleft(reversed(ringing))
    return found


def next_over_ms(household: Household, now_ms: int) -> int | None:
    """When somebody's hours are over next; None: nobody is called any more."""
    looked = _looked(household, now_ms)
    return looked.until_ms if looked is not None else None


def _looked(household: Household, now_ms: int) -> Looked | None:
    calls, roster = household.calls, household.roster
    if roster is None:
        return None
    looked = calls.looked
    if (
        looked is None
        or looked.roster is not roster
        or looked.changes != calls.changes
        or not looked.from_ms <= now_ms < (looked.until_ms or now_ms + 1)
    ):
        looked = calls.looked = _look(household, roster, now_ms)
    return looked


def _look(household: Household, roster: Roster, now_ms: int) -> Looked:
    """Through all plans of persons who live here; the same hours are reckoned once."""
    today = local(now_ms, roster.zone).date()
    known: dict[tuple[str, ...], Hours] = {}
    over: list[tuple[date, int, CallsPlanned]] = []
    nexts: set[int | None] = set()
    for person_id, plans in household.calls.plans.items():
        just_home = household.nets.call_days(person_id)
        for planned in plans.values() if roster.person(person_id) is not None else ():
            plan = planned.plan or {}
            of = (*plan["weekdays"], plan["from"], plan["until"])
            hours = known.get(of) if not just_home else None
            if hours is None:
                hours = _hours(household, planned, today, roster, now_ms)
                if not just_home:
                    known[of] = hours
            day, end_ms, next_ms = hours
            nexts.add(next_ms)
            # A plan from later than now was made before: the clock was ahead.
            if day is not None and not end_ms <= planned.at_ms <= now_ms:
                over.append((day, end_ms, planned))
    newest = max((day for day, _end_ms, _planned in over), default=today)
    ends = sorted(
        ((end_ms, planned) for day, end_ms, planned in over if day == newest),
        key=lambda end: end[0],
    )
    until_ms = min((ms for ms in nexts if ms is not None), default=None)
    return Looked(
        roster, household.calls.changes, now_ms, until_ms, newest.isoformat(), deque(ends)
    )


def _hours(
    household: Household, planned: CallsPlanned, today: date, roster: Roster, now_ms: int
) -> Hours:
    day = latest_over(household, planned, today, roster.zone, now_ms)
    end_ms = window(planned, day, roster.zone)[1] if day is not None else 0
    ends = (window(planned, of, roster.zone)[1] for of in coming(household, planned, today))
    return day, end_ms, next((ms for ms in ends if ms > now_ms), None)


def _rings(household: Household, planned: CallsPlanned, day: str) -> bool:
    last = household.calls.task((planned.person_id, planned.call, day)).last
    return last is not None and not last.outcome


def _was_called(household: Household, planned: CallsPlanned, day: str) -> bool:
    """Whether she answered or did not, or was not there to be called."""
    task = household.calls.task((planned.person_id, planned.call, day))
    person = household.roster.person(planned.person_id) if household.roster else None
    if task.attempts or task.done or person is None or household.roster is None:
        return True
    of = date.fromisoformat(day)
    return kept_from_within(household, person, *window(planned, of, household.roster.zone))
