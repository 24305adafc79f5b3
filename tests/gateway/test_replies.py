"""What answers by text mean, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.adherence import State as SlotState
from gateway.adherence import outcome
from gateway.events import LinkDown, LinkUp, RosterSet, TextReceived
from gateway.home import Home
from gateway.incidents import State
from gateway.incidents.reasons import Reason
from gateway.incidents.replies import MAX_ANSWERS
from gateway.incidents.roll import roll
from gateway.incidents.words import Meaning, parse
from gateway.prescription.schedule import make_schedule
from gateway.roster import Device, Guardian, Person, to_json
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    EVENING,
    NEIGHBOUR,
    at,
    begun,
    missed_at_seven,
    only,
    record,
    reply,
    roster,
    sent,
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
        ("\uff11\uff12 \uff11", Meaning.ACK, 12),
        ("12번 1", Meaning.ACK, 12),
        ("[안부 12] 1", Meaning.ACK, 12),
        ("담당자", Meaning.ACK, None),
        ("방문!", Meaning.ACK, None),
        ("제가 갈게요 ^^", Meaning.ACK, None),
        ("드셨어요", Meaning.WORD, None),
        ("12 복용", Meaning.WORD, 12),
        ("복용 했어요~", Meaning.WORD, None),
        ("Taken", Meaning.WORD, None),
        ("오경보", Meaning.FALSE, None),
        ("12 false alarm", Meaning.FALSE, 12),
        ("그만", Meaning.STOP, None),
        ("STOP", Meaning.STOP, None),
        ("시작", Meaning.START, None),
        ("start", Meaning.START, None),
        ("안 드셨어요", Meaning.OTHER, None),
        ("not taken", Meaning.OTHER, None),
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
        "text_withdrawn",
        "dose_corrected",
        "device_ordered",
        "number_stopped",
        "number_started",
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


# --- who may answer what ------------------------------------------------------------------------

OTHER_BOX, SON, OFFICER = "AB-000002", "+821055556666", "+82531234567"


def _two_homes() -> Home:
    """Two persons, each with a child; both missed a dose at seven and both children were told."""
    who = roster()
    people = (
        Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),
        Guardian("son", "yongsu", "박민수", SON, "ko", 0),
    )
    home = begun(
        at("12:00"),
        replace(
            who,
            persons=(*who.persons, Person("yongsu", "박용수")),
            devices=(*who.devices, Device(OTHER_BOX, "pillbox", "yongsu")),
            guardians=people,
            regimens=(*who.regimens, replace(who.regimens[0], person_id="yongsu")),
        ),
    )
    made = make_schedule(home.household, OTHER_BOX, at("12:00"))
    assert made is not None
    home.fold(made)
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    home.fold(record(1, wire.SLOT_LATE, at("19:00"), device_id=OTHER_BOX))
    settle(home, at("19:00"))
    return sent(home, at("19:00"))


def test_nobody_answers_for_another_persons_incident() -> None:
    """The daughter names the number of the other home's incident: it stays open."""
    home = _two_homes()
    theirs = next(i for i in home.ledger.incidents.values() if i.person_id == "yongsu")
    for n, word in enumerate(("1", "완료", "복용", "오경보")):
        reply(home, f"{theirs.id} {word}", "19:03", key=str(n))
        assert theirs.state is State.NOTIFYING
    assert texts(reply(home, f"{theirs.id} 1", "19:04", SON)) == [("thanks", SON)]


def test_a_number_that_changed_hands_answers_nothing_of_before() -> None:
    """It belongs to the other home's guardian now: what it was told before is not hers any more."""
    home = _two_homes()
    mine = next(i for i in home.ledger.incidents.values() if i.person_id == "soonja")
    now = home.household.roster
    assert now is not None
    moved = replace(now, guardians=(replace(now.guardians[0], person_id="yongsu"),))
    home.fold(RosterSet(at("19:02"), to_json(moved)))
    reply(home, f"{mine.id} 1", "19:03")
    assert mine.state is State.NOTIFYING


