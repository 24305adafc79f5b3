"""Homes whose people are called, and calls that end one way or another, for the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway import roster as rosters
from gateway.calls import queue
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsPlanned,
    GatewayStarted,
    RosterSet,
)
from gateway.home import Home
from tests.gateway.home_facts import DAUGHTER, MIN_MS, at, roster, settle, texts

OFFICER = "+82531234567"
LINE = "sip"
WELL = (
    *(("here", "here", "1"), ("meals", "yes", "1"), ("sleep", "well", "1"), ("outing", "out", "1")),
    *(("medication", "taken", "1"), ("pain", "none", "1"), ("worry", "none", "1")),
)
PLAN: dict[str, Any] = {
    "weekdays": ["mon", "thu"],
    "from": "10:00",
    "until": "12:00",
    "number": "+821099990000",
    "language": "ko",
}


def watched(*persons: str) -> rosters.Roster:
    """People without any device, each with a daughter and an officer."""
    guardians = tuple(
        guardian
        for of in persons
        for guardian in (
            rosters.Guardian(f"{of}-daughter", of, "이지은", DAUGHTER, "ko", 0),
            rosters.Guardian(f"{of}-officer", of, "최담당", OFFICER, "ko", 30, role="officer"),
        )
    )
    people = tuple(rosters.Person(of, "김순자") for of in persons)
    base = roster(guardians=guardians, regimens=())
    return replace(base, persons=people, devices=())


def called(clock: str = "08:00", *persons: str, **plan: Any) -> Home:  # noqa: ANN401 - of PLAN
    """A home in which everybody is called Monday and Thursday between ten and twelve."""
    home = Home()
    fold(home, GatewayStarted(at(clock), "test"))
    people = persons or ("soonja",)
    fold(home, RosterSet(at(clock), rosters.to_json(watched(*people))))
    for n, of in enumerate(people):
        number = {"number": f"+8210999900{n:02}"}
        fold(home, CallsPlanned(at(clock), of, "wellbeing", {**PLAN, **number, **plan}, "최담당"))
    return home


def fold(home: Home, *facts: Any) -> Home:  # noqa: ANN401 - any fact
    """The home after these."""
    for fact in facts:
        home.fold(fact)
    return home


def dial(home: Home, now_ms: int, lines: int = 1, line: str = LINE) -> list[CallBegun]:
    """The calls that begin now, begun."""
    begun = queue.due(home.household, line, lines, now_ms)
    fold(home, *begun)
    return begun


def over(home: Home, call: CallBegun, now_ms: int, outcome: str, why: str = "") -> None:
    """It ends so."""
    fold(home, CallEnded(now_ms, call.call_id, call.person_id, outcome, why))


def answer(home: Home, call: CallBegun, now_ms: int, *answers: tuple[str, str, str]) -> None:
    """She answers so."""
    fold(home, *(CallAnswered(now_ms, call.call_id, call.person_id, *of) for of in answers))


def day(
    home: Home, outcome: str, why: str = "", until: str = "12:30", on: str = "2026-03-02"
) -> Any:  # noqa: ANN401
    """A day on which every call ends so after a minute: (clock of each call, all texts)."""
    rung, told = [], []
    for ms in range(at("09:30", on), at(until, on), MIN_MS):
        for call in dial(home, ms):
            rung.append((ms - at("00:00", on)) // MIN_MS)
            over(home, call, ms + MIN_MS, outcome, why)
        told += texts(settle(home, ms + MIN_MS))
    return rung, told
