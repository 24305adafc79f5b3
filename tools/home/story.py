"""A story: who lives in the house, when it begins, what happens, and what must hold.

Knows: expectations and how a result is told. May not know: a process, a radio, a clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gateway.units import DAY_MS

if TYPE_CHECKING:
    from tools.home.house import House

ZONE = dt.timezone(dt.timedelta(hours=9), "KST")


@dataclass(frozen=True, slots=True)
class Dose:
    """One regimen of the resident: when, and in which windows (minutes).

    `more`: the labels of its other doses, all of them by the meal clock then (`due` None).
    `spacing_min` None: as the gateway has it. `every_days` counts from the story's first day.
    """

    label: str
    due: str | None
    early_min: int = 30
    window_min: int = 30
    late_min: int = 0
    criticality: str = "normal"
    spacing_min: int | None = None
    every_days: int = 1
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """A compartment whose lid is the request: so many a day, so many minutes apart."""

    compartment: int
    spacing_min: int
    daily_max: int


@dataclass(frozen=True, slots=True)
class Plug:
    """A care plug of the home: which board it is, where it stands, and which meter was added."""

    device_id: str
    board: str  # "care-node" or "metering-plug"
    room: str
    meter: str | None = None  # "pzem004t": a care node that an electrician has connected
    lit: bool = False  # whether the lamp of its room burns when the story begins


@dataclass(frozen=True, slots=True)
class Was:
    """A record that a plug wrote before the story: "-1 21:10" is the evening before its first day.

    `kind`, `value`: of anbu_wire.messages' records. `days`: it was so on as many days, backwards.
    """

    clock: str
    kind: int
    value: int = 0
    plug: int = 0
    days: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody else than the guardian who is told, as `role` of the gateway's configuration."""

    id: str
    name: str
    number: str
    role: str
    after_min: int = 60


@dataclass(frozen=True, slots=True)
class Household:
    """The prepared resident, her devices and who is told about her.

    `meal_clock`: meal → "HH:MM", as far as it differs; `quiet`: from and until, "HH:MM".
    `box`: whether there is a pill box; without one there are no doses either. `watch`: more keys
    of the configuration's [[person]], `policy` of its [policy]. `telephone`: whether she has one
    and the gateway calls.
    """

    person_id: str = "soonja"
    person_name: str = "김순자"
    guardian_id: str = "daughter"
    guardian_name: str = "이지은"
    guardian_number: str = "+821012345678"
    language: str = "ko"
    doses: tuple[Dose, ...] = (Dose("evening", "18:30"),)
    as_needed: tuple[AsNeeded, ...] = ()
    meal_clock: Mapping[str, str] = field(default_factory=dict)
    quiet: tuple[str, str] | None = None
    box: bool = True
    plugs: tuple[Plug, ...] = ()
    others: tuple[Told, ...] = ()
    watch: Mapping[str, object] = field(default_factory=dict)
    policy: Mapping[str, object] = field(default_factory=dict)
    telephone: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that had to hold, whether it did, and what was seen."""

    what: str
    held: bool
    seen: str


@dataclass(slots=True)
class Score:
    """All expectations of a run, in the order they were looked at."""

    expectations: list[Expectation] = field(default_factory=list)

    def expect(self, what: str, held: object, seen: object = "") -> bool:
        """Notes one expectation; returns whether it held."""
        self.expectations.append(Expectation(what, bool(held), str(seen)))
        return bool(held)

    @property
    def held(self) -> bool:
        """True when there is at least one expectation and all of them held."""
        return bool(self.expectations) and all(e.held for e in self.expectations)


Script = Callable[["House", Score], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Story:
    """A named script. `starts`: local date and time, e.g. "2026-03-02 18:20".

    `speed_most`: where hands do something so short that a faster house could not tell it. `past`:
    what the plugs wrote before; the gateway's log begins with it. `fridge_since`: from that clock
    on ("-7 00:00") a refrigerator has hung on the first plug, and the plug lived through it.
    """

    name: str
    about: str
    starts: str
    script: Script
    household: Household = field(default_factory=Household)
    speed_most: int = 200
    past: tuple[Was, ...] = ()
    fridge_since: str = ""

    def clock_ms(self, clock: str) -> int:
        """UTC ms of "HH:MM[:SS]" on the first day; "1 07:30" is the day after, "-1 …" before."""
        days, _, hour = clock.rpartition(" ")
        day = self.starts.partition(" ")[0]
        return int(local(f"{day} {hour}").timestamp() * 1000) + int(days or 0) * DAY_MS

    @property
    def starts_s(self) -> int:
        """The start in UTC seconds since 1970."""
        return int(local(self.starts).timestamp())


def local(words: str) -> dt.datetime:
    """A local date and time, "2026-03-02 18:20", in the house's zone."""
    return dt.datetime.fromisoformat(words).replace(tzinfo=ZONE)


def hour_minute(at_ms: int | None) -> str:
    """UTC ms as local "HH:MM:SS", or "-"."""
    if at_ms is None:
        return "-"
    return dt.datetime.fromtimestamp(at_ms / 1000, ZONE).strftime("%H:%M:%S")


def result(
    story: Story, seed: int, speed: int, score: Score, measured: dict[str, Any]
) -> dict[str, Any]:
    """The JSON object of `anbu home run --json`."""
    return {
        "story": story.name,
        "seed": seed,
        "speed": speed,
        "held": score.held,
        "expectations": [
            {"what": e.what, "held": e.held, "seen": e.seen} for e in score.expectations
        ],
        **measured,
    }
