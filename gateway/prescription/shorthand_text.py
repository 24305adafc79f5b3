"""A medication as its one canonical line, Korean or English, which the shorthand reads back.

Knows: the order of a line and which words of the catalogue say what.
May not know: what pharmacists write otherwise, when doses fall due.

What `shorthand.read` gives reads back as the same medication, in both languages. A medication of
another origin is written as well as the line can say it.
"""

from __future__ import annotations

from fractions import Fraction

from gateway.prescription.medication import (
    DEFAULT_CLASS,
    AsNeeded,
    AtMeals,
    EveryHours,
    Medication,
    Relation,
)
from gateway.prescription.shorthand_kinds import Kind
from gateway.prescription.shorthand_scan import scan
from gateway.prescription.words import WORDS

_FIRST_USUAL = EveryHours(24).first


def text(medication: Medication, language: str) -> str:
    """The line. KeyError for a language that is not in the catalogue."""
    words = WORDS[language]
    parts = [
        medication.dispensed_on.isoformat() if medication.dispensed_on else "",
        _name(medication.name),
        medication.strength,
        *_supply(medication, words),
        _dosing(medication, words),
        _days(medication, words),
        "" if medication.taper else words["text.days"].format(count=medication.days_supply),
        "" if medication.drug_class == DEFAULT_CLASS else f"#{medication.drug_class}",
        _storage(medication.storage, words),
        f"☎{medication.pharmacy_phone}" if medication.pharmacy_phone else "",
    ]
    return " ".join(part for part in parts if part)


def _name(name: str) -> str:
    """The name, in quotes where it would be read as something else."""
    tokens = scan(name)
    plain = [(t.kind, t.text) for t in tokens] == [(Kind.NAME, name)]
    if not name or (plain and len(name.split()) == 1 and not name.startswith('"')):
        return name
    quoted = name.replace('"', '""')
    return f'"{quoted}"'


def _supply(medication: Medication, words: dict[str, str]) -> list[str]:
    """The amount of a dose, or the steps of a taper with their days."""
    if not medication.taper:
        return [_amount(medication.amount, medication.unit, words)]
    steps = [
        words["text.step"].format(
            amount=_amount(step.amount, medication.unit, words), count=step.days
        )
        for step in medication.taper
    ]
    return [" → ".join(steps)]


def _amount(amount: Fraction, unit: str, words: dict[str, str]) -> str:
    """Hundredths as a decimal number, everything else as a fraction."""
    exact = f"{float(amount):g}" if 100 % amount.denominator == 0 else str(amount)
    name = words.get(f"text.unit.{unit}", unit)
    return words["text.amount"].format(amount=exact, unit=name)


def _dosing(medication: Medication, words: dict[str, str]) -> str:
    match medication.dosing:
        case AtMeals() as meals:
            return _at_meals(meals, words)
        case EveryHours(hours=hours, first=first):
            since = "" if first == _FIRST_USUAL else " " + words["text.first"].format(first=first)
            return words["text.hours"].format(hours=hours) + since
        case AsNeeded(min_interval_min=interval_min, daily_max=most):
            said = [words["text.prn"]]
            if most is not None:
                said.append(words["text.most"].format(count=most))
            if interval_min is not None:
                hours, rest = divmod(interval_min, 60)
                unit, count = ("min", interval_min) if rest else ("h", hours)
                said.append(words[f"text.least.{unit}"].format(count=count))
            return " ".join(said)


def _at_meals(meals: AtMeals, words: dict[str, str]) -> str:
    labels = ", ".join(words[f"text.label.{label}"] for label in meals.labels)
    said = [words.get(f"text.times.{len(meals.labels)}", ""), labels]
    if meals.relation is not Relation.AT:
        key = f"text.relation.{meals.relation}"
        key = key if meals.offset_min else f"{key}.0" if f"{key}.0" in words else key
        said.append(words[key].format(minutes=meals.offset_min))
    return " ".join(part for part in said if part)


def _days(medication: Medication, words: dict[str, str]) -> str:
    days = medication.days
    if days.weekdays:
        names = ", ".join(words[f"text.weekday.{n}"] for n in days.weekdays)
        return words["text.weekdays"].format(days=names)
    if days.every > 1:
        return words.get(f"text.every.{days.every}", words["text.every"]).format(count=days.every)
    return ""


def _storage(storage: str, words: dict[str, str]) -> str:
    return words.get(f"text.storage.{storage}", f"[{storage}]") if storage else ""
