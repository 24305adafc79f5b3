"""A silence is one incident, it never falls asleep, and time alone changes it where it said so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import rules
from gateway.events import (
    DeviceRests,
    Event,
    GatewayStarted,
    LinkDown,
    LinkUp,
    NotMonitored,
    PhoneHeard,
    PhoneUsed,
    PhoneWatched,
    SaidFine,
    VisitMade,
)
from gateway.home import Home
from tests.gateway.home_facts import DAUGHTER, MIN_MS, at, caught_up, sent, settle, texts
from tests.gateway.ladder_facts import OFFICER, people
from tests.gateway.life.lives_facts import DAY, HOUR_MS, NEXT, PLUG, fold, load
from tests.gateway.phones.phone_facts import HERS, NOON, phoned

THIRD, FOURTH = "2026-03-04", "2026-03-05"
STEP_MS = 10 * MIN_MS


def used(at_ms: int, battery: int | None = 80, when_ms: int | None = None) -> PhoneUsed:
    """Her telephone was used."""
    return PhoneUsed(at_ms, HERS, "unlock", battery, when_ms)


def live(home: Home) -> list[tuple[int, str]]:
    """(number, worry) of the incidents that live."""
    return [(i, home.ledger.incidents[i].worry) for i in home.ledger.live]


def still(hours: int = 24) -> Home:
    """It has lain still since one o'clock, and her daughter was told."""
    home = fold(phoned(hours), used(at("13:00")))
    settle(home, at("13:00") + hours * HOUR_MS)
    assert live(home) == [(1, "phone_still")]
    return sent(home, at("13:00") + hours * HOUR_MS)


# --- one incident ------------------------------------------------------------------------------


def test_a_sign_of_hours_ago_begins_no_second_incident_beside_the_first() -> None:
    """Learnt at 14:00 that it moved at six: the first stands, and a day later it is still one."""
    home = fold(still(), used(at("14:00", NEXT), when_ms=at("06:00", NEXT)))
    for ms in (at("14:00", NEXT), at("06:00", THIRD), at("23:00", THIRD)):
        settle(home, ms)
        assert live(home) == [(1, "phone_still")]
    fold(home, used(at("23:30", THIRD)))
    settle(home, at("23:30", THIRD))
    assert live(home) == []


def test_the_word_that_she_is_away_ends_it_without_a_level_too() -> None:
    """Told at 13:00; at 14:00 the officer writes that she is in hospital: nobody looks for her."""
    home = fold(still(), NotMonitored(at("14:00", NEXT), HERS, NEXT, THIRD, "hospital", "x"))
    assert ("gone", DAUGHTER) in texts(settle(home, at("14:00", NEXT)))
    assert live(home) == []
    settle(home, at("00:00", "2026-03-06"))
    assert [worry for _n, worry in live(home)] == ["phone_still"]


# --- nothing is forgotten ----------------------------------------------------------------------


def test_a_restart_does_not_call_a_flat_telephone_found() -> None:
    """Nothing was heard of it: nobody is told that it is over, and the incident goes on."""
    home = fold(phoned(), used(at("15:00"), battery=5))
    settle(home, at("21:00"))
    sent(home, at("21:00"))
    fold(home, GatewayStarted(at("22:00"), "test", at("21:59")))
    assert "gone" not in {p for p, _to in texts(settle(home, at("22:00")))}
    assert live(home) == [(1, "phone_unreachable")]
    settle(home, at("05:00", NEXT))
    assert live(home) == [(1, "phone_unreachable")]


def test_a_gateway_that_was_away_listens_before_it_says_that_one_is_off() -> None:
    """It was off while a flat one was to be missed: six hours after it began it says so."""
    home = fold(phoned(), used(at("15:00"), battery=5))
    fold(home, GatewayStarted(at("22:00"), "test", at("20:00")))
    settle(home, at("03:59", NEXT))
    assert "phone_unreachable" not in {worry for _n, worry in live(home)}
    settle(home, at("04:00", NEXT))
    assert "phone_unreachable" in {worry for _n, worry in live(home)}


