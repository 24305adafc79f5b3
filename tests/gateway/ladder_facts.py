"""A home with a daughter, a neighbour and an officer: who is told when, and why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway import roster as rosters
from gateway.events import (
    LinkUp,
)
from gateway.home import Home
from gateway.incidents.roll import roll
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    MIN_MS,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    missed_at_seven,
    only,
    roster,
    sent,
    settle,
    texts,
)

OFFICER = "+82531234567"
HOUR_MS = 60 * MIN_MS
NIGHT = {"from": "18:00", "until": "07:00"}


def people(**changes: dict[str, Any]) -> tuple[rosters.Guardian, ...]:
    """Daughter at once, neighbour after 15, officer after 30 minutes; `changes` by id."""
    every = (
        rosters.Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),
        rosters.Guardian("neighbour", "soonja", "박영희", NEIGHBOUR, "ko", 15, role="neighbour"),
        rosters.Guardian("officer", "soonja", "최담당", OFFICER, "ko", 30, role="officer"),
    )
    return tuple(replace(g, **changes.get(g.id, {})) for g in every)


def missed(**changes: dict[str, Any]) -> Home:
    """A dose missed at seven in a home with these people."""
    return missed_at_seven(roster(guardians=people(**changes)))


def told(home: Home, until: str, day: str = "2026-03-02", begin: str = "19:00") -> list[Any]:
    """(clock, purpose, number) of each text until then, looked at each minute and sent at once."""
    found = []
    for ms in range(at(begin), at(until, day) + 1, MIN_MS):
        facts = settle(home, ms)
        sent(home, ms)
        clock = (ms - at("19:00")) // MIN_MS
        found += [(clock, purpose, to) for purpose, to in texts(facts)]
    return found


def reasons(home: Home, clock: str, day: str = "2026-03-02") -> dict[str, str]:
    """Guardian → why she was told or was not."""
    return reasons_of(home, only(home).id, clock, day)


def reasons_of(home: Home, number: int, clock: str, day: str = "2026-03-02") -> dict[str, str]:
    """The same of one of several incidents."""
    incident = home.ledger.incidents[number]
    lines = roll(home.household, home.ledger, incident, at(clock, day))
    return {line.guardian_id: line.reason for line in lines}


def linked(at_ms: int, who: rosters.Roster | None = None) -> Home:
    """A home whose box was linked and heard at an instant."""
    home = begun(at("12:00"), who or roster(guardians=people()))
    home.fold(LinkUp(at_ms, BOX))
    home.fold(caught_up(at_ms))
    return home
