"""What worries about calls, whom it is told, and what ends it."""

from __future__ import annotations

import pytest

from gateway.events import CallsPlanned, GatewayStarted, LineSeen, NotMonitored, SaidFine
from gateway.home import Home
from gateway.incidents.shapes import Incident
from gateway.life.signs import Source
from gateway.units import MIN_MS
from tests.gateway.calls.called import OFFICER, WELL, answer, called, day, dial, fold, over
from tests.gateway.home_facts import DAUGHTER, at, settle, texts

THURSDAY, NEXT_WEEK = "2026-03-05", "2026-03-09"


def incidents(home: Home) -> list[tuple[str, str]]:
    """(worry, reason) of every incident, the oldest first."""
    return [(i.worry, i.reason) for i in home.ledger.incidents.values()]


def live(home: Home) -> list[Incident]:
    """Those that are not over."""
    return [home.ledger.incidents[i] for i in home.ledger.live]


def test_three_times_no_answer_is_told_the_officer_then_the_daughter() -> None:
    """The officer at the third attempt's end, the daughter half an hour later, once each."""
    home = called()
    _rung, told = day(home, "no_answer", until="11:22")
    assert told == [("call_unanswered", OFFICER)]
    assert incidents(home) == [("call_unanswered", "three_attempts")]
    told = texts(settle(home, at("11:52")))
    assert told == [("call_unanswered", DAUGHTER)]


def test_the_hours_end_before_the_third_attempt() -> None:
    """Tried once at the end of the hours: the officer is told when they are over."""
    home = called()
    over(home, dial(home, at("11:55"))[0], at("11:56"), "busy")
    assert texts(settle(home, at("11:59"))) == []
    assert texts(settle(home, at("12:00"))) == [("call_unanswered", OFFICER)]
    assert incidents(home) == [("call_unanswered", "window_over")]
    assert dial(home, at("12:01")) == []


def test_a_sign_of_life_after_it_ends_it_and_one_before_does_not() -> None:
    """It is always told; what she does after the last attempt shows that she is there."""
    home = called()
    fold(home, SaidFine(at("09:59"), "soonja", "soonja"))
    day(home, "no_answer", until="11:25")
    assert [i.worry for i in live(home)] == ["call_unanswered"]
    fold(home, SaidFine(at("11:40"), "soonja", "soonja"))
    settle(home, at("11:40"))
    assert live(home) == []
    assert incidents(home) == [("call_unanswered", "gone")]
    assert home.household.calls.unanswered == {}


def test_a_sign_that_is_learnt_before_anybody_decided_hides_nothing() -> None:
    """The gateway dies after the third attempt; what it learns first when it is back is a sign."""
    home = called()
    for n, clock in enumerate(("10:00", "10:45", "11:30"), 1):
        over(home, dial(home, at(clock))[0], at(clock) + n, "no_answer")
    fold(home, GatewayStarted(at("11:40"), "test"), SaidFine(at("11:41"), "soonja", "soonja"))
    assert texts(settle(home, at("11:41"))) == [("call_unanswered", OFFICER)]


def test_the_next_answered_call_ends_it() -> None:
    """Nobody answered on Monday; on Thursday she does."""
    home = called()
    day(home, "no_answer")
    call = dial(home, at("10:00", THURSDAY))[0]
    answer(home, call, at("10:01", THURSDAY), WELL[0])
    settle(home, at("10:01", THURSDAY))
    assert live(home) == []


def test_an_answer_is_a_sign_of_life_and_a_voice_is_none() -> None:
    """A key was pressed by a hand; a voice may be a machine's."""
    home = called()
    call = dial(home, at("10:00"))[0]
    answer(home, call, at("10:01"), ("meals", "spoke", ""))
    assert home.household.signs.last("soonja", home.household.timelines) is None
    answer(home, call, at("10:02"), WELL[0])
    sign = home.household.signs.last("soonja", home.household.timelines)
    assert sign is not None
    assert (sign.at_ms, sign.source) == (at("10:02"), Source.CALL)


def test_who_went_away_after_a_first_attempt_is_not_told_of() -> None:
    """Somebody said meanwhile that she is in hospital, or that she is not to be called any more."""
    for said in (
        NotMonitored(at("11:00"), "soonja", "2026-03-02", "2026-03-03", "hospital", "a"),
        CallsPlanned(at("11:00"), "soonja", "wellbeing", None, "a"),
    ):
        home = called()
        over(home, dial(home, at("10:30"))[0], at("10:31"), "no_answer")
        fold(home, said)
        assert texts(settle(home, at("12:30"))) == []