def test_one_that_was_flat_before_a_stay_is_missed_anew_after_it() -> None:
    """Told, then she was away: back home it has its hours again, and then is told again."""
    home = fold(phoned(), used(at("15:00"), battery=5))
    settle(home, at("21:00"))
    fold(home, NotMonitored(at("22:00"), HERS, DAY, NEXT, "hospital", "x"))
    settle(home, at("22:00"))
    assert live(home) == []
    settle(home, at("05:59", THIRD))
    assert live(home) == []
    settle(home, at("06:00", THIRD))
    assert [worry for _n, worry in live(home)] == ["phone_unreachable"]


@pytest.mark.parametrize("signs", [True, False])
def test_a_watch_that_began_by_a_clock_far_ahead_ends_all_the_same(*, signs: bool) -> None:
    """Set up while the clock was a year ahead: a day after her last sign somebody is told."""
    ahead_ms = NOON + 365 * 24 * HOUR_MS
    home = fold(phoned(None), PhoneWatched(ahead_ms, HERS, 24, "", "이지은"))
    fold(home, *([used(at("13:00"))] if signs else []))
    assert ("phone_still", DAUGHTER) not in texts(settle(home, at("11:59", NEXT)))
    settle(home, at("13:00", NEXT))
    assert {"phone_still", "cannot_see_life"} & {worry for _n, worry in live(home)}


def test_a_word_of_next_year_does_not_hide_that_it_is_off() -> None:
    """Heard while the gateway's clock was a year ahead; set right, an hourly one that stops is."""
    home = fold(phoned(), PhoneHeard(NOON + 365 * 24 * HOUR_MS, HERS, 80))
    fold(home, PhoneHeard(at("13:00"), HERS, 70), used(at("14:00"), battery=None))
    phone = home.household.phones.of[HERS]
    assert (phone.heard_ms, phone.alive_ms, phone.battery_percent) == (
        at("14:00"),
        at("13:00"),
        70,
    )
    assert texts(settle(home, at("02:00", NEXT))) == [("phone_unreachable", OFFICER)]


