"""A person whose telephone is watched, and what it tells; for the tests of gateway.phones."""

from __future__ import annotations

from dataclasses import replace

from gateway.entering import entered
from gateway.events import Event, GatewayStarted, RosterSet
from gateway.home import Home
from gateway.phones.saying import Saying, WatchPhone
from gateway.roster import Guardian, to_json
from tests.gateway.home_facts import at
from tests.gateway.ladder_facts import people
from tests.gateway.life.lives_facts import watched

HERS = "soonja"
NOON = at("12:00")


def say(home: Home, entry: Saying, now_ms: int) -> list[Event]:
    """An entry, folded at once; what followed."""
    facts = entered(home, entry, now_ms)
    for fact in facts:
        home.fold(fact)
    return facts


def phoned(
    hours: int | None = 24,
    guardian_id: str = "",
    *,
    guardians: tuple[Guardian, ...] | None = None,
    level: str | None = None,
    plugs: tuple[str, ...] = (),
) -> Home:
    """Soonja without a box; her telephone is watched since noon, for so many hours."""
    home = Home()
    home.fold(GatewayStarted(NOON, "test"))
    who = watched(*plugs, level=level or "severe", box=False)
    person = who.persons[0]
    who = replace(who, persons=(replace(person, level=level),), guardians=guardians or people())
    home.fold(RosterSet(NOON, to_json(who)))
    say(home, WatchPhone(HERS, hours, guardian_id, "이지은"), NOON)
    return home
