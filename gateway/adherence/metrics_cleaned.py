"""Every figure twice: of the record as it came, and with what persons corrected in it.

Knows: which correction counts, and the groups people ask for (all, per drug, per slot, per week).
May not know: any formula's inside, where corrections come from, words, the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gateway.adherence import metrics
from gateway.adherence.metrics_input import (
    Away,
    Correction,
    Course,
    DoseFact,
    Doses,
    Figure,
    as_date,
    away_days,
    overlaps,
)
from gateway.adherence.outcomes import How, State
from gateway.events import SlotId
from gateway.roster import LABELS

Formula = Callable[[Doses], Figure]

IMPLEMENTATION: tuple[Formula, ...] = (
    metrics.taking,
    metrics.correct_dosing,
    metrics.timing_window,
    metrics.timing_interval,
    metrics.any_dose,
)
# A run or a length says nothing of a week it was cut out of.
OF_THE_WHOLE: tuple[Formula, ...] = (metrics.drug_holidays, metrics.persistence)


class Group(StrEnum):
    """Of which doses a figure is."""

    ALL = "all"
    DRUG = "drug"  # key: the drug's id
    LABEL = "label"  # key: the slot's label
    WEEK = "week"  # key: the week's Monday


@dataclass(frozen=True, slots=True)
class Row:
    """One formula for one group of doses, raw and cleaned, and who corrected what in it.

    `overlaps`: courses of the drug that overlap; their days are in neither figure.
    """

    group: Group
    key: str
    raw: Figure
    cleaned: Figure
    corrections: tuple[Correction, ...] = ()
    overlaps: tuple[Course, ...] = ()


def newest(corrections: Iterable[Correction]) -> dict[SlotId, Correction]:
    """The correction of each slot that counts: the last one said."""
    found: dict[SlotId, Correction] = {}
    for one in sorted(set(corrections), key=_when):
        found[one.slot] = one
    return found


def _when(one: Correction) -> tuple[int, int, str, str]:
    return (one.at_ms, one.taken, one.by, one.why)


def cleaned(doses: Doses, corrections: Iterable[Correction]) -> Doses:
    """The doses as they stand after the corrections; those of other slots change nothing."""
    by_slot = newest(corrections)
    facts = tuple(_corrected(f, by_slot.get(f.slot)) for f in doses.facts)
    return replace(doses, facts=facts)


def _corrected(fact: DoseFact, correction: Correction | None) -> DoseFact:
    if correction is None:
        return fact
    if correction.taken == 0:
        return replace(fact, state=State.MISSED, how=None, opened_ms=None, extra=0)
    seen = fact.state is State.TAKEN  # then its time stays known
    return replace(
        fact,
        state=State.TAKEN,
        how=fact.how if seen else How.BY_WORD,
        opened_ms=fact.opened_ms if seen else None,
        extra=correction.taken - 1,
    )


def table(
    doses: Doses, corrections: Iterable[Correction] = (), courses: Iterable[Course] = ()
) -> tuple[Row, ...]:
    """All figures of dosing: for all doses, each drug, each slot label and each week."""
    every = tuple(newest(corrections).values())
    rows = _rows(Group.ALL, "", doses, every)
    found = overlaps(courses)
    for drug, of_drug in by_drug(doses).items():
        both = tuple(o for o in found if o.drug == drug and _within(o, doses))
        unclear = tuple(Away(o.from_day, o.to_day, "overlap") for o in both)
        apart = replace(of_drug, away=(*of_drug.away, *unclear))
        rows += [replace(row, overlaps=both) for row in _rows(Group.DRUG, drug, apart, every)]
    for label, of_label in by_label(doses).items():
        rows += _rows(Group.LABEL, label, of_label, every)
    for monday, of_week in by_week(doses).items():
        rows += _rows(Group.WEEK, monday, of_week, every)
    return tuple(rows)


def _within(course: Course, doses: Doses) -> bool:
    return course.from_day <= doses.to_day and course.to_day >= doses.from_day


def _rows(group: Group, key: str, doses: Doses, corrections: tuple[Correction, ...]) -> list[Row]:
    after = cleaned(doses, corrections)
    unseen = away_days(doses.away)
    within = (f for f in doses.facts if doses.from_day <= f.day <= doses.to_day)
    slots = {f.slot for f in within if f.day not in unseen and not f.as_needed}
    mine = tuple(sorted((c for c in corrections if c.slot in slots), key=_when))
    formulas = IMPLEMENTATION if group is Group.WEEK else IMPLEMENTATION + OF_THE_WHOLE
    return [Row(group, key, formula(doses), formula(after), mine) for formula in formulas]


def by_drug(doses: Doses) -> dict[str, Doses]:
    """The doses of each drug; a pouch with two drugs is a dose of both."""
    drugs = sorted({drug for f in doses.facts for drug in f.drugs})
    return {d: replace(doses, facts=tuple(f for f in doses.facts if d in f.drugs)) for d in drugs}


def by_label(doses: Doses) -> dict[str, Doses]:
    """The doses of each slot label, in the order of the day."""
    place = {label: n for n, label in enumerate(LABELS)}
    labels = sorted({f.label for f in doses.facts}, key=lambda x: (place.get(x, len(place)), x))
    return {x: replace(doses, facts=tuple(f for f in doses.facts if f.label == x)) for x in labels}


def by_week(doses: Doses) -> dict[str, Doses]:
    """The doses of each week from Monday on, under the Monday's ISO date."""
    first, last = as_date(doses.from_day), as_date(doses.to_day)
    found: dict[str, list[DoseFact]] = {}
    for fact in doses.facts:
        found.setdefault(_monday(as_date(fact.day)).isoformat(), []).append(fact)
    weeks: dict[str, Doses] = {}
    monday = _monday(first)
    while monday <= last:
        begin = max(monday, first).isoformat()
        end = min(monday + timedelta(6), last).isoformat()
        facts = tuple(found.get(monday.isoformat(), ()))
        weeks[monday.isoformat()] = replace(doses, facts=facts, from_day=begin, to_day=end)
        monday += timedelta(7)
    return weeks


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
