"""What the formulas are fed with, and what they give back.

Knows: the shape of dose facts, corrections, supply and figures, and what makes one invalid.
May not know: any formula, where facts come from, words, the time.

Days are ISO dates in the person's own zone; times are UTC ms. A *course* is a way of taking one
drug that goes on over prescriptions: a refill belongs to the course before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from gateway.adherence.outcomes import How, State
from gateway.events import SlotId


class Window(NamedTuple):
    """Minutes before and after its due time in which a dose counts as in time."""

    early_min: int
    late_min: int


AN_HOUR = Window(60, 60)


@dataclass(frozen=True, slots=True)
class DoseFact:
    """One prescribed dose: when it was due, and what the record says became of it.

    `opened_ms` is None where it was not opened or where the time of it cannot be trusted.
    `extra`: doses taken beyond the prescribed one. `as_needed` doses (PRN) enter no figure.
    """

    slot: SlotId
    label: str
    due_ms: int
    state: State
    how: How | None = None
    opened_ms: int | None = None
    drugs: tuple[str, ...] = ()
    window: Window = AN_HOUR
    extra: int = 0
    as_needed: bool = False

    @property
    def day(self) -> str:
        """The local day the dose belongs to, which is not always the day it was opened on."""
        return self.slot.day


@dataclass(frozen=True, slots=True, order=True)
class Correction:
    """A person says how many doses were taken at a slot, and why they know it."""

    at_ms: int
    slot: SlotId
    taken: int
    by: str
    why: str

    def __post_init__(self) -> None:
        """Raises ValueError for fewer than no doses."""
        if self.taken < 0:
            raise ValueError(f"a correction of {self.slot} to {self.taken} doses")


@dataclass(frozen=True, slots=True)
class Away:
    """Days, both included, on which nobody could see: hospital, travel, a dead link."""

    from_day: str
    to_day: str
    why: str


@dataclass(frozen=True, slots=True)
class Doses:
    """The dose facts of one person over a period, both days included."""

    facts: tuple[DoseFact, ...]
    from_day: str
    to_day: str
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Fill:
    """Medicine for so many days was dispensed. `id` tells two fills apart from one told twice."""

    day: str
    id: str
    drug: str
    days_supply: int
    course: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where nothing was dispensed."""
        if self.days_supply < 1:
            raise ValueError(f"fill {self.id} is for {self.days_supply} days")


@dataclass(frozen=True, slots=True)
class Supply:
    """The fills of one drug, those before the period too, and the period they are judged over."""

    fills: tuple[Fill, ...]
    from_day: str
    to_day: str
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Course:
    """One way of taking one drug, from day to day, both included."""

    drug: str
    from_day: str
    to_day: str
    course: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and all that has to stand beside it.

    `value` is None where there is nothing to divide by or where it would be a guess. `window` lists
    every window of the doses in it. `unknown` counts the doses left out because nobody knows, of
    which `doubtful` were opened in a way that proves nothing. `by_word`: of the doses in it, those
    nobody saw opened but somebody vouched for. `low` and `high` bound a proportion.
    """

    value: float | None
    numerator: int
    denominator: int
    window: tuple[Window, ...]
    monitored_days: int
    unknown: int
    low: float | None = None
    high: float | None = None
    metric: str = ""
    unit: str = "percent"  # "percent" | "ratio" | "days" | "runs"
    doubtful: int = 0
    period: tuple[str, str] = ("", "")
    by_word: int = 0


def as_date(day: str) -> date:
    """An ISO day. Raises ValueError for another text."""
    return date.fromisoformat(day)


def days_between(from_day: str, to_day: str) -> Iterator[str]:
    """Every ISO day from one to the other, both included."""
    first = as_date(from_day)
    for n in range((as_date(to_day) - first).days + 1):
        yield (first + timedelta(n)).isoformat()


def away_days(away: Iterable[Away]) -> frozenset[str]:
    """Every day nobody could see."""
    return frozenset(day for one in away for day in days_between(one.from_day, one.to_day))


def overlaps(courses: Iterable[Course]) -> tuple[Course, ...]:
    """Where two courses of one drug run at the same time; `course` names both.

    Whether the second replaces the first or adds to it is not guessed: somebody has to say.
    """
    found = set()
    every = sorted(set(courses))
    for n, one in enumerate(every):
        for other in every[n + 1 :]:
            begin = max(one.from_day, other.from_day)
            end = min(one.to_day, other.to_day)
            same = one.drug == other.drug and one.course != other.course
            if same and begin <= end:
                both = " + ".join(sorted((one.course, other.course)))
                found.add(Course(one.drug, begin, end, both))
    return tuple(sorted(found))


def courses_of(fills: Iterable[Fill]) -> tuple[Course, ...]:
    """What fills say of courses: each lasts as long as its days' supply.

    A refill of its course that came early begins when the fill before it is used up.
    """
    found, free = [], dict[tuple[str, str], date]()
    for f in sorted(set(fills)):
        key = (f.drug, f.course)
        first = max(as_date(f.day), free.get(key, as_date(f.day)))
        free[key] = first + timedelta(f.days_supply)
        last = free[key] - timedelta(1)
        found.append(Course(f.drug, first.isoformat(), last.isoformat(), f.course))
    return tuple(found)


def one_each(facts: Iterable[DoseFact]) -> tuple[DoseFact, ...]:
    """The facts in the order they were due, each once. Raises ValueError where two disagree."""
    found: dict[tuple[str, str, int], DoseFact] = {}
    for fact in facts:
        key = (fact.slot.person_id, fact.slot.day, fact.slot.index)
        same = found.setdefault(key, fact)
        if same is not fact and same != fact:
            raise ValueError(f"two facts that differ about slot {fact.slot}")
    in_order = sorted((fact.due_ms, key) for key, fact in found.items())
    return tuple(found[key] for _, key in in_order)
