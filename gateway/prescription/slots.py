"""What a plan is made of: pouches with their times, medicines as needed, findings.

Knows: the shape. May not know: how any of it comes about, compartments by weekday, UTC, today.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gateway.prescription.medication import Medication
from gateway.prescription.supplies import Finding
from gateway.prescription.windows import DAY_MIN
from gateway.prescription.words import WORDS


@dataclass(frozen=True, slots=True)
class Drug:
    """One medicine in a pouch; `place` in the list of medications, `due_min` its own time."""

    place: int
    name: str
    strength: str
    amount: Fraction
    unit: str
    due_min: int


@dataclass(frozen=True, slots=True, order=True)
class Spacing:
    """Not before `minutes` after that slot was opened; `place`: whose spacing it is."""

    minutes: int
    after_day: date
    after_index: int
    place: int


@dataclass(frozen=True, slots=True)
class DoseSlot:
    """One pouch. `due_min` local from the day's midnight, all other minutes from due.

    `spacing`: the one that binds latest first; a box holds one.
    """

    day: date
    index: int
    label: str
    due_min: int
    early_min: int
    window_min: int
    late_min: int
    skip_after_min: int
    criticality: str
    drugs: tuple[Drug, ...]
    spacing: tuple[Spacing, ...] = ()

    @property
    def absolute_min(self) -> int:
        """Minutes on a line that all days share."""
        return self.day.toordinal() * DAY_MIN + self.due_min


@dataclass(frozen=True, slots=True)
class AsNeededDrug:
    """A PRN medicine and its limits, by the prescription or else by its class."""

    drug: Drug
    min_interval_min: int
    daily_max: int
    from_day: date
    until_day: date


@dataclass(frozen=True, slots=True)
class Merged:
    """Slots by due time, PRN medicines, and everything that was found; BLOCKING first to ask."""

    slots: tuple[DoseSlot, ...]
    as_needed: tuple[AsNeededDrug, ...]
    findings: tuple[Finding, ...]


def say(
    finding: Finding,
    medications: Sequence[Medication],
    language: str,
    spoken: Callable[[date], str] = date.isoformat,
) -> str:
    """A finding as one line. KeyError for a language that is not in the catalogue.

    `medications`: the list that was merged; `spoken`: how a day is said.
    """
    words = WORDS[language]
    names = ", ".join(
        " ".join(part for part in (medications[n].name, medications[n].strength) if part)
        or f"#{n + 1}"
        for n in finding.medications
    )
    day = spoken(finding.day) if finding.day else ""
    return words[f"finding.{finding.reason}"].format(names=names, day=day, days=finding.days)
