"""Nothing that only a hand does was seen in somebody's home for longer than is usual there.

Knows: the hours of each person (roster; None: nobody watches that), the last sign of life.
May not know: other rules, guardians, texts.

A link that is dead is not a person who is silent: then it is that we cannot see.
"""

from __future__ import annotations

from gateway.beliefs import UNSEEN_MS
from gateway.household import Household
from gateway.roster import HOUR_MS, Person, Roster
from gateway.rules.worry import Worry, WorryKind
from gateway.zones import local

NO_HAND, BLIND = "no_hand_seen", "link_dead"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each person who was silent for too long."""
    roster = household.roster
    if roster is None:
        return []
    found = []
    for person in roster.persons:
        due_ms = _due_ms(household, person)
        if due_ms is None or now_ms < due_ms or _away(household, roster, person, now_ms):
            continue
        blind = _blind(household, roster, person, now_ms)
        kind = WorryKind.CANNOT_SEE if blind else WorryKind.NO_SIGN_OF_LIFE
        key = f"life/{person.id}/{due_ms}"
        found.append(Worry(kind, key, person.id, None, due_ms, BLIND if blind else NO_HAND))
    return found


def _due_ms(household: Household, person: Person) -> int | None:
    since_ms = household.sight.hands.get(
        person.id, household.starts[0] if household.starts else None
    )
    if person.silent_h is None or since_ms is None:
        return None
    return since_ms + person.silent_h * HOUR_MS


def _away(household: Household, roster: Roster, person: Person, now_ms: int) -> bool:
    day = local(now_ms, roster.zone).date().isoformat()
    stays = household.not_monitored.get(person.id, {}).values()
    return any(stay.from_day <= day <= stay.to_day for stay in stays)


def _blind(household: Household, roster: Roster, person: Person, now_ms: int) -> bool:
    """Whether every device of hers is late."""
    beliefs = [household.devices.get(d.id) for d in roster.devices if d.person_id == person.id]
    late = [belief.late_ms() if belief else None for belief in beliefs]
    return bool(late) and all(ms is not None and now_ms >= ms + UNSEEN_MS for ms in late)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next one was silent for too long, a link is dead, or a stay away begins or ends."""
    roster = household.roster
    if roster is None:
        return None
    watched = [p for p in roster.persons if p.silent_h is not None]
    ends = [_due_ms(household, person) for person in watched]
    if any(ms is not None and ms <= now_ms for ms in ends):
        ends += [b.late_ms() for b in household.devices.values()]
        ends = [ms + UNSEEN_MS if ms is not None and ms + UNSEEN_MS > now_ms else ms for ms in ends]
        ends.append(now_ms - now_ms % HOUR_MS + HOUR_MS)  # days end at some full hour
    return min((ms for ms in ends if ms is not None and ms > now_ms), default=None)
