"""What a person is to take now: by the plan she confirmed, else by the configuration file.

Knows: which of the two holds. May not know: schedules that were made, what was taken; the time is
an argument.
"""

from __future__ import annotations

from datetime import timedelta

from gateway.events import PlannedRule, PlannedSlot
from gateway.household import Household
from gateway.prescription.begun_day import with_what_began
from gateway.prescription.book import Confirmed
from gateway.prescription.confirmed import Plan, planned, to_planned
from gateway.prescription.plan import plan, rules
from gateway.prescription.policy_table import Table, overridden
from gateway.roster import Roster
from gateway.zones import local


def confirmed_of(household: Household, person_id: str) -> Confirmed | None:
    """What she confirmed last; None where the configuration file holds."""
    book = household.books.get(person_id)
    return book.confirmed if book else None


def table_of(roster: Roster) -> Table:
    """The policy by drug class, as this house has it."""
    return overridden(roster.drug_classes)[0]


def plan_of(
    roster: Roster, person_id: str, confirmed: Confirmed, now_ms: int, days: int | None = None
) -> Plan:
    """The plan of a confirmation in this house; `days` None: the policy's."""
    policy = roster.policy
    length = policy.days if days is None else days
    return planned(person_id, confirmed, roster.zone, table_of(roster), policy, now_ms, length)


def told(
    household: Household, roster: Roster, person_id: str, now_ms: int, days: int
) -> tuple[tuple[PlannedSlot, ...], tuple[PlannedRule, ...]]:
    """What a box is told: slots for `days` days from yesterday on, and what repeats after them."""
    confirmed = confirmed_of(household, person_id)
    if confirmed is None:
        return plan(roster, person_id, now_ms, days), rules(roster, person_id, now_ms, days)
    made = plan_of(roster, person_id, confirmed, now_ms, days)
    return with_what_began(household, made.slots, now_ms), made.rules


def coming(household: Household, person_id: str, now_ms: int, days: int) -> tuple[PlannedSlot, ...]:
    """Every slot of a person from yesterday on for so many days, by due time."""
    roster = household.roster
    if roster is None:
        return ()
    confirmed = confirmed_of(household, person_id)
    if confirmed is None:
        return plan(roster, person_id, now_ms, days)
    last = local(now_ms, roster.zone).date() + timedelta(days=days - 1)
    ids, merged = list(confirmed.medications), plan_of(roster, person_id, confirmed, now_ms).merged
    found = [to_planned(person_id, s, ids, roster.zone) for s in merged.slots if s.day <= last]
    found.sort(key=lambda s: (s.due_ms, s.slot.index))
    return with_what_began(household, found, now_ms)
