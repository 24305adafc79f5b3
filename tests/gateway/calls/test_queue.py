"""Who is called when: attempts within the hours, lines, restarts, stays and pauses."""

from __future__ import annotations

import pytest

from gateway.calling import NOT_HERS, OUTCOMES
from gateway.calls import queue
from gateway.calls.conversation import Asked
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallsConsent,
    CallsPlanned,
    GatewayStarted,
    HospitalLeft,
    LineSeen,
    NotMonitored,
    TellingPaused,
)
from gateway.units import MIN_MS
from tests.gateway.calls.called import PLAN, WELL, answer, called, day, dial, fold, over
from tests.gateway.home_facts import at

THURSDAY, TUESDAY = "2026-03-05", "2026-03-03"


def test_three_attempts_spread_over_the_hours() -> None:
    """Who does not answer is called three times between ten and twelve, then not any more."""
    rung, _told = day(called(), "no_answer")
    assert [divmod(minute, 60) for minute in rung] == [(10, 0), (10, 41), (11, 21)]


def test_long_hours_do_not_make_a_fourth_attempt() -> None:
    """From seven to twenty-one: an hour apart, and three, though nobody decided yet."""
    home, rung = called("06:00", **{"from": "07:00", "until": "21:00"}), []
    for ms in range(at("07:00"), at("21:00"), 10 * MIN_MS):
        for call in dial(home, ms):
            rung.append((ms - at("00:00")) // MIN_MS)
            over(home, call, ms, "no_answer")
    assert rung == [7 * 60, 8 * 60, 9 * 60]


def test_home_from_hospital_she_is_called_on_the_days_agreed() -> None:
    """Tuesday is none of her days, but it was agreed for the week after."""
    left = HospitalLeft(
        at("09:00"), "soonja", "2026-03-02", "2026-03-09", "risk", None,
        visits=(), calls=(TUESDAY,), prescription=False, by="최담당",
    )  # fmt: skip
    home = called()
    over(home, dial(home, at("10:00"))[0], at("10:01"), "answered")
    fold(home, left)
    assert [c.day for c in dial(home, at("10:00", TUESDAY))] == [TUESDAY]


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES if o not in NOT_HERS])
def test_what_uses_an_attempt_up(outcome: str) -> None:
    """Whatever happened at her end counts; who answered, even in part, is not called again."""
    rung, _told = day(called(), outcome)
    assert len(rung) == (1 if outcome in ("answered", "partly") else 3)


def test_a_dead_line_uses_nothing_up() -> None:
    """The line fails for half an hour: she is called when it works, and it is her first attempt."""
    home = called()
    attempts = []
    for ms in range(at("10:00"), at("10:40"), MIN_MS):
        for call in dial(home, ms):
            attempts.append(call.attempt)
            over(home, call, ms, "line_down" if ms < at("10:30") else "answered")
    assert set(attempts) == {1}
    assert len(attempts) == 6  # at 0, 1, 3, 7, 15 and 30 minutes: it is not hammered
    assert dial(home, at("10:50")) == []


def test_only_within_the_hours_of_her_days() -> None:
    """Not a minute early, not at the end of the hours or after it, not on another day."""
    home = called()
    for clock, on in (("09:59", "2026-03-02"), ("12:00", "2026-03-02"), ("10:30", TUESDAY)):
        assert dial(home, at(clock, on)) == []
    assert [c.day for c in dial(home, at("11:59", THURSDAY))] == [THURSDAY]


def test_a_plan_made_after_the_hours_begins_with_the_next_day() -> None:
    """Nobody is called for the morning that was over before it was planned."""
    home = called("15:00")
    assert queue.next_call_ms(home.household, "soonja", at("15:00")) == at("10:00", THURSDAY)


def test_no_more_calls_than_lines() -> None:
    """Five people and two lines: two at once, the next when one is over; each once."""
    home = called("08:00", "a", "b", "c", "d", "e")
    first = dial(home, at("10:00"), lines=2)
    assert [c.person_id for c in first] == ["a", "b"]
    assert dial(home, at("10:00"), lines=2) == []
    over(home, first[0], at("10:01"), "answered")
    assert [c.person_id for c in dial(home, at("10:01"), lines=2)] == ["c"]


def test_whoever_was_never_rung_comes_first() -> None:
    """One line: a second attempt waits until everybody had a first one."""
    home = called("08:00", "a", "b")
    later = {**PLAN, "from": "10:50", "number": "+821088880000"}
    fold(home, CallsPlanned(at("08:00"), "b", "wellbeing", later, "최담당"))
    over(home, dial(home, at("10:00"))[0], at("10:01"), "busy")
    assert [c.person_id for c in dial(home, at("10:55"))] == ["b"]


