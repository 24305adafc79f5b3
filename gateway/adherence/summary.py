"""Every figure of one person's history, raw and cleaned side by side.

Knows: which formula is asked of which doses and supplies. May not know: any formula's inside,
words, the time.

Of dosing: for all doses, each drug, each slot label and each week (ISO: from Monday; its key is the
Monday). Of supply (PDC, MPR): of each drug; nobody corrects what was dispensed by saying what was
taken, so raw and cleaned are one there. PRN openings are in no figure; they are listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.adherence import metrics
from gateway.adherence.history import History
from gateway.adherence.metrics_cleaned import Group, Row, table
from gateway.adherence.metrics_input import Doses, Supply, courses_of
from gateway.adherence.metrics_supply import to_be_asked
from gateway.adherence.openings import Opening

OF_SUPPLY = (metrics.pdc, metrics.mpr)


@dataclass(frozen=True, slots=True)
class Summary:
    """`rows`: the figures of dosing; `supply`: those of supply; `as_needed`: PRN openings."""

    person_id: str
    from_day: str
    to_day: str
    as_of_ms: int
    rows: tuple[Row, ...]
    supply: tuple[Row, ...]
    as_needed: tuple[Opening, ...]


def summary(history: History) -> Summary:
    """All figures of a history. The same history gives the same summary to the last bit."""
    courses = [course for supply in history.supplies for course in courses_of(supply.fills)]
    return Summary(
        person_id=history.person_id,
        from_day=history.from_day,
        to_day=history.to_day,
        as_of_ms=history.as_of_ms,
        rows=table(_by_name(history), history.corrections, courses),
        supply=tuple(row for supply in history.supplies for row in _supply(supply)),
        as_needed=history.as_needed,
    )


def _by_name(history: History) -> Doses:
    """The doses with the drugs' names instead of single fills: a refill is the same drug."""
    facts = tuple(
        replace(f, drugs=tuple(dict.fromkeys(history.drugs.get(d, d) for d in f.drugs)))
        for f in history.doses.facts
    )
    return replace(history.doses, facts=facts)


def _supply(supply: Supply) -> list[Row]:
    """PDC and MPR of one drug."""
    found, name = to_be_asked(supply), supply.fills[0].drug
    figures = (formula(supply) for formula in OF_SUPPLY)
    return [Row(Group.DRUG, name, figure, figure, (), found) for figure in figures]
