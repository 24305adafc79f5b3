"""Somebody who was expected at her door did not come: the office is to know.

Knows: when a day is over, which visit keeps which appointment, what ends it. May not know: other
rules, guardians, texts.

A day counts when it is over. On the day itself a line of the rota wants its own visitor, or one
through the plate at the door, who has no name; afterwards anybody who comes for the same ends it.
So does the end of the line, and in the end time: what was missed a week ago is history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from gateway.events import VisitPlanned
from gateway.household import Household
from gateway.life.signs import SET_BACK_MS
from gateway.life.silence import stays
from gateway.looking_in import AT_THE_DOOR, DeliveryMade, VisitMade
from gateway.roster import Person, Roster
from gateway.rules.worry import Worry, WorryKind
from gateway.visiting.rota import DELIVERER, Due
from gateway.visiting.visits import Made, Visits
from gateway.zones import instant_ms, local

STAYS_DAYS = 7
REASON = "nobody_came"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each person: the days of the last week on which somebody did not come.

    The oldest is the worry, those after it are the same once more: after somebody said that it is
    over the next day in vain is told.
    """
    roster, visits = household.roster, household.visits
    if roster is None or not (visits.rota or visits.planned):
        return []
    week = _week(roster, now_ms)
    planned = (visits.planned.get(day.isoformat(), {}) for day in week)
    hers = visits.rota.keys() | {person_id for day in planned for person_id in day}
    persons = (person for person in roster.persons if person.id in hers)
    stands = partial(_stands, household, roster, now_ms)
    found = ((person, _missed(visits, person, week, stands)) for person in persons)
    return [_worry(roster, person, missed) for person, missed in found if missed]


def _worry(roster: Roster, person: Person, missed: list[Due]) -> Worry:
    first, *others = missed
    again = tuple((_key(person, due.day), _ends_ms(due.day, roster)) for due in others)
    key, due_ms = _key(person, first.day), _ends_ms(first.day, roster)
    detail = {"who": first.who, "role": first.role, "day": first.day.isoformat()}
    kind = WorryKind.VISIT_MISSED
    return Worry(kind, key, person.id, None, due_ms, REASON, again=again, detail=detail)


def _key(person: Person, day: date) -> str:
    return f"visit_missed/{person.id}/{day.isoformat()}"


def _week(roster: Roster, now_ms: int) -> list[date]:
    """The days that count, the oldest first."""
    today = local(now_ms, roster.zone).date()
    return [today - timedelta(days=back) for back in range(STAYS_DAYS, 0, -1)]


def _missed(
    visits: Visits, person: Person, week: list[date], stands: Callable[[Person, Due], bool]
) -> list[Due]:
    """Of each day the first for whom nobody came."""
    days = ((due for due in visits.due_on(person.id, day) if stands(person, due)) for day in week)
    firsts = (next(day, None) for day in days)
    return [due for due in firsts if due is not None]


def _stands(household: Household, roster: Roster, now_ms: int, person: Person, due: Due) -> bool:
    """Whether nobody kept it, though it was planned before its day was over and she was there."""
    latest_ms = now_ms + SET_BACK_MS  # what lies far ahead was noted by a clock that was wrong
    begin_ms, end_ms = instant_ms(due.day, "00:00", roster.zone), _ends_ms(due.day, roster)
    if due.plan.at_ms >= end_ms:
        return False
    if any(a < end_ms and begin_ms < b for a, b in stays(household, person)):
        return False
    made = (one for one in _since(household, person, begin_ms) if one.at_ms <= latest_ms)
    return not any(came(due, one) if one.at_ms < end_ms else same(due, one) for one in made)


def _since(household: Household, person: Person, begin_ms: int) -> Iterator[Made]:
    for one in reversed(household.visits.made.get(person.id, [])):
        if one.at_ms < begin_ms:
            return
        yield one


def came(due: Due, made: Made) -> bool:
    """Whether this is the one who was expected; through the plate at the door nobody has a name."""
    who = made.visitor if isinstance(made, VisitMade) else made.deliverer
    single = isinstance(due.plan, VisitPlanned)
    return same(due, made) and (single or made.by == AT_THE_DOOR or who == due.who)


def same(due: Due, made: Made) -> bool:
    """Whether it was done for what she was expected: a visit, or a delivery."""
    return isinstance(made, DeliveryMade) == (due.role == DELIVERER)


def _ends_ms(day: date, roster: Roster) -> int:
    return instant_ms(day + timedelta(days=1), "00:00", roster.zone)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """The end of today, where anybody is expected at all."""
    roster, visits = household.roster, household.visits
    if roster is None or not (visits.rota or visits.planned):
        return None
    return _ends_ms(local(now_ms, roster.zone).date(), roster)
