"""What other systems write is understood, or refused with its place: never guessed.

Knows: Dosages that others write. May not know: requests.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from gateway.fhir.nodes import Refused
from gateway.fhir.timing import from_dosages
from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    Dosing,
    EveryHours,
    Relation,
    Step,
)
from tests.gateway.fhir.foreign import A_MONTH, AFTER_BREAKFAST, DAILY, coded, dosage, dose

Json = dict[str, Any]
REPEAT = "[0].timing.repeat"
THREE = ["PCM", "PCD", "PCV"]
ALL = AtMeals(("morning", "noon", "evening"))
PRN = {"asNeededBoolean": True}


@pytest.mark.parametrize(
    ("written", "dosing", "days"),
    [
        (dosage({"when": THREE}), ALL, Days()),
        (dosage({**DAILY, "frequency": 3, "when": THREE}), ALL, Days()),
        (dosage({"period": 1, "periodUnit": "d", "when": THREE}), ALL, Days()),
        (dosage({**DAILY, "period": 1, "periodUnit": "wk", "when": ["HS"]}),
         AtMeals(("bedtime",), Relation.AT), Days(7)),
        (dosage({"frequency": 3, "period": 1, "periodUnit": "wk", "when": ["MORN"],
                 "dayOfWeek": ["mon", "wed", "fri"]}),
         AtMeals(("morning",), Relation.AT), Days(weekdays=(0, 2, 4))),
        (dosage({"period": 480, "periodUnit": "min"}), EveryHours(8), Days()),
        (dosage({"frequency": 1, "period": 8.0, "periodUnit": "h"}), EveryHours(8), Days()),
        (dosage({**DAILY, "when": ["PCM"], "offset": 0}), AtMeals(("morning",)), Days()),
        (dosage({**DAILY, "frequency": 3}, **PRN), AsNeeded(daily_max=3), Days()),
        (dosage({"frequency": 1, "period": 4, "periodUnit": "h"}, **PRN), AsNeeded(240), Days()),
        (dosage({}, asNeededCodeableConcept={"text": "통증"}), AsNeeded(), Days()),
        (coded("TID", {**DAILY, "frequency": 3, "when": THREE}), ALL, Days()),
    ],
    ids=[
        "when alone", "as often as when", "no frequency", "once a week", "three weekdays a week",
        "minutes", "8.0 hours", "offset 0", "three a day as needed", "4 h as needed",
        "as needed for pain", "a code beside its repeat",
    ],
)  # fmt: skip
def test_what_is_certain_is_mapped(written: Json, dosing: Dosing, days: Days) -> None:
    """Another way to write the same thing is the same thing."""
    read, _ = from_dosages([written])
    assert (read.dosing, read.days, read.days_supply) == (dosing, days, 30)


@pytest.mark.parametrize(
    ("written", "place", "expected"),
    [
        (coded("BID"), "[0].timing.code", "institution's own times"),
        (coded("QOD", {}), "[0].timing.code", "institution's own times"),
        (coded("BID", {**DAILY, "frequency": 2}), REPEAT, "`when` of a meal"),
        (dosage({**DAILY, "frequency": 3}), REPEAT, "`when` of a meal, or frequency 1"),
        (dosage({**DAILY, "when": ["PC"]}), f"{REPEAT}.when[0]", "a meal's code: PCM"),
        (dosage({**DAILY, "when": ["AC"]}), f"{REPEAT}.when[0]", "a meal's code"),
        (dosage({**DAILY, "when": ["PCM", "WAKE"]}), f"{REPEAT}.when[1]", "a meal's code"),
        (dosage({**DAILY, "when": []}), f"{REPEAT}.when", "a meal's code"),
        (dosage({"when": ["PCM", "PCD"], "offset": 30}), REPEAT, "tim-9"),
        (dosage({"when": ["CM"], "offset": 10}), REPEAT, "tim-9"),
        (dosage({"when": ["MORN"], "offset": 10}), f"{REPEAT}.offset", "no offset to a time"),
        (dosage({"when": ["PCM", "ACD"]}), f"{REPEAT}.when", "all in one relation"),
        (dosage({"when": ["PCM", "PCM"]}), f"{REPEAT}.when", "each meal once"),
        (dosage({**DAILY, "when": THREE}), f"{REPEAT}.frequency", "3: once at each of `when`"),
        (dosage({"timeOfDay": ["08:00:00"]}), f"{REPEAT}.timeOfDay", "`when` of a meal"),
        (dosage({"timeOfDay": ["08:00:00"], "when": ["PCM"]}), REPEAT, "tim-10"),
        (dosage({"period": 8}), REPEAT, "tim-2"),
        (dosage({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}),
         f"{REPEAT}.periodMax", "`when` of a meal"),
        (dosage({"frequency": 3, "period": 8, "periodUnit": "h"}), REPEAT, "whole hours"),
        (dosage({"frequency": 1, "period": 36, "periodUnit": "h"}), REPEAT, "1 to 24"),
        (dosage({"frequency": 1, "period": 1, "periodUnit": "mo", "when": ["PCM"]}),
         f"{REPEAT}.periodUnit", "min, h, d or wk"),
        (dosage({"frequency": 1, "period": 1.5, "periodUnit": "d", "when": ["PCM"]}),
         f"{REPEAT}.period", "a whole number"),
        (dosage({"period": 24, "periodUnit": "h", "when": ["PCM"]}),
         f"{REPEAT}.periodUnit", "d or wk"),
        (dosage({"period": 2, "periodUnit": "d", "when": ["PCM"], "dayOfWeek": ["mon"]}),
         f"{REPEAT}.dayOfWeek", "period 1 d"),
        (dosage({**AFTER_BREAKFAST, "dayOfWeek": ["monday"]}),
         f"{REPEAT}.dayOfWeek[0]", "mon, tue"),
        (dosage({**AFTER_BREAKFAST, "count": 10}), f"{REPEAT}.count", "`when` of a meal"),
        (dosage({**AFTER_BREAKFAST, "frequencyMax": 2}), f"{REPEAT}.frequencyMax", "none"),
        (dosage({**AFTER_BREAKFAST, "boundsDuration": {**A_MONTH, "code": "mo"}}),
         f"{REPEAT}.boundsDuration.code", "d (or wk)"),
        (dosage({**AFTER_BREAKFAST, "boundsPeriod": {"start": "2026-03-02"}}),
         f"{REPEAT}.boundsPeriod", "none"),
        (dosage({**AFTER_BREAKFAST, "modifierExtension": []}),
         f"{REPEAT}.modifierExtension", "none"),
        (dosage(AFTER_BREAKFAST, maxDosePerLifetime={"value": 9}),
         "[0].maxDosePerLifetime", "no limit"),
        (dosage(AFTER_BREAKFAST, **PRN), f"{REPEAT}.when", "as needed has no times"),
        (dosage({"frequency": 2, "period": 8, "periodUnit": "h"}, **PRN), REPEAT, "least interval"),
        (dosage(timing={"event": ["2026-03-02"]}), "[0].timing.event", "repeat with `when`"),
        (dosage(text="하루 두 번"), "[0].timing", "a timing"),
        (dosage(timing={"repeat": "daily"}), REPEAT, "repeat with `when`"),
        (dose({"value": 1}), "[0].doseAndRate[0].doseQuantity.unit", "a unit"),
        (dose({"value": 0, "unit": "T"}), "[0].doseAndRate[0].doseQuantity.value", "positive"),
        (dose({"value": "1", "unit": "T"}), "[0].doseAndRate[0].doseQuantity.value", "positive"),
        (dose({"value": 5, "unit": "T", "comparator": "<"}),
         "[0].doseAndRate[0].doseQuantity.comparator", "no such element"),
        (dosage(AFTER_BREAKFAST, doseAndRate=[]), "[0].doseAndRate", "one doseAndRate"),
        (dosage(AFTER_BREAKFAST, doseAndRate=[{"doseRange": {}}]),
         "[0].doseAndRate[0].doseRange", "doseQuantity"),
        (dosage({}, **PRN, maxDosePerPeriod={"numerator": {"value": 4000, "unit": "mg"},
                                             "denominator": A_MONTH}),
         "[0].maxDosePerPeriod.denominator", "1 d"),
        (dosage({}, **PRN, maxDosePerPeriod={"numerator": {"value": 4000, "unit": "mg"},
                                             "denominator": {**A_MONTH, "value": 1}}),
         "[0].maxDosePerPeriod.numerator.unit", "T, the unit of the dose"),
        (dosage({**DAILY, "frequency": 3}, **PRN,
                maxDosePerPeriod={"numerator": {"value": 4, "unit": "T"},
                                  "denominator": {**A_MONTH, "value": 1}}),
         "[0].maxDosePerPeriod", "3 doses a day"),
        (dose({"value": 0.5, "unit": "T",
               "extension": [{"url": "urn:x-anbu:fhir:exact", "valueString": "1/3"}]}),
         "[0].doseAndRate[0].doseQuantity.extension[0].valueString", "says the same as 0.5"),
        (dosage({}, **PRN, maxDosePerPeriod={"numerator": {"value": 2.5, "unit": "T"},
                                             "denominator": {**A_MONTH, "value": 1}}),
         "[0].maxDosePerPeriod.numerator", "a whole number of doses"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused(written: Json, place: str, expected: str) -> None:
    """The place, what stands there and what was expected are told; nothing is guessed."""
    with pytest.raises(Refused) as refused:
        from_dosages([written], place="")
    problems = [p for p in refused.value.problems if p.place == place]
    assert problems, refused.value
    assert expected in problems[0].wanted("en")
    assert "found ," not in str(problems[0])


@pytest.mark.parametrize(
    ("written", "place", "expected"),
    [
        ([], "", "at least one Dosage"),
        (None, "", "at least one Dosage"),
        ([dosage({**DAILY, "when": ["PCM"]}), dosage({**DAILY, "when": ["ACV"]})],
         "[1].timing.repeat", "the same relation"),
        ([dosage({**DAILY, "when": ["PCM"]}), dosage({**DAILY, "when": ["PCM"]})],
         "[1].timing.repeat.when", "each meal once"),
        ([dose({"value": 2, "unit": "T"}), dosage({**DAILY, "when": ["PCV"]})],
         "[1]", "the same days, dose and bounds"),
        ([dosage({**DAILY, "when": ["PCM"]}), dosage({"period": 8, "periodUnit": "h"})],
         "[1]", "more than one bag line"),
        ([dosage({**DAILY, "when": [w], "offset": 30}, sequence=n) for n, w in enumerate(THREE)],
         "[1]", "a taper changes the amount only"),
        ([dosage(AFTER_BREAKFAST, sequence=1), dosage({**DAILY, "when": ["PCV"]})],
         "[1].sequence", "a number"),
        ([dosage({}, sequence=1, **PRN), dosage({}, sequence=2, **PRN)],
         "[0]", "one Dosage as needed"),
        ([dosage({**DAILY, "when": ["ACM"], "offset": 30}),
          dosage({**DAILY, "when": ["HS"], "offset": 30})],
         "[1].timing.repeat", "the same relation"),
    ],
)  # fmt: skip
def test_dosages_that_are_no_one_line_are_refused(
    written: list[Json] | None, place: str, expected: str
) -> None:
    """Dosages that are not one dosing together are refused at the one that does not fit."""
    with pytest.raises(Refused) as refused:
        from_dosages(written, place="")
    assert [p.place for p in refused.value.problems] == [place]
    assert expected in refused.value.problems[0].wanted("en")


def test_every_mistake_is_told_at_once() -> None:
    """Three mistakes in two Dosages are three problems, each with its own place."""
    first = dosage({**DAILY, "when": ["PC"]}, doseAndRate=[])
    with pytest.raises(Refused) as refused:
        from_dosages([first, coded("TID")])
    assert [p.place for p in refused.value.problems] == [
        "dosageInstruction[0].doseAndRate",
        "dosageInstruction[0].timing.repeat.when[0]",
        "dosageInstruction[1].timing.code",
    ]
    assert str(refused.value.problems[1]).startswith(
        'dosageInstruction[0].timing.repeat.when[0]: found "PC", expected a meal\'s code: PCM'
    )


def test_a_taper_of_others_is_read() -> None:
    """Sequences at the same times with other amounts are a taper; their days are the supply."""
    two = dose({"value": 2, "unit": "T"}, sequence=1)
    half = dose({"value": 0.5, "unit": "T"}, sequence=2)
    read, _ = from_dosages([half, two])
    assert read.taper == (Step(30, Fraction(2)), Step(30, Fraction(1, 2)))
    assert (read.days_supply, read.amount) == (60, Fraction(2))


def test_weeks_are_seven_days() -> None:
    """Bounds of two weeks are fourteen days of supply."""
    two = {**AFTER_BREAKFAST, "boundsDuration": {**A_MONTH, "value": 2, "code": "wk"}}
    assert from_dosages([dosage(two)])[0].days_supply == 14


def test_a_step_without_days_is_refused() -> None:
    """The first step of a taper must say how long it is."""
    free = dose({"value": 2, "unit": "T"}, sequence=1)
    free["timing"] = {"repeat": AFTER_BREAKFAST}
    with pytest.raises(Refused, match="each step's days"):
        from_dosages([free, dose({"value": 1, "unit": "T"}, sequence=2)])


def test_what_is_left_out_is_told() -> None:
    """Texts, routes and reasons have no place on a bag line: each is named with its place."""
    said = dosage(
        AFTER_BREAKFAST,
        text="아침 식후",
        route={"text": "oral"},
        additionalInstruction=[{"text": "물과 함께"}],
    )
    _, left_out = from_dosages([said])
    assert sorted(x.place.rpartition(".")[2] for x in left_out) == [
        "additionalInstruction",
        "route",
        "text",
    ]


def test_days_come_from_one_place() -> None:
    """No bounds: the supply's duration counts; none at all or two that differ are refused."""
    free = dosage(AFTER_BREAKFAST)
    del free["timing"]["repeat"]["boundsDuration"]
    assert from_dosages([free], days_supply=7)[0].days_supply == 7
    with pytest.raises(Refused, match="the days' supply"):
        from_dosages([free])
    with pytest.raises(Refused, match="found 7 d, expected 30 d"):
        from_dosages([dosage(AFTER_BREAKFAST)], days_supply=7)