@pytest.mark.parametrize(
    ("said", "purpose", "reason"),
    [
        (("sleep", "help", "0"), "call_worry_asked", "asked_for_a_call"),
        (("pain", "pain", "2"), "call_worry_pain", "pain"),
        (("worry", "worry", "2"), "call_worry_worried", "worried"),
        (("meals", "said", ""), "call_worry", "said"),
    ],
)
def test_what_she_says_reaches_the_officer_while_the_call_goes_on(
    said: tuple[str, str, str], purpose: str, reason: str
) -> None:
    """It is told at the answer, not at the end of the call, and a person alone ends it."""
    home = called()
    call = dial(home, at("10:00"))[0]
    answer(home, call, at("10:01"), WELL[0], said)
    assert texts(settle(home, at("10:01"))) == [(purpose, OFFICER)]
    assert incidents(home) == [("call_worry", reason)]
    over(home, call, at("10:02"), "answered", said[1])
    fold(home, SaidFine(at("10:30"), "soonja", "soonja"))
    settle(home, at("10:30"))
    assert [i.worry for i in live(home)] == ["call_worry"]


@pytest.mark.parametrize("why", ["spoke", "fell_silent", "wrong_digits"])
def test_who_began_to_answer_and_stopped_is_looked_after(why: str) -> None:
    """She was there, and then no key came: that is told; that she hung up is not."""
    for ended, expected in ((why, [("call_worry", OFFICER)]), ("hung_up", [])):
        home = called()
        call = dial(home, at("10:00"))[0]
        answer(home, call, at("10:01"), WELL[0])
        over(home, call, at("10:02"), "partly", ended)
        assert texts(settle(home, at("10:02"))) == expected


def test_a_call_back_is_owed_however_late_it_is_known() -> None:
    """She pressed 0, the gateway died at that moment and came back three days later."""
    home = called()
    call = dial(home, at("10:00"))[0]
    answer(home, call, at("10:01"), ("here", "help", "0"))
    fold(home, GatewayStarted(at("09:00", THURSDAY), "test"))
    told = texts(settle(home, at("09:00", THURSDAY)))
    assert ("call_worry_asked", OFFICER) in told


def test_a_dead_line_is_a_technical_incident_and_nothing_of_hers() -> None:
    """The line is dead all day: the officer reads that calls fail, never that she did not answer.

    When it works again that is over.
    """
    home = fold(called(), LineSeen(at("09:50"), "sip", works=False, why="no account"))
    assert texts(settle(home, at("09:54"))) == []  # it may be back in a moment
    rung, told = day(home, "answered", until="12:30")
    assert rung == [10 * 60]  # tried in spite of what the driver said, after its rest
    assert told == [("route_down_calls", OFFICER)]
    assert incidents(home)[0] == ("route_down", "gone")


def test_calls_that_fail_on_the_line_are_that() -> None:
    """Every dial fails: nobody was reached, and it is told as a fault and as a day not done."""
    home = called()
    _rung, told = day(home, "line_down", "503 Service Unavailable", until="12:30")
    assert {purpose for purpose, _to in told} == {"route_down_calls"}
    assert incidents(home) == [("route_down", "calls_down"), ("route_down", "calls_not_made")]


def test_one_call_that_gave_way_to_a_text_is_no_fault() -> None:
    """The modem hangs up for a text: called again a minute later, nobody is told anything."""
    home = called()
    over(home, dial(home, at("10:00"))[0], at("10:01"), "line_down", "gave way to a text")
    assert texts(settle(home, at("10:30"))) == []
    assert len(dial(home, at("10:02"))) == 1


def test_who_could_not_be_called_in_the_hours_is_told_until_everybody_is() -> None:
    """One line, a call that lasts all morning: the second was never rung. Thursday all are."""
    home = called("08:00", "a", "b")
    call = dial(home, at("10:00"))[0]
    over(home, call, at("12:01"), "answered")
    assert texts(settle(home, at("12:05"))) == [("route_down_calls", OFFICER)]
    assert incidents(home) == [("route_down", "calls_not_made")]
    for n in range(2):
        now_ms = at("10:00", THURSDAY) + n * MIN_MS
        over(home, dial(home, now_ms)[0], now_ms, "answered")
    settle(home, at("12:00", THURSDAY))
    assert live(home) == []


def test_it_is_looked_at_when_the_hours_end() -> None:
    """The home names that moment itself: no fact comes then."""
    home = called()
    over(home, dial(home, at("11:55"))[0], at("11:56"), "busy")
    settle(home, at("11:56"))
    assert home.next_deadline(at("11:57")) == at("12:00")


def test_monday_next_week_is_another_incident() -> None:
    """Two Mondays without an answer, and nobody looked after her between: told each time."""
    home = called()
    day(home, "no_answer")
    day(home, "no_answer", on=NEXT_WEEK)
    keys = [i.key for i in home.ledger.incidents.values() if i.worry == "call_unanswered"]
    assert len(keys) == 2
