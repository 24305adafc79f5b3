"""What cannot be seen: a dead link, a silent box, a silent person; none is taken for another."""

from __future__ import annotations

from dataclasses import replace

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.events import (
    DeviceRecord,
    DeviceRests,
    GatewayStarted,
    LinkDown,
    LinkUp,
    NotMonitored,
    ScheduleOnBox,
)
from gateway.home import Home
from gateway.incidents.reasons import Reason
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    NEIGHBOUR,
    at,
    caught_up,
    record,
    reply,
    roster,
    sent,
    settle,
    texts,
)
from tests.gateway.ladder_facts import (
    OFFICER,
    linked,
    people,
    told,
)


def test_a_dead_link_in_a_window_is_told_after_five_minutes() -> None:
    """P7: on mains a silence in an open dose window is told to the officer, who is technical."""
    home = linked(at("18:00"))
    home.fold(LinkDown(at("18:10"), BOX, "gone"))
    assert texts(settle(home, at("18:14:59"))) == []
    assert home.next_deadline(at("18:14:59")) == at("18:15")
    facts = settle(home, at("18:15"))
    assert texts(facts) == [("device_unseen", OFFICER)]


def test_a_dead_link_outside_a_window_is_told_after_half_an_hour() -> None:
    """P7: thirty minutes, and "seen again" when it is back."""
    home = linked(at("13:00"))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    assert texts(settle(home, at("13:29:59"))) == []
    assert texts(settle(home, at("13:30"))) == [("device_unseen", OFFICER)]
    sent(home, at("13:31"))
    home.fold(LinkUp(at("13:40"), BOX))
    assert texts(settle(home, at("13:40"))) == [("gone", OFFICER)]


def test_a_wake_that_was_announced_is_waited_for() -> None:
    """A box that said when it wakes is missed half an hour after that, not before."""
    home = linked(at("13:00"))
    home.fold(DeviceRests(at("13:00"), BOX, at("15:00")))
    assert texts(settle(home, at("15:29"))) == []
    assert texts(settle(home, at("15:30"))) == [("device_unseen", OFFICER)]


def test_a_dead_link_makes_not_confirmed_a_cannot_see() -> None:
    """Who is to look reads that the link is dead; the technical alarm is not told any further.

    Each hears once how it ended: who was to look of the dose, the officer of the box.
    """
    home = linked(at("18:00"))
    home.fold(LinkDown(at("18:10"), BOX, "gone"))
    found = told(home, "19:20", begin="18:11")
    assert [(p, to) for _m, p, to in found] == [
        ("device_unseen", OFFICER),
        ("device_unseen", DAUGHTER),  # half an hour later: the officer did not answer
        ("cannot_see", DAUGHTER),
        ("cannot_see", NEIGHBOUR),
    ]
    home.fold(LinkUp(at("19:21"), BOX))
    home.fold(record(1, wire.SLOT_TAKEN, at("19:21"), wall_ms=at("18:40"), value=1))
    assert texts(settle(home, at("19:21"))) == [
        ("gone", OFFICER),
        ("correction", DAUGHTER),
        ("correction", NEIGHBOUR),
    ]


def silent(regimens: tuple[rosters.Regimen, ...] | None = None) -> Home:
    """A home in which eight hours without a hand are too long."""
    who = roster(guardians=people(), regimens=regimens)
    return linked(at("12:00"), replace(who, persons=(replace(who.persons[0], silent_h=8),)))


