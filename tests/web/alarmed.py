"""Homes in which people were told, or were not: what the page of an incident is tested against.

Knows: the facts of an evening, by their clock. May not know: the page.
"""

from __future__ import annotations

from dataclasses import replace

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.events import (
    Event,
    LinkDown,
    LinkUp,
    TellingPaused,
    TextClaimed,
    TextDelivered,
    TextFailed,
    TextSubmitted,
    TextUnreported,
)
from gateway.home import Home
from tests.gateway.home_facts import (
    BOX,
    MIN_MS,
    at,
    begun,
    caught_up,
    record,
    reply,
    roster,
    settle,
)
from tests.gateway.ladder_facts import people

NIGHT = {"from": "18:00", "until": "07:00"}
PASSED = "modem: the modem is not registered"
HIS_BOX = "AB-000002"
NOW_MS = at("20:10")


def fold(home: Home, *facts: Event) -> Home:
    """A home after these facts."""
    for fact in facts:
        home.fold(fact)
    return home


def _missed(who: rosters.Roster) -> Home:
    """At seven the box says that nobody opened the lid."""
    home = begun(at("12:00"), who)
    home.fold(LinkUp(at("18:00"), BOX))
    home.fold(caught_up(at("18:00:05")))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    return home


def carried(text_id: int, clock: str, route: str = "modem", passed: str = "") -> list[Event]:
    """A text leaves by a route."""
    now_ms = at(clock)
    gone = TextSubmitted(now_ms, text_id, (text_id,), now_ms, marked_repeat=False, route=route)
    return [TextClaimed(now_ms, text_id, route), replace(gone, passed=passed)]


def one_by_one() -> Home:
    """The daughter by the Internet, and it arrived; the neighbour has quiet hours; nobody answered.

    The officer is not told of doses.
    """
    night = {"quiet": NIGHT}
    home = _missed(roster(guardians=people(neighbour=night, officer={"kinds": ("help",)})))
    fold(home, *carried(1, "19:00:02", "http", PASSED), TextDelivered(at("19:00:05"), 1))
    settle(home, at("19:15"))
    return home


def failing() -> Home:
    """The daughter's text was repeated, and nothing is known of it; the neighbour's was refused.

    The officer's waits for a second try. Then the daughter has it.
    """
    home = _missed(roster(guardians=people()))
    lost = TextFailed(at("19:01"), 1, "answer lost: the line was cut", final=False, route="http")
    marked = TextSubmitted(at("19:02"), 1, (7,), at("19:02"), marked_repeat=True)
    fold(home, TextClaimed(at("19:00"), 1, "http"), lost, TextClaimed(at("19:02"), 1, "modem"))
    fold(home, marked)
    settle(home, at("19:15"))
    refused = TextFailed(at("19:16"), 2, "the number does not exist (3058)", final=True)
    fold(home, TextClaimed(at("19:15"), 2, "modem"), refused)
    settle(home, at("19:16"))
    later = TextFailed(at("19:17"), 3, "the modem is not registered", final=False)
    fold(home, TextClaimed(at("19:16"), 3, "modem"), later)
    fold(home, TextUnreported(at("20:05"), 1, 60))
    reply(home, "1", "20:06")
    return home


def over() -> Home:
    """It was opened late before the neighbour's text was taken out of the outbox."""
    home = _missed(roster(guardians=people()))
    fold(home, *carried(1, "19:00:02"), TextDelivered(at("19:00:05"), 1))
    settle(home, at("19:15"))
    fold(home, record(2, wire.SLOT_TAKEN, at("18:50"), at_ms=at("19:20"), value=1))
    settle(home, at("19:20"))
    return home


def dark() -> Home:
    """Two boxes lost the mains: it is the home's. One is late, and telling about her rests."""
    who = roster(guardians=people())
    two = replace(
        who,
        persons=(*who.persons, rosters.Person("minsu", "이민수")),
        devices=(*who.devices, rosters.Device(HIS_BOX, "pillbox", "minsu")),
    )
    home = begun(at("12:00"), two)
    fold(home, LinkUp(at("18:00"), BOX), caught_up(at("18:00:05")))
    for number, device in enumerate((BOX, HIS_BOX)):
        lost = record(2, wire.MAINS_LOST, at("18:10"), device_id=device, slot_day=None)
        fold(home, replace(lost, seq=2 + number, slot_index=None, compartment=None))
    fold(home, LinkDown(at("18:40"), BOX, "lost"))
    until_ms = at("08:00", "2026-03-05")
    fold(home, TellingPaused(at("17:00"), "soonja", until_ms, "이지은", "딸네 집에 계심"))
    for minute in range(130):
        settle(home, at("18:00") + minute * MIN_MS)
    return home


HOMES = [one_by_one, failing, over, dark]
