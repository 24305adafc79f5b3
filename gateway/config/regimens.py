"""How one person's regimens and PRN compartments hang together.

Knows: rows that passed their own checks (a field that did not is None). May not know: files, TOML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from gateway.prescription.plan import shortest_interval_min
from gateway.roster import LABELS, MEAL_DEFAULTS, WEEKDAYS, Person, Regimen

Row = dict[str, Any]
Problem = tuple[str, str]  # what is wrong, what is allowed


def regimen_of(row: Row) -> Regimen:
    """The regimen that a row means."""
    return Regimen(
        person_id=row["person"],
        slots=row["slots"],
        due=row["due"],
        early_min=row["early_min"],
        window_min=row["window_min"],
        late_min=row["late_min"],
        criticality=row["criticality"],
        spacing_min=row["spacing_min"],
        every_days=row["every_days"],
        weekdays=row["weekdays"],
        from_day=row["from"],
        until_day=row["until"],
    )


def problems(person: Row, regimens: list[Row], as_needed: list[Row]) -> Iterator[Problem]:
    """Everything about one person's rows that cannot be meant."""
    slots = Counter(slot for row in regimens for slot in row["slots"] or ())
    for slot in (s for s, n in slots.items() if n > 1):
        yield f'has "{slot}" in several [[regimen]]s', "one pouch a slot"
    for row in regimens:
        yield from _of_days(row)
        if row["due"] and len(row["slots"] or ()) > 1:
            yield "has one due for several slots", "one [[regimen]] for each"
        yield from _of_spacing(person, row)
    for row in as_needed:
        yield from _of_period(row)
    yield from _of_compartments(regimens, as_needed)


def _of_days(row: Row) -> Iterator[Problem]:
    yield from _of_period(row)
    if (row["every_days"] or 1) > 1:
        if row["weekdays"]:
            yield "has every_days and weekdays", "one of them"
        if not row["from"]:
            yield "has every_days and no from", "the first day, from which it is counted"


def _of_period(row: Row) -> Iterator[Problem]:
    if row["from"] and row["until"] and row["until"] < row["from"]:
        yield f"ends on {row['until']} and begins on {row['from']}", "until is from or later"


def _of_spacing(person: Row, row: Row) -> Iterator[Problem]:
    if not row["spacing_min"] or not row["slots"] or None in (row["every_days"], row["weekdays"]):
        return
    clocks = {**MEAL_DEFAULTS, **(person["meal_clock"] or {})}
    least = shortest_interval_min(Person(row["person"], "", clocks), regimen_of(row))
    if row["spacing_min"] >= least:
        what = f"has spacing_min {row['spacing_min']}"
        yield what, f"less than the {least} minutes between its doses"


def _of_compartments(regimens: list[Row], as_needed: list[Row]) -> Iterator[Problem]:
    used = Counter(row["compartment"] for row in as_needed if row["compartment"] is not None)
    for compartment, times in sorted(used.items()):
        weekday, place = divmod(compartment, len(LABELS))
        taken = any(
            LABELS[place] in (row["slots"] or ())
            and (not row["weekdays"] or WEEKDAYS[weekday] in row["weekdays"])
            for row in regimens
        )
        if taken or times > 1:
            what = f"uses compartment {compartment} ({WEEKDAYS[weekday]} {LABELS[place]}) twice"
            yield what, "an [[as_needed]] compartment that nothing else uses"
