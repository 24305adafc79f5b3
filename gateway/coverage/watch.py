"""The weeks after a hospital: when they are over, her level is what it was before.

Knows: what was agreed when she came home, the roster as it counts.
May not know: how it was agreed (taking.py), whom a silence worries; the time is an argument.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gateway.beliefs import Household
from gateway.events import Event, HospitalLeft, RosterChanged, WatchEnded
from gateway.roster import Roster, entry_to_json
from gateway.roster_changes import PERSONS
from gateway.zones import instant_ms

BY = "anbu"  # who gives a level back: what was agreed did


def decide(household: Household, now_ms: int) -> list[Event]:
    """The watches that are over, each with the level that is given back."""
    roster, facts = household.roster, list[Event]()
    for left in household.nets.watched.values():
        if roster is not None and now_ms >= ends_ms(left, roster):
            facts.append(WatchEnded(now_ms, left.person_id))
            facts += _level_back(left, roster, now_ms)
    return facts


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next one is over."""
    roster = household.roster
    ends = [ends_ms(left, roster) for left in household.nets.watched.values()] if roster else []
    return min((ms for ms in ends if ms > now_ms), default=None)


def ends_ms(left: HospitalLeft, roster: Roster) -> int:
    """The midnight after its last day."""
    last = date.fromisoformat(left.until_day)
    return instant_ms(last + timedelta(days=1), "00:00", roster.zone)


def _level_back(left: HospitalLeft, roster: Roster, now_ms: int) -> list[Event]:
    """Nothing where somebody has given her another level meanwhile, or took her away."""
    person = roster.person(left.person_id)
    if person is None or person.level != left.level or left.level == left.before:
        return []
    row = entry_to_json(replace(person, level=left.before))
    return [RosterChanged(now_ms, PERSONS, person.id, row, BY)]
