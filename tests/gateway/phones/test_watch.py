"""A telephone that lies still is told of by the ladder; one that is not heard is mended first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import rules
from gateway.events import (
    GatewayStarted,
    LinkUp,
    NotMonitored,
    PhoneHeard,
    PhoneUsed,
    PhoneWatched,
    SaidFine,
)
from gateway.home import Home
from gateway.phones.saying import TellHeard, WatchPhone
from gateway.rules import phone_still, phone_unreachable
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import DAUGHTER, MIN_MS, NEIGHBOUR, at, caught_up, settle, texts
from tests.gateway.ladder_facts import OFFICER, told
from tests.gateway.life.lives_facts import DAY, HOUR_MS, NEXT, PLUG, fold, load
from tests.gateway.phones.phone_facts import HERS, NOON, phoned, say

THIRD = "2026-03-04"
LOST = 4  # the hour whose word does not come


def used(at_ms: int, how: str = "unlock", battery: int | None = 80) -> PhoneUsed:
    """Her telephone was used."""
    return PhoneUsed(at_ms, HERS, how, battery)


def heard(at_ms: int, battery: int | None = 80) -> PhoneHeard:
    """It is there."""
    return PhoneHeard(at_ms, HERS, battery)


def hourly(home: Home, first_ms: int, hours: int, battery: int | None = 80) -> Home:
    """It tells each hour that it is there."""
    return fold(home, *(heard(first_ms + n * HOUR_MS, battery) for n in range(1, hours + 1)))


def live(home: Home) -> list[str]:
    """The worries of the incidents that live."""
    return [home.ledger.incidents[i].worry for i in home.ledger.live]


def kinds(home: Home, now_ms: int) -> list[str]:
    """What worries about her at an instant."""
    return [str(w.kind) for w in rules.worries(home.household, now_ms) if w.person_id == HERS]


# --- it lies still -----------------------------------------------------------------------------


def test_a_telephone_that_tells_of_its_use_alone_is_taken_at_its_word() -> None:
    """24 hours after the last unlocking her daughter is told, then the ladder goes on."""
    home = fold(phoned(), used(at("13:00")))
    assert texts(settle(home, at("12:59", NEXT))) == []
    found = told(home, "13:31", NEXT, begin="12:59")
    assert {(p, to) for _m, p, to in found[:3]} == {
        ("phone_still", DAUGHTER),
        ("phone_still", NEIGHBOUR),
        ("phone_still", OFFICER),
    }
    assert found[0][2] == DAUGHTER
    body = next(t.body for t in home.ledger.texts.values())
    assert "휴대폰" in body
    assert "13:00" in body


def test_hours_are_hers() -> None:
    """Whose hours are six is told of after six."""
    home = fold(phoned(6), used(at("13:00")))
    assert texts(settle(home, at("18:59"))) == []
    assert texts(settle(home, at("19:00"))) == [("phone_still", DAUGHTER)]


def test_the_named_guardian_is_told_before_all_others() -> None:
    """The officer is named: she is told at once, though she is the last of the ladder."""
    home = fold(phoned(24, "officer"), used(at("13:00")))
    found = told(home, "13:40", NEXT, begin="13:00")
    assert found[0][2] == OFFICER
    assert [to for _m, p, to in found if p == "phone_still"][:3] == [OFFICER, DAUGHTER, NEIGHBOUR]


def test_any_other_sign_begins_the_hours_anew_and_ends_it() -> None:
    """A kettle counts; so does her own word after others were told."""
    home = phoned(level="attention", plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG), used(at("13:00")))
    fold(home, load(1, at("20:00")))
    assert texts(settle(home, at("19:59", NEXT))) == []
    assert texts(settle(home, at("20:00", NEXT))) == [("phone_still", DAUGHTER)]
    fold(home, SaidFine(at("20:05", NEXT), HERS, "김순자"))
    settle(home, at("20:05", NEXT))
    assert live(home) == []


def test_whoever_is_away_is_not_looked_for() -> None:
    """In hospital nothing is told; the hours begin where she is back."""
    home = fold(phoned(), used(at("13:00")), NotMonitored(NOON, HERS, NEXT, NEXT, "hospital", "x"))
    assert texts(settle(home, at("14:00", NEXT))) == []
    assert texts(settle(home, at("23:59", THIRD))) == []
    assert texts(settle(home, at("00:00", "2026-03-05"))) == [("phone_still", DAUGHTER)]


def test_nobody_watches_a_telephone_that_was_taken_off() -> None:
    """Off is off: no worry of either kind."""
    home = fold(phoned(), used(at("13:00"), battery=5))
    say(home, WatchPhone(HERS, None, "", "이지은"), at("14:00"))
    assert kinds(home, at("13:00", "2026-03-09")) == []


# --- it is not heard ---------------------------------------------------------------------------


def test_one_that_is_there_and_not_used_lies_still() -> None:
    """Heard each hour, used by nobody: it is no technical matter."""
    home = hourly(fold(phoned(), used(at("13:00"))), at("13:00"), 24)
    assert kinds(home, at("13:00", NEXT)) == ["phone_still"]


def test_a_flat_one_is_the_officers_first_and_at_the_hours_nobody_can_see() -> None:
    """It said 5 %, then nothing: six hours later the officer, at 24 hours "cannot see"."""
    home = fold(phoned(), used(at("13:00"), battery=60), used(at("15:00"), battery=5))
    assert texts(settle(home, at("20:59"))) == []
    assert texts(settle(home, at("21:00"))) == [("phone_unreachable_flat", OFFICER)]
    found = settle(home, at("15:00", NEXT))
    assert ("cannot_see_life", DAUGHTER) in texts(found)
    assert "phone_still" not in {p for p, _to in texts(found)}


def test_one_that_told_hourly_and_stops_is_missed() -> None:
    """Twelve hours without its hourly word: a technical matter, not a silence."""
    home = hourly(fold(phoned(), used(at("13:00"))), at("13:00"), 3)
    assert texts(settle(home, at("03:59", NEXT))) == []
    assert texts(settle(home, at("04:00", NEXT))) == [("phone_unreachable", OFFICER)]
    assert kinds(home, at("13:00", NEXT)) == ["phone_unreachable", "cannot_see_life"]


@pytest.mark.parametrize("hours", [1, 2, 3, 5, 24, 72])
def test_one_that_tells_each_hour_is_never_missed(hours: int) -> None:
    """However short its hours are: a word an hour, one of them lost, is no technical matter."""
    home = phoned(hours)
    for hour in range(8):
        if hour != LOST:
            say(home, TellHeard(HERS, 80, "전화"), NOON + hour * HOUR_MS)
        for minutes in (1, 59):
            now_ms = NOON + hour * HOUR_MS + minutes * MIN_MS
            found = phone_unreachable.worries(home.household, now_ms)
            assert found == [], (hour, minutes)


def test_one_that_was_never_heard_was_not_set_up() -> None:
    """Watched since noon, no word by midnight."""
    home = phoned()
    assert texts(settle(home, at("23:59"))) == []
    assert texts(settle(home, at("00:00", NEXT))) == [("phone_unreachable", OFFICER)]
    assert home.ledger.incidents[1].reason == phone_unreachable.NEVER


def test_when_it_is_heard_again_the_technical_matter_is_over() -> None:
    """It is charged: the incident ends, and her silence is a silence again."""
    home = fold(phoned(), used(at("15:00"), battery=5))
    settle(home, at("21:00"))
    assert live(home) == ["phone_unreachable"]
    fold(home, heard(at("22:00"), 40))
    settle(home, at("22:00"))
    assert live(home) == []
    hourly(home, at("22:00"), 17, 60)
    assert kinds(home, at("15:00", NEXT)) == ["phone_still"]


def test_cannot_see_becomes_lies_still_in_one_incident() -> None:
    """Flat over the hours' end, then charged and not used: told as what it is, not twice begun."""
    home = fold(phoned(), used(at("15:00"), battery=5))
    settle(home, at("15:00", NEXT))
    number = next(i for i in home.ledger.live if home.ledger.incidents[i].key.startswith("life/"))
    fold(home, heard(at("15:30", NEXT), 30))
    found = texts(settle(home, at("15:30", NEXT)))
    assert ("phone_still", DAUGHTER) in found
    assert home.ledger.incidents[number].worry == "phone_still"
    lives = [i for i in home.ledger.incidents.values() if i.key.startswith("life/")]
    assert len(lives) == 1