def _both_told() -> Home:
    home = missed_at_seven()
    settle(home, at("19:15"))
    return sent(home, at("19:15"))


def test_a_second_one_is_told_who_has_it() -> None:
    """The neighbour answers after the daughter: she reads that the daughter has it."""
    home = _both_told()
    reply(home, "1", "19:16")
    answers = reply(home, "1", "19:17", NEIGHBOUR)
    assert texts(answers) == [("already", NEIGHBOUR)]
    assert answers[0].body == "[안부 1] 이지은님이 이미 맡으셨습니다. 감사합니다."
    assert only(home).acked_by == "daughter"


def test_who_has_it_may_say_so_again() -> None:
    """Her second 1 gives her another hour."""
    home = _both_told()
    reply(home, "1", "19:16")
    reply(home, "1", "20:10", key="again")
    assert only(home).acked_until_ms == at("21:10")


# --- taken, false, stop -------------------------------------------------------------------------


def test_taken_closes_the_slot_by_her_word() -> None:
    """The dose is corrected by the daughter's word, its box is told, the incident is over."""
    home = _both_told()
    answers = reply(home, "드셨어요", "19:20")
    kinds = [a.kind for a in answers]
    assert kinds == [
        "dose_corrected",
        "incident_resolved",
        "text_decided",
        "text_decided",
        "device_ordered",
    ]
    said, order = answers[0], answers[-1]
    assert (said.slot, said.taken, said.by) == (EVENING, 1, "이지은")
    assert (order.order, order.arguments["index"]) == ("taken", 2)
    assert texts(answers) == [("by_word", NEIGHBOUR), ("noted", DAUGHTER)]
    assert outcome(home.household, EVENING, at("19:30")).state is SlotState.TAKEN
    assert settle(home, at("19:30")) == []


def test_taken_after_the_end_is_over() -> None:
    """The lid was opened meanwhile: her word comes too late and changes nothing."""
    home = missed_at_seven()
    home.fold(record(2, wire.SLOT_TAKEN, at("19:12"), value=2))
    settle(home, at("19:12"))
    assert texts(reply(home, "복용", "19:20")) == [("over", DAUGHTER)]


