"""Somebody's telephone as it is watched: since when it lies still, and whether it can be heard.

Knows: her silence begins with her last sign of life of any kind (gateway.life.silence); hours.
May not know: incidents, texts, what else watches her.

A telephone that is flat, or that told hourly that it is there and does not any more, cannot say
that nobody uses it. One that tells of its use alone is taken at its word: as long as it is not
flat, silence is silence. Where the gateway itself was away half of the time nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.beliefs import UNSEEN_MS, Household
from gateway.life.signs import SET_BACK_MS, Sign
from gateway.life.silence import KEY, away_until, since, stays
from gateway.life.spans import length, within
from gateway.phones.moments import Moments
from gateway.phones.phones import Phone, Phones
from gateway.roster import Person
from gateway.units import HOUR_MS

UNHEARD_MS = 12 * HOUR_MS  # a telephone is switched off for a night
FLAT_MS = 6 * HOUR_MS  # and charged in the evening
LEAST_MS = 5 * HOUR_MS // 2  # of a word an hour one may be lost, however short the hours are
UNHEARD_KEY = "phone/"


@dataclass(frozen=True, slots=True)
class Watch:
    """How it stands at an instant. `key`: of her silence, the same for whatever watches it."""

    key: str
    since_ms: int  # her last sign of life
    cap_ms: int  # when the hours are over
    begins_ms: int  # when that is said: what waited while the gateway was away comes before
    hears: bool  # whether it could be heard up to then
    unheard_ms: int | None  # when it is missed; None: its silence says nothing
    late_ms: int  # when that would be if the gateway had been there all the time
    listens_ms: int  # from when it should have been heard: its last word, or since she is back
    known_ms: int  # up to when it was heard
    flat: bool
    never: bool  # it was not heard since it is watched

    def heard(self, now_ms: int) -> bool:
        """Whether it would tell now if somebody used it, as far as that is known."""
        return not self.never and (self.unheard_ms is None or now_ms < self.unheard_ms)


@dataclass(frozen=True, slots=True)
class Calm:
    """Before when nothing worries, whatever a stay or a restart puts off: found out in no time."""

    cap_ms: int
    late_ms: int | None  # None: its silence says nothing


def calm(household: Household, person: Person, now_ms: int) -> Calm | None:
    """Of hers; None: nobody watches it."""
    phone = _watched(household, person, now_ms)
    if phone is None:
        return None
    return _calm(phone, household.signs.last(person.id, household.timelines, now_ms))


def _calm(phone: Phone, last: Sign | None) -> Calm | None:
    if phone.hours is None or phone.watched_ms is None:
        return None
    from_ms = max(phone.watched_ms, last.at_ms if last is not None else 0)
    known_ms = max(phone.watched_ms, phone.heard_ms or 0)
    late_ms = known_ms + _window_ms(phone) if _missed(phone) else None
    return Calm(from_ms + phone.hours * HOUR_MS, late_ms)


def may_be_still(household: Household, now_ms: int) -> Iterator[Person]:
    """Everybody whose hours may be over: nobody else's calm can be."""
    return _persons(household, _moments(household).caps, now_ms)


def may_be_missed(household: Household, now_ms: int) -> Iterator[Person]:
    """Everybody whose telephone may be missed."""
    return _persons(household, _moments(household).lates, now_ms)


def next_calm_ms(household: Household, now_ms: int) -> tuple[int | None, int | None]:
    """When the next hours are over and the next telephone is missed, of those that are calm now."""
    phones = _moments(household)
    return phones.caps.next_after(now_ms), phones.lates.next_after(now_ms)


def _persons(household: Household, moments: Moments, now_ms: int) -> Iterator[Person]:
    """With those who begin so far ahead of now that it was by a clock that was wrong."""
    ahead = household.phones.begins.beyond(now_ms + SET_BACK_MS)
    for person_id in sorted({*moments.until(now_ms), *ahead}):
        person = household.roster.person(person_id) if household.roster else None
        if person is not None:
            yield person


