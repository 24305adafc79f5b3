"""What answers by text mean, and what follows from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.adherence import State as SlotState
from gateway.adherence import outcome
from gateway.incidents import State
from gateway.incidents.replies import MAX_ANSWERS, Meaning, parse
from tests.gateway.home_facts import (
    DAUGHTER,
    EVENING,
    NEIGHBOUR,
    at,
    missed_at_seven,
    only,
    record,
    reply,
    settle,
    texts,
)


@pytest.mark.parametrize(
    ("body", "meaning", "incident"),
    [
        ("1", Meaning.ACK, None),
        (" 1. ", Meaning.ACK, None),
        ("\uff11", Meaning.ACK, None),  # as a Korean keyboard writes it at full width
        ("12 1", Meaning.ACK, 12),
        ("[12] 확인", Meaning.ACK, 12),
        ("12,1", Meaning.ACK, 12),
        ("확인", Meaning.ACK, None),
        ("OK", Meaning.ACK, None),
        ("완료", Meaning.DONE, None),
        ("12 완료", Meaning.DONE, 12),
        ("12", Meaning.OTHER, None),
        ("11", Meaning.OTHER, None),
        ("지금 갈게요", Meaning.OTHER, None),
        ("", Meaning.OTHER, None),
    ],
)
def test_what_answers_mean(body: str, meaning: Meaning, incident: int | None) -> None:
    """Answers are understood as people write them, with or without the number."""
    assert (parse(body).meaning, parse(body).incident_id) == (meaning, incident)


@given(st.text(max_size=80))
def test_no_answer_breaks_anything(body: str) -> None:
    """Whatever somebody writes, it is an answer or gets one helpful line."""
    home = missed_at_seven()
    assert {f.kind for f in reply(home, body, "19:03")} <= {
        "incident_acknowledged",
        "incident_resolved",
        "text_decided",
    }


def test_an_answer_counts_once() -> None:
    """The same message told twice by the modem is one answer."""
    home = missed_at_seven()
    assert reply(home, "1", "19:03", key="same")
    assert reply(home, "1", "19:04", key="same") == []


def test_strangers_are_not_answered() -> None:
    """A number nobody registered changes nothing and costs no text."""
    home = missed_at_seven()
    assert reply(home, "1", "19:03", sender="+821099999999") == []
    assert only(home).state is State.NOTIFYING


def test_who_was_not_told_cannot_take_it() -> None:
    """The neighbour, not told yet, gets the helpful line; the incident stays open."""
    home = missed_at_seven()
    assert texts(reply(home, "1", "19:03", sender=NEIGHBOUR)) == [("help", NEIGHBOUR)]
    assert only(home).state is State.NOTIFYING


def test_machines_do_not_talk_to_machines_for_ever() -> None:
    """After five automatic answers about an incident a number gets no more."""
    home = missed_at_seven()
    answers = [reply(home, "?", f"19:{n:02}") for n in range(10, 20)]
    assert sum(len(a) for a in answers) == MAX_ANSWERS


def test_an_answer_after_the_end_says_so() -> None:
    """A late 1 is told that it is over."""
    home = missed_at_seven()
    home.fold(record(2, wire.SLOT_TAKEN, at("19:12"), value=2))
    settle(home, at("19:12"))
    assert texts(reply(home, "1", "19:20")) == [("over", DAUGHTER)]


def test_an_answer_never_marks_a_dose() -> None:
    """Nothing anybody writes makes a slot taken."""
    home = missed_at_seven()
    reply(home, "완료", "19:03")
    assert outcome(home.household, EVENING, at("19:30")).state is SlotState.LATE


def test_a_second_one_is_for_the_incident_nobody_has_yet() -> None:
    """Two incidents, "1" twice: both are hers."""
    home = missed_at_seven()
    home.fold(record(2, wire.HELP_PRESSED, at("19:05"), slot_day=None, slot_index=None))
    settle(home, at("19:05"))
    reply(home, "1", "19:06", key="a")
    reply(home, "1", "19:07", key="b")
    assert {i.state for i in home.ledger.incidents.values()} == {State.ACKED}
