"""Medications for the tests of what is stored and planned: any that could be, and a plain one.

Knows: medications. May not know: facts, plans.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

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
from gateway.roster import LABELS

DAY_ONE = date(2026, 3, 2)  # a Monday

_text = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
_amounts = st.fractions(Fraction(1, 8), 20, max_denominator=8)
_labels = st.sets(st.sampled_from(LABELS), min_size=1).map(
    lambda chosen: tuple(label for label in LABELS if label in chosen)
)
_clocks = st.times().map(lambda t: f"{t:%H:%M}")
_maybe = st.none() | st.integers(1, 24)
DOSINGS: st.SearchStrategy[Dosing] = st.one_of(
    st.builds(AtMeals, _labels, st.sampled_from(Relation), st.integers(0, 240)),
    st.builds(EveryHours, st.sampled_from((1, 2, 3, 4, 6, 8, 12, 24)), _clocks),
    st.builds(AsNeeded, _maybe.map(lambda h: h and h * 60), _maybe),
)
_days = st.builds(Days, st.integers(1, 28)) | st.builds(
    Days, st.just(1), st.sets(st.integers(0, 6)).map(lambda w: tuple(sorted(w)))
)
MEDICATIONS = st.builds(
    Medication,
    name=_text,
    dosing=DOSINGS,
    days_supply=st.integers(1, 365),
    amount=_amounts,
    unit=st.sampled_from(("T", "C", "mL", "포")),
    strength=_text,
    dispensed_on=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    days=_days,
    taper=st.lists(st.builds(Step, st.integers(1, 30), _amounts), max_size=4).map(tuple),
    storage=_text,
    pharmacy_phone=_text,
    drug_class=st.sampled_from(("default", "statin", "weekly")),
)


def once_a_day(
    name: str = "암로디핀", label: str = "evening", days: int = 30, after_days: int = 0
) -> Medication:
    """One tablet a day at one label, dispensed so many days after DAY_ONE."""
    return Medication(name, AtMeals((label,)), days, dispensed_on=DAY_ONE + timedelta(after_days))
