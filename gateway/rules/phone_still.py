"""Nobody used somebody's telephone for the hours that were set, and no other sign came either.

Knows: when that worries, and how it is called. May not know: other rules, guardians, texts, how a
telephone is watched (gateway.phones.watch).

It is the same silence as that of her home: one key, one incident (gateway.rules keeps the most
telling). Where the telephone could not be heard it is that we cannot see, unless a device of hers
sees her: then her level says when it is too long.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.household import Household
from gateway.life.silence import ever_away, settles, silence, stays
from gateway.phones.watch import Watch, calm, may_be_still, next_calm_ms, watch
from gateway.roster import Person
from gateway.rules.worry import Worry, WorryKind

LIES_STILL, NOTHING_SEEN = "phone_lies_still", "nothing_seen"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each person whose hours are over."""
    found = (_worry(household, person, of, now_ms) for person, of in _watched(household, now_ms))
    return [worry for worry in found if worry is not None]


def _watched(household: Household, now_ms: int) -> Iterator[tuple[Person, Watch]]:
    """Those whose hours may be over."""
    for person in may_be_still(household, now_ms):
        quiet = calm(household, person, now_ms)
        if quiet is None or now_ms < quiet.cap_ms:
            continue
        of = watch(household, person, now_ms)
        if of is not None:
            yield person, of


def _worry(household: Household, person: Person, of: Watch, now_ms: int) -> Worry | None:
    if now_ms < of.begins_ms:
        return None
    if of.hears:
        kind, reason = WorryKind.PHONE_STILL, LIES_STILL
    elif _seen_otherwise(household, person, now_ms):
        return None
    else:
        kind, reason = WorryKind.CANNOT_SEE_LIFE, NOTHING_SEEN
    detail = {"since_ms": of.since_ms}
    return Worry(kind, of.key, person.id, None, of.cap_ms, reason, detail=detail)


def _seen_otherwise(household: Household, person: Person, now_ms: int) -> bool:
    of = silence(household, person, now_ms)
    return of is not None and of.sees


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next telephone has lain still for too long, or somebody is back."""
    next_ms, _missed_ms = next_calm_ms(household, now_ms)
    borders = [] if next_ms is None else [next_ms]
    for person in may_be_still(household, now_ms):
        quiet = calm(household, person, now_ms)
        borders += [quiet.cap_ms] if quiet is not None else []
    for person in ever_away(household):
        if person.id in household.phones.of:
            borders += [ms for span in stays(household, person) for ms in span]
    for person, of in _watched(household, now_ms):
        borders += [of.cap_ms, of.begins_ms, *settles(household, person)]
    return min((ms for ms in borders if ms > now_ms), default=None)
