"""R4's invariants for Timing: each one has an element that breaks it, and it alone.

Knows: hl7.org/fhir/R4/datatypes.html#Timing. May not know: dosing.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.timing import Timing

from gateway.fhir.invariants import DURATION, TIMING, broken

Json = dict[str, Any]
DAILY: Json = {"period": 1, "periodUnit": "d"}
UCUM = "http://unitsofmeasure.org"

BREAKS: list[tuple[str, Json]] = [
    ("tim-1", {"duration": 5}),
    ("tim-2", {"period": 1}),
    ("tim-4", {"duration": -1, "durationUnit": "h"}),
    ("tim-5", {"period": -1, "periodUnit": "d"}),
    ("tim-6", {"periodMax": 6, "periodUnit": "h"}),
    ("tim-7", {"durationMax": 6, "durationUnit": "h"}),
    ("tim-8", {"countMax": 4}),
    ("tim-9", {**DAILY, "offset": 30}),
    ("tim-9", {**DAILY, "offset": 30, "when": ["C"]}),
    ("tim-9", {**DAILY, "offset": 30, "when": ["CM"]}),
    ("tim-9", {**DAILY, "offset": 30, "when": ["CD"]}),
    ("tim-9", {**DAILY, "offset": 30, "when": ["CV"]}),
    ("tim-9", {**DAILY, "offset": 30, "when": ["PCM", "PCD"]}),
    ("tim-10", {"timeOfDay": ["08:00:00"], "when": ["PCM"]}),
]
KEEPS: list[Json] = [
    {"duration": 5, "durationMax": 6, "durationUnit": "h"},
    {"count": 3, "countMax": 4},
    {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"},
    {"duration": 0, "durationUnit": "h", "period": 0, "periodUnit": "d"},
    {**DAILY, "when": ["PCM"], "offset": 30},
    {**DAILY, "when": ["CM", "CD", "CV"]},
    {"timeOfDay": ["08:00:00", "20:00:00"]},
    {"timeOfDay": [], "when": ["PCM"]},
]


@pytest.mark.parametrize(("key", "repeat"), BREAKS)
def test_an_invariant_sees_what_breaks_it(key: str, repeat: Json) -> None:
    """What breaks a rule is told with its place and R4's own sentence, and breaks no other rule."""
    (found,) = broken([{"timing": {"repeat": repeat}}], "Dosage")
    rule = next(r for r in TIMING if r.key == key)
    assert (found.place, found.key, found.human) == ("Dosage[0].timing.repeat", key, rule.human)


@pytest.mark.parametrize(("key", "repeat"), BREAKS)
def test_the_models_do_not_see_it(key: str, repeat: Json) -> None:
    """Why these rules stand here: the shape alone is right."""
    read = Timing.model_validate_json(json.dumps({"repeat": repeat}))
    assert broken(json.loads(read.model_dump_json()), "Timing")[0].key == key


@pytest.mark.parametrize("repeat", KEEPS)
def test_what_keeps_the_rules_is_let_pass(repeat: Json) -> None:
    """Elements as R4 means them break nothing."""
    assert broken({"repeat": repeat}, "Timing") == []


def test_the_rules_of_r4_are_all_here() -> None:
    """tim-1 to tim-10 but tim-3, which R4 has no more, and each is broken by an example."""
    keys = [f"tim-{n}" for n in range(1, 11) if n != 3]
    assert [r.key for r in TIMING] == keys
    assert {key for key, _ in BREAKS} == set(keys)


@pytest.mark.parametrize(
    "duration",
    [
        {"value": 5},
        {"value": 5, "code": "T", "system": UCUM},
        {"value": 5, "code": "d", "system": "http://snomed.info/sct"},
        {"code": "d", "system": UCUM},
    ],
)
def test_a_duration_is_an_expression_of_time(duration: Json) -> None:
    """drt-1: a value has a code of time, and its system is UCUM."""
    (found,) = broken({"boundsDuration": duration}, "repeat")
    assert (found.place, found.key) == ("repeat.boundsDuration", DURATION.key)


def test_other_types_are_for_the_models() -> None:
    """A value of the wrong type breaks no invariant here: the shape is judged elsewhere."""
    assert broken({"repeat": {"period": "often", "periodUnit": "d"}}, "Timing") == []
