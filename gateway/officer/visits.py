"""Whom to visit on a day: whoever is urgent now, whoever is expected, who was written down for it.

Knows: rows, the book, rotas and what was found, who may be told about a person. May not know: a
page, its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gateway.events import VisitPlanned
from gateway.officer.cases import Cases, Entry
from gateway.officer.standing import TO_VISIT, Standing
from gateway.roster import Guardian, Roster
from gateway.visiting.rota import Due
from gateway.visiting.visits import Made, Visits
from gateway.zones import local


@dataclass(frozen=True, slots=True)
class Visit:
    """One person of the list, in the order of the board."""

    row: Standing
    due: tuple[Due, ...]  # who is expected there
    made: tuple[Made, ...]  # what was found there on that day, the newest last
    guardians: tuple[Guardian, ...]
    newest: Entry | None  # of the book about her

    @property
    def planned(self) -> VisitPlanned | None:
        """Who wrote the day down; None: nobody did."""
        return next((d.plan for d in self.due if isinstance(d.plan, VisitPlanned)), None)


def visits(
    everybody: Iterable[Standing], cases: Cases, seen: Visits, roster: Roster, day: str, today: str
) -> list[Visit]:
    """The list of `day`. Who is urgent now is on today's only: tomorrow is not known yet."""
    on = date.fromisoformat(day)
    found = []
    for row in everybody:
        due = tuple(seen.due_on(row.person_id, on))
        if due or (day == today and row.level in TO_VISIT):
            made = tuple(m for m in seen.made.get(row.person_id, ()) if _on(m, roster) == on)
            guardians = roster.guardians_of(row.person_id)
            found.append(Visit(row, due, made, guardians, cases.newest(row.person_id)))
    return found


def _on(made: Made, roster: Roster) -> date:
    return local(made.at_ms, roster.zone).date()
