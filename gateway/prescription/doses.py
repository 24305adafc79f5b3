"""Every single dose of one medication: its day, its local minute, its amount, its own windows.

Knows: meal clock and meal relation, every so many hours, tapers, the policy of a drug class.
May not know: other medications, slots, compartments, what was taken.

Minutes are local and counted from the midnight that begins the dose's day; 1440 and more is the
night after it (every 8 hours from 08:00: 480, 960 and 1440).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from gateway.prescription.medication import AtMeals, EveryHours, Medication, Relation
from gateway.prescription.policy_table import DrugPolicy
from gateway.prescription.supplies import Supply
from gateway.prescription.windows import DAY_MIN, Window, skip_after_min, spacing_min, window
from gateway.roster import LABELS, MEAL_DEFAULTS, MEALS, Policy, Regimen

LOOK_AHEAD_DAYS = 60  # further than two doses of one drug are ever apart
Clock = Mapping[str, str]  # meal → "HH:MM"


@dataclass(frozen=True, slots=True, order=True)
class SingleDose:
    """One dose of one medication; `label` "" where no meal anchors it."""

    day: date
    due_min: int
    label: str
    place: int  # of its medication in the list that was given
    amount: Fraction

    @property
    def absolute_min(self) -> int:
        """Minutes on a line that all days share."""
        return self.day.toordinal() * DAY_MIN + self.due_min


@dataclass(frozen=True, slots=True)
class Rules:
    """The windows of one dose, and when it is to be skipped."""

    window: Window
    skip_after_min: int


def anchor_min(clock: Clock, label: str) -> int:
    """The local minute of a label by a person's meal clock."""
    meal = MEALS[LABELS.index(label)]
    hours, minutes = clock.get(meal, MEAL_DEFAULTS[meal]).split(":")
    return int(hours) * 60 + int(minutes)


def doses_of(supply: Supply, clock: Clock, first: date, last: date) -> list[SingleDose]:
    """The doses of a supply on the days of a range, in order; none for PRN."""
    begin, end = max(first, supply.first), min(last, supply.last)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    return sorted(dose for day in days for dose in _on(supply, clock, day))


def next_min(supply: Supply, clock: Clock, dose: SingleDose) -> int:
    """Minutes from a dose to the same drug's next, as if the supply did not end."""
    days = (dose.day + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS))
    for day in days:
        later = [d.absolute_min for d in _on(supply, clock, day)]
        behind = [m - dose.absolute_min for m in later if m > dose.absolute_min]
        if behind:
            return min(behind)
    return DAY_MIN


def rules_of(medication: Medication, row: DrugPolicy, next_dose_min: int, policy: Policy) -> Rules:
    """The windows of one dose by its class, and by how far the next one is."""
    regimen, often = _regimen(row), max(1, medication.times_a_day)
    width = window(regimen, often, next_dose_min, policy)
    skip = skip_after_min(regimen, often, next_dose_min, width.window_min)
    return Rules(width, skip)


def spacing_of(medication: Medication, row: DrugPolicy, interval_min: int, window_min: int) -> int:
    """The least minutes between this dose and the drug's one before, `interval_min` apart."""
    return spacing_min(_regimen(row), max(1, medication.times_a_day), interval_min, window_min)


def _regimen(row: DrugPolicy) -> Regimen:
    """A drug's policy as the windows' rules want it."""
    return Regimen(
        person_id="",
        slots=(),
        early_min=row.early_min,
        window_min=row.window_min,
        late_min=row.late_min,
        criticality=row.criticality,
        spacing_min=row.spacing_min,
    )


def _on(supply: Supply, clock: Clock, day: date) -> list[SingleDose]:
    """The doses of one day, without a look at where the supply ends."""
    number = (day - supply.anchor).days
    days = supply.medication.days
    if days.weekdays and day.weekday() not in days.weekdays:
        return []
    if not days.weekdays and number % days.every:
        return []
    amount = _amount_on(supply, day)
    match supply.medication.dosing:
        case AtMeals() as meals:
            return [
                SingleDose(day, _at_meal(meals, label, clock), label, supply.place, amount)
                for label in meals.labels
            ]
        case EveryHours() as every:
            return [
                SingleDose(day, minute, "", supply.place, amount)
                for minute in _by_hours(every, number)
            ]
        case _:
            return []


def _at_meal(meals: AtMeals, label: str, clock: Clock) -> int:
    """The relation moves a dose away from its meal; bedtime is no meal."""
    at = anchor_min(clock, label)
    if label == LABELS[-1]:
        return at
    sign = {Relation.AFTER: 1, Relation.BEFORE: -1}.get(meals.relation, 0)
    return at + sign * meals.offset_min


def _by_hours(every: EveryHours, number: int) -> list[int]:
    """The minutes of the `number`-th day; the rhythm goes on over all days from the first."""
    step = every.hours * 60
    hours, minutes = every.first.split(":")
    first = int(hours) * 60 + int(minutes)
    begin = -(-number * DAY_MIN // step) * step  # the first multiple at this day's begin or later
    return [first + m - number * DAY_MIN for m in range(begin, (number + 1) * DAY_MIN, step)]


def _amount_on(supply: Supply, day: date) -> Fraction:
    """The amount of a dose, of its step where it is a taper."""
    left = (day - supply.first).days
    for step in supply.medication.taper:
        if left < step.days:
            return step.amount
        left -= step.days
    return (
        supply.medication.taper[-1].amount if supply.medication.taper else supply.medication.amount
    )
