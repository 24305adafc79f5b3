"""The roster: who lives in a home, with which devices, regimens and people to tell.

Knows: the shape of a roster and how it is written as JSON (the body of RosterSet) and read back.
May not know: where it came from (a file today, the page later), the time, any event.

    {"home_id", "time_zone", "language", "latitude", "longitude" (degrees north, east),
     "persons":   [{"id", "name", "meal_clock": {"breakfast": "07:30", "lunch": "12:30",
                                                 "dinner": "18:30", "bed": "22:00"},
                    "quiet": {"from": "22:00", "until": "07:00"} | null,
                    "ask_min" | null, "level" | null, "dong", "address"}],
     "devices":   [{"id", "kind", "person_id", "room"}],
     "guardians": [{"id", "person_id", "name", "number" (E.164), "language", "after_min", "role",
                    "kinds", "hours", "weekdays", "quiet"}],
     "regimens":  [{"person_id", "slots": ["evening"], "due": "18:30" | null, "early_min",
                    "window_min", "late_min", "spacing_min" (null = by policy), "criticality",
                    "every_days", "weekdays": ["mon"] (empty = all), "from_day", "until_day"}],
     "as_needed": [{"person_id", "compartment", "spacing_min", "daily_max", "from_day",
                    "until_day"}],
     "policy":    {"grace_min", "ack_min", "repeat_min", "repeat_limit", "catch_up_h",
                   "close_after_h", "late_cap_min", "days", "stock_days",
                   "weekly_cap", "news_at", "weekly_day", "test_day"},
     "life":      {"detector", "ask_min"},
     "drug_classes": {NAME: {field: value}}}   # a house's rows over prescription/policy_table.py
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

LABELS = ("morning", "noon", "evening", "bedtime")  # the slot index within a day is its place here
MEALS = ("breakfast", "lunch", "dinner", "bed")  # the meal that anchors each label
MEAL_DEFAULTS = {"breakfast": "07:30", "lunch": "12:30", "dinner": "18:30", "bed": "22:00"}
CRITICALITIES = ("normal", "time_critical", "low")
ROLES = ("guardian", "neighbour", "officer")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AS_NEEDED = "as_needed"  # the label of a PRN compartment
PILLBOX = "pillbox"
CAREPLUG = "careplug"
SEOUL = (37.57, 126.98)  # degrees north, east
SEOUL_ZONE = "Asia/Seoul"  # a home is there unless it says where: dark together all over Korea
# After so many hours without any sign of life somebody looks: 관심, 위험, 심각.
LEVELS = {"attention": 50, "risk": 36, "severe": 24}
COMPARTMENTS = 7 * len(LABELS)  # a column a weekday, Monday first


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes medicine here. `meal_clock`: meal → "HH:MM" local.

    `quiet`: {"from", "until"}, between which doses of low criticality make no sound. `ask_min`: so
    long her own box asks her about a dose before anybody else is told (None: it does not).
    `level`: of LEVELS, how long a silence she is left alone with (None: nobody watches that).
    `dong`, `address`: where she lives ("" = not said).
    """

    id: str
    name: str
    meal_clock: dict[str, str] = field(default_factory=lambda: dict(MEAL_DEFAULTS))
    quiet: dict[str, str] | None = None
    ask_min: int | None = None
    level: str | None = None
    dong: str = ""
    address: str = ""

    @property
    def cap_h(self) -> int | None:
        """The hours of her level."""
        return LEVELS[self.level] if self.level is not None else None


