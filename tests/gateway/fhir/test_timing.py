"""Bag lines as R4 Dosages and back.

Knows: field.md's table of Timing. May not know: requests, bundles.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from gateway.fhir.timing import Unsayable, canonical, from_dosages, to_dosages
from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    EveryHours,
    Medication,
    Relation,
    Step,
)
from tests.gateway.fhir.judges import must_be_dosages
from tests.gateway.fhir.medications import FIXTURES, FOUR, THREE, line, medications


def repeats(medication: Medication) -> list[dict[str, Any]]:
    """Each Dosage's repeat, without its bounds."""
    found = [dict(d["timing"]["repeat"]) for d in to_dosages(medication)]
    for repeat in found:
        assert repeat.pop("boundsDuration")["value"] == medication.days_supply
        repeat.pop("extension", None)
    return found


def bare(medication: Medication) -> Medication:
    """What a Dosage says of it, and no more."""
    return Medication(
        name=medication.name,
        dosing=medication.dosing,
        days_supply=medication.days_supply,
        amount=medication.amount,
        unit=medication.unit,
        days=medication.days,
        taper=medication.taper,
    )


DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("medication", "wanted"),
    [
        (line(AtMeals(THREE)), [{**DAILY, "frequency": 3, "when": ["PCM", "PCD", "PCV"]}]),
        (
            line(AtMeals(THREE, Relation.AFTER, 30)),
            [{**DAILY, "when": [w], "offset": 30} for w in ("PCM", "PCD", "PCV")],
        ),
        (
            line(AtMeals(THREE, Relation.BEFORE, 30)),
            [{**DAILY, "when": [w], "offset": 30} for w in ("ACM", "ACD", "ACV")],
        ),
        (
            line(AtMeals(THREE, Relation.WITH)),
            [{**DAILY, "frequency": 3, "when": ["CM", "CD", "CV"]}],
        ),
        (line(AtMeals(("bedtime",), Relation.AT)), [{**DAILY, "when": ["HS"]}]),
        (
            line(AtMeals(("bedtime",), Relation.BEFORE, 30)),
            [{**DAILY, "when": ["HS"], "offset": 30}],
        ),
        (
            line(AtMeals(("morning", "bedtime"), Relation.AFTER, 30)),
            [{**DAILY, "when": ["PCM"], "offset": 30}, {**DAILY, "when": ["HS"]}],
        ),
        (line(EveryHours(8)), [{"frequency": 1, "period": 8, "periodUnit": "h"}]),
        (
            line(AtMeals(("morning",)), days=Days(2)),
            [{**DAILY, "period": 2, "when": ["PCM"]}],
        ),
        (
            line(AtMeals(("morning",)), days=Days(weekdays=(4, 0))),
            [{**DAILY, "dayOfWeek": ["mon", "fri"], "when": ["PCM"]}],
        ),
        (line(AsNeeded(360)), [{"frequency": 1, "period": 6, "periodUnit": "h"}]),
        (line(AsNeeded()), [{}]),
    ],
    ids=[
        "right after", "30 min after", "30 min before", "with", "bedtime", "30 min before bedtime",
        "after meals and at bedtime", "every 8 h", "every other day", "weekdays",
        "as needed, 6 h apart", "as needed",
    ],
)  # fmt: skip
def test_each_dosing_has_its_timing(medication: Medication, wanted: list[dict[str, Any]]) -> None:
    """Every dosing of the field is written as the field's table says, and is valid R4."""
    assert repeats(medication) == wanted
    must_be_dosages(to_dosages(medication))


def test_as_needed_says_its_most_as_an_amount() -> None:
    """Three doses a day of half a tablet are at most 1.5 tablets a day."""
    dosage = to_dosages(line(AsNeeded(daily_max=3), amount=Fraction(1, 2)))[0]
    assert dosage["asNeededBoolean"] is True
    assert dosage["maxDosePerPeriod"]["numerator"] == {"value": 1.5, "unit": "T"}
    assert dosage["maxDosePerPeriod"]["denominator"]["code"] == "d"


def test_a_taper_counts_its_steps_and_meals_do_not() -> None:
    """Each step is a sequence with its own days; meals of one step share their number."""
    steps = (Step(5, Fraction(2)), Step(9, Fraction(1)))
    dosages = to_dosages(line(AtMeals(THREE, Relation.AFTER, 30), 14, taper=steps))
    said = [(d["sequence"], d["timing"]["repeat"]["boundsDuration"]["value"]) for d in dosages]
    assert said == [(1, 5)] * 3 + [(2, 9)] * 3


