"""Prescriptions as they were entered, stopped and confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.events import (
    Event,
    MealClockSet,
    MedicationStopped,
    PlanConfirmed,
    PrescriptionEntered,
)
from gateway.fhir import from_dosages, to_dosages
from gateway.prescription import stored
from gateway.prescription.book import Books, PersonBook, fold, next_prescription_id
from gateway.prescription.medication import Medication, Step
from gateway.prescription.supplies import supplies
from tests.gateway.prescription.any_medication import DAY_ONE, once_a_day

CLOCK = {"breakfast": "07:30", "lunch": "12:30", "dinner": "18:30", "bed": "22:00"}


def entered(prescription_id: int, *medications: Medication) -> PrescriptionEntered:
    """A prescription of Soonja's."""
    bodies = tuple(stored.to_json(m) for m in medications)
    return PrescriptionEntered(1, "soonja", prescription_id, bodies, "form", "딸")


def stopped(medication_id: str, after_days: int) -> MedicationStopped:
    """Last taken so many days after DAY_ONE."""
    last = (DAY_ONE + timedelta(after_days)).isoformat()
    return MedicationStopped(2, "soonja", medication_id, last, "딸", "의사")


def book_of(*facts: Event) -> PersonBook:
    """Soonja's book after these facts."""
    books: Books = {}
    for fact in facts:
        fold(books, fact)
    return books["soonja"]


def taken_days(book: PersonBook) -> dict[str, tuple[date, date]]:
    """First and last day of each medication as it is to be taken now."""
    effective = book.effective()
    ids = list(effective)
    return {ids[s.place]: (s.first, s.last) for s in supplies(list(effective.values()))[0]}


def day(after_days: int) -> date:
    """So many days after DAY_ONE."""
    return DAY_ONE + timedelta(after_days)


def test_each_medication_has_the_id_of_its_line() -> None:
    """Prescription and place name a medication; the next prescription gets a new number."""
    books: Books = {}
    assert next_prescription_id(books) == 1
    fold(books, entered(1, once_a_day("a"), once_a_day("b")))
    fold(books, replace(entered(4, once_a_day("c")), person_id="chulsoo"))
    assert list(books["soonja"].entered) == ["1/0", "1/1"]
    assert next_prescription_id(books) == 5


def test_entered_is_not_confirmed() -> None:
    """Until somebody says yes, nothing is to be planned from it; the newest yes holds."""
    book = book_of(entered(1, once_a_day()))
    assert book.confirmed is None
    bodies = {"1/0": stored.to_json(once_a_day())}
    yes = PlanConfirmed(3, "soonja", bodies, CLOCK, "d", "딸")
    book = book_of(entered(1, once_a_day()), yes, replace(yes, digest="e", medications={}))
    assert book.confirmed is not None
    assert (book.confirmed.digest, book.confirmed.medications) == ("e", {})
    assert book.confirmations[0].medications == {"1/0": once_a_day()}


def test_a_meal_clock_is_said_anew() -> None:
    """The newest one holds; before any there is none."""
    facts = [MealClockSet(1, "soonja", {**CLOCK, "dinner": d}, "딸") for d in ("18:00", "19:00")]
    assert book_of(*facts).meal_clock == {**CLOCK, "dinner": "19:00"}
    assert book_of(entered(1)).meal_clock is None


@pytest.mark.parametrize(("last", "days"), [(-1, None), (0, 1), (9, 10), (29, 30), (40, 30)])
def test_a_stop_shortens_its_medication(last: int, days: int | None) -> None:
    """The last day is taken; before the first day nothing is; it never lengthens a supply."""
    effective = book_of(entered(1, once_a_day()), stopped("1/0", last)).entered["1/0"].effective
    assert (effective.days_supply if effective else None) == days


@pytest.mark.parametrize(
    ("last", "steps"), [(2, ()), (3, ()), (4, (4, 1)), (9, (4, 6)), (11, (4, 8)), (40, (4, 8))]
)
def test_a_stop_shortens_a_taper(last: int, steps: tuple[int, ...]) -> None:
    """Four days of two and eight of one: no step goes on behind the stop, and FHIR can say it."""
    taper = (Step(4, Fraction(2)), Step(8, Fraction(1)))
    whole = replace(once_a_day(), days_supply=12, amount=Fraction(2), taper=taper)
    effective = book_of(entered(1, whole), stopped("1/0", last)).entered["1/0"].effective
    assert effective is not None
    assert tuple(step.days for step in effective.taper) == steps
    assert (effective.amount, effective.days_supply) == (Fraction(2), min(last + 1, 12))
    assert from_dosages(to_dosages(effective))[0].days_supply == effective.days_supply


def test_a_stopped_refill_counts_from_where_it_begins() -> None:
    """A refill fetched on day 25 begins on day 30: stopped with day 40 it has eleven days."""
    book = book_of(
        entered(1, once_a_day()), entered(2, once_a_day(after_days=25)), stopped("2/0", 40)
    )
    assert taken_days(book) == {"1/0": (day(0), day(29)), "2/0": (day(30), day(40))}


def test_a_stop_lets_the_refill_begin_earlier() -> None:
    """What was stopped on day 27 makes room for what was fetched on day 25."""
    book = book_of(
        entered(1, once_a_day()), entered(2, once_a_day(after_days=25)), stopped("1/0", 27)
    )
    assert taken_days(book)["2/0"] == (day(28), day(57))
    assert book.entered["2/0"].begins == day(28)


def test_a_withdrawn_line_leaves_room_for_the_right_one() -> None:
    """What was written down wrongly and never taken does not contradict its correction."""
    wrong, right = once_a_day(label="morning"), once_a_day(label="evening")
    book = book_of(entered(1, wrong), stopped("1/0", -1), entered(2, right))
    assert taken_days(book) == {"2/0": (day(0), day(29))}


def test_medicines_without_a_name_are_each_their_own() -> None:
    """Two lines nobody named are no refill of one another."""
    book = book_of(entered(1, once_a_day("", days=5), once_a_day("", days=7)), stopped("1/1", 2))
    assert taken_days(book) == {"1/0": (day(0), day(4)), "1/1": (day(0), day(2))}


STOPS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 120)), max_size=6)


@given(st.lists(st.integers(0, 90), min_size=4, max_size=4), STOPS)
def test_no_day_after_a_stop_is_taken(dispensed: list[int], stops: list[tuple[int, int]]) -> None:
    """Whatever is refilled and stopped in whatever order, a stop's last day holds."""
    facts: list[Event] = [
        entered(n, once_a_day(after_days=after)) for n, after in enumerate(dispensed)
    ]
    last = {f"{n}/0": day(after) for n, after in stops}
    book = book_of(*facts, *(stopped(f"{n}/0", after) for n, after in stops))
    for key, (first, end) in taken_days(book).items():
        assert end <= last.get(key, end)
        assert first == book.entered[key].begins
        assert first >= book.entered[key].medication.dispensed_on  # type: ignore[operator]
