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
    ScheduleOnBox,
)
from gateway.home import Home
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    NEIGHBOUR,
    at,
    caught_up,
    record,
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


DAY = "2026-03-03"  # the level's 24 hours after the last sign are over on the next day


def silent(regimens: tuple[rosters.Regimen, ...] | None = None) -> Home:
    """A home in which 24 hours without a sign of life are too long."""
    who = roster(guardians=people(), regimens=regimens)
    return linked(at("12:00"), replace(who, persons=(replace(who.persons[0], level="severe"),)))


def test_a_dead_link_is_no_death_scare() -> None:
    """Without a link nobody reads "no sign of life", but that we cannot see."""
    home = silent(regimens=())
    home.fold(record(1, wire.OK_PRESSED, at("12:30"), slot_day=None, slot_index=None))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    said = {p for _m, p, _to in told(home, "13:00", DAY, begin="13:01")}
    assert said == {"device_unseen", "cannot_see_life"}


def test_a_schedule_read_back_by_nobody_is_no_incident_here() -> None:
    """A box that read its schedule back and is linked worries nobody all day."""
    home = linked(at("12:00"), roster(guardians=people(), regimens=()))
    made = home.household.made[BOX]
    home.fold(ScheduleOnBox(at("12:01"), BOX, made.version, made.crc))
    assert told(home, "23:00", begin="12:02") == []


def hand(seq: int, at_ms: int, clock: str, day: str = "2026-03-02") -> DeviceRecord:
    """She pressed OK at a clock; the gateway learns it at `at_ms`."""
    fields = {"wall_ms": at(clock, day), "slot_day": None, "slot_index": None}
    return record(seq, wire.OK_PRESSED, at_ms, **fields)


def test_a_gateway_that_was_away_first_lets_the_box_tell() -> None:
    """Off for a day: she moved meanwhile, and nobody reads that she did not."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    settle(home, at("12:30"))
    home.fold(GatewayStarted(at("14:00", DAY), "x", last_alive_ms=at("13:00")))
    assert texts(settle(home, at("14:00", DAY))) == [("lost_sight", OFFICER)]
    home.fold(LinkUp(at("14:01", DAY), BOX))
    assert settle(home, at("14:01", DAY)) == []
    home.fold(hand(2, at("14:02", DAY), "13:30", DAY))
    home.fold(caught_up(at("14:02", DAY)))
    assert told(home, "14:59", DAY, begin="14:02") == []


def test_a_gateway_that_was_away_does_not_wait_for_ever() -> None:
    """A box that is not heard after its start is a dead link; one that has told all is not."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    home.fold(GatewayStarted(at("14:00", DAY), "x"))
    assert texts(settle(home, at("14:14", DAY))) == []
    assert home.next_deadline(at("14:14", DAY)) == at("14:15", DAY)
    assert texts(settle(home, at("14:15", DAY))) == [("cannot_see_life", DAUGHTER)]
    sent(home, at("14:15", DAY))
    home.fold(LinkUp(at("14:16", DAY), BOX))
    home.fold(caught_up(at("14:17", DAY)))
    assert texts(settle(home, at("14:17", DAY))) == []  # she may have just put it in order
    assert home.next_deadline(at("14:30", DAY)) == at("14:31", DAY)
    assert texts(settle(home, at("14:31", DAY))) == [
        ("no_sign_of_life", DAUGHTER),
        ("no_sign_of_life", OFFICER),  # the level's hours are over
    ]


def test_a_link_that_is_back_is_heard_out_before_anybody_is_scared() -> None:
    """Who read that we cannot see reads nothing worse, neither from a restart nor from the link."""
    home = silent(regimens=())
    home.fold(hand(1, at("12:30"), "12:30"))
    home.fold(LinkDown(at("13:00"), BOX, "gone"))
    told(home, "12:50", DAY, begin="13:01")
    home.fold(GatewayStarted(at("12:51", DAY), "x", last_alive_ms=at("12:50", DAY)))
    assert texts(settle(home, at("12:51", DAY))) == []
    home.fold(LinkUp(at("12:52", DAY), BOX))
    assert {p for p, _to in texts(settle(home, at("12:52", DAY)))} == {"gone"}  # the box is heard
    home.fold(hand(2, at("12:53", DAY), "11:00", DAY))
    home.fold(caught_up(at("12:53", DAY)))
    assert {p for p, _to in texts(settle(home, at("12:53", DAY)))} == {"gone"}


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
