"""What is usual for somebody is learnt once a local day, as a fact of the log.

Knows: which signs and which unseen spans a habit is learnt from, and when. May not know: how a
line is fitted (gateway.life.detector), whom it worries.

As a fact it is plain data: a look at a home costs no fit, and a replay of the log decides what was
decided, though records came since that would have made another line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

from gateway.beliefs import Household
from gateway.events import HabitLearnt
from gateway.life.detector import DEFAULT, Choice, Detector, Seen, fit
from gateway.life.drift import drift
from gateway.life.kept import line_to_json
from gateway.life.signs import KEPT_MS
from gateway.life.silence import blind, heard, stays
from gateway.roster import Person, Roster
from gateway.zones import instant_ms, local

AT = "03:30"  # nearly everybody sleeps


def decide(household: Household, now_ms: int) -> list[HabitLearnt]:
    """What was learnt of everybody who is watched and whose day has come."""
    if household.roster is None:
        return []
    found, roster = [], household.roster
    last_ms = _instant(roster, now_ms, 0)
    for person, first_ms in _watched(household, learnt_before_ms=last_ms):
        telling = any(belief.syncing for _of, belief in heard(household, person))
        if first_ms < last_ms and not telling:
            found.append(_learnt(household, roster, person, first_ms, now_ms))
    return found


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next habit is to be learnt."""
    if household.roster is None or next(_watched(household), None) is None:
        return None
    return _instant(household.roster, now_ms, 1)


def _watched(
    household: Household, learnt_before_ms: int | None = None
) -> Iterator[tuple[Person, int]]:
    """Everybody with a level, and since when any device of hers was heard.

    Whose habit was learnt at `learnt_before_ms` or later is left out before anything is looked up.
    """
    for person in household.roster.persons if household.roster else ():
        habit = household.habits.get(person.id)
        learnt_ms = habit.at_ms if habit is not None else 0
        if person.cap_h is None or (learnt_before_ms is not None and learnt_ms >= learnt_before_ms):
            continue
        firsts = [b.first_ms for _of, b in heard(household, person) if b.first_ms is not None]
        if firsts:
            yield person, min(firsts)


def _instant(roster: Roster, now_ms: int, step: int) -> int:
    """The last instant to learn at, at now or before (step 0), or the next one after (1)."""
    today = local(now_ms, roster.zone).date()
    instants = [instant_ms(today + timedelta(days=n), AT, roster.zone) for n in (-1, 0, 1)]
    at = sum(ms <= now_ms for ms in instants) - 1 + step
    return instants[at]


def _learnt(
    household: Household, roster: Roster, person: Person, first_ms: int, now_ms: int
) -> HabitLearnt:
    from_ms = now_ms - KEPT_MS
    devices = frozenset(of for of, _belief in heard(household, person))
    signs_ms = household.signs.habit(person.id, devices, from_ms)
    partly, _wholly = blind(household, person, from_ms, now_ms)
    unseen = [*partly, *stays(household, person)]
    seen = Seen(signs_ms, tuple(unseen), first_ms)
    name = roster.life.detector
    choice = Choice(Detector(name)) if name else DEFAULT
    found = drift(signs_ms, [*unseen, (from_ms, first_ms)], roster.zone, now_ms)
    line = fit(seen, roster.zone, now_ms, choice)
    drifted = {} if found is None else dataclasses.asdict(found)
    return HabitLearnt(now_ms, person.id, line_to_json(line), drifted)
