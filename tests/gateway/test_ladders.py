"""Who is told when: hours, quiet, caps, pauses, roles; and that everybody else has a reason."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.events import (
    LinkUp,
    OrderAnswered,
    TellingPaused,
    TextFailed,
)
from gateway.home import Home
from gateway.incidents import State
from gateway.incidents.pauses import PauseRefused, paused, unpaused
from gateway.incidents.reasons import Reason
from gateway.incidents.roll import roll
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    MIN_MS,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    missed_at_seven,
    only,
    record,
    reply,
    roster,
    sent,
    settle,
    texts,
)
from tests.gateway.ladder_facts import (
    HOUR_MS,
    NIGHT,
    OFFICER,
    missed,
    people,
    reasons,
    reasons_of,
    told,
)


def test_the_officer_is_last_and_never_stops() -> None:
    """Nobody answers: each in turn, then the officer again and again until the incident ends."""
    found = told(missed(), "18:00", "2026-03-03")
    assert [(m, to) for m, _p, to in found[:2]] == [(15, NEIGHBOUR), (30, OFFICER)]
    assert {to for _m, _p, to in found[2:]} == {OFFICER}
    times = [m for m, _p, _to in found[1:]]
    assert [b - a for a, b in itertools.pairwise(times)] == [60, 60, 60, 360, 360, 360]


def test_an_officer_with_no_delay_is_still_last() -> None:
    """A configuration that gave the officer no delay of its own does not call her first."""
    home = missed(officer={"after_min": 0})
    assert only(home).told == {"daughter": DAUGHTER}


def test_a_call_for_help_never_ends_by_itself() -> None:
    """After two days of silence it is still told; only a person ends it."""
    home = begun(at("12:00"), roster(guardians=people(), regimens=()))
    home.fold(record(1, wire.HELP_PRESSED, at("19:00"), slot_day=None, slot_index=None))
    settle(home, at("19:00"))
    for hour in range(1, 49):
        settle(home, at("19:00") + hour * HOUR_MS)
    assert only(home).live
    facts = settle(home, at("19:00") + 50 * HOUR_MS)
    assert texts(facts) == [("help_pressed", OFFICER)]


def test_quiet_hours_hold_a_dose_and_are_told_at_their_end() -> None:
    """The daughter sleeps: the neighbour is told in her turn, the daughter at seven."""
    home = missed(daughter={"quiet": NIGHT})
    assert only(home).state is State.OPEN
    assert reasons(home, "19:00")["daughter"] == Reason.QUIET
    found = told(home, "07:01", "2026-03-03")
    assert found[0] == (15, "dose_missed", NEIGHBOUR)
    assert (12 * 60, "dose_missed", DAUGHTER) in found
    assert all(m == 12 * 60 for m, _p, to in found if to == DAUGHTER)


def test_quiet_hours_hold_no_call_for_help() -> None:
    """HELP at three in the night wakes her."""
    who = roster(guardians=people(daughter={"quiet": NIGHT}), regimens=())
    home = begun(at("12:00"), who)
    home.fold(record(1, wire.HELP_PRESSED, at("23:00"), slot_day=None, slot_index=None))
    assert texts(settle(home, at("23:00"))) == [("help_pressed", DAUGHTER)]


def test_quiet_hours_hold_no_critical_dose() -> None:
    """A time-critical dose is told at any hour."""
    regimens = (rosters.Regimen("soonja", ("evening",), None, 30, 30, 60, "time_critical"),)
    who = roster(guardians=people(daughter={"quiet": NIGHT}), regimens=regimens)
    assert only(missed_at_seven(who)).told == {"daughter": DAUGHTER}


def test_who_took_it_before_her_morning_is_not_woken_for_it() -> None:
    """The neighbour has it, then ends it: the daughter's held text is never sent."""
    home = missed(daughter={"quiet": NIGHT})
    told(home, "19:15")
    reply(home, "1", "19:16", NEIGHBOUR)
    reply(home, "완료", "19:40", NEIGHBOUR)
    assert told(home, "08:00", "2026-03-03", "19:41") == []
    assert reasons(home, "08:00", "2026-03-03")["officer"] == Reason.TAKEN_ON


