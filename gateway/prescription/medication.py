"""One line of a Korean medicine bag: what was dispensed, and when it is to be taken.

Knows: the bag's fields and the shapes a dosing can have.
May not know: how any of it is written (shorthand, CSV, FHIR, form), dose slots, the box, the time.

The bag's fields and nothing more (name, dispensing date, days' supply, times a day, amount, meal
relation, storage, pharmacy phone); what a house or district decides once (criticality, windows,
spacing, PRN limits) comes from the policy table by `drug_class`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

DEFAULT_CLASS = "default"


class Relation(StrEnum):
    """How a dose lies to its meal."""

    RIGHT_AFTER = "right_after"  # 식사 직후
    AFTER = "after"  # 식후, with an offset
    BEFORE = "before"  # 식전, with an offset
    WITH = "with"  # 식사 중
    AT = "at"  # at the label's own time: bedtime, or a meal time with no relation said


@dataclass(frozen=True, slots=True)
class AtMeals:
    """At these labels (roster.LABELS, in their order) of each day; `offset_min` ≥ 0."""

    labels: tuple[str, ...]
    relation: Relation = Relation.RIGHT_AFTER
    offset_min: int = 0


@dataclass(frozen=True, slots=True)
class EveryHours:
    """Every so many hours, day and night, counted from `first` ("HH:MM" local)."""

    hours: int
    first: str = "08:00"


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """필요시 (PRN); None = by the policy of its drug class."""

    min_interval_min: int | None = None
    daily_max: int | None = None


Dosing = AtMeals | EveryHours | AsNeeded


@dataclass(frozen=True, slots=True)
class Days:
    """On which days: every so many (1 daily, 2 every other), or on weekdays (0 Monday … 6)."""

    every: int = 1
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A taper's step: so many days at this amount."""

    days: int
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Medication:
    """One drug as it was dispensed. `amount` in `unit` a dose (정/T, 캡슐/C, mL, 포 …)."""

    name: str
    dosing: Dosing
    days_supply: int
    amount: Fraction = Fraction(1)
    unit: str = "T"
    strength: str = ""  # as written, "5mg"; never reckoned with
    dispensed_on: date | None = None
    days: Days = Days()
    taper: tuple[Step, ...] = ()
    storage: str = ""
    pharmacy_phone: str = ""
    drug_class: str = DEFAULT_CLASS

    @property
    def times_a_day(self) -> int:
        """Doses on a day it is taken; 0 for PRN."""
        match self.dosing:
            case AtMeals(labels=labels):
                return len(labels)
            case EveryHours(hours=hours):
                return 24 // hours
            case AsNeeded():
                return 0

    def last_day(self) -> date | None:
        """The last day the supply is meant for; None while it was not dispensed."""
        return self.dispensed_on + timedelta(self.days_supply - 1) if self.dispensed_on else None