def _moments(household: Household) -> Phones:
    """What `calm` says of each by clocks that were right, reckoned anew where a fact changed it."""
    phones, signs = household.phones, household.signs
    for person_id in phones.stirred | (signs.stirred & phones.of.keys()):
        phone, last = phones.of[person_id], signs.last(person_id, household.timelines)
        quiet = _calm(phone, last)
        begins_ms = max(phone.watched_ms or 0, last.at_ms if last is not None else 0)
        phones.begins.put(person_id, begins_ms if quiet is not None else None)
        phones.caps.put(person_id, quiet.cap_ms if quiet is not None else None)
        phones.lates.put(person_id, quiet.late_ms if quiet is not None else None)
    phones.stirred.clear()
    signs.stirred.clear()
    return phones


def watch(household: Household, person: Person, now_ms: int) -> Watch | None:
    """Hers; None: nobody watches it, or she is away."""
    phone = _watched(household, person, now_ms)
    if phone is None or phone.hours is None or phone.watched_ms is None:
        return None
    if away_until(household, person, now_ms) is not None:
        return None
    since_ms = _since(household, person, phone.watched_ms, now_ms)
    from_ms, whole_ms = max(since_ms, phone.watched_ms), phone.hours * HOUR_MS
    cap_ms = from_ms + whole_ms
    started_ms = household.first_start_after(cap_ms)
    window_ms = _window_ms(phone)
    known_ms = max(phone.heard_ms or 0, phone.watched_ms)
    listens_ms = max([known_ms, *_back(household, person, now_ms)])
    missed = _missed(phone)
    absent_ms = length(within(list(household.sight.absences), from_ms, now_ms))
    return Watch(
        key=f"{KEY}{person.id}/{since_ms}",
        since_ms=since_ms,
        cap_ms=cap_ms,
        begins_ms=cap_ms if started_ms is None else max(cap_ms, started_ms + UNSEEN_MS),
        hears=2 * absent_ms <= whole_ms and (not missed or known_ms + window_ms >= cap_ms),
        unheard_ms=_listening_ms(household, listens_ms) + window_ms if missed else None,
        late_ms=listens_ms + window_ms,
        listens_ms=listens_ms,
        known_ms=known_ms,
        flat=phone.low,
        never=_never(phone),
    )


def _watched(household: Household, person: Person, now_ms: int) -> Phone | None:
    """Hers; one that is watched from far ahead of now on was so by a clock that was wrong."""
    phone = household.phones.of.get(person.id)
    if phone is None or (phone.watched_ms or 0) <= now_ms + SET_BACK_MS:
        return phone
    return replace(
        phone, watched_ms=max((ms for ms in household.starts if ms <= now_ms), default=0)
    )


def _since(household: Household, person: Person, watched_ms: int, now_ms: int) -> int:
    """Her last sign; where there was none yet, since when it is watched."""
    since_ms = since(household, person, now_ms)
    if since_ms is not None:
        return since_ms
    return max([watched_ms, *_back(household, person, now_ms)])


def _back(household: Household, person: Person, now_ms: int) -> list[int]:
    """When she came back each time."""
    return [until for _from, until in stays(household, person) if until <= now_ms]


def _window_ms(phone: Phone) -> int:
    """How long it may be silent."""
    whole_ms = (phone.hours or 0) * HOUR_MS
    return max(LEAST_MS, min(FLAT_MS if phone.low else UNHEARD_MS, whole_ms // 2))


def _never(phone: Phone) -> bool:
    return (phone.heard_ms or 0) < (phone.watched_ms or 0)


def _missed(phone: Phone) -> bool:
    """Whether its silence says that it is off."""
    return _never(phone) or phone.low or phone.regular


def _listening_ms(household: Household, known_ms: int) -> int:
    """From when its silence counts: whatever it told while the gateway was away is lost."""
    return max(known_ms, household.starts[-1] if household.starts else 0)