@dataclass(frozen=True, slots=True)
class Device:
    """A device of this home, whose it is and where it stands ("" = not said)."""

    id: str
    kind: str
    person_id: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody to tell about one person, `after_min` minutes after an incident opened.

    `kinds`: groups of incidents she is told about (gateway.incidents.kinds.Group; empty = all that
    her role is told). `hours` and `weekdays`: when she is on duty (None, empty = always). `quiet`:
    when nothing is told her that can wait. Both clocks are {"from", "until"} as "HH:MM" local.
    """

    id: str
    person_id: str
    name: str
    number: str
    language: str
    after_min: int
    role: str = "guardian"  # of ROLES
    kinds: tuple[str, ...] = ()
    hours: dict[str, str] | None = None
    weekdays: tuple[str, ...] = ()
    quiet: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Regimen:
    """Doses of one person at named slots of its days; None = by policy or meal clock.

    Its days: every `every_days` from `from_day` on, or the `weekdays`, until `until_day` (ISO
    dates, both included; None = always).
    """

    person_id: str
    slots: tuple[str, ...]
    due: str | None = None
    early_min: int | None = None
    window_min: int | None = None
    late_min: int | None = None
    criticality: str = "normal"
    spacing_min: int | None = None
    every_days: int = 1
    weekdays: tuple[str, ...] = ()
    from_day: str | None = None
    until_day: str | None = None


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """A PRN compartment: its lid is the request, at most `daily_max` a day, so far apart."""

    person_id: str
    compartment: int
    spacing_min: int
    daily_max: int
    from_day: str | None = None
    until_day: str | None = None


Entry = Person | Device | Guardian | Regimen | AsNeeded  # a row of one of the tables


@dataclass(frozen=True, slots=True)
class Policy:
    """What a house decides once."""

    grace_min: int = 5  # after a window's end without records: "not confirmed"
    ack_min: int = 60  # how long somebody who said "I am going" has it
    repeat_min: int = 60  # the last step is repeated at this interval …
    repeat_limit: int = 3  # … this often, then more rarely, but never not at all
    catch_up_h: int = 36  # an older miss is shown, not told
    close_after_h: int = 24  # an incident about a dose ends by itself this long after its deadline
    late_cap_min: int = 240  # a late dose is offered this long after due at the most
    days: int = 14  # how far ahead the box's schedule reaches
    stock_days: int = 5  # so long before the last day to fetch more it is reminded of
    weekly_cap: int = 0  # texts a week and guardian that can wait, the rest in one a day; 0 = all
    news_at: str = "10:00"  # when what has time is told
    weekly_day: str = ""  # of WEEKDAYS: when "all is working" is said; "" = never
    test_day: int = 0  # of the month: the text that has to be answered; 0 = never


@dataclass(frozen=True, slots=True)
class Life:
    """How a house watches for signs of life.

    `detector`: of gateway.life.detector ("" = its measured default). `ask_min`: so long her own box
    asks her before anybody else is told of her silence.
    """

    detector: str = ""
    ask_min: int = 60


@dataclass(frozen=True, slots=True)
class Roster:
    """All of the above for one home."""

    home_id: str
    time_zone: str
    language: str
    persons: tuple[Person, ...] = ()
    devices: tuple[Device, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    policy: Policy = field(default_factory=Policy)
    as_needed: tuple[AsNeeded, ...] = ()
    drug_classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    life: Life = field(default_factory=Life)
    latitude: float = SEOUL[0]
    longitude: float = SEOUL[1]
    # Rows by a field of theirs, made when first asked for: a street has thousands.
    _shelves: dict[str, dict[str, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def zone(self) -> ZoneInfo:
        """The home's time zone."""
        return ZoneInfo(self.time_zone)

    def person(self, person_id: str) -> Person | None:
        """The person with this id."""
        return next(iter(self._by("persons", "id", person_id)), None)

    def device(self, device_id: str) -> Device | None:
        """The device with this id."""
        return next(iter(self._by("devices", "id", device_id)), None)

    def guardian(self, guardian_id: str) -> Guardian | None:
        """The guardian with this id."""
        return next(iter(self._by("guardians", "id", guardian_id)), None)

    def devices_of(self, person_id: str) -> tuple[Device, ...]:
        """All devices of one person."""
        return self._by("devices", "person_id", person_id)

    def guardians_of(self, person_id: str) -> tuple[Guardian, ...]:
        """Everybody who may be told about one person."""
        return self._by("guardians", "person_id", person_id)

    def regimens_of(self, person_id: str) -> tuple[Regimen, ...]:
        """All regimens of one person."""
        return self._by("regimens", "person_id", person_id)

    def as_needed_of(self, person_id: str) -> tuple[AsNeeded, ...]:
        """All PRN compartments of one person; the place here is part of the slot id."""
        return self._by("as_needed", "person_id", person_id)

    def box_of(self, person_id: str) -> Device | None:
        """The pill box of one person."""
        return next((d for d in self.devices_of(person_id) if d.kind == PILLBOX), None)

    def by_number(self, number: str) -> tuple[Guardian, ...]:
        """Everybody who is reached under this number."""
        return self._by("guardians", "number", number)

    def steps(self, person_id: str) -> tuple[tuple[Guardian, ...], ...]:
        """The ladder of one person: those told together form a step, the earliest first."""
        mine = self.guardians_of(person_id)
        delays = sorted({g.after_min for g in mine})
        return tuple(tuple(g for g in mine if g.after_min == d) for d in delays)

    def _by(self, table: str, name: str, value: str) -> tuple[Any, ...]:
        """The rows of a table whose field `name` is `value`, in their order."""
        shelf = self._shelves.get(f"{table}.{name}")
        if shelf is None:
            shelf = {}
            for row in getattr(self, table):
                key = getattr(row, name)
                shelf[key] = (*shelf.get(key, ()), row)
            self._shelves[f"{table}.{name}"] = shelf
        found: tuple[Any, ...] = shelf.get(value, ())
        return found