def test_off_duty_passes_on_at_once() -> None:
    """The daughter works; a step of which nobody is on duty costs no quarter of an hour."""
    home = missed(daughter={"hours": {"from": "08:00", "until": "18:00"}})
    assert only(home).told == {"neighbour": NEIGHBOUR}
    assert reasons(home, "19:00") == {
        "daughter": Reason.OFF_DUTY,
        "neighbour": Reason.STEP_FAILED,
        "officer": Reason.NOT_YET,
    }


def test_nobody_on_duty_is_no_reason_for_silence() -> None:
    """A call for help at night where all have hours: they are told all the same."""
    hours = {"hours": {"from": "08:00", "until": "18:00"}}
    who = people(daughter=hours, neighbour=hours, officer=hours)
    home = begun(at("12:00"), roster(guardians=who, regimens=()))
    home.fold(record(1, wire.HELP_PRESSED, at("23:00"), slot_day=None, slot_index=None))
    assert texts(settle(home, at("23:00"))) == [("help_pressed", DAUGHTER)]


def test_weekdays_are_kept() -> None:
    """An officer who works from Monday to Friday is told of a Saturday's dose on Monday."""
    alone = people(officer={"weekdays": ("tue",), "hours": {"from": "09:00", "until": "18:00"}})[2:]
    home = missed_at_seven(roster(guardians=alone))
    assert only(home).told == {}
    found = told(home, "09:00", "2026-03-03")
    assert found == [(14 * 60, "dose_missed", OFFICER)]


def test_kinds_are_chosen() -> None:
    """Who wants calls for help only is not told of doses, and the page says why."""
    home = missed(daughter={"kinds": ("help", "life")})
    assert only(home).told == {"neighbour": NEIGHBOUR}
    assert reasons(home, "19:00")["daughter"] == Reason.NOT_HER_KIND


def test_kinds_that_leave_nobody_leave_everybody() -> None:
    """Where nobody chose doses, somebody is told all the same."""
    chosen = {"kinds": ("news",)}
    home = missed(daughter=chosen, neighbour=chosen, officer=chosen)
    assert only(home).told == {"daughter": DAUGHTER}


def test_the_weekly_cap_bundles_the_rest() -> None:
    """Two texts this week are enough: the next missed doses come as one text in the morning."""
    slots = ("morning", "noon", "evening", "bedtime")
    regimens = (rosters.Regimen("soonja", slots, None, 30, 30, 60),)
    alone = people()[:1]
    who = roster(guardians=alone, regimens=regimens, weekly_cap=2, repeat_min=1440, repeat_limit=9)
    home = begun(at("05:00"), who)
    for index, clock in enumerate(("08:00", "13:00", "19:00", "22:30")):
        home.fold(record(index + 1, wire.SLOT_LATE, at(clock), slot_index=index))
        settle(home, at(clock))
        sent(home, at(clock))
    assert [t.purpose for t in home.ledger.texts.values()] == ["dose_missed"] * 2
    assert reasons_of(home, 3, "22:31")["daughter"] == Reason.CAP
    facts = settle(home, at("10:00", "2026-03-03"))
    held = [f for f in facts if f.kind == "text_decided" and f.reason == Reason.HELD]
    assert [(f.incident_id, f.also, f.purpose) for f in held] == [(3, (4,), "doses_missed")]
    assert held[0].body == "[안부 3] 김순자님 약 2번 안 열림. 가시면 1 답장"


def test_the_cap_holds_no_call_for_help() -> None:
    """However many texts there were, HELP is told."""
    who = roster(guardians=people()[:1], regimens=(), weekly_cap=1)
    home = begun(at("05:00"), who)
    for n, clock in enumerate(("08:00", "09:00", "10:00"), 1):
        home.fold(record(n, wire.HELP_PRESSED, at(clock), slot_day=None, slot_index=None))
        assert ("help_pressed", DAUGHTER) in texts(settle(home, at(clock)))


def test_a_pause_holds_and_ends() -> None:
    """Telling about her is paused until eight: then it is told, and the page says why so late."""
    home = begun(at("12:00"), roster(guardians=people()))
    home.fold(TellingPaused(at("12:00"), "soonja", at("20:00"), "이지은", "병원"))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    assert texts(settle(home, at("19:00"))) == []
    assert reasons(home, "19:00")["daughter"] == Reason.PAUSED
    assert home.next_deadline(at("19:15")) is not None
    assert (60, "dose_missed", DAUGHTER) in told(home, "20:00")


