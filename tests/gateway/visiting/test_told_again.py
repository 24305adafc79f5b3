"""What was found at a door, missed or reported once more is told once more; nothing is swallowed.

An oracle of its own, from the words of the house: a door nobody opens asks until a newer sign or a
person's word; after the word the next one in vain asks anew.
"""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.entering import entered
from gateway.events import (
    Event,
    HouseholdReported,
    NotMonitored,
    SaidFine,
    VisitMade,
    VisitsPlanned,
    from_json,
    to_json,
)
from gateway.home import Home
from gateway.incidents.by_page import AnswerIncident
from gateway.officer.rounds import ChangeIntake
from gateway.rules import visit_missed
from tests.gateway.home_facts import DAUGHTER, MIN_MS, at, begun, roster, settle, texts
from tests.gateway.ladder_facts import OFFICER, people

HER = "soonja"
DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def home() -> Home:
    """Hers, without doses; a daughter, a neighbour, an officer."""
    return begun(at("08:00"), roster(guardians=people(), regimens=()))


def fold(house: Home, *facts: Event) -> Home:
    """It after these."""
    for fact in facts:
        house.fold(fact)
    return house


def visit(outcome: str, at_ms: int, text: str = "") -> VisitMade:
    """Somebody read the plate at the door."""
    return VisitMade(at_ms, HER, "", outcome, text, "@door")


def daily(weekdays: tuple[int, ...] = tuple(range(7)), every: int = 1) -> VisitsPlanned:
    """The helper comes on these days."""
    return VisitsPlanned(at("08:00"), HER, "정도우", "helper", weekdays, every, "2026-03-02", "이")


def closed(house: Home, number: int, now_ms: int) -> None:
    """A person says that it is over."""
    fold(house, *entered(house, AnswerIncident(number, "well", "이지은"), now_ms))
    settle(house, now_ms)


def live(house: Home) -> list[str]:
    """The worries of the incidents that live."""
    return [house.ledger.incidents[i].worry for i in house.ledger.live]


def test_nobody_opens_again_after_a_word_and_is_told_again() -> None:
    """Somebody ended the first; the next in vain opens one that stays, and is told."""
    house = fold(home(), visit("nobody", at("10:00")))
    assert texts(settle(house, at("10:00"))) == [("visit_nobody", DAUGHTER)]
    closed(house, 1, at("11:00"))
    fold(house, visit("nobody", at("15:00")))
    assert texts(settle(house, at("15:00"))) == [("visit_nobody", DAUGHTER)]
    assert live(house) == ["visit_nobody"]
    fold(house, SaidFine(at("15:20"), HER, HER))
    settle(house, at("15:20"))
    assert live(house) == []


def test_a_stay_that_was_a_slip_does_not_swallow_a_closed_door() -> None:
    """Put down as away and taken back an hour later: the door stands as it stood."""
    house = fold(home(), visit("nobody", at("10:00")))
    settle(house, at("10:00"))
    fold(house, NotMonitored(at("10:10"), HER, "2026-03-02", "2026-03-04", "hospital", "이"))
    settle(house, at("10:10"))
    assert live(house) == []
    fold(house, NotMonitored(at("11:00"), HER, "2026-03-02", "2026-03-01", "hospital", "이"))
    assert ("visit_nobody", DAUGHTER) in texts(settle(house, at("11:00")))
    assert live(house) == ["visit_nobody"]


def test_a_worried_visitor_is_told_of_however_long_the_gateway_was_away() -> None:
    """Written down, then two days without power: it is told, not filed as too old."""
    house = fold(home(), visit("worried", at("10:00"), "불러도 대답이 없음"))
    found = settle(house, at("10:00") + 2 * DAY_MS)
    assert ("visit_worry", DAUGHTER) in texts(found)
    assert live(house) == ["visit_worry"]


def test_who_is_missed_again_after_a_word_is_missed_the_same_day() -> None:
    """Monday was closed by the office on Tuesday; Tuesday in vain is told on Wednesday."""
    house = fold(home(), daily())
    midnight = at("00:00") + DAY_MS
    settle(house, midnight)
    closed(house, 1, midnight + 10 * HOUR_MS)
    settle(house, midnight + DAY_MS)
    assert [house.ledger.incidents[i].key[-10:] for i in house.ledger.live] == ["2026-03-03"]
    found = settle(house, midnight + DAY_MS + 12 * HOUR_MS)
    assert ("visit_missed", OFFICER) in texts(found)
    fold(house, VisitMade(midnight + 37 * HOUR_MS, HER, "정도우", "well", "", "정도우"))
    settle(house, midnight + 37 * HOUR_MS)
    assert live(house) == []


@pytest.mark.parametrize("closed_on", [2, 5])
@pytest.mark.parametrize("comes", [True, False])
def test_a_week_that_slides_on_opens_nothing_of_before_the_word(
    closed_on: int, comes: bool
) -> None:
    """Nobody came for days, and a word ended it: of days before the word nothing opens later.

    Whoever is missed after the word is told, once at a time, however the week has moved on.
    """
    house = fold(home(), daily())
    said_ms = at("10:00") + closed_on * DAY_MS
    for n in range(1, 14):
        midnight = at("00:00") + n * DAY_MS
        if comes and n > closed_on:
            fold(house, VisitMade(midnight - HOUR_MS, HER, "정도우", "well", "", "정도우"))
        settle(house, midnight)
        if n == closed_on:
            closed(house, 1, said_ms)
        assert len(house.ledger.live) == (n < closed_on or (n > closed_on and not comes))
    after = [i for i in house.ledger.incidents.values() if i.opened_ms > said_ms]
    assert all(i.due_ms > said_ms for i in after)
    assert bool(after) == (not comes)


