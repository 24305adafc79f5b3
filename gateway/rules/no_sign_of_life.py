"""Somebody gave no sign of life for longer than is usual for her, or than her level allows.

Knows: when a silence begins to worry, and what it is called. May not know: other rules, guardians,
texts, how a silence is reckoned (gateway.life.silence).

What could not be seen is not a person who is silent: where the level's hours are over and less than
half of them was seen, or nothing is seen now, it is that we cannot see. Neither is said while a
device may still tell of her: the gateway has just begun, or the link was lost just now. Once
somebody was asked or told of a silence it stands until a sign ends it, though a new habit or a
frozen clock would put it off. Once somebody was told, neither a sign of hours ago that is only
learnt now ends it, nor a level that is taken away, nor a stay that was planned before: a fresh
sign does, a person, or the word that she is away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.beliefs import UNSEEN_MS
from gateway.household import Household
from gateway.life.detector import FLOOR_MS
from gateway.life.silence import (
    Silence,
    away_said_ms,
    away_until,
    light_on_ms,
    settles,
    silence,
    since,
    stays,
)
from gateway.roster import Person
from gateway.rules.worry import Worry, WorryKind
from gateway.sight import Standing
from gateway.units import HOUR_MS, MIN_MS

USUAL_PASSED, LEVEL_REACHED, NOTHING_SEEN = "usual_passed", "level_reached", "nothing_seen"
KEEPS = "nobody_can_say"
LIGHT, USUAL = "light", "usual"  # which of its texts says it


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each person who was silent for too long, due when others are to be told."""
    persons = household.roster.persons if household.roster else ()
    standing = _standing(household)
    found = (
        _worst(household, person, now_ms)
        for person in persons
        if person.id in standing or not _calm(household, person, now_ms)
    )
    return [worry for worry in found if worry is not None]


def _standing(household: Household) -> set[str]:
    """Whose silence was asked or told about and is not over."""
    return {of.key.split("/")[1] for of in household.sight.silences.values()}


def _calm(household: Household, person: Person, now_ms: int) -> bool:
    """Whether nothing can worry yet, however her personal line runs: found out in no time."""
    calm_ms = _calm_until(household, person, now_ms)
    return calm_ms is None or now_ms < calm_ms


def _calm_until(household: Household, person: Person, now_ms: int) -> int | None:
    """Before when no silence of hers begins to worry; None: nothing is watched, or began."""
    since_ms = since(household, person, now_ms) if person.cap_h is not None else None
    if since_ms is None or person.cap_h is None or household.roster is None:
        return None
    asked_ms = person.cap_h * HOUR_MS - household.roster.life.ask_min * MIN_MS
    return since_ms + min(FLOOR_MS, asked_ms)


def _worst(household: Household, person: Person, now_ms: int) -> Worry | None:
    """Her silence as it stands, or the one that was told of and that nothing has ended."""
    silent = silence(household, person, now_ms)
    worry = _worry(household, person, silent, now_ms) if silent is not None else None
    told = household.sight.stands(person.id)
    if told is None or (silent is not None and silent.key == told.key):
        return worry
    if _over(household, person, silent, told, now_ms):
        return worry
    kind = WorryKind.CANNOT_SEE_LIFE
    return Worry(kind, told.key, person.id, None, now_ms, KEEPS, keeps=True)


def _over(
    household: Household, person: Person, of: Silence | None, told: Standing, now_ms: int
) -> bool:
    """Whether what was told is over: not by a sign of hours ago that is only learnt now."""
    last = household.signs.last(person.id, household.timelines, now_ms)
    if last is not None and now_ms - last.at_ms < FLOOR_MS:
        return True
    if of is not None:
        return told.worry == WorryKind.CANNOT_SEE_LIFE  # something is seen again
    return away_said_ms(household, person, now_ms) >= told.begun_ms


def _worry(household: Household, person: Person, of: Silence, now_ms: int) -> Worry | None:
    reason = _reason(of, now_ms)
    if reason is None:
        if all(standing.key != of.key for standing in household.sight.silences.values()):
            return None
        reason = KEEPS
    blind = reason in (NOTHING_SEEN, KEEPS)
    kind = WorryKind.CANNOT_SEE_LIFE if blind else WorryKind.NO_SIGN_OF_LIFE
    early = reason == KEEPS or (blind and now_ms < _waited_ms(household, of.cap_ms))
    due_ms = of.cap_ms if blind else of.told_ms
    words, detail = ("", {}) if blind else _said(household, person, of, reason, now_ms)
    return Worry(
        kind, of.key, person.id, None, due_ms, reason, keeps=early, words=words, detail=detail
    )


def _reason(of: Silence, now_ms: int) -> str | None:
    """Why it worries; None: it does not."""
    if now_ms < of.begins_ms:
        return None
    if of.line_ms is not None and now_ms >= of.line_ms:
        return USUAL_PASSED
    if of.sees and 2 * of.seen_ms >= now_ms - of.since_ms:
        return LEVEL_REACHED
    return NOTHING_SEEN if now_ms >= of.cap_ms else None


def _said(
    household: Household, person: Person, of: Silence, reason: str, now_ms: int
) -> tuple[str, dict[str, Any]]:
    """Which text says it, and what it may speak of."""
    light_ms = light_on_ms(household, person, now_ms)
    usual_ms = of.due.usual_ms if reason == USUAL_PASSED else None
    if usual_ms is not None and usual_ms > of.told_ms:
        usual_ms = None  # it is not over yet
    detail: dict[str, Any] = {"since_ms": of.since_ms}
    if of.last is not None:
        detail |= {"source": str(of.last.source), "device_id": of.last.device_id}
    if usual_ms is not None:
        detail["usual_ms"] = usual_ms
    if light_ms is not None:
        detail["light_ms"] = light_ms
    return LIGHT if light_ms is not None else USUAL if usual_ms is not None else "", detail


def _waited_ms(household: Household, cap_ms: int) -> int:
    """Until when a device that is not heard may still tell of a sign."""
    started_ms = household.first_start_after(cap_ms)
    return max(cap_ms, started_ms or cap_ms) + UNSEEN_MS


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next silence is asked or told about, was waited for, or a stay begins or ends."""
    borders: list[int] = []
    standing = _standing(household)
    for person in household.roster.persons if household.roster else ():
        calm_ms = _calm_until(household, person, now_ms)
        if calm_ms is None:
            continue
        borders += (ms for span in stays(household, person) for ms in span)
        if person.id not in standing and now_ms < calm_ms:
            borders.append(calm_ms)
        elif away_until(household, person, now_ms) is None:
            borders += _borders(household, person, now_ms)
    return min((ms for ms in borders if ms > now_ms), default=None)


def _borders(household: Household, person: Person, now_ms: int) -> Iterator[int]:
    of = silence(household, person, now_ms)
    if of is None or household.roster is None:
        return
    yield from (of.begins_ms, of.told_ms, of.cap_ms, _waited_ms(household, of.cap_ms))
    if of.line_ms is not None:
        yield of.line_ms
    if of.sees:  # when half of it will have been seen
        yield now_ms + max(0, now_ms - of.since_ms - 2 * of.seen_ms)
    yield from settles(household, person)


def cap_ms(household: Household, person_id: str, key: str) -> int | None:
    """When the level of the person of a silence, named by its key, is over."""
    person = household.roster.person(person_id) if household.roster else None
    since_ms = key.rsplit("/", 1)[-1]
    if person is None or person.cap_h is None or not since_ms.isdecimal():
        return None
    return int(since_ms) + person.cap_h * HOUR_MS
