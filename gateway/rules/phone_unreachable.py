"""Somebody's telephone is flat, switched off or was never set up: a matter for whoever mends it.

Knows: from when that worries. May not know: other rules, guardians, texts, how a telephone is
watched (gateway.phones.watch), that nobody can see her then (phone_still).
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.household import Household
from gateway.phones.watch import (
    UNHEARD_KEY,
    Watch,
    calm,
    may_be_missed,
    next_calm_ms,
    watch,
)
from gateway.roster import Person
from gateway.rules.worry import Worry, WorryKind

FLAT, UNHEARD, NEVER = "phone_flat", "phone_unheard", "phone_never_heard"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each watched telephone that should be heard and is not.

    A gateway that begins anew has not heard it yet: what was told before goes on meanwhile.
    """
    return [
        Worry(
            WorryKind.PHONE_UNREACHABLE,
            f"{UNHEARD_KEY}{person.id}/{of.listens_ms}",
            person.id,
            None,
            missed_ms,
            NEVER if of.never else FLAT if of.flat else UNHEARD,
            keeps=now_ms < missed_ms,
            words="flat" if of.flat and not of.never else "",
        )
        for person, of, missed_ms in _missed(household, now_ms)
        if now_ms >= of.late_ms
    ]


def _missed(household: Household, now_ms: int) -> Iterator[tuple[Person, Watch, int]]:
    """Those that may be missed, each with when."""
    for person in may_be_missed(household, now_ms):
        quiet = calm(household, person, now_ms)
        if quiet is None or quiet.late_ms is None or now_ms < quiet.late_ms:
            continue
        of = watch(household, person, now_ms)
        if of is not None and of.unheard_ms is not None:
            yield person, of, of.unheard_ms


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next telephone will be missed."""
    borders: list[int | None] = [next_calm_ms(household, now_ms)[1]]
    for person in may_be_missed(household, now_ms):
        quiet = calm(household, person, now_ms)
        borders.append(quiet.late_ms if quiet is not None else None)
    for _person, of, missed_ms in _missed(household, now_ms):
        borders += [of.late_ms, missed_ms]
    return min((ms for ms in borders if ms is not None and ms > now_ms), default=None)
