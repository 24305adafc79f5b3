"""gateway.rules.help_call: the red button reaches somebody at once, once a call."""

from __future__ import annotations

import itertools

import pytest

from anbu_wire import messages as wire
from gateway.app.terms import terms_of
from gateway.events import LinkUp, TextDecided
from gateway.home import Home
from gateway.household import Household, fold
from gateway.rules import help_call
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    at,
    begun,
    caught_up,
    record,
    reply,
    roster,
    settle,
    texts,
)


def _pressed(home: Home, seq: int, clock: str) -> None:
    home.fold(record(seq, wire.HELP_PRESSED, at(clock), slot_day=None, slot_index=None))


def test_help_is_told_at_once_and_by_name_of_the_button() -> None:
    """A press becomes one text to the first guardian, without waiting for anything."""
    home = begun(at("18:00"))
    _pressed(home, 1, "18:10")
    told = [e for e in settle(home, at("18:10")) if isinstance(e, TextDecided)]
    assert [(t.purpose, t.guardian_id, t.due_ms) for t in told] == [
        ("help_pressed", "daughter", at("18:10"))
    ]
    assert told[0].body == "[안부 1] 김순자님 도움 버튼 누름 18:10. 가시면 1 답장"
    assert terms_of(told[0]).urgency == 0


def test_pressing_again_within_ten_minutes_is_the_same_call() -> None:
    """Whoever presses on in fear opens no second incident; later presses do."""
    home = begun(at("18:00"))
    for seq, clock in enumerate(("18:10", "18:11", "18:20", "18:31"), start=1):
        _pressed(home, seq, clock)
    found = help_call.worries(home.household, at("18:31"))
    assert [(w.kind, w.due_ms) for w in found] == [
        (WorryKind.HELP_PRESSED, at("18:10")),
        (WorryKind.HELP_PRESSED, at("18:31")),
    ]


def test_pressing_again_after_the_call_was_closed_is_told() -> None:
    """A guardian said it is over; who presses after that, within ten minutes too, calls anew."""
    home = begun(at("18:00"))
    _pressed(home, 1, "18:10")
    settle(home, at("18:10"))
    _pressed(home, 2, "18:12")
    assert texts(settle(home, at("18:12"))) == []
    reply(home, "완료", "18:13")
    assert texts(settle(home, at("18:13"))) == []
    for seq, clock in ((3, "18:16"), (4, "18:17")):
        _pressed(home, seq, clock)
    assert texts(settle(home, at("18:17"))) == [("help_pressed", DAUGHTER)]
    assert texts(settle(home, at("18:18"))) == []


def test_a_call_nobody_answers_goes_on_to_the_next_person() -> None:
    """The ladder is the same as for a dose: the neighbour after her fifteen minutes."""
    home = begun(at("18:00"))
    _pressed(home, 1, "18:10")
    settle(home, at("18:10"))
    told = [e for e in settle(home, at("18:25")) if isinstance(e, TextDecided)]
    assert [t.guardian_id for t in told] == ["neighbour"]


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_presses_may_come_in_any_order_and_twice(order: tuple[int, ...]) -> None:
    """The household believes the same whatever the order and repetition of records."""
    home, other = begun(at("18:00")), begun(at("18:00"))
    clocks = {1: "18:10", 2: "18:12", 3: "18:40"}
    for seq in sorted(clocks):
        _pressed(home, seq, clocks[seq])
    for seq in (*order, *order):
        _pressed(other, seq, clocks[seq])
    now_ms = at("18:41")
    assert help_call.worries(home.household, now_ms) == help_call.worries(other.household, now_ms)


@pytest.mark.parametrize("behind_days", [2, 21, 365])
def test_a_call_of_a_box_whose_clock_was_behind_is_told(behind_days: int) -> None:
    """It is learnt before the record that corrects its time: not old, not forgotten."""
    home = begun(at("18:00"))
    home.fold(LinkUp(at("18:11"), BOX))
    wrong = {"wall_ms": at("18:10") - behind_days * 86_400_000, "timeline": 1}
    ticks = {"slot_day": None, "slot_index": None}
    home.fold(record(1, wire.HELP_PRESSED, at("18:11"), uptime_ms=1000, **wrong, **ticks))
    early = settle(home, at("18:11"))
    right = {"wall_ms": at("18:11"), "timeline": 2, "uptime_ms": 61_000}
    home.fold(record(2, wire.CLOCK_SET, at("18:11"), **right, **ticks))
    home.fold(caught_up(at("18:11")))
    told = [e for e in early + settle(home, at("18:11")) if isinstance(e, TextDecided)]
    assert [(t.purpose, t.due_ms) for t in told] == [("help_pressed", at("18:10"))]


def test_a_box_of_nobody_calls_nobody() -> None:
    """A record of a device that is in no roster is kept in the log and worries nobody."""
    household = fold(Household(), record(1, wire.HELP_PRESSED, at("18:10")))
    assert help_call.worries(household, at("18:10")) == []


def test_a_late_answer_to_the_call_before_hides_no_new_call() -> None:
    """Closed at 18:20, called anew at 18:21; "1" came between that and the record of it."""
    home = begun(at("18:00"))
    _pressed(home, 1, "18:12")
    settle(home, at("18:12"))
    reply(home, "완료", "18:20")
    reply(home, "1", "18:25")
    fields = {"wall_ms": at("18:21"), "slot_day": None, "slot_index": None}
    home.fold(record(2, wire.HELP_PRESSED, at("18:26"), **fields))
    assert texts(settle(home, at("18:26"))) == [("help_pressed", DAUGHTER)]


def test_a_call_of_the_day_before_yesterday_is_told() -> None:
    """No gateway heard it for 40 hours: somebody is told, and the box does not say "over"."""
    home = begun(at("18:00"), roster(regimens=()))
    late_ms = at("10:30", "2026-03-04")
    fields = {"wall_ms": at("18:30"), "slot_day": None, "slot_index": None}
    home.fold(record(1, wire.HELP_PRESSED, late_ms, **fields))
    facts = settle(home, late_ms)
    assert texts(facts) == [("help_pressed", DAUGHTER)]
    assert [f for f in facts if f.kind == "device_ordered"] == []
