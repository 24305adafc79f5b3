"""The weekly and the monthly text: said when it is true, once, whatever happened meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from anbu_wire import messages as wire
from gateway.events import (
    GatewayStarted,
    LinkDown,
    LinkUp,
    RosterSet,
    TextDelivered,
    TextFailed,
    TextReceived,
)
from gateway.home import Home
from gateway.roster import Device, Guardian, Person, Roster, to_json
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    record,
    reply,
    roster,
    sent,
    settle,
    texts,
)

OFFICER = "+82531234567"
SUNDAY, NEXT = "2026-03-08", "2026-03-15"


def who(**changes: Any) -> Roster:  # noqa: ANN401 - fields of a guardian
    """One daughter, no doses; the weekly text on Sunday at ten, the test on the ninth."""
    people = (
        replace(Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0), **changes),
        Guardian(
            "officer", "soonja", "최담당", OFFICER, "ko", 60, "officer", ("help", "technical")
        ),
    )
    return roster(guardians=people, regimens=(), weekly_day="sun", test_day=9)


def well(**changes: Any) -> Home:  # noqa: ANN401
    """A home in which all is working."""
    home = begun(at("12:00"), who(**changes))
    home.fold(LinkUp(at("12:00"), BOX))
    home.fold(caught_up(at("12:00")))
    settle(home, at("12:00"))
    return home


def test_all_is_working_is_said_on_its_day() -> None:
    """Sunday at ten, once; the next one a week later."""
    home = well()
    assert settle(home, at("09:59:59", SUNDAY)) == []
    assert home.next_deadline(at("09:59:59", SUNDAY)) == at("10:00", SUNDAY)
    facts = settle(home, at("10:00", SUNDAY))
    assert texts(facts) == [("weekly", DAUGHTER)]
    assert facts[0].body == "[안부] 김순자님 댁 모두 정상. 약상자, 일정, 시계, 문자 확인함"
    home.fold(TextDelivered(at("10:01", SUNDAY), 1))
    assert texts(settle(home, at("23:00", SUNDAY))) == []


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (LinkDown(at("09:50", SUNDAY), BOX, "gone"), "약상자 연결"),
        (caught_up(at("09:50", SUNDAY), quality=wire.DRIFTING), "약상자 시계"),
    ],
)
def test_what_does_not_work_is_said_instead(fault: Any, word: str) -> None:  # noqa: ANN401
    """No text says that all is working while the link is dead or the clock drifts."""
    home = well()
    home.fold(fault)
    facts = settle(home, at("10:00", SUNDAY))
    assert [f.purpose for f in facts if f.kind == "text_decided"] == ["weekly_not"]
    assert word in facts[0].body


def test_a_schedule_that_was_not_read_back_is_said() -> None:
    """The box has not the newest plan: not all is working."""
    home = well()
    home.household.device(BOX).confirmed = None
    assert texts(settle(home, at("10:00", SUNDAY))) == [("weekly_not", DAUGHTER)]


def test_a_text_that_did_not_arrive_is_said() -> None:
    """The last text to her failed: "all is working" would be a lie, if it came at all."""
    home = well()
    settle(home, at("10:00", SUNDAY))
    home.fold(TextFailed(at("10:01", SUNDAY), 1, "barred", final=True))
    settle(home, at("10:00", "2026-03-09"))
    reply(home, "1", "10:05")
    told = settle(home, at("10:00", NEXT))
    assert ("weekly_not", DAUGHTER) in texts(told)


def test_a_restart_neither_doubles_nor_loses_it() -> None:
    """The gateway is off on Sunday morning: it is said when it is back, and not once more."""
    home = well()
    home.fold(GatewayStarted(at("15:00", SUNDAY), "test"))
    home.fold(LinkUp(at("15:00", SUNDAY), BOX))
    home.fold(caught_up(at("15:00", SUNDAY)))
    assert texts(settle(home, at("15:00", SUNDAY))) == [("weekly", DAUGHTER)]
    home.fold(GatewayStarted(at("16:00", SUNDAY), "test"))
    home.fold(LinkUp(at("16:00", SUNDAY), BOX))
    assert texts(settle(home, at("16:00", SUNDAY))) == []


def test_it_waits_for_her_hours() -> None:
    """She sleeps until eleven on a Sunday."""
    home = well(quiet={"from": "00:00", "until": "11:00"})
    assert texts(settle(home, at("10:00", SUNDAY))) == []
    assert home.next_deadline(at("10:00", SUNDAY)) == at("11:00", SUNDAY)
    assert texts(settle(home, at("11:00", SUNDAY))) == [("weekly", DAUGHTER)]


def asked_monthly() -> Home:
    """The monthly text went out on the ninth at ten."""
    home = well()
    settle(home, at("10:00", SUNDAY))
    facts = settle(home, at("10:00", "2026-03-09"))
    assert texts(facts) == [("test", DAUGHTER)]
    return sent(home, at("10:00", "2026-03-09"))


def test_the_monthly_text_is_answered() -> None:
    """Any text from her number is the answer; a 1 gets thanks, and nobody is worried."""
    home = asked_monthly()
    ms = at("11:00", "2026-03-09")
    received = TextReceived(ms, DAUGHTER, "1", "k")
    answers = home.answer(received, ms)
    assert texts(answers) == [("test_thanks", DAUGHTER)]
    for fact in (received, *answers):
        home.fold(fact)
    assert texts(settle(home, at("12:00", "2026-03-10"))) == []
    assert not home.ledger.incidents


def test_a_monthly_text_without_an_answer_is_a_technical_incident() -> None:
    """A day later the officer is told; her answer, however late, ends it."""
    home = asked_monthly()
    assert home.next_deadline(at("10:01", "2026-03-09")) == at("10:00", "2026-03-10")
    facts = settle(home, at("10:00", "2026-03-10"))
    assert texts(facts) == [("test_unanswered", OFFICER)]
    sent(home, at("10:00", "2026-03-10"))
    ms = at("11:00", "2026-03-10")
    home.fold(TextReceived(ms, DAUGHTER, "네", "late"))
    assert texts(settle(home, ms)) == [("gone", OFFICER)]


def test_a_number_is_told_once() -> None:
    """Who looks after two persons gets one weekly text."""
    two = (
        Guardian("a", "soonja", "이지은", DAUGHTER, "ko", 0),
        Guardian("b", "soonja", "이지은", DAUGHTER, "ko", 5),
        Guardian("c", "soonja", "박영희", NEIGHBOUR, "en", 5),
    )
    home = begun(at("12:00"), roster(guardians=two, regimens=(), weekly_day="sun"))
    home.fold(LinkUp(at("12:00"), BOX))
    home.fold(caught_up(at("12:00")))
    told = texts(settle(home, at("10:00", SUNDAY)))
    assert told == [("weekly", DAUGHTER), ("weekly", NEIGHBOUR)]


def call(home: Home, clock: str, day: str) -> None:
    """The red button, and the texts that follow."""
    home.fold(record(1, wire.HELP_PRESSED, at(clock, day), slot_day=None, slot_index=None))
    settle(home, at(clock, day))


def test_the_answer_to_the_monthly_text_is_about_no_incident() -> None:
    """Not about a call that was told before it and is open still: that is told on."""
    home = well()
    call(home, "09:00", "2026-03-09")
    sent(home, at("09:00", "2026-03-09"))
    assert ("test", DAUGHTER) in texts(settle(home, at("10:00", "2026-03-09")))
    sent(home, at("10:00", "2026-03-09"))
    received = TextReceived(at("10:05", "2026-03-09"), DAUGHTER, "1", "k")
    facts = home.answer(received, received.at_ms)
    assert len(facts) == 1
    assert texts(facts) == [("test_thanks", DAUGHTER)]


def test_a_text_that_is_just_on_its_way_is_no_fault() -> None:
    """The button was pressed a second before ten: "all is working" is true of the texts."""
    home = well()
    call(home, "09:59:59", SUNDAY)
    assert ("weekly", DAUGHTER) in texts(settle(home, at("10:00", SUNDAY)))


def test_who_looks_after_two_reads_of_the_one_who_is_not_well() -> None:
    """Her father's box is dead: the one weekly text is about that, once."""
    two = (
        Guardian("a", "soonja", "이지은", DAUGHTER, "ko", 0),
        Guardian("b", "yongsu", "이지은", DAUGHTER, "ko", 0),
    )
    home = well()
    before = roster(guardians=two, regimens=(), weekly_day="sun")
    people = (*before.persons, Person("yongsu", "박용수"))
    devices = (*before.devices, Device("AB-000002", "pillbox", "yongsu"))
    after = replace(before, persons=people, devices=devices)
    home.fold(RosterSet(at("12:00"), to_json(after)))
    facts = settle(home, at("10:00", SUNDAY))
    assert [f.body for f in facts] == ["[안부] 박용수님 댁 점검 필요: 약상자 연결. 확인 바람"]
    assert settle(home, at("10:01", SUNDAY)) == []


def test_a_clock_that_was_a_year_ahead_costs_no_year_of_texts() -> None:
    """Said in 2027 by a wrong clock: next Sunday's is said all the same, and only once."""
    home = well()
    assert ("weekly", DAUGHTER) in texts(settle(home, at("10:00", "2027-03-07")))
    told = [t for ms in (0, 1, 2) for t in texts(settle(home, at("10:00", SUNDAY) + ms))]
    assert [p for p, _to in told].count("weekly") + [p for p, _to in told].count("weekly_not") == 1