def test_a_pause_holds_no_call_for_help() -> None:
    """HELP is told in any pause."""
    home = begun(at("12:00"), roster(guardians=people(), regimens=()))
    home.fold(TellingPaused(at("12:00"), "soonja", at("20:00"), "이지은", "병원"))
    home.fold(record(1, wire.HELP_PRESSED, at("13:00"), slot_day=None, slot_index=None))
    assert texts(settle(home, at("13:00"))) == [("help_pressed", DAUGHTER)]


@pytest.mark.parametrize(
    ("until_ms", "code"), [(None, "end"), (0, "end"), (15 * 86_400_000, "long")]
)
def test_a_pause_without_an_end_is_refused(until_ms: int | None, code: str) -> None:
    """A pause has an end, and not a far one."""
    with pytest.raises(PauseRefused) as refused:
        paused("soonja", until_ms, "이지은", "", 0)
    assert refused.value.code == code
    assert unpaused("soonja", "이지은", 5).until_ms == 5


def test_every_registered_person_has_a_line() -> None:
    """The roll names all three: told with its delivery, and why the others were not."""
    home = missed(officer={"kinds": ("help",)})
    home.fold(TextFailed(at("19:01"), 1, "barred", final=True))
    settle(home, at("19:01"))
    lines = roll(home.household, home.ledger, only(home), at("19:01"))
    assert [(li.guardian_id, li.told, li.delivery) for li in lines] == [
        ("daughter", True, "undelivered"),
        ("neighbour", True, "pending"),
        ("officer", False, None),
    ]
    assert lines[2].reason == Reason.NOT_HER_KIND


# --- her own box first -------------------------------------------------------------------------


def asked(answer: int | None) -> Home:
    """A missed dose in a home whose box asks first; `answer` is its record, two minutes later."""
    who = roster(guardians=people())
    home = begun(at("12:00"), replace(who, persons=(replace(who.persons[0], ask_min=5),)))
    home.fold(LinkUp(at("12:00"), BOX))
    home.fold(caught_up(at("12:00")))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    facts = settle(home, at("19:00"))
    order = next(f for f in facts if f.kind == "device_ordered" and f.order == "ask")
    assert texts(facts) == []
    assert order.arguments["seconds"] == 300
    home.fold(OrderAnswered(at("19:00"), order.order_id, "done"))
    if answer is not None:
        value = order.arguments["question"]
        home.fold(record(2, answer, at("19:02"), value=value, slot_day=None, slot_index=None))
    return home


def test_she_is_asked_first_and_then_the_others() -> None:
    """No answer within her five minutes: then the daughter, the others after their delays."""
    assert told(asked(None), "19:40")[:3] == [
        (5, "dose_missed", DAUGHTER),
        (20, "dose_missed", NEIGHBOUR),
        (35, "dose_missed", OFFICER),
    ]


def test_an_unanswered_question_waits_no_longer() -> None:
    """The box says that nobody pressed: the daughter is told at once."""
    assert told(asked(wire.UNANSWERED), "19:04") == [(2, "dose_missed", DAUGHTER)]


def test_her_answer_gives_her_time() -> None:
    """She pressed "I am fine": an hour is hers, then the daughter is told if nothing was opened."""
    home = asked(wire.ANSWERED)
    found = told(home, "20:20", begin="19:02")
    assert found == [(62, "dose_missed", DAUGHTER), (77, "dose_missed", NEIGHBOUR)]
    assert only(home).acked_by == "soonja"


# --- one event, one incident, one text ---------------------------------------------------------


def several_unconfirmed() -> tuple[Home, list[Any]]:
    """Three doses of a day of which nothing was heard, looked at in the evening."""
    regimens = (rosters.Regimen("soonja", ("morning", "noon", "evening"), None, 30, 30, 60),)
    home = begun(at("05:00"), roster(guardians=people(), regimens=regimens))
    return home, settle(home, at("19:05"))