def test_a_third_of_a_tablet_comes_back_exactly() -> None:
    """What no decimal can say stands beside its decimal, and is believed over it."""
    written = to_dosages(line(AtMeals(THREE), amount=Fraction(1, 3)))
    assert written[0]["doseAndRate"][0]["doseQuantity"]["value"] == 0.333333
    assert from_dosages(written)[0].amount == Fraction(1, 3)


def test_there_are_a_hundred_fixtures() -> None:
    """The table of bag lines is not smaller than what was asked for."""
    assert len({canonical(m) for m in FIXTURES}) >= 100


@pytest.mark.parametrize("medication", FIXTURES)
def test_fixture_goes_round(medication: Medication) -> None:
    """Medication → Dosages → Medication gives the same, and Dosages again the same Dosages."""
    written = to_dosages(medication)
    must_be_dosages(written)
    read, left_out = from_dosages(written, medication.name)
    assert read == bare(canonical(medication))
    assert left_out == ()
    assert to_dosages(read) == written


@given(medications())
@settings(max_examples=300)
def test_any_medication_goes_round(medication: Medication) -> None:
    """The same for any bag line; its canonical form is its own canonical form."""
    whole = canonical(medication)
    assert canonical(whole) == whole
    written = to_dosages(medication)
    assert written == to_dosages(whole)
    must_be_dosages(written)
    assert from_dosages(written, medication.name)[0] == bare(whole)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (AtMeals(("evening", "morning")), AtMeals(("morning", "evening"))),
        (AtMeals(THREE, Relation.AFTER, 0), AtMeals(THREE)),
        (AtMeals(("bedtime",)), AtMeals(("bedtime",), Relation.AT)),
        (AtMeals(("bedtime",), Relation.BEFORE), AtMeals(("bedtime",), Relation.AT)),
    ],
)
def test_two_ways_to_say_one_thing_are_one(before: AtMeals, after: AtMeals) -> None:
    """Only these change: the order of labels, after by nothing, bedtime's relation to a meal."""
    assert canonical(line(before)) == line(after)


def test_a_taper_of_one_step_is_none() -> None:
    """One step is the amount of the whole supply."""
    one = line(AtMeals(THREE), 5, taper=(Step(5, Fraction(2)),))
    assert canonical(one) == line(AtMeals(THREE), 5, amount=Fraction(2))


@pytest.mark.parametrize(
    ("medication", "why"),
    [
        (line(AtMeals(())), "no time of day"),
        (line(AtMeals(("tea",))), "unknown: tea"),
        (line(AtMeals(("noon", "noon"))), "twice or unknown: noon, noon"),
        (line(AtMeals(THREE, Relation.WITH, 10)), "an offset of 10 min where"),
        (line(AtMeals(THREE, Relation.RIGHT_AFTER, 10)), "an offset of 10 min where"),
        (line(AtMeals(THREE, Relation.AFTER, -1)), "an offset of -1 min"),
        (line(AtMeals(("bedtime",), Relation.AFTER, 30)), "30 min after bedtime"),
        (line(EveryHours(0)), "every 0 hours"),
        (line(EveryHours(25)), "every 25 hours"),
        (line(EveryHours(8, "8 o'clock")), "a first dose at"),
        (line(EveryHours(8), days=Days(2)), "days of what is not at meals"),
        (line(AsNeeded(0)), "as needed, with a limit that is none"),
        (line(AsNeeded(), taper=(Step(30, Fraction(1)),)), "a taper of doses as needed"),
        (line(AtMeals(THREE), 0), "days' supply of 0"),
        (line(AtMeals(THREE), amount=Fraction(0)), "an amount that is none"),
        (line(AtMeals(THREE), unit=" "), "an amount without a unit"),
        (line(AtMeals(THREE), taper=(Step(5, Fraction(1)),)), "not as long as the supply"),
        (line(AtMeals(THREE), 0, taper=(Step(0, Fraction(1)),)), "days' supply of 0"),
        (line(AtMeals(THREE), days=Days(0)), "every 0 days"),
        (line(AtMeals(THREE), days=Days(2, (1,))), "weekdays and every so many days"),
        (line(AtMeals(THREE), days=Days(1, (7,))), "a weekday that is none"),
    ],
)
def test_what_contradicts_itself_is_not_written(medication: Medication, why: str) -> None:
    """A bag line that means nothing is refused with its name and the reason."""
    with pytest.raises(Unsayable, match=f"암로디핀: .*{why}") as unsayable:
        to_dosages(medication)
    assert "{" not in unsayable.value.says("ko")


def test_four_times_with_bedtime_is_one_line() -> None:
    """Three Dosages with an offset and bedtime without one are read as one dosing, in any order."""
    medication = line(AtMeals(FOUR, Relation.AFTER, 30))
    written = to_dosages(medication)
    assert from_dosages(written[::-1], "암로디핀")[0] == medication
    assert replace(medication, dosing=AtMeals(FOUR)) != medication
