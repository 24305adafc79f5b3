"""Home from hospital: what ends, what begins, what is asked for, and when all of it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway import roster as rosters
from gateway.coverage import watch
from gateway.coverage.taking import LeaveHospital
from gateway.enrolling import ChangePerson
from gateway.entering import NotSeen, Pause, Prescribe
from gateway.events import (
    CallsPlanned,
    DeviceOrdered,
    HospitalLeft,
    OrderAnswered,
    RosterChanged,
    WatchEnded,
)
from gateway.home import Home
from gateway.officer.ending import EndCare
from gateway.refused import EntryRefused
from gateway.roster import entry_to_json
from tests.gateway.home_facts import BOX, at, begun, roster, settle, texts
from tests.gateway.officer.district import enter
from tests.gateway.prescription.any_medication import once_a_day

NOW_MS = at("14:00")
HOME_AGAIN = LeaveHospital(
    "soonja", "2026-03-02", "2026-03-16", "severe", ("2026-03-03", "2026-03-05"), (), True, "이지은"
)


def level(home: Home) -> str | None:
    """Hers, as the roster counts."""
    person = home.household.roster.person("soonja") if home.household.roster else None
    assert person is not None
    return person.level


def at_home() -> Home:
    """Her box runs; she is watched at "attention"; an officer is on her ladder too."""
    who = roster(weekly_day="", test_day=0)
    officer = rosters.Guardian("officer", "soonja", "박복지", "+821077776666", "ko", 60, "officer")
    persons = (replace(who.persons[0], level="attention"),)
    return begun(at("08:00"), replace(who, persons=persons, guardians=(*who.guardians, officer)))


def asked(home: Home, now_ms: int) -> list[str]:
    """Who is told then that the new prescription is wanted."""
    return [to for purpose, to in texts(settle(home, now_ms)) if purpose == "prescription_wanted"]


def test_the_pause_the_days_and_the_boxs_absence_end() -> None:
    """Nothing that held for the hospital holds on; the days before stay days that nobody saw."""
    home = at_home()
    enter(home, Pause("soonja", at("09:00", "2026-03-06"), "이지은", "입원"), NOW_MS)
    enter(home, NotSeen("soonja", "2026-02-27", "2026-03-06", "hospital", "이지은"), NOW_MS)
    away = {"from_ms": at("08:30"), "until_ms": at("09:00", "2026-03-06")}
    home.fold(DeviceOrdered(at("08:30"), 1, BOX, "away", away))
    home.fold(OrderAnswered(at("08:31"), 1, "done"))
    facts = enter(home, HOME_AGAIN, NOW_MS)
    assert home.ledger.paused["soonja"].until_ms <= NOW_MS
    stays = [(s.from_day, s.to_day) for s in home.household.not_monitored["soonja"].values()]
    assert stays == [("2026-02-27", "2026-03-01")]
    assert [(f.order, f.device_id) for f in facts if isinstance(f, DeviceOrdered)] == [
        ("at_home", BOX)
    ]


def test_who_was_not_away_gets_no_order() -> None:
    """A box that takes her as at home is not told so."""
    assert not [f for f in enter(at_home(), HOME_AGAIN, NOW_MS) if isinstance(f, DeviceOrdered)]


def test_visits_are_planned_and_the_level_is_tightened() -> None:
    """Each day is a planned visit; her level is the agreed one at once."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    planned = home.household.visits.planned
    assert [day for day in sorted(planned) if "soonja" in planned[day]] == [*HOME_AGAIN.visits]
    assert level(home) == "severe"


def test_the_level_is_given_back_after_its_last_day() -> None:
    """Not a minute before the midnight after it, and only once."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    over_ms = at("00:00", "2026-03-17")
    assert watch.next_deadline(home.household, NOW_MS) == over_ms
    assert watch.decide(home.household, over_ms - 1) == []
    settle(home, over_ms)
    assert level(home) == "attention"
    assert watch.decide(home.household, over_ms) == []
    assert watch.next_deadline(home.household, over_ms) is None


def test_a_level_that_somebody_changed_meanwhile_stays() -> None:
    """What an officer said after the homecoming is newer than what is given back."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    assert home.household.roster is not None
    person = home.household.roster.persons[0]
    enter(home, ChangePerson(replace(person, level="risk"), "이지은"), NOW_MS)
    facts = watch.decide(home.household, at("00:00", "2026-03-17"))
    assert facts == [WatchEnded(at("00:00", "2026-03-17"), "soonja")]
    settle(home, at("00:00", "2026-03-17"))
    assert level(home) == "risk"


def test_back_in_hospital_before_it_was_over() -> None:
    """The level that is given back is the one before the first of both, not the tight one."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    again = replace(HOME_AGAIN, day="2026-03-08", until_day="2026-03-20",
                    visits=("2026-03-09",))  # fmt: skip
    enter(home, again, at("10:00", "2026-03-08"))
    settle(home, at("00:00", "2026-03-17"))
    assert level(home) == "severe"
    settle(home, at("00:00", "2026-03-21"))
    assert level(home) == "attention"


def test_a_second_stay_keeps_what_an_officer_said_between() -> None:
    """Given back is the level that somebody chose after the first homecoming."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    assert home.household.roster is not None
    person = home.household.roster.persons[0]
    enter(home, ChangePerson(replace(person, level="risk"), "이지은"), NOW_MS)
    again = replace(HOME_AGAIN, day="2026-03-08", visits=("2026-03-09",))
    enter(home, again, at("10:00", "2026-03-08"))
    settle(home, at("00:00", "2026-03-17"))
    assert level(home) == "risk"


