"""What a telephone tells and what is set about it become facts, or are refused with the reason.

Knows: the entries there are, which facts follow, how many of them are enough.
May not know: addresses, tokens, the web; the time is an argument.

A telephone may tell as often as it likes: of its use a fact in ten minutes is kept, of its being
there one an hour, and what says that it will be flat soon. Whatever is weeks old is no sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from gateway.events import Event, PhoneHeard, PhoneUsed, PhoneWatched
from gateway.home import Home
from gateway.phones.phones import HOW, LOW_PERCENT, Phone
from gateway.refused import EntryRefused
from gateway.units import DAY_MS, HOUR_MS, MIN_MS

HOURS_LEAST, HOURS_MOST = 1, 72
HOURS_USUAL = 24
LINKS_MOST = 5  # addresses of one person
NAME_MOST = 40
USED_AGAIN_MS = 10 * MIN_MS
HEARD_AGAIN_MS = 50 * MIN_MS  # whoever tells each hour is noted each hour
OLD_MS = 7 * DAY_MS
MAINS_MS = 5 * MIN_MS  # mains that went or came back charge a telephone without a hand


@dataclass(frozen=True, slots=True)
class WatchPhone:
    """Somebody is told where it lies still for `hours` (None: nobody), `guardian_id` first."""

    person_id: str
    hours: int | None
    guardian_id: str
    by: str


@dataclass(frozen=True, slots=True)
class TellUsed:
    """It was used: `how` of phones.HOW. `by`: what the telephone is called."""

    person_id: str
    how: str
    battery_percent: int | None
    when_ms: int | None
    by: str


@dataclass(frozen=True, slots=True)
class TellHeard:
    """It is there."""

    person_id: str
    battery_percent: int | None
    by: str


Saying = WatchPhone | TellUsed | TellHeard


def said(home: Home, entry: Saying, by: str, now_ms: int) -> list[Event]:
    """The facts that follow, none where enough is known. Raises EntryRefused."""
    roster = home.household.roster
    if roster is None or roster.person(entry.person_id) is None:
        raise EntryRefused("person", person=entry.person_id)
    return _SAID[type(entry)](home, entry, by, now_ms)


def may_link(name: str, links: int) -> None:
    """Raises EntryRefused where an address may not be called so, or `links` are enough."""
    if not 0 < len(name) <= NAME_MOST or not name.isprintable():
        raise EntryRefused("phone_name", most=NAME_MOST)
    if links >= LINKS_MOST:
        raise EntryRefused("phone_links", most=LINKS_MOST)


def _watch(home: Home, entry: WatchPhone, by: str, now_ms: int) -> list[Event]:
    roster, hours = home.household.roster, entry.hours
    if hours is not None and not HOURS_LEAST <= hours <= HOURS_MOST:
        raise EntryRefused("phone_hours", least=HOURS_LEAST, most=HOURS_MOST)
    hers = roster.steps(entry.person_id) if roster is not None else ()
    if entry.guardian_id and entry.guardian_id not in {g.id for step in hers for g in step}:
        raise EntryRefused("guardian_unknown", guardian=entry.guardian_id)
    phone = _phone(home, entry.person_id)
    if (phone.hours, phone.guardian_id) == (hours, entry.guardian_id):
        return []
    return [PhoneWatched(now_ms, entry.person_id, hours, entry.guardian_id, by)]


def _used(home: Home, entry: TellUsed, by: str, now_ms: int) -> list[Event]:
    if entry.how not in HOW:
        raise EntryRefused("phone_how", how=entry.how)
    old = entry.when_ms is not None and now_ms - entry.when_ms > OLD_MS
    if old or (entry.how == "charge" and _mains_changed(home, now_ms)):
        heard = TellHeard(entry.person_id, entry.battery_percent, by)
        return _heard(home, heard, by, now_ms)
    phone, percent = _phone(home, entry.person_id), _percent(entry.battery_percent)
    when_ms = None if entry.when_ms is None else min(entry.when_ms, now_ms)
    at_ms = now_ms if when_ms is None else when_ms
    last_ms = phone.used_ms  # far ahead of now: a clock was wrong then, and it says nothing
    known = last_ms is not None and last_ms <= now_ms + HOUR_MS
    if known and at_ms < (last_ms or 0) + USED_AGAIN_MS and not _low_now(phone, percent, now_ms):
        return []
    return [PhoneUsed(now_ms, entry.person_id, entry.how, percent, when_ms)]


def _heard(home: Home, entry: TellHeard, by: str, now_ms: int) -> list[Event]:
    del by  # it says the same, whichever of hers it is
    phone, percent = _phone(home, entry.person_id), _percent(entry.battery_percent)
    known = phone.alive_ms is not None and 0 <= now_ms - phone.alive_ms < HEARD_AGAIN_MS
    if known and not _low_now(phone, percent, now_ms):
        return []
    return [PhoneHeard(now_ms, entry.person_id, percent)]


def _phone(home: Home, person_id: str) -> Phone:
    return home.household.phones.of.get(person_id) or Phone()


def _percent(told: int | None) -> int | None:
    """A battery as it can be."""
    return told if told is not None and 0 <= told <= 100 else None  # noqa: PLR2004 - percent


def _low_now(phone: Phone, percent: int | None, now_ms: int) -> bool:
    """Whether it crosses the border of what lasts: down at once, up again in a while."""
    if percent is None:
        return False
    before = phone.battery_percent
    was_low = before is not None and before <= LOW_PERCENT
    if was_low and abs(now_ms - phone.battery_ms) < USED_AGAIN_MS:
        return False  # one that jumps is flat
    return (percent <= LOW_PERCENT) != was_low


def _mains_changed(home: Home, now_ms: int) -> bool:
    return any(abs(now_ms - ms) <= MAINS_MS for ms, _kind in home.household.sight.mains.values())


_SAID = cast(
    "dict[type[Saying], Callable[[Home, Any, str, int], list[Event]]]",
    {WatchPhone: _watch, TellUsed: _used, TellHeard: _heard},
)
