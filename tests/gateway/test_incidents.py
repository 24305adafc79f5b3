"""From worry to a person who says "I am going": who is told, when, in which words, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from gateway.events import (
    GatewayStarted,
    LinkUp,
    RosterSet,
    TextFailed,
)
from gateway.incidents import State
from gateway.incidents.ledger import LOST_ANSWER
from gateway.incidents.reasons import Reason
from gateway.roster import Device, Guardian, Person, to_json
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
    unconfirmed_at_five_past,
)

LATER = [(NEIGHBOUR, 195 + 360), (NEIGHBOUR, 195 + 720)]


def test_missed_is_told_at_the_windows_end() -> None:
    """At 19:00 the daughter alone gets the text, and it says when, whose and how to answer."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_LATE, at("18:59:59")))
    assert settle(home, at("18:59:59")) == []
    facts = settle(home, at("19:00"))
    assert texts(facts) == [("dose_missed", DAUGHTER)]
    text = facts[-1]
    assert text.body == "[안부 1] 김순자님 저녁약 19:00까지 안 열림. 가시면 1 답장"
    assert (text.reason, text.due_ms) == (Reason.FIRST_STEP, at("19:00"))
    assert settle(home, at("19:14:59")) == []


def test_taken_in_the_window_worries_nobody() -> None:
    """An opened lid in the window: no incident, no text, whatever the time."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_TAKEN, at("18:45"), value=1))
    for clock in ("18:45", "19:00", "19:05", "23:00"):
        assert settle(home, at(clock)) == []


def test_the_ladder_goes_on_without_an_answer() -> None:
    """Daughter at once, neighbour after 15 minutes, then the last step hourly, three times.

    After that it is told again every six hours: more rarely, but it never falls silent.
    """
    home = missed_at_seven()
    told = []
    for minute in range(1, 60 * 16):
        now_ms = at("19:00") + minute * MIN_MS
        told += [(to, minute) for _p, to in texts(settle(home, now_ms))]
    assert told == [(NEIGHBOUR, 15), (NEIGHBOUR, 75), (NEIGHBOUR, 135), (NEIGHBOUR, 195), *LATER]


def test_an_answer_stops_the_ladder_until_it_expires() -> None:
    """1 makes the incident hers; an hour later without an end the next one is told."""
    home = missed_at_seven()
    facts = reply(home, "1", "19:03")
    assert [f.kind for f in facts] == ["incident_acknowledged", "text_decided"]
    assert only(home).acked_by == "daughter"
    assert settle(home, at("19:15")) == []
    assert settle(home, at("20:02:59")) == []
    assert texts(settle(home, at("20:03"))) == [("dose_missed", NEIGHBOUR)]
    assert only(home).state is State.NOTIFYING


def test_done_ends_it() -> None:
    """완료 closes the incident for good; nobody else is told."""
    home = missed_at_seven()
    reply(home, "1", "19:03")
    reply(home, "1 완료", "19:30")
    assert (only(home).state, only(home).reason) == (State.RESOLVED, Reason.BY_PERSON)
    assert settle(home, at("23:00")) == []


def test_unconfirmed_then_taken_is_corrected() -> None:
    """Whoever read "not confirmed" reads a correction; nobody ever reads "missed"."""
    home = unconfirmed_at_five_past()
    home.fold(LinkUp(at("19:10"), BOX))
    home.fold(record(1, wire.SLOT_TAKEN, at("19:10"), value=1, wall_ms=at("18:40")))
    facts = settle(home, at("19:10"))
    assert texts(facts) == [("correction", DAUGHTER)]
    assert facts[-1].body == "[안부 1] 정정: 김순자님 저녁약 18:40 제때 열림"
    assert only(home).reason == Reason.TAKEN_IN_TIME


def test_unconfirmed_then_missed_is_told_as_such() -> None:
    """The incident stays the same one; who was told learns what is known now."""
    home = unconfirmed_at_five_past()
    home.fold(record(1, wire.SLOT_LATE, at("19:10"), wall_ms=at("19:00")))
    facts = settle(home, at("19:10"))
    assert [f.kind for f in facts] == ["incident_changed", "text_decided"]
    assert texts(facts) == [("missed_after_all", DAUGHTER)]
    assert only(home).worry == "dose_missed"


def test_opened_late_is_told_to_those_told_only() -> None:
    """A late opening ends the incident; the neighbour, not told yet, hears nothing."""
    home = missed_at_seven()
    home.fold(record(2, wire.SLOT_TAKEN, at("19:12"), value=2))
    facts = settle(home, at("19:12"))
    assert texts(facts) == [("opened_late", DAUGHTER)]
    assert "19:12" in facts[-1].body


def test_a_catching_up_box_is_heard_out() -> None:
    """While older records come in, "missed" waits for the later one that may say otherwise."""
    home = begun(at("12:00"))
    home.fold(LinkUp(at("19:03"), BOX))
    home.fold(record(1, wire.SLOT_LATE, at("19:03:01"), wall_ms=at("19:00")))
    assert settle(home, at("19:03:01")) == []
    home.fold(record(2, wire.SLOT_TAKEN, at("19:03:02"), value=2, wall_ms=at("19:02")))
    home.fold(caught_up(at("19:03:02")))
    assert settle(home, at("19:03:02")) == []


def test_a_box_that_never_finishes_does_not_silence() -> None:
    """Synchronising that hangs holds "missed" back for the grace, not for ever."""
    home = begun(at("12:00"))
    home.fold(LinkUp(at("19:03"), BOX))
    home.fold(record(1, wire.SLOT_LATE, at("19:03:01")))
    assert home.next_deadline(at("19:04")) == at("19:05")
    assert texts(settle(home, at("19:08"))) == [("dose_missed", DAUGHTER)]


def test_down_across_the_deadline_is_told_once_with_the_real_time() -> None:
    """A gateway that was off from 18:00 to 23:00 lets the box report, then tells when it was."""
    home = begun(at("12:00"))
    home.fold(GatewayStarted(at("23:00"), "x"))
    assert settle(home, at("23:00")) == []
    home.fold(LinkUp(at("23:00:20"), BOX))
    home.fold(record(1, wire.SLOT_LATE, at("23:00:21"), wall_ms=at("19:00")))
    home.fold(caught_up(at("23:00:22")))
    facts = settle(home, at("23:00:22"))
    assert texts(facts) == [("dose_missed", DAUGHTER)]
    assert "19:00까지" in facts[-1].body
    assert facts[-1].due_ms == at("19:00")
    assert settle(home, at("23:05:30")) == []


def test_the_day_is_told_where_it_is_not_today() -> None:
    """A miss of yesterday names yesterday."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_LATE, at("06:00", "2026-03-03")))
    facts = settle(home, at("06:00", "2026-03-03"))
    assert "2일 19:00까지" in facts[-1].body


