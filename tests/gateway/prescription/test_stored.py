"""A medication in the log is the medication that was entered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from gateway.prescription.medication import AsNeeded, AtMeals, EveryHours, Medication
from gateway.prescription.sound import unsound
from gateway.prescription.stored import from_json, to_json
from tests.gateway.prescription.any_medication import MEDICATIONS, once_a_day


@given(MEDICATIONS)
def test_what_is_written_is_read_back(medication: Medication) -> None:
    """Through real JSON text every dosing, fraction and date comes back the same."""
    assert from_json(json.loads(json.dumps(to_json(medication)))) == medication


@given(MEDICATIONS)
def test_no_field_is_forgotten(medication: Medication) -> None:
    """Two medications that differ are written differently."""
    other = replace(medication, storage=medication.storage + "x")
    assert to_json(other) != to_json(medication)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("dosing", {"kind": "by_feeling"}, ValueError),
        ("amount", "a half", ValueError),
        ("days", None, TypeError),
    ],
)
def test_another_shape_is_refused(field: str, value: object, error: type[Exception]) -> None:
    """What was not written by `to_json` is no medication, and not a wrong one either."""
    with pytest.raises(error):
        from_json({**to_json(once_a_day()), field: value})


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ""),
        ({"days_supply": 0}, "days_supply"),
        ({"days_supply": 366}, "days_supply"),
        ({"dispensed_on": date(9999, 12, 31)}, "date"),
        ({"dispensed_on": date(1, 1, 1)}, "date"),
        ({"dispensed_on": date(2099, 12, 31), "days_supply": 365}, ""),
        ({"amount": 0}, "amount"),
        ({"name": "x\n"}, "name"),
        ({"dosing": AtMeals(())}, "dosing"),
        ({"dosing": AtMeals(("evening", "morning"))}, "dosing"),
        ({"dosing": AtMeals(("supper",))}, "dosing"),
        ({"dosing": EveryHours(8, "8:00")}, "dosing"),
        ({"dosing": EveryHours(0)}, "dosing"),
        ({"dosing": AsNeeded(0, 3)}, "dosing"),
        ({"drug_class": ""}, "drug_class"),
    ],
)
def test_only_what_a_bag_can_say_is_sound(fields: dict[str, Any], wrong: str) -> None:
    """The first field that cannot be is named, whichever way it came in."""
    assert unsound(replace(once_a_day(), **fields)) == wrong