def test_one_number_rings_once_at_a_time() -> None:
    """Two who share a telephone are called one after the other, with a rest between."""
    home = called("08:00", "a", "b")
    number = {**PLAN, "number": "+821099990000"}
    fold(home, CallsPlanned(at("08:00"), "b", "wellbeing", number, "최담당"))
    call = dial(home, at("10:00"), lines=2)
    assert len(call) == 1
    over(home, call[0], at("10:02"), "answered")
    assert dial(home, at("10:06"), lines=2) == []
    assert [c.person_id for c in dial(home, at("10:07"), lines=2)] == ["b"]


def test_a_restart_in_a_call_calls_again_and_asks_what_is_left() -> None:
    """Her answers are kept, the attempt is used again, and she hears that she was cut off."""
    home = called()
    call = dial(home, at("10:00"))[0]
    answer(home, call, at("10:01"), *WELL[:3], ("outing", "spoke", ""))
    fold(home, GatewayStarted(at("10:05"), "test"))
    assert dial(home, at("10:06")) == []
    again = dial(home, at("10:07"))[0]
    assert (again.attempt, again.call_id) == (1, call.call_id + 1)
    what = queue.what(home.household, again, at("10:07"))
    asked = ("here", "outing", "any_medicine", "pain", "worry")
    assert what.asked == Asked(asked, again=True)


def test_a_restart_after_her_last_answer_calls_nobody() -> None:
    """What ends a call was said: that the end was not written down changes nothing."""
    for last in (WELL, (WELL[0], ("pain", "pain", "2")), (("here", "help", "0"),)):
        home = called()
        call = dial(home, at("10:00"))[0]
        answer(home, call, at("10:01"), *last)
        fold(home, GatewayStarted(at("10:05"), "test"))
        assert dial(home, at("11:00")) == []


def test_a_gateway_that_starts_in_a_circle_does_not_ring_her_in_a_circle() -> None:
    """After three calls that it broke off itself it leaves her alone."""
    home, rung = called(), 0
    for ms in range(at("10:00"), at("12:00"), MIN_MS):
        rung += len(dial(home, ms))
        fold(home, GatewayStarted(ms, "test"))
    assert rung == queue.INTERRUPTED_MOST


def test_away_or_paused_she_is_not_called() -> None:
    """A stay in hospital, and a pause of telling: no call, and it says when she is called next."""
    home = fold(called(), NotMonitored(at("08:00"), "soonja", "2026-03-02", TUESDAY, "travel", "a"))
    assert dial(home, at("10:00")) == []
    assert queue.next_call_ms(home.household, "soonja", at("10:00")) == at("10:00", THURSDAY)
    home = fold(called(), TellingPaused(at("08:00"), "soonja", at("11:00"), "a", "visit"))
    assert dial(home, at("10:59")) == []
    assert len(dial(home, at("11:00"))) == 1


def test_the_line_that_says_it_works_is_used_at_once() -> None:
    """A driver that is back ends the rest of its line."""
    home = fold(called(), LineSeen(at("10:00"), "sip", works=False, why="no account"))
    assert dial(home, at("10:00")) == []
    fold(home, LineSeen(at("10:00:30"), "sip", works=True, why=""))
    assert len(dial(home, at("10:00:30"))) == 1


def test_recorded_only_with_consent() -> None:
    """Nothing is recorded before she agreed, nor after she took it back."""
    home = called()
    call = dial(home, at("10:00"))[0]
    found = [queue.what(home.household, call, at("10:00")).record]
    for given in (True, False):
        fold(home, CallsConsent(at("10:00"), "soonja", given, "최담당"))
        found.append(queue.what(home.household, call, at("10:00")).record)
    assert found == [False, True, False]


def test_a_plan_that_is_withdrawn_calls_nobody() -> None:
    """Nor does the page name a next call."""
    home = fold(called(), CallsPlanned(at("09:00"), "soonja", "wellbeing", None, "최담당"))
    assert dial(home, at("10:00")) == []
    assert queue.next_ms(home.household, at("10:00")) is None


def test_it_says_when_to_look_again() -> None:
    """The first hour, then the second attempt, then Thursday."""
    home = called()
    assert queue.next_ms(home.household, at("08:00")) == at("10:00")
    over(home, dial(home, at("10:00"))[0], at("10:01"), "busy")
    second = queue.next_ms(home.household, at("10:01"))
    assert second is not None
    assert at("10:40") < second < at("10:41")
    over(home, dial(home, second)[0], at("10:42"), "answered")
    assert queue.next_ms(home.household, at("10:42")) == at("10:00", THURSDAY)


def test_facts_of_calls_of_nobody_do_no_harm() -> None:
    """An answer and an end of a call that was never begun change nothing."""
    home = called()
    before = repr(home.household.calls)
    over(home, CallBegun(0, 99, "soonja", "wellbeing", "2026-03-02", 1, "sip"), 1, "answered")
    fold(home, CallAnswered(1, 99, "soonja", "here", "here", ""))
    assert repr(home.household.calls) == before