def test_too_old_is_shown_not_told() -> None:
    """A miss of two days ago becomes an incident that is over at once, with its reason."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_LATE, at("12:00", "2026-03-04")))
    facts = settle(home, at("12:00", "2026-03-04"))
    old = [f for f in facts if getattr(f, "incident_id", 0) == 1]
    assert [f.kind for f in old] == ["incident_opened", "incident_resolved"]
    assert old[-1].reason == Reason.TOO_OLD_TO_TELL


def test_a_failed_step_passes_on_at_once() -> None:
    """If the daughter cannot be reached at all, the neighbour is told without waiting."""
    home = missed_at_seven()
    assert settle(home, at("19:01")) == []
    home.fold(TextFailed(at("19:01"), 1, "number does not exist", final=True))
    facts = settle(home, at("19:01"))
    assert texts(facts) == [("dose_missed", NEIGHBOUR)]
    assert facts[0].reason == Reason.STEP_FAILED


def test_a_try_that_will_be_repeated_is_no_failure() -> None:
    """A modem that is busy does not send the neighbour."""
    home = missed_at_seven()
    home.fold(TextFailed(at("19:01"), 1, "modem is being set up", final=False))
    assert settle(home, at("19:01")) == []


def test_correction_is_not_sent_to_whom_nothing_reached() -> None:
    """Who never got the first text gets no correction of it."""
    home = unconfirmed_at_five_past()
    home.fold(TextFailed(at("19:05:30"), 1, "refused", final=True))
    settle(home, at("19:05:30"))  # the neighbour is told instead
    sent(home, at("19:05:31"))
    home.fold(record(1, wire.SLOT_TAKEN, at("19:10"), value=1))
    assert texts(settle(home, at("19:10"))) == [("correction", NEIGHBOUR)]


def test_who_may_have_read_the_lost_copy_is_told_of_the_end() -> None:
    """The first answer was lost, the marked repeat failed: she is owed the end all the same."""
    home = missed_at_seven()
    home.fold(TextFailed(at("19:01"), 1, f"{LOST_ANSWER}: no answer", final=False))
    home.fold(TextFailed(at("19:02"), 1, "status 0x45", final=True))
    settle(home, at("19:03"))
    home.fold(record(2, wire.SLOT_TAKEN, at("19:10"), value=2))
    assert ("opened_late", DAUGHTER) in texts(settle(home, at("19:10")))


def test_a_step_may_be_two_people() -> None:
    """Two guardians with the same delay are told together, and that is one step."""
    pair = (
        Guardian("a", "soonja", "가", "+82100000001", "ko", 0),
        Guardian("b", "soonja", "나", "+82100000002", "en", 0),
    )
    home = begun(at("12:00"), roster(guardians=pair))
    home.fold(record(1, wire.SLOT_MISSED, at("19:00")))
    facts = settle(home, at("19:00"))
    assert [to for _, to in texts(facts)] == ["+82100000001", "+82100000002"]
    assert facts[-1].body == "[Anbu 1] 김순자 evening 19:00 not opened. Reply 1=OK"
    assert only(home).repeats == 0


def test_a_broken_flash_at_the_box_is_not_a_missed_dose() -> None:
    """She opened the lid, the box could not write it down and says that all it has is here."""
    home = begun(at("12:00"))
    home.fold(caught_up(at("19:01")))
    assert texts(settle(home, at("19:01"))) == []
    assert texts(settle(home, at("19:05"))) == [("dose_unconfirmed", DAUGHTER)]


def test_a_record_that_comes_after_the_incident_expired_is_still_told() -> None:
    """The link was dead for a day: whoever was told "not confirmed" gets the correction, once."""
    home = unconfirmed_at_five_past()
    now_ms = at("19:06", "2026-03-03")
    settle(home, now_ms)
    home.fold(record(1, wire.SLOT_TAKEN, now_ms, wall_ms=at("18:40"), value=1))
    told = [f for f in settle(home, now_ms) if f.kind == "text_decided"]
    assert [(f.purpose, f.to) for f in told if f.incident_id == 1] == [("correction", DAUGHTER)]
    assert settle(home, now_ms + 1000) == []


def test_a_wrong_lid_is_asked_about_at_once() -> None:
    """The dose is doubtful at 18:33: nobody waits for the window's end."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_DOUBTFUL, at("18:33")))
    facts = settle(home, at("18:33"))
    assert texts(facts) == [("dose_doubtful", DAUGHTER)]
    assert "18:33" in facts[-1].body
    assert texts(settle(home, at("19:05"))) == [("dose_doubtful", NEIGHBOUR)]