def test_a_gateway_that_was_away_itself_knows_nothing() -> None:
    """It was off for most of the time, whatever was told then is lost: nobody says "still"."""
    home = fold(phoned(), used(at("13:00")))
    fold(home, GatewayStarted(at("12:30", NEXT), "test", at("14:00")))
    assert kinds(home, at("13:00", NEXT)) == ["cannot_see_life"]
    fold(home, GatewayStarted(at("13:10", NEXT), "test", at("13:05", NEXT)))
    assert kinds(home, at("13:20", NEXT)) == []  # what waited may still come
    assert kinds(home, at("13:25", NEXT)) == ["cannot_see_life"]


def test_a_plug_that_sees_her_says_when_it_is_too_long() -> None:
    """A flat telephone beside a plug that is linked: her level's 50 hours hold, not these."""
    home = phoned(level="attention", plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG), load(1, at("13:00")))
    fold(home, used(at("13:00"), battery=5))
    assert "cannot_see_life" not in kinds(home, at("14:00", NEXT))


# --- together with what her home tells ---------------------------------------------------------


def test_all_fall_silent_and_one_incident_opens() -> None:
    """Plug and telephone are there, and nobody uses either: 24 hours, one incident, one text."""
    home = phoned(level="severe", plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    fold(home, load(1, at("13:00")), used(at("13:00")))
    hourly(home, at("13:00"), 24)
    found = told(home, "13:00", NEXT, begin="12:00")
    assert [(p, to) for _m, p, to in found] == [
        ("no_sign_of_life", DAUGHTER),
        ("no_sign_of_life", OFFICER),
    ]
    assert len(home.ledger.incidents) == 1
    settle(home, at("18:00", NEXT))
    assert len(home.ledger.incidents) == 1


def test_rules_give_one_worry_a_key() -> None:
    """A telephone whose hours are over first is not doubled by the level that follows."""
    home = phoned(20, level="severe", plugs=(PLUG,))
    fold(home, LinkUp(NOON, PLUG), caught_up(NOON, device_id=PLUG))
    fold(home, load(1, at("13:00")), used(at("13:00")))
    hourly(home, at("13:00"), 26)
    assert texts(settle(home, at("09:00", NEXT))) == [("phone_still", DAUGHTER)]
    for clock in ("12:30", "13:00", "14:30"):
        settle(home, at(clock, NEXT))
    keys = [w.key for w in rules.worries(home.household, at("14:30", NEXT))]
    assert len(keys) == len(set(keys))
    assert len(home.ledger.incidents) == 1


@settings(max_examples=60, deadline=None)
@given(
    told_at=st.lists(
        st.tuples(st.integers(1, 40 * 60), st.booleans(), st.sampled_from([None, 5, 60])),
        max_size=12,
    ),
    hours=st.integers(1, 72),
)
def test_a_watched_person_is_never_forgotten(
    told_at: list[tuple[int, bool, int | None]], hours: int
) -> None:
    """Whatever a telephone told: once its hours and a night are over without a sign, it worries."""
    home = phoned(hours)
    last_ms = NOON
    for minutes, use, battery in sorted(told_at, key=lambda one: one[0]):
        at_ms = NOON + minutes * MIN_MS
        fold(home, used(at_ms, battery=battery) if use else heard(at_ms, battery))
        last_ms = at_ms if use else last_ms
    late_ms = last_ms + max(hours, 12) * HOUR_MS + 40 * HOUR_MS
    found = {w.kind for w in rules.worries(home.household, late_ms)}
    assert found & {WorryKind.PHONE_STILL, WorryKind.CANNOT_SEE_LIFE}
    assert phone_still.next_deadline(home.household, last_ms) is not None


def test_the_watch_goes_on_where_only_its_hours_change() -> None:
    """Other hours do not begin it anew; taken off and put on again it does."""
    home = phoned()
    fold(home, PhoneWatched(at("18:00"), HERS, 30, "", "이지은"))
    assert home.household.phones.of[HERS].watched_ms == NOON
    fold(home, PhoneWatched(at("19:00"), HERS, None, "", "이지은"))
    fold(home, PhoneWatched(at("20:00"), HERS, 24, "", "이지은"))
    assert home.household.phones.of[HERS].watched_ms == at("20:00", DAY)