def test_no_sign_of_life_absorbs_a_missed_dose() -> None:
    """One incident says it; the dose is on the page with the reason why it was not told."""
    home = silent()
    home.fold(record(1, wire.OK_PRESSED, at("12:30"), slot_day=None, slot_index=None))
    settle(home, at("12:30"))
    home.fold(record(2, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    sent(home, at("19:00"))
    found = told(home, "20:45", begin="19:01")
    assert (90, "no_sign_of_life", DAUGHTER) in found
    home.fold(record(3, wire.OK_PRESSED, at("20:46"), slot_day=None, slot_index=None))
    assert ("gone", DAUGHTER) in texts(settle(home, at("20:46")))


def test_a_dose_missed_after_no_sign_of_life_is_not_told_by_itself() -> None:
    """While "no sign of life" lives nobody reads about her dose too."""
    home = silent()
    home.fold(record(1, wire.OK_PRESSED, at("10:30"), slot_day=None, slot_index=None))
    settle(home, at("18:30"))
    home.fold(record(2, wire.SLOT_LATE, at("19:00")))
    told_of = {purpose for purpose, _to in texts(settle(home, at("19:00")))}
    assert told_of == {"no_sign_of_life"}
    dose = home.ledger.incidents[2]
    assert dose.tellings[""].reason == Reason.ABSORBED
    home.fold(record(3, wire.OK_PRESSED, at("19:05"), slot_day=None, slot_index=None))
    assert ("dose_missed", DAUGHTER) in texts(settle(home, at("19:05")))


def test_a_dead_link_is_no_death_scare() -> None:
    """Without a link nobody reads "no sign of life", but that we cannot see."""
    home = silent(regimens=())
    home.fold(record(1, wire.OK_PRESSED, at("12:30"), slot_day=None, slot_index=None))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    said = {p for _m, p, _to in told(home, "21:00", begin="13:01")}
    assert said == {"device_unseen", "cannot_see_life"}


def test_days_away_are_no_silence() -> None:
    """She is in hospital: nobody is sent to her home."""
    home = silent(regimens=())
    home.fold(NotMonitored(at("12:00"), "soonja", "2026-03-02", "2026-03-04", "hospital", "이지은"))
    assert told(home, "12:00", "2026-03-03", begin="12:01") == []


def test_a_schedule_read_back_by_nobody_is_no_incident_here() -> None:
    """A box that read its schedule back and is linked worries nobody all day."""
    home = linked(at("12:00"), roster(guardians=people(), regimens=()))
    made = home.household.made[BOX]
    home.fold(ScheduleOnBox(at("12:01"), BOX, made.version, made.crc))
    assert told(home, "23:00", begin="12:02") == []


def hand(seq: int, at_ms: int, clock: str) -> DeviceRecord:
    """She pressed OK at a clock; the gateway learns it at `at_ms`."""
    fields = {"wall_ms": at(clock), "slot_day": None, "slot_index": None}
    return record(seq, wire.OK_PRESSED, at_ms, **fields)


def test_a_gateway_that_was_away_first_lets_the_box_tell() -> None:
    """Off for ten hours: she moved meanwhile, and nobody reads that she did not."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    settle(home, at("12:30"))
    home.fold(GatewayStarted(at("23:00"), "x", last_alive_ms=at("13:00")))
    assert texts(settle(home, at("23:00"))) == [("lost_sight", OFFICER)]
    home.fold(LinkUp(at("23:01"), BOX))
    assert settle(home, at("23:01")) == []
    home.fold(hand(2, at("23:02"), "22:30"))
    home.fold(caught_up(at("23:02")))
    assert told(home, "23:59", begin="23:02") == []


def test_a_gateway_that_was_away_does_not_wait_for_ever() -> None:
    """A box that is not heard after its start is a dead link; one that has told all is not."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    home.fold(GatewayStarted(at("23:00"), "x"))
    assert settle(home, at("23:14")) == []
    assert home.next_deadline(at("23:14")) == at("23:15")
    assert texts(settle(home, at("23:15"))) == [("cannot_see_life", DAUGHTER)]
    sent(home, at("23:15"))
    home.fold(LinkUp(at("23:16"), BOX))
    home.fold(caught_up(at("23:17")))
    assert texts(settle(home, at("23:17"))) == [("no_sign_of_life", DAUGHTER)]


def test_a_link_that_is_back_is_heard_out_before_anybody_is_scared() -> None:
    """Who read that we cannot see reads nothing worse, neither from a restart nor from the link."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    told(home, "20:50", begin="13:01")
    home.fold(GatewayStarted(at("20:51"), "x", last_alive_ms=at("20:50")))
    assert texts(settle(home, at("20:51"))) == []
    home.fold(LinkUp(at("20:52"), BOX))
    assert {p for p, _to in texts(settle(home, at("20:52")))} == {"gone"}  # the box is heard
    home.fold(hand(2, at("20:53"), "19:00"))
    home.fold(caught_up(at("20:53")))
    assert {p for p, _to in texts(settle(home, at("20:53")))} == {"gone"}


def test_a_restart_is_no_news_of_a_silent_box() -> None:
    """Nobody reads that it is fine again, and it is told on until it is heard."""
    home = linked(at("12:00"), roster(guardians=people(), regimens=()))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    told(home, "15:00", begin="13:01")
    home.fold(GatewayStarted(at("15:10"), "x", last_alive_ms=at("15:09")))
    assert texts(settle(home, at("15:10"))) == []
    assert {p for _m, p, _to in told(home, "15:00", "2026-03-04", "15:11")} == {"device_unseen"}
    home.fold(LinkUp(at("15:01", "2026-03-04"), BOX))
    assert {p for p, _to in texts(settle(home, at("15:01", "2026-03-04")))} == {"gone"}


def test_who_looked_after_her_starts_the_clock_anew() -> None:
    """Ended by a person at nine; eight hours without a hand after that are told again."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    assert [p for _m, p, _to in told(home, "20:40", begin="12:31")] == ["no_sign_of_life"]
    reply(home, "완료", "20:41")
    found = told(home, "04:41", "2026-03-03", "20:42")
    assert found == [(9 * 60 + 41, "no_sign_of_life", DAUGHTER)]
