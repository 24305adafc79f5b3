"""A confirmed plan for the tests: lines of shorthand, and the facts that make a home believe it."""

from __future__ import annotations

from datetime import date

from gateway.events import PlanConfirmed
from gateway.home import Home
from gateway.prescription.book import Confirmed
from gateway.prescription.medication import Medication
from gateway.prescription.shorthand import read
from gateway.prescription.stored import to_json
from gateway.roster import MEAL_DEFAULTS

MONDAY = date(2026, 3, 2)


def meds(*lines: str | Medication, on: date = MONDAY) -> dict[str, Medication]:
    """Lines of shorthand as medications of prescription 1; one without a date is dispensed `on`."""
    made = {}
    for place, line in enumerate(lines):
        if isinstance(line, Medication):
            made[f"1/{place}"] = line
            continue
        reading = read(line if line.startswith("20") else f"{on} {line}")
        assert reading.medication is not None, reading.problems
        made[f"1/{place}"] = reading.medication
    return made


def confirmed(
    at_ms: int, *lines: str | Medication, clock: dict[str, str] | None = None
) -> Confirmed:
    """What a person said yes to."""
    return Confirmed(meds(*lines), dict(clock or MEAL_DEFAULTS), at_ms, "박약사", "")


def confirm(
    home: Home,
    at_ms: int,
    medications: dict[str, Medication],
    clock: dict[str, str] | None = None,
) -> None:
    """She says yes to it."""
    bodies = {key: to_json(m) for key, m in medications.items()}
    home.fold(
        PlanConfirmed(at_ms, "soonja", bodies, dict(clock or MEAL_DEFAULTS), "digest", "박약사")
    )
