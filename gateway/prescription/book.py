"""A person's prescriptions as they were entered, stopped and confirmed.

Knows: how the facts about them fold. May not know: slots, schedules, the time.

What is entered and what is confirmed are two things: the box is planned from the newest
confirmation alone, until a person has seen what a new prescription changes and said yes.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, replace
from datetime import date

from gateway.events import (
    Event,
    MealClockSet,
    MedicationStopped,
    PlanConfirmed,
    PrescriptionEntered,
)
from gateway.prescription.medication import Medication
from gateway.prescription.stored import from_json
from gateway.prescription.supplies import drug, supplies


@dataclass(frozen=True, slots=True)
class Entered:
    """One medication of one prescription. `begins`: its first day, refills carried on."""

    id: str  # "PRESCRIPTION/PLACE"
    medication: Medication
    prescription_id: int
    at_ms: int
    source: str
    by: str
    stopped: MedicationStopped | None = None
    begins: date | None = None

    @property
    def effective(self) -> Medication | None:
        """As it is to be taken: shortened where it was stopped; None where none of it is."""
        if self.stopped is None:
            return self.medication
        begins = self.begins or self.medication.dispensed_on
        if begins is None:
            return None
        days = (date.fromisoformat(self.stopped.last_day) - begins).days + 1
        if days < 1:
            return None
        return _shortened(self.medication, min(days, self.medication.days_supply))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said yes to: medications by id, the meal clock, the digest of what she saw."""

    medications: dict[str, Medication]
    meal_clock: dict[str, str]
    at_ms: int
    by: str
    digest: str


@dataclass(slots=True)
class PersonBook:
    """All prescriptions of one person, in the order in which they were entered.

    `chains`: the ids of each drug's supplies, in the order in which they were dispensed.
    """

    entered: dict[str, Entered] = field(default_factory=dict)
    chains: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    meal_clock: dict[str, str] | None = None  # None: the roster's
    confirmations: list[Confirmed] = field(default_factory=list)

    @property
    def confirmed(self) -> Confirmed | None:
        """What the box is planned from; None: from the configuration file."""
        return self.confirmations[-1] if self.confirmations else None

    def regimen_of(self, medication_id: str) -> tuple[object, ...]:
        """The same for all supplies of one drug with one dosing; what is not known: only itself."""
        entered = self.entered.get(medication_id)
        return (*_drug(entered), entered.medication.dosing) if entered else (medication_id,)

    def effective(self) -> dict[str, Medication]:
        """What is to be taken by what was entered, whether or not it is confirmed."""
        shortened = ((e.id, e.effective) for e in self.entered.values())
        return {key: medication for key, medication in shortened if medication is not None}


Books = dict[str, PersonBook]  # by person


def next_prescription_id(books: Books) -> int:
    """One more than the highest of the home."""
    ids = (e.prescription_id for book in books.values() for e in book.entered.values())
    return max(ids, default=0) + 1


def fold(books: Books, event: Event) -> None:
    """Take in one more fact; those that are not about prescriptions change nothing."""
    match event:
        case PrescriptionEntered():
            _entered(books.setdefault(event.person_id, PersonBook()), event)
        case MedicationStopped():
            _stopped(books.setdefault(event.person_id, PersonBook()), event)
        case MealClockSet():
            books.setdefault(event.person_id, PersonBook()).meal_clock = dict(event.meal_clock)
        case PlanConfirmed():
            confirmed = Confirmed(
                {key: from_json(body) for key, body in event.medications.items()},
                dict(event.meal_clock),
                event.at_ms,
                event.by,
                event.digest,
            )
            books.setdefault(event.person_id, PersonBook()).confirmations.append(confirmed)


def _entered(book: PersonBook, event: PrescriptionEntered) -> None:
    for place, body in enumerate(event.medications):
        key, medication = f"{event.prescription_id}/{place}", from_json(body)
        book.entered[key] = Entered(
            key, medication, event.prescription_id, event.at_ms, event.source, event.by
        )
        # In the order in which they were dispensed, at one day in that in which they were entered.
        chain = book.chains.setdefault(_drug(book.entered[key]), [])
        bisect.insort(chain, key, key=lambda k: _dispensed(book.entered[k].medication))
        _begin(book, key)


def _stopped(book: PersonBook, event: MedicationStopped) -> None:
    entered = book.entered.get(event.medication_id)
    if entered is not None:
        book.entered[entered.id] = replace(entered, stopped=event)
        _begin(book, entered.id)


def _begin(book: PersonBook, changed: str) -> None:
    """The first day of a supply and of all behind it: a stop counts from it.

    A refill begins behind the supply that runs, as far as that was not stopped.
    """
    chain = book.chains[_drug(book.entered[changed])]
    at = chain.index(changed)
    before = _running(book, chain[:at])
    for key in chain[at:]:
        entered = book.entered[key]
        pair = [entered.medication]
        if before is not None:
            pair.insert(0, _reaching(*before, _dispensed(entered.medication)))
        begins = {s.place: s.first for s in supplies(pair)[0]}.get(len(pair) - 1)
        book.entered[key] = replace(entered, begins=begins)
        before = _running(book, [key]) or before


def _running(book: PersonBook, chain: list[str]) -> tuple[Medication, date] | None:
    """The newest supply of a chain that is taken at all, and its first day."""
    for key in reversed(chain):
        entered = book.entered[key]
        medication = entered.effective if entered.begins is not None else None
        if medication is not None and entered.begins is not None:
            return medication, entered.begins
    return None


def _reaching(medication: Medication, begins: date, from_day: date) -> Medication:
    """The supply as if it began on a day, if that is earlier; it ends when it does."""
    first = min(begins, from_day)
    days = medication.days_supply + (begins - first).days
    return replace(medication, dispensed_on=first, days_supply=days)


def _shortened(medication: Medication, days: int) -> Medication:
    """The first days of a supply; of a taper the steps they reach."""
    steps, left = [], days
    for step in medication.taper:
        if left > 0:
            steps.append(replace(step, days=min(step.days, left)))
        left -= step.days
    taper = tuple(steps) if len(steps) > 1 else ()
    amount = steps[0].amount if steps else medication.amount
    return replace(medication, days_supply=days, taper=taper, amount=amount)


def _drug(entered: Entered) -> tuple[str, str]:
    """The same for all supplies of one drug; what has no name is only itself."""
    return drug(entered.medication, 0) if entered.medication.name else ("", entered.id)


def _dispensed(medication: Medication) -> date:
    return medication.dispensed_on or date.max