def test_the_officer_is_told_at_the_level_though_a_telephone_was_first() -> None:
    """49 hours of hers, 50 of her level, the officer two hours later: at 50 she is told."""
    slow = people(officer={"after_min": 120})
    home = phoned(49, guardians=slow, level="attention", plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    fold(home, load(1, at("13:00")), used(at("13:00")))
    assert texts(settle(home, at("14:00", THIRD))) == [("phone_still", DAUGHTER)]
    settle(home, at("14:59", THIRD))
    found = settle(home, at("15:00", THIRD))
    assert OFFICER in {to for _p, to in texts(found)}


# --- time alone --------------------------------------------------------------------------------

happenings = st.one_of(
    st.tuples(st.just("used"), st.sampled_from([0, 0, 40, 9 * 60]), st.sampled_from([None, 5, 80])),
    st.tuples(st.just("heard"), st.just(0), st.sampled_from([None, 5, 80])),
    st.tuples(st.just("watched"), st.sampled_from([None, 1, 4, 24]), st.none()),
    st.tuples(st.just("started"), st.sampled_from([1, 90, 20 * 60]), st.none()),
    st.tuples(st.just("link"), st.sampled_from([0, 1, 2]), st.none()),
    st.tuples(st.just("load"), st.just(0), st.none()),
    st.tuples(st.just("away"), st.sampled_from([0, 1]), st.none()),
    st.tuples(st.just("fine"), st.just(0), st.none()),
    st.tuples(st.just("door"), st.sampled_from(["nobody", "worried", "well"]), st.none()),
)
lives = st.lists(st.tuples(st.integers(1, 60 * 60), happenings), max_size=10)


def fact(what: str, how: Any, battery: int | None, now_ms: int, n: int) -> Event:  # noqa: ANN401
    """What happened."""
    days = (DAY, NEXT, THIRD, FOURTH)
    facts: dict[str, Any] = {
        "used": lambda: used(now_ms, battery, now_ms - how * MIN_MS if how else None),
        "heard": lambda: PhoneHeard(now_ms, HERS, battery),
        "watched": lambda: PhoneWatched(now_ms, HERS, how, "", "이지은"),
        "started": lambda: GatewayStarted(now_ms, "test", now_ms - how * MIN_MS),
        "link": lambda: (
            LinkUp(now_ms, PLUG),
            LinkDown(now_ms, PLUG, "gone"),
            DeviceRests(now_ms, PLUG, now_ms + HOUR_MS),
        )[how],
        "load": lambda: load(n, now_ms),
        "away": lambda: NotMonitored(now_ms, HERS, days[how + 1], days[how + 2], "hospital", "x"),
        "fine": lambda: SaidFine(now_ms, HERS, HERS),
        "door": lambda: VisitMade(now_ms, HERS, "", how, "", "@door"),
    }
    made: Event = facts[what]()
    return made


def worried(home: Home, now_ms: int) -> set[tuple[str, str]]:
    """What worries; what keeps an incident that nobody has begins nothing."""
    found = rules.worries(home.household, now_ms)
    return {(str(w.kind), w.key) for w in found if w.person_id == HERS and not w.keeps}


@pytest.mark.parametrize("linked", [True, False])
def test_what_a_plug_begins_or_ceases_to_see_is_looked_at_in_time(*, linked: bool) -> None:
    """Four hours of a flat one are over; a quarter of an hour after its word the plug counts."""
    home = fold(phoned(4, level="attention", plugs=(PLUG,)), used(NOON, battery=5))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    up = [LinkUp(at("16:30"), PLUG), caught_up(at("16:30"), device_id=PLUG)]
    down = [DeviceRests(at("15:50"), PLUG, at("16:30"))]
    fold(home, *([LinkDown(at("15:00"), PLUG, "gone"), *up] if linked else down))
    before, after = worried(home, at("16:44")), worried(home, at("16:45"))
    silent = ("cannot_see_life", f"life/{HERS}/{NOON}")
    assert (silent in before, silent in after) == (linked, not linked)
    assert rules.next_deadline(home.household, at("16:44")) == at("16:45")


@settings(max_examples=10, deadline=None)
@given(lives, st.sampled_from([1, 4, 24]), st.sampled_from([None, "attention"]))
def test_nothing_changes_before_it_was_said_that_it_would(
    life: list[tuple[int, tuple[str, Any, int | None]]], hours: int, level: str | None
) -> None:
    """Looked at each ten minutes or at the deadlines alone: the same worries."""
    home = phoned(hours, level=level, plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    coming = sorted((NOON + m * MIN_MS, n, what) for n, (m, what) in enumerate(life, 1))
    now_ms, standing = NOON, worried(home, NOON)
    due_ms = rules.next_deadline(home.household, now_ms)
    while now_ms < NOON + 84 * HOUR_MS:
        now_ms += STEP_MS
        while coming and coming[0][0] <= now_ms:
            ms, n, what = coming.pop(0)
            fold(home, fact(*what, ms, n))
            due_ms = ms
        if due_ms is not None and due_ms <= now_ms:
            standing = worried(home, now_ms)
            due_ms = rules.next_deadline(home.household, now_ms)
        assert worried(home, now_ms) == standing, (now_ms - NOON) // MIN_MS


@settings(max_examples=10, deadline=None)
@given(lives, st.sampled_from([1, 4, 24]), st.sampled_from([None, "attention"]))
def test_whatever_a_life_was_one_incident_asks_in_the_end(
    life: list[tuple[int, tuple[str, Any, int | None]]], hours: int, level: str | None
) -> None:
    """After all of it nothing comes any more: exactly one incident of her silence lives."""
    home = phoned(hours, level=level, plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    now_ms = NOON
    for n, (minutes, what) in enumerate(sorted(life, key=lambda one: one[0]), 1):
        until_ms = NOON + minutes * MIN_MS
        now_ms = woken(home, now_ms, until_ms)
        fold(home, fact(*what, until_ms, n))
        settle(home, until_ms)
    fold(home, PhoneWatched(now_ms, HERS, hours, "", "이지은"))
    now_ms = woken(home, now_ms, NOON + (60 + 96 + 60) * HOUR_MS)
    silences = [i for i in home.ledger.live if home.ledger.incidents[i].key.startswith("life/")]
    assert len(silences) == 1
    assert home.ledger.incidents[silences[0]].told


def woken(home: Home, now_ms: int, until_ms: int) -> int:
    """Looked at whenever it said so, and at the end; each time at most one silence lives."""
    settle(home, now_ms)
    while (due_ms := home.next_deadline(now_ms)) is not None and due_ms < until_ms:
        now_ms = due_ms
        settle(home, now_ms)
        sent(home, now_ms)
        lives = [i for i in home.ledger.live if home.ledger.incidents[i].key.startswith("life/")]
        assert len(lives) <= 1
    settle(home, until_ms)
    return until_ms