def test_taken_is_no_answer_to_a_call_for_help() -> None:
    """She pressed HELP: "taken" gets the helpful line, and the call goes on."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.HELP_PRESSED, at("13:00"), slot_day=None, slot_index=None))
    settle(home, at("13:00"))
    assert texts(reply(home, "복용", "13:05")) == [("help", DAUGHTER)]
    assert only(home).state is State.NOTIFYING


def test_a_false_alarm_is_counted() -> None:
    """The answer 오경보 ends it as a false alarm, which the budget sees."""
    home = missed_at_seven()
    reply(home, "오경보", "19:05")
    assert (only(home).state, only(home).reason) == (State.RESOLVED, Reason.FALSE_ALARM)


def test_stop_takes_a_number_off_and_start_puts_it_back() -> None:
    """After 그만 the neighbour is told at once instead, after 시작 the daughter again."""
    home = begun(at("12:00"))
    assert texts(reply(home, "그만", "12:30")) == [("stopped", DAUGHTER)]
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    assert texts(settle(home, at("19:00"))) == [("dose_missed", NEIGHBOUR)]
    line = roll(home.household, home.ledger, only(home), at("19:00"))[-1]
    assert (line.guardian_id, line.reason) == ("daughter", Reason.STOPPED)
    assert texts(reply(home, "시작", "19:01")) == [("started", DAUGHTER)]
    assert texts(settle(home, at("19:01"))) == [("dose_missed", DAUGHTER)]


def test_the_last_stop_tells_the_officer() -> None:
    """Nobody but the officer is left: she is told at once, and is told of what happens."""
    guardians = (
        Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),
        Guardian("officer", "soonja", "최담당", OFFICER, "ko", 60, role="officer"),
    )
    home = begun(at("12:00"), roster(guardians=guardians))
    answers = reply(home, "stop", "12:30")
    assert texts(answers) == [("stop_last", DAUGHTER), ("nobody_left", OFFICER)]
    assert len({a.text_id for a in answers if a.kind == "text_decided"}) == 2
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    assert ("dose_missed", OFFICER) in texts(settle(home, at("19:00")) + settle(home, at("20:00")))


def test_the_only_ones_stop_does_not_empty_the_ladder() -> None:
    """There is nobody else and no officer: she is told that, and still of what happens."""
    alone = (Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0),)
    home = begun(at("12:00"), roster(guardians=alone))
    assert texts(reply(home, "그만", "12:30")) == [("stop_refused", DAUGHTER)]
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    assert texts(settle(home, at("19:00"))) == [("dose_missed", DAUGHTER)]


def test_one_and_a_word_is_the_answer_that_was_asked_for() -> None:
    """An answer "1 갈게요" takes what is open; it is not about the first incident of all."""
    home = missed_at_seven()
    reply(home, "완료", "19:01")
    call = record(2, wire.HELP_PRESSED, at("19:30"), slot_day=None, slot_index=None)
    home.fold(call)
    settle(home, at("19:30"))
    reply(home, "1 갈게요", "19:31")
    assert home.ledger.incidents[2].state is State.ACKED
    assert texts(reply(home, "1 완료", "19:40")) == [("done", DAUGHTER)]


def test_one_and_one_is_the_first_incident_though_it_is_over() -> None:
    """An answer "1 1" says both numbers: it is told that this is over, and takes nothing else."""
    home = missed_at_seven()
    reply(home, "완료", "19:01")
    home.fold(record(2, wire.HELP_PRESSED, at("19:30"), slot_day=None, slot_index=None))
    settle(home, at("19:30"))
    assert texts(reply(home, "1 1", "19:31")) == [("over", DAUGHTER)]
    assert home.ledger.incidents[2].state is State.NOTIFYING


def test_one_is_the_first_incident_while_that_lives() -> None:
    """An answer "1 확인" names it then, though a newer one is open too."""
    home = missed_at_seven()
    call = record(2, wire.HELP_PRESSED, at("19:30"), slot_day=None, slot_index=None)
    home.fold(call)
    settle(home, at("19:30"))
    reply(home, "1 확인", "19:31")
    states = [i.state for i in home.ledger.incidents.values()]
    assert states == [State.ACKED, State.NOTIFYING]


def test_taken_ends_no_silence() -> None:
    """An answer "taken" says nothing about a link that is dead since yesterday: it is told on."""
    who = roster(regimens=())
    watched = replace(who, persons=(replace(who.persons[0], level="severe"),))
    home = begun(at("08:10", "2026-03-01"), watched)
    settle(home, at("08:25"))
    assert only(home).told == {"daughter": DAUGHTER}
    assert texts(reply(home, "드셨어요", "08:31")) == [("help", DAUGHTER)]
    assert only(home).live


def test_taken_closes_the_doses_of_a_bundle_only() -> None:
    """One text for a dose and a silent box: the box is silent after that too."""
    quiet = {"from": "18:00", "until": "07:00"}
    daughter = Guardian("daughter", "soonja", "이지은", DAUGHTER, "ko", 0, quiet=quiet)
    home = begun(at("12:00"), roster(guardians=(daughter,)))
    home.fold(LinkUp(at("12:00"), BOX))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    home.fold(LinkDown(at("20:00"), BOX, "gone"))
    settle(home, at("20:30"))
    morning_ms = at("07:00", "2026-03-03")
    assert texts(settle(home, morning_ms)) == [("bundle", DAUGHTER)]
    sent(home, morning_ms)
    word = TextReceived(morning_ms, DAUGHTER, "드셨어요", "word")
    for fact in [word, *home.answer(word, morning_ms)]:
        home.fold(fact)
    live = [home.ledger.incidents[i].worry for i in home.ledger.live]
    assert live == ["device_unseen"]
