"""Nothing that only a hand does was seen in somebody's home for longer than is usual there.

Knows: the hours of each person (roster; None: nobody watches that), the last sign of life.
May not know: other rules, guardians, texts.

A link that is dead is not a person who is silent: then it is that we cannot see. Neither is said
while the box may still tell of a hand: the gateway has just begun, or the link was lost just now.
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
        sees = _sees(household, roster, person, now_ms)
        kind = WorryKind.NO_SIGN_OF_LIFE if sees else WorryKind.CANNOT_SEE
        key, reason = f"life/{person.id}/{due_ms}", NO_HAND if sees else BLIND
        early = not sees and now_ms < _waited_ms(household, due_ms)
        found.append(Worry(kind, key, person.id, None, due_ms, reason, keeps=early))
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


def _sees(household: Household, roster: Roster, person: Person, now_ms: int) -> bool:
    """Whether a device of hers is heard, and nothing it kept is still on its way."""
    beliefs = [household.devices.get(d.id) for d in roster.devices if d.person_id == person.id]
    heard = (b is not None and (b.link_up or b.rests(now_ms)) and not b.syncing for b in beliefs)
    return not beliefs or any(heard)


def _waited_ms(household: Household, due_ms: int) -> int:
    """Until when a device that is not heard may still tell of a hand."""
    started_ms = household.first_start_after(due_ms)
    return max(due_ms, started_ms or due_ms) + UNSEEN_MS


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next one was silent for too long, was waited for, or a stay begins or ends."""
    roster = household.roster
    if roster is None:
        return None
    watched = [p for p in roster.persons if p.silent_h is not None]
    due = [ms for person in watched if (ms := _due_ms(household, person)) is not None]
    ends = [*due, *(_waited_ms(household, ms) for ms in due)]
    if any(ms <= now_ms for ms in due):
        rests = [b.rests_until_ms for b in household.devices.values()]
        ends += [ms + UNSEEN_MS for ms in rests if ms is not None]
        ends.append(now_ms - now_ms % HOUR_MS + HOUR_MS)  # days end at some full hour
    return min((ms for ms in ends if ms > now_ms), default=None)
