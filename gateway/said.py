"""What people say by the page: who is looked after, prescriptions, corrections, days away.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, how a medication is written (gateway.prescription.stored).

`by` is who says so, as written on the page; never empty. Days are ISO dates in the home's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gateway.fact import Event, SlotId


@dataclass(frozen=True, slots=True)
class PrescriptionEntered(Event):
    """Medications were written down. Each has the id "PRESCRIPTION/PLACE", place from 0."""

    kind: ClassVar[str] = "prescription_entered"
    person_id: str
    prescription_id: int
    medications: tuple[dict[str, Any], ...]  # as gateway.prescription.stored writes them
    source: str  # "form" | "csv" | "fhir" | "shorthand"
    by: str


@dataclass(frozen=True, slots=True)
class MedicationStopped(Event):
    """A medication ends earlier than its supply; `last_day` before its first: never taken."""

    kind: ClassVar[str] = "medication_stopped"
    person_id: str
    medication_id: str
    last_day: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class MealClockSet(Event):
    """When somebody eats and goes to bed: meal → "HH:MM" local, as in the roster."""

    kind: ClassVar[str] = "meal_clock_set"
    person_id: str
    meal_clock: dict[str, str]
    by: str


@dataclass(frozen=True, slots=True)
class PlanConfirmed(Event):
    """A person saw the plan and said yes: from now on the box is planned from this snapshot."""

    kind: ClassVar[str] = "plan_confirmed"
    person_id: str
    medications: dict[str, dict[str, Any]]  # id → as gateway.prescription.stored writes it
    meal_clock: dict[str, str]
    digest: str  # of what was seen (gateway.prescription.proposal)
    by: str


@dataclass(frozen=True, slots=True)
class DoseCorrected(Event):
    """How many doses were taken at a slot (0: none), whatever the box saw. The newest holds."""

    kind: ClassVar[str] = "dose_corrected"
    slot: SlotId
    taken: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class NotMonitored(Event):
    """Days on which nobody could see what was taken, both included.

    The newest with the same `from_day` holds; with `to_day` before it, there are none.
    """

    kind: ClassVar[str] = "not_monitored"
    person_id: str
    from_day: str
    to_day: str
    why: str  # "hospital" | "travel" | "other"
    by: str


@dataclass(frozen=True, slots=True)
class StockReckoned(Event):
    """What is left of a medication, reckoned from opened slots; said where it changed."""

    kind: ClassVar[str] = "stock_reckoned"
    person_id: str
    medication_id: str
    left: str  # units, a fraction: "13/2"
    at_most: str  # if nothing of what is not known was taken
    days_left: int | None
    runs_out_on: str | None
    fetch_by: str | None  # the last working day before


@dataclass(frozen=True, slots=True)
class RosterChanged(Event):
    """One row of the roster is this now; `row` None: it is there no more.

    `table`: of gateway.roster_changes.TABLES; `row`: as gateway.roster writes it.
    """

    kind: ClassVar[str] = "roster_changed"
    table: str
    key: str
    row: dict[str, Any] | None
    by: str


@dataclass(frozen=True, slots=True)
class SaidFine(Event):
    """She says herself, by her own page, that she is fine: a sign of life, and an answer."""

    kind: ClassVar[str] = "said_fine"
    person_id: str
    by: str


@dataclass(frozen=True, slots=True)
class InstallationSigned(Event):
    """Somebody signed how a person's devices were left. The newest holds; all are kept.

    `record`: gateway.installation.record; `digest`: of it, as it is printed.
    """

    kind: ClassVar[str] = "installation_signed"
    person_id: str
    record: dict[str, Any]
    digest: str
    by: str
