"""Who looks in on whom: rotas, plates at doors, visits, deliveries, reports of households.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, who may write them, the key that signs a plate.

`by` is who says so: an account's name, the holder's of a link, AT_THE_DOOR for a plate; never
empty. Days are ISO dates in the home's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.fact import Event

AT_THE_DOOR = "@door"  # `by`: whoever read the plate
STRANGER = "@report"  # `by`: whoever opened the page for everybody


@dataclass(frozen=True, slots=True)
class VisitsPlanned(Event):
    """A line of a rota: who looks in on her on which weekdays. The newest of her and `who` holds.

    `weekdays`: 0 = Monday; () ends the line. Every `every_weeks` weeks, counted from the week of
    `from_day`, before which nobody is expected.
    """

    kind: ClassVar[str] = "visits_planned"
    person_id: str
    who: str
    role: str  # of gateway.visiting.rota.ROLES
    weekdays: tuple[int, ...]
    every_weeks: int
    from_day: str
    by: str


@dataclass(frozen=True, slots=True)
class PlateMade(Event):
    """A signed address by which somebody says how she found her, without signing in.

    `who` and `role` "": the plate at her door, for anybody; else the link of one who comes often.
    """

    kind: ClassVar[str] = "plate_made"
    plate: int
    person_id: str
    who: str
    role: str
    by: str


@dataclass(frozen=True, slots=True)
class PlateEnded(Event):
    """A signed address opens nothing any more."""

    kind: ClassVar[str] = "plate_ended"
    plate: int
    by: str


@dataclass(frozen=True, slots=True)
class VisitMade(Event):
    """Somebody was there: all is "well", "nobody" opened, or she is "worried".

    `visitor` "": by the plate at the door. Only "well" says that she lives.
    """

    kind: ClassVar[str] = "visit_made"
    person_id: str
    visitor: str
    outcome: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class DeliveryMade(Event):
    """Something was "handed" to her, "left" at the door, or what was left is "still_there"."""

    kind: ClassVar[str] = "delivery_made"
    person_id: str
    deliverer: str
    outcome: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class HouseholdReported(Event):
    """A household that somebody worries about and that nobody may know yet."""

    kind: ClassVar[str] = "household_reported"
    intake_id: int
    dong: str
    address: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class IntakeChanged(Event):
    """What became of a report; `person_id`: whom it turned out to be about, "" = nobody here."""

    kind: ClassVar[str] = "intake_changed"
    intake_id: int
    state: str  # of gateway.visiting.intake.State
    person_id: str
    text: str
    by: str
