"""Bag lines for the FHIR tests: a table of real ones, and any that could be.

Knows: medications. May not know: FHIR.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

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

THREE = ("morning", "noon", "evening")
FOUR = (*THREE, "bedtime")
LABEL_SETS = (
    ("morning",),
    ("noon",),
    ("evening",),
    ("bedtime",),
    ("morning", "evening"),
    ("morning", "bedtime"),
    ("noon", "evening"),
    ("evening", "bedtime"),
    THREE,
    FOUR,
)
RELATIONS = (
    (Relation.RIGHT_AFTER, 0),
    (Relation.AFTER, 30),
    (Relation.BEFORE, 0),
    (Relation.BEFORE, 30),
    (Relation.WITH, 0),
    (Relation.AT, 0),
)
MEALS: tuple[Dosing, ...] = tuple(
    AtMeals(labels, relation, offset)
    for labels, (relation, offset) in product(LABEL_SETS, RELATIONS)
    if not (labels == ("bedtime",) and relation is Relation.AFTER)
)
HOURS: tuple[Dosing, ...] = tuple(EveryHours(h) for h in (4, 6, 8, 12, 24))
PRN: tuple[Dosing, ...] = tuple(
    AsNeeded(least, most) for least, most in product((None, 240, 90), (None, 1, 3))
)
AMOUNTS = (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 3), Fraction(5, 2))
DAYS = (Days(), Days(2), Days(3), Days(weekdays=(0, 2, 4)), Days(weekdays=(6,)), Days(7))


def line(dosing: Dosing, days_supply: int = 30, **more: object) -> Medication:
    """A bag line of that dosing."""
    return Medication(name="암로디핀", dosing=dosing, days_supply=days_supply, **more)  # type: ignore[arg-type]


def _fixtures() -> tuple[Medication, ...]:
    whole = [line(d) for d in (*MEALS, *HOURS, *PRN)]
    whole += [line(AtMeals(THREE), amount=a) for a in AMOUNTS]
    whole += [line(AsNeeded(240, 3), amount=a) for a in AMOUNTS]
    for days, meals in product(DAYS, (AtMeals(("morning",)), AtMeals(FOUR, Relation.AFTER, 30))):
        whole.append(line(meals, days=days))
    down = (Step(5, Fraction(3)), Step(5, Fraction(2)), Step(4, Fraction(1, 2)))
    for dosing in (AtMeals(("morning",)), AtMeals(THREE, Relation.AFTER, 30), EveryHours(8)):
        whole.append(line(dosing, 14, amount=Fraction(3), taper=down))
    for unit, phone, strength in product(("정", "mL", "포"), ("", "053-000-0000"), ("", "5mg/정")):
        bag = line(
            AtMeals(("morning",)),
            7,
            unit=unit,
            strength=strength,
            pharmacy_phone=phone,
            storage="냉장" if phone else "",
            dispensed_on=date(2026, 2, 28) if strength else None,
            drug_class="anticoagulant" if strength else "default",
        )
        whole.append(bag)
    return tuple(whole)


FIXTURES = _fixtures()

words = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)
amounts = st.builds(Fraction, st.integers(1, 40), st.integers(1, 12))
meals = st.builds(
    AtMeals,
    st.sets(st.sampled_from(FOUR), min_size=1).map(tuple),
    st.sampled_from(Relation),
    st.just(0),
) | st.builds(
    AtMeals,
    st.sets(st.sampled_from(THREE), min_size=1).map(lambda s: (*sorted(s), "bedtime")),
    st.sampled_from((Relation.AFTER, Relation.BEFORE)),
    st.integers(1, 180),
)
hours = st.builds(EveryHours, st.integers(1, 24), st.sampled_from(("00:00", "08:00", "23:59")))
as_needed = st.builds(AsNeeded, st.none() | st.integers(1, 2000), st.none() | st.integers(1, 12))
tapers = st.lists(st.builds(Step, st.integers(1, 30), amounts), min_size=1, max_size=5).map(tuple)
some_days = st.builds(Days, st.integers(1, 30)) | st.builds(
    Days, st.just(1), st.sets(st.integers(0, 6), min_size=1).map(tuple)
)


@st.composite
def medications(draw: st.DrawFn) -> Medication:
    """Any bag line that has a Dosage."""
    dosing = draw(meals | hours | as_needed)
    at_meals = isinstance(dosing, AtMeals)
    taper = () if isinstance(dosing, AsNeeded) else draw(st.just(()) | tapers)
    return Medication(
        name=draw(st.just("") | words),
        dosing=dosing,
        days_supply=sum(s.days for s in taper) or draw(st.integers(1, 365)),
        amount=draw(amounts),
        unit=draw(words),
        strength=draw(st.just("") | words),
        dispensed_on=draw(st.none() | st.dates(date(2000, 1, 1))),
        days=draw(some_days) if at_meals else Days(),
        taper=taper,
        storage=draw(st.just("") | words),
        pharmacy_phone=draw(st.just("") | words),
        drug_class=draw(st.just("default") | words),
    )
