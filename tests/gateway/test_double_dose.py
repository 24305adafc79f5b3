"""gateway.rules.double_dose: an opening that the box warned of is told, one incident a slot."""

from __future__ import annotations

import itertools

import pytest

from anbu_wire import messages as wire
from gateway import rules
from gateway.app.terms import terms_of
from gateway.events import IncidentOpened, TextDecided
from gateway.home import Home
from gateway.rules import double_dose
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import at, begun, record, settle


def _opened(home: Home, seq: int, value: int, clock: str, **fields: object) -> None:
    home.fold(record(seq, wire.LID_OPENED, at(clock), value=value, **fields))


def _taken() -> Home:
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_TAKEN, at("18:31"), value=1))
    return home


@pytest.mark.parametrize(
    ("value", "purpose", "words"),
    [
        (wire.OPENED_AGAIN, "double_dose", "저녁약 18:50 또 열림"),
        (wire.OPENED_TOO_SOON, "dose_too_soon", "저녁약 18:50 일찍 열림"),
    ],
)
def test_a_warning_is_told_at_once(value: int, purpose: str, words: str) -> None:
    """The first guardian is told what happened and when; nobody is told which drug."""
    home = _taken()
    _opened(home, 2, value, "18:50")
    texts = [e for e in settle(home, at("18:50")) if isinstance(e, TextDecided)]
    assert [(t.purpose, t.guardian_id, t.due_ms) for t in texts] == [
        (purpose, "daughter", at("18:50"))
    ]
    assert words in texts[0].body
    assert terms_of(texts[0]).urgency == 1


def test_one_incident_a_slot() -> None:
    """Opened three times more, and too soon before that: one incident, due at the first."""
    home = _taken()
    for seq, (value, clock) in enumerate(
        [
            (wire.OPENED_AGAIN, "18:55"),
            (wire.OPENED_TOO_SOON, "18:50"),
            (wire.OPENED_AGAIN, "19:30"),
        ],
        start=2,
    ):
        _opened(home, seq, value, clock)
    opened = [e for e in settle(home, at("19:31")) if isinstance(e, IncidentOpened)]
    assert [(e.worry, e.due_ms) for e in opened] == [("dose_too_soon", at("18:50"))]


def test_a_record_that_comes_late_opens_no_second_incident() -> None:
    """Told that it was opened again; then the box reports that it was too soon before that."""
    home = _taken()
    _opened(home, 3, wire.OPENED_AGAIN, "18:55")
    settle(home, at("18:55"))
    home.fold(
        record(2, wire.LID_OPENED, at("19:00"), wall_ms=at("18:50"), value=wire.OPENED_TOO_SOON)
    )
    settle(home, at("19:00"))
    assert [i.worry for i in home.ledger.incidents.values()] == ["double_dose"]


def test_it_is_dated_by_what_its_box_says_later() -> None:
    """Opened when the box knew no time, which comes after it: the same hour in every order."""
    facts = [
        record(2, wire.LID_OPENED, at("19:00"), wall_ms=None, quality=wire.UNKNOWN, value=2),
        record(3, wire.HELP_PRESSED, at("19:00"), wall_ms=None, quality=wire.UNKNOWN),
        record(10, wire.CLOCK_SET, at("19:01"), wall_ms=at("18:50"), timeline=2),
    ]
    homes = []
    for order in itertools.permutations(facts):
        homes.append(begun(at("12:00")))
        for fact in order:
            homes[-1].fold(fact)
    assert all(home.household == homes[0].household for home in homes)
    due = at("18:50") - 8000  # eight seconds of uptime before the clock was set
    worries = double_dose.worries(homes[0].household, at("19:01"))
    assert [(w.kind, w.due_ms) for w in worries] == [(WorryKind.DOUBLE_DOSE, due)]


def test_a_double_dose_is_not_over_because_the_dose_was_taken() -> None:
    """That the slot was taken in time is what makes it a double dose: it stays open."""
    home = _taken()
    _opened(home, 2, wire.OPENED_AGAIN, "18:50")
    settle(home, at("18:50"))
    assert [i.live for i in home.ledger.incidents.values()] == [True]
    settle(home, at("18:49", "2026-03-03"))
    assert [i.live for i in home.ledger.incidents.values()] == [True]
    settle(home, at("18:50", "2026-03-03"))
    assert [i.live for i in home.ledger.incidents.values()] == [False]


def test_a_dose_taken_too_soon_is_one_incident() -> None:
    """The doubt that it leaves in the slot is not told a second time."""
    home = begun(at("12:00"))
    _opened(home, 1, wire.OPENED_TOO_SOON, "18:10")
    home.fold(record(2, wire.SLOT_DOUBTFUL, at("18:10"), value=wire.DOUBT_TOO_SOON))
    settle(home, at("18:10"))
    settle(home, at("20:30"))
    assert [i.worry for i in home.ledger.incidents.values()] == ["dose_too_soon"]


@pytest.mark.parametrize(
    "value",
    [
        wire.OPENED_AS_DUE,
        wire.OPENED_WRONG,
        wire.OPENED_NO_SLOT,
        wire.OPENED_REFILL,
        wire.OPENED_AFTER,
        wire.OPENED_PRN,
    ],
)
def test_other_openings_worry_nobody(value: int) -> None:
    """A lid opened for anything else is shown, or decided by its slot, and is no double dose."""
    home = _taken()
    _opened(home, 2, value, "18:50")
    assert double_dose.worries(home.household, at("18:51")) == []


def test_a_prn_compartment_is_one_worry_a_day() -> None:
    """Too soon and too often on one day: one incident, with the words for such a compartment."""
    home = begun(at("08:00"))
    prn: dict[str, object] = {"slot_index": 4, "compartment": 13}
    _opened(home, 1, wire.OPENED_PRN_TOO_SOON, "09:00", **prn)
    _opened(home, 2, wire.OPENED_PRN_TOO_MANY, "10:00", **prn)
    texts = [e for e in settle(home, at("10:00")) if isinstance(e, TextDecided)]
    assert [t.purpose for t in texts] == ["dose_too_soon"]
    assert "필요시약 09:00" in texts[0].body


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_records_may_come_in_any_order_and_twice(order: tuple[int, ...]) -> None:
    """The worries are the same whatever the order and repetition of records."""
    home, other = _taken(), _taken()
    clocks = {1: "18:50", 2: "18:52", 3: "19:40"}
    for seq in sorted(clocks):
        _opened(home, seq + 1, wire.OPENED_AGAIN, clocks[seq])
    for seq in (*order, *order):
        _opened(other, seq + 1, wire.OPENED_AGAIN, clocks[seq])
    now_ms = at("19:41")
    found = rules.worries(home.household, now_ms)
    assert [w.kind for w in found] == [WorryKind.DOUBLE_DOSE]
    assert found == rules.worries(other.household, now_ms)
