"""The calls that ask cannot be made: a line is dead, or the hours of a day were too few for all.

Knows: lines that failed, windows that ended without a call. May not know: other rules, guardians,
texts, what a line is.

It says nothing of whoever was to be called: nobody tried her number, or none of it reached her.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gateway.calling import CallsPlanned
from gateway.calls.queue import kept_from_within
from gateway.calls.windows import coming, latest_over, window
from gateway.household import Household
from gateway.roster import MIN_MS
from gateway.rules.worry import HOME, Worry, WorryKind
from gateway.zones import local

CALLS = "calls"  # which of its kind's texts says it
CALLS_DOWN, CALLS_NOT_MADE = "calls_down", "calls_not_made"
BORNE_MS = 5 * MIN_MS
ONCE = 1  # a call that gave way to a text fails once: the line is not dead


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each dead line, and one for the newest day on which somebody was not called."""
    found = [
        _worry(f"route/{CALLS}/{line}/{since_ms}", since_ms + BORNE_MS, CALLS_DOWN)
        for line, since_ms in _dead(household)
        if now_ms >= since_ms + BORNE_MS
    ]
    day_ms = _not_made(household, now_ms)
    if day_ms is not None:
        found.append(_worry(f"route/{CALLS}/{day_ms[0]}", day_ms[1], CALLS_NOT_MADE))
    return found


def _worry(key: str, due_ms: int, reason: str) -> Worry:
    return Worry(WorryKind.ROUTE_DOWN, key, HOME, None, due_ms, reason, words=CALLS)


def _dead(household: Household) -> Iterator[tuple[str, int]]:
    """Lines that do not work, since when."""
    for line, unfit in household.calls.lines.items():
        if unfit.dead or unfit.times > ONCE:
            yield line, unfit.since_ms


def _not_made(household: Household, now_ms: int) -> tuple[str, int] | None:
    """(the newest day on which hours ended, when the first did in which somebody was not called).

    None: everybody was called on that day, whatever came of it.
    """
    roster = household.roster
    if roster is None:
        return None
    today = local(now_ms, roster.zone).date()
    over = [
        (day, planned)
        for planned in _plans(household)
        if (day := latest_over(household, planned, today, roster.zone, now_ms)) is not None
    ]
    newest = max((day for day, _planned in over), default=None)
    ends = [
        window(planned, day, roster.zone)[1]
        for day, planned in over
        if day == newest and not _was_called(household, planned, day)
    ]
    return (newest.isoformat(), min(ends)) if newest is not None and ends else None


def _plans(household: Household) -> Iterator[CallsPlanned]:
    """All plans of persons who live here."""
    for person_id, plans in household.calls.plans.items():
        if household.roster is not None and household.roster.person(person_id) is not None:
            yield from plans.values()


def _was_called(household: Household, planned: CallsPlanned, day: date) -> bool:
    """Whether she answered or did not, or was not there to be called."""
    task = household.calls.task((planned.person_id, planned.call, day.isoformat()))
    person = household.roster.person(planned.person_id) if household.roster else None
    if task.attempts or task.done or person is None or household.roster is None:
        return True
    begins_ms, until_ms = window(planned, day, household.roster.zone)
    return kept_from_within(household, person, begins_ms, until_ms)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When a dead line was borne for long enough, or the next hours end."""
    ends = [since_ms + BORNE_MS for _line, since_ms in _dead(household)]
    roster = household.roster
    if roster is not None:
        today = local(now_ms, roster.zone).date()
        for planned in _plans(household):
            untils = (window(planned, d, roster.zone)[1] for d in coming(household, planned, today))
            ends += [ms for ms in [next((u for u in untils if u > now_ms), None)] if ms is not None]
    return min((ms for ms in ends if ms > now_ms), default=None)