NOBODY = Roster("", SEOUL_ZONE, "ko")  # a home before its configuration was stored


def to_json(roster: Roster) -> dict[str, Any]:
    """The roster as plain JSON values, as `from_json` reads them and the log keeps them."""
    body = dataclasses.asdict(dataclasses.replace(roster))  # a new one: nothing on its shelves
    del body["_shelves"]
    for name in _READ:
        body[name] = [entry_to_json(entry) for entry in getattr(roster, name)]
    return body


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """One row of a table, as plain JSON values."""
    row = dataclasses.asdict(entry)
    return {name: list(v) if isinstance(v, tuple) else v for name, v in row.items()}


def entry_from_json(table: str, row: dict[str, Any]) -> Any:  # noqa: ANN401 - of that table
    """The row written by `entry_to_json`. Raises KeyError or TypeError as `from_json`."""
    return _READ[table](row)


def from_json(body: dict[str, Any]) -> Roster:
    """The roster written by `to_json`. Raises KeyError or TypeError where the shape is another."""
    return Roster(
        home_id=body["home_id"],
        time_zone=body["time_zone"],
        language=body["language"],
        **{name: tuple(read(row) for row in body.get(name, ())) for name, read in _READ.items()},
        policy=Policy(**body["policy"]),
        drug_classes={name: dict(row) for name, row in body.get("drug_classes", {}).items()},
        life=Life(**body.get("life", {})),
        latitude=body.get("latitude", SEOUL[0]),
        longitude=body.get("longitude", SEOUL[1]),
    )


def _person(body: dict[str, Any]) -> Person:
    """Before there were levels a log had hours here; the roster of today's file replaces it."""
    return Person(**{name: value for name, value in body.items() if name != "silent_h"})


def _guardian(body: dict[str, Any]) -> Guardian:
    lists = {name: tuple(body.get(name, ())) for name in ("kinds", "weekdays")}
    return Guardian(**{**body, **lists})


def _regimen(body: dict[str, Any]) -> Regimen:
    lists = {"slots": tuple(body["slots"]), "weekdays": tuple(body.get("weekdays", ()))}
    return Regimen(**{**body, **lists})


_READ: dict[str, Callable[[dict[str, Any]], Any]] = {
    "persons": _person,
    "devices": lambda row: Device(**row),
    "guardians": _guardian,
    "regimens": _regimen,
    "as_needed": lambda row: AsNeeded(**row),
}
