"""What an officer writes down about a person she looks after: notes, closings, visits, the end.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, who may write them.

`by` is the name of the account that says so; never empty. Days are ISO dates in the home's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.fact import Event


@dataclass(frozen=True, slots=True)
class CaseNoted(Event):
    """A note about a person, for those who look after her."""

    kind: ClassVar[str] = "case_noted"
    person_id: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """An officer ended an incident: `why` (of gateway.officer.casework.WHYS), in her own words."""

    kind: ClassVar[str] = "case_closed"
    person_id: str
    incident_id: int
    why: str
    text: str  # "" = nothing to add
    by: str


@dataclass(frozen=True, slots=True)
class VisitPlanned(Event):
    """She is to be visited on a day, or not any more. The newest of a person and day holds."""

    kind: ClassVar[str] = "visit_planned"
    person_id: str
    day: str
    wanted: bool
    by: str


@dataclass(frozen=True, slots=True)
class CareEnded(Event):
    """She is not looked after here any more: `why` (of gateway.officer.ending.WHYS), since `day`.

    Her rows of the roster go with it; `name` and `dong` are here so that somebody can still say
    who it was. `guardians`: the ids under which others were told about her; `devices`: what is to
    be fetched from her.
    """

    kind: ClassVar[str] = "care_ended"
    person_id: str
    name: str
    dong: str
    why: str
    day: str
    guardians: tuple[str, ...]
    devices: tuple[str, ...]
    by: str
