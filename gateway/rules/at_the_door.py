"""Nobody opened, somebody who was there is worried, or yesterday's delivery is still at the door.

Knows: which of what was found at a door worries, and what ends it. May not know: other rules,
guardians, texts, who came.

That nobody opened, or that a delivery was not taken in, worries until a sign of life that is newer:
of whatever source, one clock a person. It says nothing while she is known to be away. A visitor who
is worried saw something: that ends by a person's word alone. What is found again meanwhile is the
same worry; after somebody said that it is over it is a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateway.household import Household
from gateway.life.silence import away_until
from gateway.roster import Person
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS
from gateway.visiting.visits import NOBODY, STILL_THERE, WORRIED, Made

KINDS = {
    NOBODY: WorryKind.VISIT_NOBODY,
    STILL_THERE: WorryKind.DELIVERY_LEFT,
    WORRIED: WorryKind.VISIT_WORRY,
}
REASONS = {
    NOBODY: "nobody_opened",
    STILL_THERE: "delivery_untouched",
    WORRIED: "visitor_worried",
}
LOOK_BACK_MS = 7 * DAY_MS  # an older worry is in the log, and over or looked after


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each person and kind, due when it was said first."""
    roster, found = household.roster, list[Worry]()
    for person_id, made in household.visits.asking.items():
        person = roster.person(person_id) if roster is not None else None
        if person is not None:
            found += _unanswered(household, person, made, now_ms)
            found += _worried(made, now_ms)
    return found


def _unanswered(
    household: Household, person: Person, made: list[Made], now_ms: int
) -> Iterator[Worry]:
    """The first of each kind since her last sign; those after it are the same once more."""
    last = household.signs.last(person.id, household.timelines, now_ms)
    since_ms = last.at_ms if last is not None else 0
    first: dict[str, Worry] = {}
    for one in made:
        if one.outcome not in (NOBODY, STILL_THERE) or one.at_ms <= since_ms:
            continue
        if away_until(household, person, one.at_ms) is not None:
            continue
        before = first.get(one.outcome)
        first[one.outcome] = _once_more(before, one) if before else _worry(one)
    yield from first.values()


def _worried(made: list[Made], now_ms: int) -> Iterator[Worry]:
    said = [one for one in made if one.outcome == WORRIED]
    if not said or said[-1].at_ms < now_ms - LOOK_BACK_MS:
        return
    standing = _worry(said[0])  # the oldest, however old: what has an incident keeps its key
    for one in said[1:]:
        standing = _once_more(standing, one)
    yield standing


def _worry(one: Made) -> Worry:
    reason = REASONS[one.outcome]
    detail = {"text": one.text} if one.text else {}
    return Worry(
        KINDS[one.outcome], _key(one), one.person_id, None, one.at_ms, reason, detail=detail
    )


def _once_more(worry: Worry, one: Made) -> Worry:
    return replace(worry, again=(*worry.again, (_key(one), one.at_ms)))


def _key(one: Made) -> str:
    return f"door/{one.outcome}/{one.person_id}/{one.at_ms}"


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: what was found worries when it is told, and ends by a sign or a word."""
    del household, now_ms
    return None
