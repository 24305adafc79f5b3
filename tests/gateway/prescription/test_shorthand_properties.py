"""For every medication a line can say: written and read again it is the same; any text is safe.

Knows: what a line can say (the strategy below is its domain).
"""

from __future__ import annotations

import unicodedata
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    EveryHours,
    Medication,
    Relation,
    Step,
)
from gateway.prescription.shorthand import MOST_AMOUNT, read
from gateway.prescription.shorthand_problem import say
from gateway.prescription.shorthand_text import text
from gateway.roster import LABELS

SIDES = (Relation.AFTER, Relation.BEFORE)


@st.composite
def at_meals(draw: st.DrawFn) -> AtMeals:
    labels = draw(st.sets(st.sampled_from(LABELS), min_size=1))
    named = tuple(label for label in LABELS if label in labels)
    if named == ("bedtime",):
        return AtMeals(named, Relation.AT)
    relation = draw(st.sampled_from(list(Relation)))
    least = 1 if relation is Relation.AFTER else 0
    offset_min = draw(st.integers(least, 240)) if relation in SIDES else 0
    return AtMeals(named, relation, offset_min)


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
EVERY_HOURS = st.builds(EveryHours, st.sampled_from((1, 2, 3, 4, 6, 8, 12, 24)), CLOCKS)
AS_NEEDED = st.builds(AsNeeded, st.none() | st.integers(1, 72 * 60), st.none() | st.integers(1, 24))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda d: Days(weekdays=tuple(sorted(d))))
ON_DAYS = st.integers(1, 28).map(Days) | WEEKDAYS
SPACES = st.characters(categories=["L", "N", "P", "S", "Zs"])
FREE = st.text(SPACES, max_size=20).map(lambda t: " ".join(t.split()))
STORAGE = st.sampled_from(["", "refrigerated", "room temperature", "습기를 피해"])
STRENGTHS = ["", "5mg", "5/160mg", "250mg/5mL", "0.25 mg", "1,000IU", "50mg/12.5mg"]
FRACTIONS = st.fractions(Fraction(1, 100), 20, max_denominator=100)


@st.composite
def medications(draw: st.DrawFn) -> Medication:
    dosing = draw(at_meals() | EVERY_HOURS | AS_NEEDED)
    steps = st.builds(Step, st.integers(1, 50), FRACTIONS)
    taper = tuple(draw(st.lists(steps, max_size=4)))
    taper = taper if len(taper) > 1 else ()
    return Medication(
        name=draw(nfc_texts()),
        dosing=dosing,
        days_supply=sum(s.days for s in taper) if taper else draw(st.integers(1, 365)),
        amount=taper[0].amount if taper else draw(FRACTIONS),
        unit=draw(st.sampled_from(sorted(MOST_AMOUNT))),
        strength=draw(st.sampled_from(STRENGTHS)),
        dispensed_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        days=draw(ON_DAYS) if isinstance(dosing, AtMeals) else Days(),
        taper=taper,
        storage=draw(STORAGE),
        pharmacy_phone=draw(st.sampled_from(["", "02-123-4567", "1588-1234", "+8221234567"])),
        drug_class=draw(st.sampled_from(["default", "statin", "time_critical"])),
    )


def nfc_texts() -> st.SearchStrategy[str]:
    """Names: words of any script, and names made of the table's own words."""
    tricky = st.sampled_from(
        ["아침", "1T", "prn 정", "필요시 정", "5-FU", '"', 'a"b', "정 5mg", "→", "a,", "(정)", "월"]
    )
    return FREE.map(lambda t: unicodedata.normalize("NFC", t)) | tricky


@pytest.mark.parametrize("language", ["ko", "en"])
@given(medication=medications())
def test_written_and_read_again_it_is_the_same(language: str, medication: Medication) -> None:
    """From medication → text → medication is the identity in both languages."""
    line = text(medication, language)
    reading = read(line)
    assert reading.problems == ()
    assert reading.medication == medication
    assert text(reading.medication, language) == line


PIECES = st.sampled_from(
    [
        *("1T", "0.5T", "tid", "bid", "qd", "pc", "ac", "hs", "am", "prn", "q8h", "5d", "30일분"),
        *("1일", "3회", "식후", "30분", "아침", "저녁", "→", "격일", "월수금", "max", "3/d"),
        *("min 6h", "5mg", "1", "3", ",", "/", "(", "매", "식", "주", "일", "반", '"', "[", "#x"),
        *("2026-03-02", "x", "한 알", "최대", "12:00 부터", "일 3회"),
    ]
)


@given(line=st.text(max_size=60) | st.lists(PIECES, max_size=14).map(" ".join))
def test_any_text_is_read_or_refused_with_places(line: str) -> None:
    """Whatever is typed: a medication that writes itself again, or problems inside the line."""
    reading = read(line)
    assert (reading.medication is None) == bool(reading.problems)
    for problem in reading.problems:
        end = problem.at + problem.length
        assert reading.line[problem.at : end] == problem.found
        assert say(problem, "ko")
    if reading.medication is not None:
        for language in ("ko", "en"):
            assert read(text(reading.medication, language)).medication == reading.medication
