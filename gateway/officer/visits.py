"""Whom an officer visits on a day: whoever is urgent now, and whom she wrote down for it.

Knows: rows, the book, who may be told about a person. May not know: a page, its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.events import VisitPlanned
from gateway.officer.cases import Cases, Entry
from gateway.officer.standing import TO_VISIT, Standing
from gateway.roster import Guardian, Roster


@dataclass(frozen=True, slots=True)
class Visit:
    """One person of the list, in the order of the board."""

    row: Standing
    planned: VisitPlanned | None  # who wrote it down; None: she is urgent
    guardians: tuple[Guardian, ...]
    newest: Entry | None  # of the book about her


def visits(
    everybody: Iterable[Standing], cases: Cases, roster: Roster, day: str, today: str
) -> list[Visit]:
    """The list of `day`. Who is urgent now is on today's only: tomorrow is not known yet."""
    planned = cases.planned.get(day, {})
    return [
        Visit(
            row,
            planned.get(row.person_id),
            roster.guardians_of(row.person_id),
            cases.newest(row.person_id),
        )
        for row in everybody
        if row.person_id in planned or (day == today and row.level in TO_VISIT)
    ]
