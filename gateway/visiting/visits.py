"""What is believed about those who look in: rotas, plates, what they found, reports.

Knows: what each of these facts changes. May not know: the time, rosters, what worries, a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from gateway.caring import VisitPlanned
from gateway.fact import Event
from gateway.looking_in import (
    DeliveryMade,
    HouseholdReported,
    IntakeChanged,
    PlateEnded,
    PlateMade,
    VisitMade,
    VisitsPlanned,
)
from gateway.visiting.intake import Intake
from gateway.visiting.rota import Due, expected

Made = VisitMade | DeliveryMade
WELL, NOBODY, WORRIED = "well", "nobody", "worried"  # of a visit
HANDED, LEFT, STILL_THERE = "handed", "left", "still_there"  # of a delivery
VISITS, DELIVERIES = (WELL, NOBODY, WORRIED), (HANDED, LEFT, STILL_THERE)
ALIVE = frozenset({WELL, HANDED})  # she was seen or spoken to
ASKS = frozenset({NOBODY, WORRIED, STILL_THERE})  # somebody should look
# Facts that change nothing else.
NOTED = (VisitsPlanned, VisitPlanned, PlateMade, PlateEnded, HouseholdReported, IntakeChanged)
KEPT = 400  # of a person: a year of every day


@dataclass(slots=True)
class Visits:
    """Of a home. Owned by one thread, as all beliefs."""

    rota: dict[str, dict[str, VisitsPlanned]] = field(default_factory=dict)  # by person, who
    planned: dict[str, dict[str, VisitPlanned]] = field(default_factory=dict)  # by day, person
    made: dict[str, list[Made]] = field(default_factory=dict)  # by person, the newest last
    asking: dict[str, list[Made]] = field(default_factory=dict)  # of these what ASKS
    plates: dict[int, PlateMade] = field(default_factory=dict)  # those that open something
    last_plate: int = 0
    intakes: dict[int, Intake] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """A fact became known."""
        if isinstance(event, VisitsPlanned):
            lines = self.rota.setdefault(event.person_id, {})
            lines.pop(event.who, None)
            if event.weekdays:
                lines[event.who] = event
        elif isinstance(event, VisitPlanned):
            day = self.planned.setdefault(event.day, {})
            day.pop(event.person_id, None)
            if event.wanted:
                day[event.person_id] = event
        elif isinstance(event, (VisitMade, DeliveryMade)):
            for shelf in [self.made, self.asking] if event.outcome in ASKS else [self.made]:
                made = shelf.setdefault(event.person_id, [])
                made.append(event)
                del made[:-KEPT]
        else:
            self._of_plates_and_reports(event)

    def _of_plates_and_reports(self, event: Event) -> None:
        if isinstance(event, PlateMade):
            self.plates[event.plate] = event
            self.last_plate = max(self.last_plate, event.plate)
        elif isinstance(event, PlateEnded):
            self.plates.pop(event.plate, None)
        elif isinstance(event, HouseholdReported):
            self.intakes[event.intake_id] = Intake(event)
        elif isinstance(event, IntakeChanged) and event.intake_id in self.intakes:
            self.intakes[event.intake_id].changes.append(event)

    def due_on(self, person_id: str, day: date) -> Iterator[Due]:
        """Whoever is expected at her door on a day: the rota's lines, then a single visit."""
        for line in self.rota.get(person_id, {}).values():
            if expected(line, day):
                yield Due(day, line)
        single = self.planned.get(day.isoformat(), {}).get(person_id)
        if single is not None:
            yield Due(day, single)

    def plates_of(self, person_id: str) -> list[PlateMade]:
        """The addresses about her that open something, the oldest first."""
        return [plate for plate in self.plates.values() if plate.person_id == person_id]

    def newest(self, person_id: str) -> Made | None:
        """What was found at her door last."""
        made = self.made.get(person_id)
        return made[-1] if made else None

    @property
    def next_intake(self) -> int:
        """The number of the next report."""
        return max(self.intakes, default=0) + 1