@pytest.mark.parametrize(
    ("kind", "value", "worry"),
    [
        (wire.SLOT_SKIPPED, wire.SKIPPED_LATE, "dose_missed"),
        (wire.SLOT_SKIPPED, wire.SKIPPED_SPACING, None),
        (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD, None),
        (wire.SLOT_PAUSED, 0, None),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF, "dose_doubtful"),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_TOO_SOON, None),
    ],
)
def test_what_worries_of_the_boxs_word(kind: int, value: int, worry: str | None) -> None:
    """Skipped because it came too near the next dose is missed; skipped rightly worries nobody."""
    home = begun(at("12:00"))
    home.fold(record(1, kind, at("19:30"), value=value))
    settle(home, at("21:00"))
    assert [i.worry for i in home.ledger.incidents.values()] == ([worry] if worry else [])


def test_not_confirmed_and_then_not_due_is_corrected() -> None:
    """Whoever was told "not confirmed" learns that the dose was rightly left out."""
    home = unconfirmed_at_five_past()
    home.fold(record(1, wire.SLOT_SKIPPED, at("19:20"), value=wire.SKIPPED_SPACING))
    assert texts(settle(home, at("19:20"))) == [("not_due", DAUGHTER)]
    assert not only(home).live


def test_said_not_to_be_taken_ends_it() -> None:
    """She was asked and said no: the doubt is over, and who was told about it is told so."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_DOUBTFUL, at("18:33")))
    settle(home, at("18:33"))
    home.fold(record(2, wire.SLOT_SKIPPED, at("18:50"), value=wire.SKIPPED_BY_WORD))
    assert texts(settle(home, at("18:50"))) == [("not_by_word", DAUGHTER)]
    assert not only(home).live


def test_not_confirmed_and_then_doubtful_is_told() -> None:
    """The late record says that another lid stood open: ask her, says the text."""
    home = unconfirmed_at_five_past()
    home.fold(record(1, wire.SLOT_DOUBTFUL, at("19:15"), wall_ms=at("18:33")))
    assert texts(settle(home, at("19:15"))) == [("doubtful_after_all", DAUGHTER)]
    assert only(home).worry == "dose_doubtful"


def test_a_dose_put_off_is_not_asked_for_too_early() -> None:
    """Forty minutes later by the spacing: "not confirmed" is said forty minutes later too."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_POSTPONED, at("18:30"), value=40))
    assert texts(settle(home, at("19:44"))) == []
    assert texts(settle(home, at("19:45"))) == [("dose_unconfirmed", DAUGHTER)]


def test_what_his_box_tells_is_looked_at_for_his_doses_only() -> None:
    """Her dose ended unknown, he took his that evening: hers is not looked at for ever."""
    home = begun(at("12:00"))
    settle(home, at("19:05"))
    settle(home, at("19:05", "2026-03-03"))
    who = home.household.roster
    assert who is not None
    two = replace(
        who,
        persons=(*who.persons, Person("yongsu", "박용수")),
        devices=(*who.devices, Device("AB-000002", "pillbox", "yongsu")),
    )
    late_ms = at("20:00", "2026-03-03")
    home.fold(RosterSet(late_ms, to_json(two)))
    home.fold(record(1, wire.SLOT_TAKEN, late_ms, device_id="AB-000002", value=1))
    assert home.ledger.shelves.owed == {}
    home.fold(record(1, wire.SLOT_TAKEN, late_ms, wall_ms=at("18:40"), value=1))
    assert list(home.ledger.shelves.owed) == [1]
