"""Somebody who was expected at her door did not come: the office is to know.

Knows: when a day is over, which visit keeps which appointment, what ends it. May not know: other
rules, guardians, texts.

A day counts when it is over. On the day itself a line of the rota wants its own visitor, or one
through the plate at the door, who has no name; afterwards anybody who comes for the same ends it.
So does the end of the line, and in the end time: what was missed a week ago is history.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.events import VisitPlanned
from gateway.household import Household
from gateway.life.silence import stays
from gateway.looking_in import AT_THE_DOOR, DeliveryMade, VisitMade
from gateway.roster import Person, Roster
from gateway.rules.worry import Worry, WorryKind
from gateway.visiting.rota import DELIVERER, Due
from gateway.visiting.visits import Made
from gateway.zones import instant_ms, local

STAYS_DAYS = 7
REASON = "nobody_came"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each person: the oldest day of the last week on which somebody did not come."""
    roster, visits = household.roster, household.visits
    if roster is None or not (visits.rota or visits.planned):
        return []
    missed = (_missed(household, roster, person, now_ms) for person in roster.persons)
    return [_worry(person_due, roster) for person_due in missed if person_due is not None]


def _worry(missed: tuple[Person, Due], roster: Roster) -> Worry:
    person, due = missed
    key = f"visit_missed/{person.id}/{due.day.isoformat()}"
    due_ms = _ends_ms(due.day, roster)
    detail = {"who": due.who, "role": due.role, "day": due.day.isoformat()}
    return Worry(WorryKind.VISIT_MISSED, key, person.id, None, due_ms, REASON, detail=detail)


def _missed(
    household: Household, roster: Roster, person: Person, now_ms: int
) -> tuple[Person, Due] | None:
    today = local(now_ms, roster.zone).date()
    for back in range(STAYS_DAYS, 0, -1):
        day = today - timedelta(days=back)
        for due in household.visits.due_on(person.id, day):
            if _stands(household, roster, person, due):
                return person, due
    return None


def _stands(household: Household, roster: Roster, person: Person, due: Due) -> bool:
    """Whether nobody kept it, though it was planned before its day was over and she was there."""
    begin_ms, end_ms = instant_ms(due.day, "00:00", roster.zone), _ends_ms(due.day, roster)
    if due.plan.at_ms >= end_ms:
        return False
    if any(a < end_ms and begin_ms < b for a, b in stays(household, person)):
        return False
    made = _since(household, person, begin_ms)
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