def test_reports_that_waited_longer_than_a_miss_is_told_are_told() -> None:
    """Two on a Friday that the gateway first looks at on Monday: the officer reads of them."""
    house = home()
    for n in (1, 2):
        fold(house, HouseholdReported(at("10:00"), n, "율하동", f"{n}-1", "걱정", "@report"))
    found = settle(house, at("10:00") + 3 * DAY_MS)
    assert [to for p, to in texts(found) if p == "household_reported"] == [OFFICER]
    monday = at("11:00") + 3 * DAY_MS
    fold(house, *entered(house, ChangeIntake(1, "visited", "", "", "이"), monday))
    settle(house, monday)
    assert live(house) == ["household_reported"]  # the second still waits
    fold(house, *entered(house, ChangeIntake(2, "nothing_found", "", "", "이"), monday + 1))
    settle(house, monday + 1)
    assert live(house) == []


# --- an oracle of the door ---------------------------------------------------------------------

moments = st.lists(
    st.tuples(
        st.integers(1, 20 * 60),
        st.sampled_from(["nobody", "nobody", "well", "fine", "worried", "word"]),
    ),
    max_size=10,
    unique_by=lambda one: one[0],
)


@settings(max_examples=25, deadline=None)
@given(moments)
def test_a_door_asks_until_a_sign_or_a_word_and_then_anew(life: list[tuple[int, str]]) -> None:
    """One incident while it asks; none after a sign; the log read anew says the same."""
    house, log = home(), list[Any]()
    other = copy.deepcopy(house)
    asks = False
    for minutes, what in sorted(life):
        now_ms = at("08:00") + minutes * MIN_MS
        facts: list[Any] = []
        if what == "word":
            for i in [i for i in house.ledger.live if house.ledger.incidents[i].told]:
                facts += entered(house, AnswerIncident(i, "well", "이지은"), now_ms)
        elif what == "fine":
            facts = [SaidFine(now_ms, HER, HER)]
        else:
            facts = [visit(what, now_ms)]
        fold(house, *facts)
        followed = settle(house, now_ms)
        log += [*facts, *followed]
        asks = what == "nobody" or (asks and what == "worried")
        assert live(house).count("visit_nobody") == int(asks), (minutes, what)
        assert live(house).count("visit_worry") <= 1
    for one in log:
        other.fold(from_json(one.kind, to_json(one)))
    assert other == house


# --- an oracle of the rota ---------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    every=st.sampled_from([1, 2, 3, 4]),
    first=st.dates(date(2026, 11, 20), date(2027, 1, 10)),
    came=st.sets(st.integers(0, 40), max_size=12),
    away=st.sets(st.integers(0, 40), max_size=4),
    look=st.integers(1, 41),
)
def test_what_is_missed_is_what_was_due_and_nobody_did(
    *,
    weekdays: set[int],
    every: int,
    first: date,
    came: set[int],
    away: set[int],
    look: int,
) -> None:
    """Over the end of a year: each day of a week back that was due, she at home, nobody since."""
    day_of = [first + timedelta(days=n) for n in range(42)]
    noon = [at("12:00", day.isoformat()) for day in day_of]
    house = begun(at("08:00", "2026-11-01"), roster(guardians=people(), regimens=()))
    early = at("08:00", "2026-11-02")
    days = tuple(sorted(weekdays))
    fold(house, VisitsPlanned(early, HER, "정", "helper", days, every, first.isoformat(), "이"))
    for n in sorted(away):
        iso = day_of[n].isoformat()
        fold(house, NotMonitored(early, HER, iso, iso, "hospital", "이"))
    for n in sorted(n for n in came if n < look):
        fold(house, VisitMade(noon[n], HER, "정", "nobody", "", "정"))
    monday = first.toordinal() - first.weekday()

    def due(n: int) -> bool:
        weeks = (day_of[n].toordinal() - monday) // 7
        return n >= 0 and day_of[n].weekday() in weekdays and weeks % every == 0

    wanted = [
        day_of[n].isoformat()
        for n in range(max(0, look - 7), look)
        if due(n) and n not in away and not any(n <= m < look for m in came)
    ]
    found = visit_missed.worries(house.household, at("00:01", day_of[look].isoformat()))
    keys = [key for w in found for key in (w.key, *(key for key, _ms in w.again))]
    assert [key.rsplit("/", 1)[1] for key in keys] == wanted


def test_a_visit_of_next_year_keeps_no_appointment() -> None:
    """Noted while the gateway's clock was a year ahead; set right, Monday's helper is missed."""
    house = fold(home(), daily((0,)), visit("well", at("10:00") + 365 * DAY_MS))
    assert visit_missed.worries(house.household, at("00:01") + DAY_MS)


@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Cairo", "Asia/Seoul"])
def test_a_day_of_summer_time_is_over_at_its_midnight(zone: str) -> None:
    """Its deadline lies ahead at each hour of the days on which clocks are moved."""
    house = begun(at("08:00", "2026-03-01"), roster(regimens=(), zone=zone))
    fold(house, daily())
    now_ms = at("00:00", "2026-03-07")
    for _hour in range(24 * 60):
        due_ms = visit_missed.next_deadline(house.household, now_ms)
        assert due_ms is not None
        assert now_ms < due_ms <= now_ms + 25 * HOUR_MS
        now_ms += HOUR_MS
