"""Hours that are moved, pauses that end, clocks that were wrong: what was told stands."""

from __future__ import annotations

import pytest

from gateway.calls import queue
from gateway.events import (
    CallBegun,
    CallEnded,
    CallsPlanned,
    IncidentResolved,
    LineSeen,
    SaidFine,
    TellingPaused,
)
from gateway.rules import calls_down
from tests.gateway.calls.called import OFFICER, PLAN, answer, called, day, dial, fold, over
from tests.gateway.calls.test_worries import incidents, live
from tests.gateway.home_facts import at, settle, texts

FAR = "2030-01-01"  # what a clock said that was wrong for a while
THURSDAY = "2026-03-05"


def test_moving_her_hours_takes_back_nothing_that_was_told() -> None:
    """The officer was told at noon, and moves her calls to the evening: the incident stays."""
    home = called()
    over(home, dial(home, at("11:55"))[0], at("11:56"), "busy")
    assert texts(settle(home, at("12:00"))) == [("call_unanswered", OFFICER)]
    later = {**PLAN, "from": "18:00", "until": "20:00"}
    fold(home, CallsPlanned(at("12:05"), "soonja", "wellbeing", later, "최담당"))
    for clock in ("12:05", "20:01"):
        settle(home, at(clock))
        assert [i.worry for i in live(home)] == ["call_unanswered"]
    assert dial(home, at("18:00")) == []


def test_a_clock_set_back_takes_back_nothing_that_was_told() -> None:
    """Half an hour back, before the end of her hours: the incident stays."""
    home = called()
    over(home, dial(home, at("11:55"))[0], at("11:56"), "busy")
    settle(home, at("12:00"))
    settle(home, at("11:30"))
    assert [i.worry for i in live(home)] == ["call_unanswered"]


@pytest.mark.parametrize("paused_until", ["10:40", "11:58"])
def test_a_pause_that_is_over_hides_nobody(paused_until: str) -> None:
    """She did not answer, was paused for a while, and the lines were busy: the officer is told."""
    home = called()
    over(home, dial(home, at("10:00"))[0], at("10:01"), "no_answer")
    fold(home, TellingPaused(at("10:30"), "soonja", at(paused_until), "a", "visit"))
    assert texts(settle(home, at("12:00"))) == [("call_unanswered", OFFICER)]


def test_what_rings_at_the_end_of_the_hours_was_made() -> None:
    """Begun at 11:59 and not over at noon: nobody is told that it was not made, unless it fails."""
    for outcome, said in (("answered", []), ("line_down", [("route_down", "calls_not_made")])):
        home = called()
        call = dial(home, at("11:59"))[0]
        settle(home, at("12:00"))
        assert incidents(home) == []
        over(home, call, at("12:01"), outcome)
        settle(home, at("12:01"))
        assert incidents(home) == said


def test_a_clock_that_was_ahead_keeps_nobody_from_being_called() -> None:
    """A plan, a call to her number and a failed line, all dated 2030: today she is called."""
    home = called()
    fold(
        home,
        CallsPlanned(at("08:00", FAR), "soonja", "wellbeing", PLAN, "최담당"),
        CallBegun(at("10:00", FAR), 7, "soonja", "wellbeing", FAR, 1, "sip"),
        CallEnded(at("10:01", FAR), 7, "soonja", "answered", ""),
        CallBegun(at("10:02", FAR), 8, "soonja", "voice_message", FAR, 1, "sip"),
        CallEnded(at("10:03", FAR), 8, "soonja", "line_down", "no network"),
    )
    assert queue.next_ms(home.household, at("08:00")) == at("10:00")
    assert [c.day for c in dial(home, at("10:00"))] == ["2026-03-02"]


def test_what_was_planned_by_a_clock_that_was_ahead_is_missed_where_it_is() -> None:
    """Her plan is dated 2030, and nobody called her this morning: that is told."""
    home = fold(called(), CallsPlanned(at("08:00", FAR), "soonja", "wellbeing", PLAN, "최담당"))
    assert [w.reason for w in calls_down.worries(home.household, at("12:00"))] == ["calls_not_made"]


def test_three_in_vain_are_told_though_the_last_is_dated_ahead() -> None:
    """The clock was years ahead as the third call ended, and is right again: the officer is told.

    Nobody waits for the year that stands on it, and a sign of life after the call ends it.
    """
    home = called()
    for begins, ends in (("10:00", "10:01"), ("11:00", "11:01")):
        over(home, dial(home, at(begins))[0], at(ends), "no_answer")
    over(home, dial(home, at("11:40"))[0], at("10:00", FAR), "no_answer")
    assert texts(settle(home, at("11:42"))) == [("call_unanswered", OFFICER)]
    assert dial(home, at("11:59")) == []
    fold(home, SaidFine(at("11:50"), "soonja", "soonja"))
    settle(home, at("11:51"))
    assert live(home) == []


def test_she_is_called_again_though_a_call_is_dated_ahead() -> None:
    """The clock was years ahead as the first call ended: twice more, then the officer is told."""
    home = called()
    over(home, dial(home, at("10:00"))[0], at("10:00", FAR), "no_answer")
    rung, told = day(home, "no_answer")
    assert rung == [10 * 60 + 40, 11 * 60 + 21]
    assert told[0] == ("call_unanswered", OFFICER)


def test_one_in_vain_is_told_though_it_is_dated_ahead() -> None:
    """The line was taken for the rest of her hours: when they are over, the officer is told."""
    home = called()
    over(home, dial(home, at("10:00"))[0], at("10:00", FAR), "busy")
    assert texts(settle(home, at("12:00"))) == [("call_unanswered", OFFICER)]


def test_a_dead_line_dated_ahead_is_told() -> None:
    """The line died by a clock that was years ahead: it is dead now."""
    home = fold(called(), LineSeen(at("09:00", FAR), "sip", works=False, why="no account"))
    assert [w.reason for w in calls_down.worries(home.household, at("09:10"))] == ["calls_down"]


def test_what_was_looked_after_is_told_once() -> None:
    """A word raised concern and the officer saw to it before she hung up: not told again."""
    home = called()
    call = dial(home, at("10:00"))[0]
    answer(home, call, at("10:01"), ("here", "here", "1"), ("meals", "said", ""))
    settle(home, at("10:01"))
    [incident] = live(home)
    fold(home, IncidentResolved(at("10:02"), incident.id, "by_person", "최담당"))
    over(home, call, at("10:03"), "partly", "said")
    settle(home, at("10:03"))
    assert live(home) == []


def test_three_in_vain_then_away_is_told_all_the_same() -> None:
    """Nothing that is said afterwards takes three attempts back."""
    home = called()
    _rung, told = day(home, "no_answer", until="11:25")
    assert told[0] == ("call_unanswered", OFFICER)
    fold(home, CallsPlanned(at("11:30"), "soonja", "wellbeing", None, "최담당"))
    settle(home, at("12:30"))
    assert [i.worry for i in live(home)] == ["call_unanswered"]