def test_several_doses_at_once_are_one_text() -> None:
    """One text about three doses, and one answer is for all of them."""
    home, facts = several_unconfirmed()
    assert texts(facts) == [("doses_unconfirmed", DAUGHTER)]
    assert "3번" in facts[-1].body
    assert facts[-1].also == (2, 3)
    answers = reply(home, "1", "19:06")
    assert [f.kind for f in answers].count("incident_acknowledged") == 3
    assert {i.state for i in home.ledger.incidents.values()} == {State.ACKED}
    assert len(texts(answers)) == 1


def test_several_corrections_at_once_are_one_text() -> None:
    """The records of all three come late: one correction, to who was told."""
    home, _facts = several_unconfirmed()
    sent(home, at("19:06"))
    for index in range(3):
        home.fold(record(index + 1, wire.SLOT_TAKEN, at("19:10"), value=1, slot_index=index))
    assert texts(settle(home, at("19:10"))) == [("corrections", DAUGHTER)]


def test_what_was_over_before_it_was_sent_is_withdrawn() -> None:
    """The modem was busy; the record came: neither the alarm nor its correction is sent."""
    home, _facts = several_unconfirmed()
    for index in range(3):
        home.fold(record(index + 1, wire.SLOT_TAKEN, at("19:10"), value=1, slot_index=index))
    facts = settle(home, at("19:10"))
    assert texts(facts) == []
    assert [f.text_id for f in facts if f.kind == "text_withdrawn"] == [1]


def test_a_text_about_several_is_not_withdrawn_for_one() -> None:
    """One of three doses was taken: the other two are still worth telling."""
    home, _facts = several_unconfirmed()
    home.fold(record(1, wire.SLOT_TAKEN, at("19:10"), value=1, slot_index=0))
    assert [f for f in settle(home, at("19:10")) if f.kind == "text_withdrawn"] == []


def test_what_is_held_does_not_end_before_it_was_told() -> None:
    """The only one is on duty on weekdays: Saturday's dose is told on Monday, and ends then."""
    officer = replace(people()[2], after_min=0, weekdays=rosters.WEEKDAYS[:5])
    saturday = "2026-03-07"
    regimens = (rosters.Regimen("soonja", ("evening",), None, 30, 30, 60, until_day=saturday),)
    home = begun(at("12:00", saturday), roster(guardians=(officer,), regimens=regimens))
    home.fold(record(1, wire.SLOT_LATE, at("19:00", saturday), slot_day=saturday))
    assert texts(settle(home, at("19:00", saturday))) == []
    assert texts(settle(home, at("20:00", "2026-03-08"))) == []
    assert texts(settle(home, at("00:00", "2026-03-09"))) == [("dose_missed", OFFICER)]
    settle(home, at("23:59", "2026-03-09"))
    assert only(home).live
    settle(home, at("00:00", "2026-03-10"))
    assert only(home).reason == Reason.EXPIRED


def test_what_is_over_the_cap_is_told_on_the_next_day() -> None:
    """Missed as the hour for news begins: it is told a day later, and does not end just then."""
    who = roster(guardians=people()[:1], weekly_cap=1, news_at="19:00")
    home = begun(at("12:00"), who)
    home.fold(record(1, wire.HELP_PRESSED, at("18:00"), slot_day=None, slot_index=None))
    settle(home, at("18:00"))
    reply(home, "완료", "18:05")
    home.fold(record(2, wire.SLOT_LATE, at("19:00")))
    assert texts(settle(home, at("19:00"))) == []
    assert ("dose_missed", DAUGHTER) in texts(settle(home, at("19:00", "2026-03-03")))


def test_a_call_for_help_goes_past_those_on_duty() -> None:
    """At eleven only the neighbour is on duty, and her phone is dead: the others are woken."""
    hours = {"hours": {"from": "08:00", "until": "18:00"}}
    who = roster(guardians=people(daughter=hours, officer=hours), regimens=())
    home = begun(at("12:00"), who)
    home.fold(record(1, wire.HELP_PRESSED, at("23:00"), slot_day=None, slot_index=None))
    found = []
    for ms in range(at("23:00"), at("23:10") + 1, MIN_MS):
        facts = settle(home, ms)
        found += texts(facts)
        for fact in facts:
            if fact.kind == "text_decided":
                home.fold(TextFailed(ms, fact.text_id, "no phone", final=True))
    assert found[0] == ("help_pressed", NEIGHBOUR)
    assert {("help_pressed", DAUGHTER), ("help_pressed", OFFICER)} <= set(found)
