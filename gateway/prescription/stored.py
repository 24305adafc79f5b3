"""A medication as the log keeps it, and read back.

Knows: the JSON shape of every dosing. May not know: facts, plans, how people write it.

    {"name", "dosing", "days_supply", "amount": "1/2", "unit", "strength",
     "dispensed_on": "2026-03-02" | null, "days": {"every", "weekdays"},
     "taper": [{"days", "amount"}], "storage", "pharmacy_phone", "drug_class"}
    dosing: {"kind": "at_meals", "labels", "relation", "offset_min"}
          | {"kind": "every_hours", "hours", "first"}
          | {"kind": "as_needed", "min_interval_min", "daily_max"}

Amounts are fractions as text, so that half a tablet stays half a tablet.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    Dosing,
    EveryHours,
    Medication,
    Relation,
    Step,
)

PLAIN = ("name", "days_supply", "unit", "strength", "storage", "pharmacy_phone", "drug_class")


def to_json(medication: Medication) -> dict[str, Any]:
    """The medication as plain JSON values."""
    on = medication.dispensed_on
    return {
        **{name: getattr(medication, name) for name in PLAIN},
        "dosing": _dosing_to_json(medication.dosing),
        "amount": str(medication.amount),
        "dispensed_on": on.isoformat() if on else None,
        "days": {"every": medication.days.every, "weekdays": list(medication.days.weekdays)},
        "taper": [{"days": step.days, "amount": str(step.amount)} for step in medication.taper],
    }


def from_json(body: dict[str, Any]) -> Medication:
    """The medication written by `to_json`. KeyError, TypeError or ValueError for another shape."""
    on, days = body["dispensed_on"], body["days"]
    return Medication(
        **{name: body[name] for name in PLAIN},
        dosing=_dosing_from_json(body["dosing"]),
        amount=Fraction(body["amount"]),
        dispensed_on=date.fromisoformat(on) if on else None,
        days=Days(days["every"], tuple(days["weekdays"])),
        taper=tuple(Step(step["days"], Fraction(step["amount"])) for step in body["taper"]),
    )


def _dosing_to_json(dosing: Dosing) -> dict[str, Any]:
    match dosing:
        case AtMeals(labels, relation, offset_min):
            return {
                "kind": "at_meals",
                "labels": list(labels),
                "relation": str(relation),
                "offset_min": offset_min,
            }
        case EveryHours(hours, first):
            return {"kind": "every_hours", "hours": hours, "first": first}
        case AsNeeded(min_interval_min, daily_max):
            return {
                "kind": "as_needed",
                "min_interval_min": min_interval_min,
                "daily_max": daily_max,
            }


def _dosing_from_json(body: dict[str, Any]) -> Dosing:
    match body["kind"]:
        case "at_meals":
            return AtMeals(tuple(body["labels"]), Relation(body["relation"]), body["offset_min"])
        case "every_hours":
            return EveryHours(body["hours"], body["first"])
        case "as_needed":
            return AsNeeded(body["min_interval_min"], body["daily_max"])
        case other:
            raise ValueError(f"{other!r} is no kind of dosing")
