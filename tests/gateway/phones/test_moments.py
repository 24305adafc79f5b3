"""Who is asked about a telephone: never fewer than matter, and the same is said as of everybody."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.events import (
    Event,
    GatewayStarted,
    NotMonitored,
    PhoneHeard,
    PhoneUsed,
    PhoneWatched,
    RosterChanged,
    SaidFine,
    VisitMade,
)
from gateway.home import Home
from gateway.phones import watch
from gateway.phones.moments import Moments
from gateway.rules import phone_still, phone_unreachable
from gateway.units import HOUR_MS
from tests.gateway.officer.district import NAMES, begun, down, lid
from tests.gateway.officer.district import NOW_MS as BEGAN_MS

PERSONS = sorted(NAMES)
MOMENTS = st.integers(-60, 120).map(lambda h: BEGAN_MS + h * HOUR_MS)


@st.composite
def facts(draw: st.DrawFn) -> Event:
    """Anything that may move a telephone's moments, by a clock that may be wrong."""
    at_ms, of = draw(MOMENTS), draw(st.sampled_from(PERSONS))
    hours, percent = draw(st.sampled_from([None, 6, 24, 48])), draw(st.sampled_from([None, 5, 80]))
    when_ms = draw(st.none() | MOMENTS)
    return draw(
        st.sampled_from(
            [
                PhoneWatched(at_ms, of, hours, "", "x"),
                PhoneWatched(at_ms, of, hours or 12, "", "x"),
                PhoneUsed(at_ms, of, "unlock", percent, when_ms),
                PhoneHeard(at_ms, of, percent),
                SaidFine(at_ms, of, "x"),
                VisitMade(at_ms, of, "x", "well", "", "x"),
                NotMonitored(at_ms, of, "2026-03-03", "2026-03-04", "hospital", "x"),
                GatewayStarted(at_ms, "x", None),
                lid("AB-000001", draw(st.integers(2, 9)), at_ms),
                down("soonja", at_ms),
                RosterChanged(at_ms, "persons", of, None, "x"),
            ]
        )
    )


def _everybody(home: Home, now_ms: int) -> tuple[object, ...]:
    """What the rules say where each person of the roster is asked, and when next."""
    persons = home.household.roster.persons if home.household.roster else ()
    calms = [watch.calm(home.household, person, now_ms) for person in persons]
    caps = [of.cap_ms for of in calms if of is not None and of.cap_ms > now_ms]
    lates = [of.late_ms for of in calms if of is not None and (of.late_ms or 0) > now_ms]
    coming = min(caps, default=None), min((ms for ms in lates if ms), default=None)
    with (
        patch.object(phone_still, "may_be_still", lambda _household, _now_ms: persons),
        patch.object(phone_unreachable, "may_be_missed", lambda _household, _now_ms: persons),
        patch.object(phone_still, "next_calm_ms", lambda _household, _now_ms: coming),
        patch.object(phone_unreachable, "next_calm_ms", lambda _household, _now_ms: coming),
        patch.object(phone_still, "ever_away", lambda _household: persons),
    ):
        return _said(home, now_ms)


def _said(home: Home, now_ms: int) -> tuple[object, ...]:
    rules = (phone_still, phone_unreachable)
    worries = [
        sorted(rule.worries(home.household, now_ms), key=lambda worry: worry.key) for rule in rules
    ]
    return (*worries, *(rule.next_deadline(home.household, now_ms) for rule in rules))


def _same_as_everybody(told: list[Event], asked: list[int]) -> None:
    home = begun()
    for n, fact in enumerate(told):
        home.fold(fact)
        now_ms = asked[n % len(asked)]
        found, whole = _said(home, now_ms), _everybody(home, now_ms)
        assert found[:2] == whole[:2]
        for mine, of_all in zip(found[2:], whole[2:], strict=True):
            # Earlier by what a wrong clock wrote is a look in vain, later would be too late.
            assert mine == of_all or (isinstance(mine, int) and now_ms < mine)
            assert of_all is None or (isinstance(mine, int) and isinstance(of_all, int))
            assert of_all is None or mine <= of_all  # type: ignore[operator]


@settings(max_examples=60)
@given(st.lists(facts(), min_size=1, max_size=12), st.lists(MOMENTS, min_size=1, max_size=5))
def test_the_same_is_said_as_if_everybody_was_asked(told: list[Event], asked: list[int]) -> None:
    """Whatever became known, and whenever somebody looks, also back in time: the same worries."""
    _same_as_everybody(told, asked)


@pytest.mark.long
@settings(max_examples=1500)
@given(st.lists(facts(), min_size=1, max_size=20), st.lists(MOMENTS, min_size=1, max_size=5))
def test_the_same_over_many_more(told: list[Event], asked: list[int]) -> None:
    """The same over many more logs."""
    _same_as_everybody(told, asked)


def test_who_used_it_just_now_is_not_asked() -> None:
    """Of three that are watched only the one of whom there was no sign of any kind is looked at."""
    home = begun()
    for person_id in PERSONS:
        home.fold(PhoneWatched(BEGAN_MS, person_id, 24, "", "x"))
    later_ms = BEGAN_MS + 25 * HOUR_MS
    whole = [person.id for person in watch.may_be_still(home.household, later_ms)]
    home.fold(PhoneUsed(later_ms, PERSONS[1], "unlock", 80))
    home.fold(SaidFine(later_ms, PERSONS[2], "x"))
    assert whole == PERSONS
    asked = [person.id for person in watch.may_be_still(home.household, later_ms)]
    assert asked == PERSONS[:1]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 9)), max_size=30))
def test_moments_are_the_newest_of_each_in_order(put: list[tuple[str, int | None]]) -> None:
    """As a dict of them, sorted, would say."""
    moments, plain = Moments(), dict[str, int]()
    for person_id, ms in put:
        moments.put(person_id, ms)
        plain.pop(person_id, None)
        plain.update({} if ms is None else {person_id: ms})
    for ms in range(-1, 11):
        assert sorted(moments.until(ms)) == sorted(of for of, at in plain.items() if at <= ms)
        assert sorted(moments.beyond(ms)) == sorted(of for of, at in plain.items() if at > ms)
        assert moments.next_after(ms) == min((at for at in plain.values() if at > ms), default=None)