def test_who_is_removed_meanwhile_is_watched_no_more() -> None:
    """Nothing of hers is given back to nobody, once; and no prescription of hers is asked for."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    enter(home, EndCare("soonja", "institution", "2026-03-02", "이지은"), NOW_MS)
    assert asked(home, at("10:00", "2026-03-03")) == []
    over_ms = at("00:00", "2026-03-17")
    assert watch.decide(home.household, over_ms) == [WatchEnded(over_ms, "soonja")]
    settle(home, over_ms)
    assert watch.decide(home.household, over_ms) == []


def test_a_watch_is_no_looser_than_before() -> None:
    """Whoever is watched at 24 hours is not left alone for 50 because she was in hospital."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    enter(home, replace(HOME_AGAIN, level="risk"), NOW_MS)  # closer than before the hospital
    assert level(home) == "risk"
    home = begun(at("08:00"), replace(roster(), persons=(
        replace(roster().persons[0], level="severe"),)))  # fmt: skip
    with pytest.raises(EntryRefused, match="watch_looser"):
        enter(home, replace(HOME_AGAIN, level="risk"), NOW_MS)
    assert level(home) == "severe"


def test_nobody_is_called_in_hours_that_are_over() -> None:
    """Today at eleven her hours are over: today is refused, and no call is missed tonight."""
    home = at_home()
    plan = {"weekdays": ["fri"], "from": "09:00", "until": "11:00", "number": "053", "language": ""}
    home.fold(CallsPlanned(at("08:00", "2026-03-01"), "soonja", "wellbeing", plan, "이지은"))
    today = replace(HOME_AGAIN, calls=("2026-03-02", "2026-03-04"))
    with pytest.raises(EntryRefused, match="call_over"):
        enter(home, today, at("11:00"))
    enter(home, today, at("10:59"))
    assert "2026-03-02" in home.household.nets.call_days("soonja")


def test_who_was_watched_at_none_is_so_again() -> None:
    """Nobody watched her before: afterwards nobody does."""
    home = begun(at("08:00"))
    enter(home, HOME_AGAIN, NOW_MS)
    assert level(home) == "severe"
    home.fold(WatchEnded(1, "soonja"))
    assert level(home) == "severe"
    other = begun(at("08:00"))
    facts = enter(other, HOME_AGAIN, NOW_MS)
    left = next(f for f in facts if isinstance(f, HospitalLeft))
    assert left.before is None
    back = watch.decide(other.household, at("00:00", "2026-03-17"))
    rows = [f.row for f in back if isinstance(f, RosterChanged)]
    assert [row["level"] for row in rows if row] == [None]
    assert other.household.roster is not None
    assert rows == [entry_to_json(replace(other.household.roster.persons[0], level=None))]


def test_the_new_prescription_is_asked_for_by_day_until_it_is_entered() -> None:
    """The daughter is told at the hour for news; once it is entered it is over, and she knows."""
    home = at_home()
    enter(home, HOME_AGAIN, NOW_MS)
    assert asked(home, NOW_MS) == []
    assert asked(home, at("10:00", "2026-03-03")) == ["+821012345678"]
    enter(home, Prescribe("soonja", (once_a_day(),), "form", "이지은"), at("11:00", "2026-03-03"))
    settle(home, at("11:00", "2026-03-03"))
    (incident,) = (i for i in home.ledger.incidents.values() if i.worry == "prescription_wanted")
    assert (incident.live, incident.reason) == (False, "gone")


def test_a_prescription_of_before_is_not_the_new_one() -> None:
    """What was entered before she came home ends nothing."""
    home = at_home()
    enter(home, Prescribe("soonja", (once_a_day(),), "form", "이지은"), NOW_MS - 1)
    enter(home, HOME_AGAIN, NOW_MS)
    assert asked(home, at("10:00", "2026-03-03"))


@pytest.mark.parametrize("entry", [replace(HOME_AGAIN, prescription=False), None])
def test_nobody_is_asked_where_nothing_was_agreed(entry: LeaveHospital | None) -> None:
    """Without the tick, or without a hospital, no text."""
    home = at_home()
    if entry is not None:
        enter(home, entry, NOW_MS)
    assert asked(home, at("10:00", "2026-03-03")) == []


def test_calls_need_a_plan_of_calls() -> None:
    """Days of calls are refused where nobody calls her, and known to the caller where she is."""
    home = at_home()
    calls = replace(HOME_AGAIN, visits=(), calls=("2026-03-04",))
    with pytest.raises(EntryRefused, match="no_call_plan"):
        enter(home, calls, NOW_MS)
    home.fold(CallsPlanned(NOW_MS, "soonja", "wellbeing", {"weekdays": ["mon"]}, "이지은"))
    enter(home, calls, NOW_MS)
    assert home.household.nets.call_days("soonja") == {"2026-03-04"}
    assert home.household.nets.call_days("jungho") == frozenset()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (replace(HOME_AGAIN, person_id="nobody"), "person"),
        (replace(HOME_AGAIN, day="2026-03-03"), "home_day"),
        (replace(HOME_AGAIN, day="2026-02-01"), "home_day"),
        (replace(HOME_AGAIN, day=""), "day"),
        (replace(HOME_AGAIN, until_day="2026-03-01"), "watch_until"),
        (replace(HOME_AGAIN, until_day="2026-06-01"), "watch_until"),
        (replace(HOME_AGAIN, level="none"), "person_field"),
        (replace(HOME_AGAIN, visits=("2026-03-09",)), "first_week"),
        (replace(HOME_AGAIN, visits=()), "first_week_empty"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(entry: LeaveHospital, code: str) -> None:
    """Each with its own reason, and nothing is written down."""
    home = at_home()
    with pytest.raises(EntryRefused) as refused:
        enter(home, entry, NOW_MS)
    assert refused.value.code == code
    assert level(home) == "attention"
