"""She did not answer the calls of a day: an officer is to follow it up.

Knows: when a day's attempts are used up, or its hours over. May not know: other rules, guardians,
texts, lines.

Only what happened at her end counts: a dead line is no silence of hers. Once somebody was told it
stands until she gives a sign of life after the last attempt, or a person looked after her.
"""

from __future__ import annotations

from datetime import date

from gateway.calls.believed import Task, key_of
from gateway.calls.queue import ATTEMPTS, kept_from_within
from gateway.calls.windows import window
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS

THREE_ATTEMPTS, WINDOW_OVER = "three_attempts", "window_over"
OLD_MS = 7 * DAY_MS  # what nobody was told of for so long is not begun any more


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each call of a day that she did not answer."""
    found = (_worry(household, task, now_ms) for task in household.calls.unanswered.values())
    return [worry for worry in found if worry is not None]


def _worry(household: Household, task: Task, now_ms: int) -> Worry | None:
    person_id, last = task.id[0], task.last
    over_ms = last.over_ms(now_ms) if last is not None else None
    if last is None or over_ms is None:
        return None  # it rings just now
    told = task.id in household.calls.ever_told
    if told:
        sign = household.signs.last(person_id, household.timelines, now_ms)
        if sign is not None and sign.at_ms > over_ms:
            return None
    due_ms, reason = over_ms, THREE_ATTEMPTS
    if task.attempts < ATTEMPTS:
        due_ms, reason = _window_ends_ms(household, task, now_ms), WINDOW_OVER
        if not told and _called_off(household, task, due_ms):
            return None  # she is away, or is not to be called any more
    if told and now_ms < due_ms:
        due_ms = over_ms  # her hours were moved, or the clock: what was told stands
    elif now_ms < due_ms or (not told and due_ms < now_ms - OLD_MS):
        return None
    detail = {"attempts": task.attempts, "outcome": last.outcome, "why": last.why}
    return Worry(
        WorryKind.CALL_UNANSWERED, key_of(task.id), person_id, None, due_ms, reason, detail=detail
    )


def _window_ends_ms(household: Household, task: Task, now_ms: int) -> int:
    """When no call of that day begins any more."""
    person_id, call, day = task.id
    planned, roster = household.calls.plans.get(person_id, {}).get(call), household.roster
    over_ms = task.last.over_ms(now_ms) if task.last is not None else None
    until_ms = 0
    if planned is not None and roster is not None:
        until_ms = window(planned, date.fromisoformat(day), roster.zone)[1]
    return max(over_ms or 0, until_ms)


def _called_off(household: Household, task: Task, until_ms: int) -> bool:
    """Whether somebody said meanwhile that she is not there, or not to be called.

    A stay or pause that is over before her hours are explains nothing.
    """
    person = household.roster.person(task.id[0]) if household.roster else None
    if person is None or task.id[1] not in household.calls.plans.get(person.id, {}):
        return True
    return kept_from_within(household, person, until_ms - 1, until_ms)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the hours of a day are over in which somebody did not answer yet."""
    tried = household.calls.unanswered.values()
    ends = (_window_ends_ms(household, task, now_ms) for task in tried if task.attempts < ATTEMPTS)
    return min((ms for ms in ends if ms > now_ms), default=None)
