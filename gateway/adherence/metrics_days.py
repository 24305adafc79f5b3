"""Dose facts sorted into days, with what nobody knows kept apart.

Knows: which facts count, and when a day can be judged. May not know: any formula, the time.

A dose whose end nobody knows leaves every denominator. A day is judged whole or not at all: one
unknown, paused or unfinished dose takes it out of what is counted by days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from gateway.adherence.metrics_input import (
    DoseFact,
    Doses,
    Figure,
    Window,
    away_days,
    one_each,
)
from gateway.adherence.outcomes import How, State
from gateway.adherence.proportions import wilson

TAKEN = frozenset({State.TAKEN})
NOT_TAKEN = frozenset({State.MISSED, State.SKIPPED})
KNOWN = TAKEN | NOT_TAKEN
UNCONFIRMED = frozenset({State.UNKNOWN, State.DOUBTFUL})


@dataclass(frozen=True, slots=True)
class Day:
    """One day's doses: prescribed and known, taken of them, and those that leave it unjudged."""

    day: str
    prescribed: int = 0
    taken: int = 0
    unknown: int = 0
    doubtful: int = 0  # of `unknown`
    left_out: int = 0  # paused, or not over yet

    @property
    def whole(self) -> bool:
        """Whether all of the day's doses are known."""
        return self.prescribed > 0 and self.unknown == 0 and self.left_out == 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A period's doses, looked through once.

    `prescribed`: in the order they were due, those of days away too, PRN not. `known`: of the
    days on which somebody could see, those whose end is known: all that a denominator may hold.
    """

    doses: Doses
    prescribed: tuple[DoseFact, ...]
    known: tuple[DoseFact, ...]
    days: tuple[Day, ...]
    unseen: frozenset[str]

    @property
    def whole_days(self) -> tuple[Day, ...]:
        """D: the days that can be judged."""
        return tuple(day for day in self.days if day.whole)

    @property
    def whole(self) -> tuple[DoseFact, ...]:
        """The doses of the days that can be judged."""
        days = {day.day for day in self.whole_days}
        return tuple(f for f in self.known if f.slot.day in days)

    @property
    def known_days(self) -> int:
        """On how many days at least one dose is known."""
        return sum(day.prescribed > 0 for day in self.days)


def look(doses: Doses) -> Seen:
    """What there is to count. Raises ValueError where two facts disagree about one slot."""
    within = (f for f in doses.facts if doses.from_day <= f.slot.day <= doses.to_day)
    prescribed = one_each(f for f in within if not f.as_needed)
    unseen = away_days(doses.away)
    watched = tuple(f for f in prescribed if f.slot.day not in unseen)
    known = tuple(f for f in watched if f.state in KNOWN)
    return Seen(doses, prescribed, known, _days(watched), unseen)


def days_of(doses: Doses) -> tuple[Day, ...]:
    """The days with doses on which somebody could see, in order."""
    return look(doses).days


def _days(watched: Iterable[DoseFact]) -> tuple[Day, ...]:
    found: dict[str, list[DoseFact]] = {}
    for fact in watched:
        found.setdefault(fact.slot.day, []).append(fact)
    return tuple(_day(day, found[day]) for day in sorted(found))


def _day(day: str, facts: list[DoseFact]) -> Day:
    states = [f.state for f in facts]
    unknown = sum(state in UNCONFIRMED for state in states)
    known = sum(state in KNOWN for state in states)
    return Day(
        day,
        prescribed=known,
        taken=sum(n_taken(f) for f in facts if f.state in KNOWN),
        unknown=unknown,
        doubtful=states.count(State.DOUBTFUL),
        left_out=len(states) - known - unknown,
    )


def n_taken(fact: DoseFact) -> int:
    """How many doses were taken at a slot whose end is known."""
    return (fact.state is State.TAKEN) + fact.extra


def percent(
    seen: Seen,
    metric: str,
    counts: tuple[int, int],
    monitored_days: int,
    more_unknown: int = 0,
) -> Figure:
    """The figure of `counts` = (numerator, denominator), with an interval where it is a share."""
    part, whole = counts
    interval = wilson(part, whole) if part <= whole else None
    low, high = (100 * interval[0], 100 * interval[1]) if interval else (None, None)
    return replace(
        bare(seen, metric, monitored_days, more_unknown),
        value=100 * part / whole if whole else None,
        numerator=part,
        denominator=whole,
        low=low,
        high=high,
    )


def bare(seen: Seen, metric: str, monitored_days: int, more_unknown: int = 0) -> Figure:
    """A figure without a number yet: what has to stand beside any."""
    return Figure(
        value=None,
        numerator=0,
        denominator=0,
        window=_windows(seen.known),
        monitored_days=monitored_days,
        unknown=sum(day.unknown for day in seen.days) + more_unknown,
        doubtful=sum(day.doubtful for day in seen.days),
        metric=metric,
        period=(seen.doses.from_day, seen.doses.to_day),
        by_word=_by_word(seen.known),
    )


def holding(figure: Figure, facts: Collection[DoseFact]) -> Figure:
    """The figure with the windows of the doses that are in it, and how many of them are by word."""
    return replace(figure, window=_windows(facts), by_word=_by_word(facts))


def _windows(facts: Iterable[DoseFact]) -> tuple[Window, ...]:
    return tuple(sorted({f.window for f in facts}))


def _by_word(facts: Iterable[DoseFact]) -> int:
    return sum(f.state is State.TAKEN and f.how is How.BY_WORD for f in facts)
