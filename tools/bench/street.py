"""What a look at many residents costs, each with a history of its own, by how many there are.

Knows: homes on one clock (gateway.ticking), what is timed. May not know: how it is told.

In a street most residents have one meal clock; 1, 10 and 50 live a few minutes later, so that so
many come due at an instant of their own. What a look by deadlines decides is compared with what a
look at everybody decides: it must be the same.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from gateway.events import DeviceCaughtUp, Event
from gateway.home import Home
from gateway.ticking import Ticking
from gateway.units import MIN_MS
from tools.bench.years import BOX, EPOCH, Plans, Resident, midnight_ms

AHEAD_DAYS = 3  # of the schedule: what is planned is no history
LIVES = 100  # different ones; a larger street has each several times
GROUPS = ((1, 3), (10, 6), (50, 9))  # (residents, minutes later)
FIRST_UNCONFIRMED_MIN = 8 * 60 + 35  # breakfast 07:30, an hour's window, five minutes of grace
IDLE_LOOKS = 500
REPEATS = 5
ROUNDS = 50

Decided = list[tuple[str, list[Event]]]


@dataclass(frozen=True, slots=True)
class Life:
    """What happened to a resident before, and what happens on the day that is measured."""

    log: tuple[Event, ...]
    day: tuple[Event, ...]


class Street:
    """Residents on one clock. Counts how many homes were asked."""

    def __init__(self, lives: list[Life], residents: int) -> None:
        self.ticking: Ticking[_Asked] = Ticking()
        self.lives = [_life_of(lives, n) for n in range(residents)]
        _Asked.times = 0
        for n, life in enumerate(self.lives):
            home = _Asked()
            for fact in life.log:
                home.fold(fact)
            self.ticking.add(str(n), home)

    def settle(self, now_ms: int) -> None:
        """Decide and fold until nothing follows. Raises RuntimeError where that does not end."""
        for _ in range(ROUNDS):
            decided = self.ticking.decide(now_ms)
            if not decided:
                return
            self.fold(decided)
        raise RuntimeError("decisions follow from decisions without end")

    def fold(self, decided: Decided) -> None:
        """What was decided has become known."""
        for name, follows in decided:
            for fact in follows:
                self.ticking.fold(name, fact)

    def everybody(self, now_ms: int) -> Decided:
        """What a look at every home decides."""
        homes = self.ticking.homes.items()
        return [(name, follows) for name, home in homes if (follows := home.decide(now_ms))]


class _Asked(Home):
    """A home that counts with all others how often they are asked."""

    times = 0

    def decide(self, now_ms: int) -> list[Event]:
        """As any home."""
        _Asked.times += 1
        return super().decide(now_ms)


def lives(history_days: int) -> list[Life]:
    """The different lives: those of the groups first."""
    later = [minutes for size, minutes in GROUPS for _ in range(size)]
    plans = {minutes: Plans(history_days + 1, AHEAD_DAYS, minutes) for minutes in {0, *later}}
    return [_life(plans[later[n] if n < len(later) else 0], n, history_days) for n in range(LIVES)]


def _life(plans: Plans, seed: int, history_days: int) -> Life:
    resident = Resident(plans, seed)
    log = [*resident.begin()]
    for day in range(history_days):
        log += resident.day(day)
    return Life(tuple(log), tuple(resident.happens(history_days)))


def _life_of(different: list[Life], number: int) -> Life:
    """The groups have their lives once, everybody else shares the others."""
    grouped = sum(size for size, _later in GROUPS)
    if number < grouped:
        return different[number]
    return different[grouped + (number - grouped) % (len(different) - grouped)]


def measure(different: list[Life], residents: int, history_days: int) -> dict[str, Any]:
    """One street of so many residents: a whole day, then looks on the morning after it."""
    midnight = midnight_ms(history_days)
    street = Street(different, residents)
    gc.collect()
    gc.freeze()  # the collector's walks through all homes are not the look's cost
    report: dict[str, Any] = {
        "residents": residents,
        "facts_of_history": sum(len(life.log) for life in street.lives),
        "first_look_ms": round(1e3 * seconds_of(lambda: street.settle(midnight)), 1),
        "day": _day(street, midnight),
    }
    morning = midnight_ms(history_days + 1) + (FIRST_UNCONFIRMED_MIN + 1) * MIN_MS
    street.settle(morning)
    everybody_s = min(seconds_of(lambda: street.everybody(morning)) for _ in range(REPEATS))
    report["look_at_everybody_ms"] = round(1e3 * everybody_s, 2)
    report["idle_look_us"] = round(_idle_us(street, morning), 3)
    report["due"] = [_due(street, size, morning + (later - 1) * MIN_MS) for size, later in GROUPS]
    report["changed"] = _changed(street, morning + 10 * MIN_MS)
    gc.unfreeze()
    return report


def _idle_us(street: Street, now_ms: int) -> float:
    """A look at which nothing is due, the best of a few hundred together."""

    def looks() -> None:
        for _ in range(IDLE_LOOKS):
            street.ticking.decide(now_ms)

    return 1e6 * min(seconds_of(looks) for _ in range(10)) / IDLE_LOOKS


def _due(street: Street, size: int, now_ms: int) -> dict[str, Any]:
    """A look at the instant at which so many come due, whose breakfast nobody confirmed."""
    street.settle(now_ms - 1)
    expected = street.everybody(now_ms)
    asked = _Asked.times
    decided = street.ticking.decide(now_ms)
    asked = _Asked.times - asked
    # What was decided and not yet folded is decided again: the best of a few is what it costs.
    best_s = min(seconds_of(lambda: street.ticking.decide(now_ms)) for _ in range(REPEATS))
    street.fold(decided)
    street.settle(now_ms)
    return {
        "due": size,
        "asked": asked,
        "same_as_everybody": decided == expected,
        "look_us": round(1e6 * best_s, 1),
        "us_a_home": round(1e6 * best_s / max(1, asked), 1),
    }


def _changed(street: Street, now_ms: int) -> dict[str, Any]:
    """A look after a fact came to ten homes."""
    street.settle(now_ms)
    names = list(street.ticking.homes)[:10]
    for name, number in zip(names, count(1_000_000), strict=False):
        street.ticking.fold(name, DeviceCaughtUp(now_ms, BOX, EPOCH, number, now_ms, 2, 90, 1))
    asked = _Asked.times
    seconds = seconds_of(lambda: street.settle(now_ms))
    return {
        "changed": len(names),
        "asked": _Asked.times - asked,
        "look_us": round(1e6 * seconds, 1),
    }


def _day(street: Street, midnight: int) -> dict[str, Any]:
    """A day as it was lived: every fact folded, a look at each and at every deadline."""
    facts = [(fact, str(n)) for n, life in enumerate(street.lives) for fact in life.day]
    facts.sort(key=lambda entry: entry[0].at_ms)
    asked = _Asked.times
    seconds = seconds_of(lambda: _live(street, facts, midnight + 24 * 60 * MIN_MS))
    asked = _Asked.times - asked
    residents = len(street.lives)
    return {
        "facts": len(facts),
        "seconds": round(seconds, 2),
        "asked_a_resident": round(asked / residents, 1),
        "us_asked": round(1e6 * seconds / asked, 1),
        "ms_a_resident": round(1e3 * seconds / residents, 2),
    }


def _live(street: Street, facts: list[tuple[Event, str]], end_ms: int) -> None:
    place = 0
    while True:
        coming_ms = facts[place][0].at_ms if place < len(facts) else end_ms
        now_ms = min(coming_ms, street.ticking.next_deadline() or end_ms)
        if now_ms >= end_ms:
            return
        while place < len(facts) and facts[place][0].at_ms <= now_ms:
            street.ticking.fold(facts[place][1], facts[place][0])
            place += 1
        street.settle(now_ms)


def seconds_of(work: Callable[[], object]) -> float:
    """How long it took."""
    started = time.process_time()
    work()
    return time.process_time() - started
