"""Who has no account: the address of a plate, a telephone's address, the open page. What it costs.

A plate hangs at a door, and whoever passes can copy its address; a telephone can be stolen.
"""

from __future__ import annotations

import pytest

from gateway.entering import Entry, entered
from gateway.events import Event, PhoneHeard, PhoneUsed, TextDecided, VisitMade
from gateway.home import Home
from gateway.life.signs import KEPT, Signs, Source
from gateway.looking_in import AT_THE_DOOR
from gateway.officer.rounds import (
    SAID_MOST,
    ChangeIntake,
    CheckIn,
    MakePlate,
    ReportHousehold,
    SayVisit,
)
from gateway.phones.saying import TellHeard, TellUsed
from gateway.refused import EntryRefused
from gateway.rules import at_the_door
from gateway.timelines import Timelines
from tests.gateway.home_facts import at, begun, roster, settle
from tests.gateway.phones.phone_facts import HERS, phoned

HER = "soonja"
MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS


def told(home: Home, entry: Entry, now_ms: int) -> list[Event]:
    """An entry folded, and whatever follows from it."""
    facts = entered(home, entry, now_ms)
    for fact in facts:
        home.fold(fact)
    return [*facts, *settle(home, now_ms)]


def with_plate() -> Home:
    """Hers, without doses, with a plate at the door."""
    home = begun(at("08:00"), roster(regimens=()))
    told(home, MakePlate(HER, "", "", "이지은"), at("08:01"))
    return home


def texts(facts: list[Event]) -> int:
    return sum(isinstance(fact, TextDecided) for fact in facts)


# --- a plate's address that was copied


def test_a_copied_plate_writes_no_log_full_and_sends_no_texts_without_end() -> None:
    """Nobody, well, nobody, well …, all day long: so many facts a day, and a refusal with why."""
    home, facts, refused = with_plate(), list[Event](), set[str]()
    for n in range(600):
        outcome = ("nobody", "well")[n % 2]
        try:
            facts += told(home, CheckIn(1, outcome, f"{n}"), at("09:00") + n * MINUTE_MS)
        except EntryRefused as why:
            refused.add(why.code)
    assert refused == {"plate_often"}
    assert sum(isinstance(fact, VisitMade) for fact in facts) == SAID_MOST
    assert 0 < texts(facts) <= 4 * SAID_MOST


def test_a_copied_plate_silences_nobody_who_signs_in_and_no_other_link() -> None:
    """What was said at the door too often leaves the helper's own link and the officer alone."""
    home, now_ms = with_plate(), at("09:00")
    told(home, MakePlate(HER, "정도우", "helper", "이지은"), now_ms)
    for n in range(SAID_MOST):
        told(home, CheckIn(1, "well", f"{n}"), now_ms + n)
    with pytest.raises(EntryRefused):
        entered(home, CheckIn(1, "nobody", ""), now_ms + MINUTE_MS)
    assert told(home, CheckIn(2, "nobody", ""), now_ms + MINUTE_MS)
    assert told(home, SayVisit(HER, "worried", "", "박복지"), now_ms + MINUTE_MS)
    assert told(home, CheckIn(1, "nobody", ""), now_ms + DAY_MS + SAID_MOST)


def test_worries_at_a_door_are_one_incident_until_somebody_has_answered() -> None:
    """Said again each hour and a bit: nobody has answered yet, and there is one to answer."""
    home, now_ms = with_plate(), at("09:00")
    for n in range(5):
        told(home, CheckIn(1, "worried", f"{n}"), now_ms + n * 61 * MINUTE_MS)
    assert len(home.ledger.live) == 1


def test_what_was_said_a_week_ago_is_no_new_worry() -> None:
    """The first of two leaves the week that is looked at: the second begins nothing by itself."""
    home, now_ms = with_plate(), at("09:00")
    for n in range(2):
        told(home, CheckIn(1, "worried", f"{n}"), now_ms + n * 30 * MINUTE_MS)
    before = home.ledger.last_incident_id
    settle(home, now_ms + at_the_door.LOOK_BACK_MS + 10 * MINUTE_MS)
    assert home.ledger.last_incident_id == before


# --- reports of strangers


def test_a_flood_of_reports_is_one_incident_while_the_office_works_through_it() -> None:
    """Twenty reports, looked at one after the other: one incident, not a text for each."""
    home, facts, now_ms = with_plate(), list[Event](), at("09:00")
    for n in range(20):
        facts += told(home, ReportHousehold("성산1동", f"{n}번지", "x", "@report"), now_ms + n)
    for n in range(1, 21):
        later_ms = now_ms + n * MINUTE_MS
        facts += told(home, ChangeIntake(n, "nothing_found", "", "", "박복지"), later_ms)
    assert home.ledger.last_incident_id == 1
    assert not home.ledger.live
    told(home, ReportHousehold("성산1동", "99번지", "x", "@report"), at("12:00"))
    assert len(home.ledger.live) == 1


# --- a telephone's address


@pytest.mark.parametrize("kind", [TellHeard, TellUsed])
def test_a_battery_that_jumps_writes_no_log_full(kind: type) -> None:
    """Full, flat, full, flat, as fast as it is answered: some facts an hour, and the flat one."""
    home, now_ms, facts = phoned(), at("13:00"), list[Event]()
    for n in range(12 * 60):
        percent, when_ms = (90, 5)[n % 2], now_ms + n * 5_000
        entry = (
            TellHeard(HERS, percent, "x")
            if kind is TellHeard
            else TellUsed(HERS, "unlock", percent, None, "x")
        )
        facts += told(home, entry, when_ms)
    said = [fact for fact in facts if isinstance(fact, PhoneHeard | PhoneUsed)]
    assert len(said) <= 20
    assert 5 in {fact.battery_percent for fact in said}


def test_what_people_tell_is_kept_so_long_and_no_longer() -> None:
    """A telephone alone, for years: as many signs are kept as of devices, the newest of them."""
    signs = Signs()
    for n in range(KEPT + 500):
        signs.told(HER, n * MINUTE_MS, Source.HANDSET)
        signs.told(HER, n * MINUTE_MS, Source.HANDSET)
    assert len(signs.shelves[HER, True]) == KEPT
    last = signs.last(HER, Timelines())
    assert last is not None
    assert last.at_ms == (KEPT + 499) * MINUTE_MS


def test_the_plates_own_word_is_said_to_be_its_own() -> None:
    """Whatever is told by a plate names the plate, never somebody."""
    home = with_plate()
    told(home, CheckIn(1, "well", "", by="박복지"), at("09:00"))
    made = home.household.visits.newest(HER)
    assert made is not None
    assert made.by == AT_THE_DOOR
