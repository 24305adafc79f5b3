"""The doses of a month counted as facts come: always what counting all of them anew gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.adherence import outcome
from gateway.events import (
    DoseCorrected,
    Event,
    NotMonitored,
    RosterSet,
    ScheduleMade,
    ScheduleOnBox,
    SlotId,
)
from gateway.home import Home
from gateway.officer import doses
from gateway.officer.doses import state_of
from gateway.units import MIN_MS
from tests.gateway.adherence.lived import PERSON, Life, lives, told_anyhow
from tests.gateway.home_facts import BOX, at, begun, caught_up, record, roster

MARCH = "2026-03"


def anew(home: Home, month: str, now_ms: int) -> Counter[str]:
    """Every planned dose of the month looked at, the plain way."""
    slots = (SlotId(*key[1:]) for key in home.household.by_close if key[2].startswith(month))
    return Counter(state_of(outcome(home.household, slot, now_ms)) for slot in slots)


def looked(home: Home, month: str, now_ms: int) -> Counter[str]:
    """Counted till nothing waits, some at a time."""
    for _ in range(10_000):
        if not home.doses.look(home.household, month, now_ms):
            return home.doses.counted(month)
    raise AssertionError("counting does not end")


@st.composite
def logs(draw: st.DrawFn) -> tuple[Life, list[Event]]:
    """A life in any order, with schedules made anew in it and the box taken away and given back."""
    life = draw(lives())
    facts = draw(told_anyhow(life))
    begin = len(life.begun)
    for version in range(2, draw(st.integers(2, 4))):
        at_ms = (
            draw(st.sampled_from(life.slots)).due_ms + draw(st.sampled_from([-200, 0, 90])) * MIN_MS
        )
        later_ms = draw(st.sampled_from([0, 0, 30])) * MIN_MS
        kept = [s for s in life.slots if draw(st.booleans())]
        slots = tuple(
            replace(s, closes_ms=s.closes_ms + later_ms, ends_ms=s.ends_ms + later_ms) for s in kept
        )
        place = draw(st.integers(begin, len(facts)))
        facts.insert(place, ScheduleMade(at_ms, BOX, version, version, slots))
        facts.insert(place + 1, ScheduleOnBox(at_ms, BOX, version, version))
    if draw(st.booleans()):
        whole = roster(regimens=())
        away_ms = draw(st.sampled_from(life.slots)).due_ms
        places = sorted(draw(st.tuples(*[st.integers(begin, len(facts))] * 2)))
        for place, who in zip(places, (replace(whole, devices=()), whole), strict=True):
            facts.insert(place, RosterSet(away_ms, rosters.to_json(who)))
    return life, facts


def _any_interleaving(life: Life, facts: list[Event], data: st.DataObject) -> None:
    home, taken = Home(), list[Event]()
    moments = sorted(
        {ms + d for s in life.slots for ms in (s.closes_ms, s.ends_ms) for d in (-1, 0)}
    )
    moments = [life.slots[0].opens_ms, *moments, life.ends_ms()]
    with patch.object(doses, "AT_ONCE", data.draw(st.integers(1, 5))):
        for fact in [*facts, None]:
            asks = data.draw(st.sampled_from(["not", "not", "some", "all"])) if fact else "all"
            now_ms = data.draw(st.sampled_from(moments))
            if asks == "some":
                home.doses.look(home.household, MARCH, now_ms)
            if asks == "all":
                found = looked(home, MARCH, now_ms)
                assert found == anew(home, MARCH, now_ms)
            if fact is not None:
                home.fold(fact)
                taken.append(fact)
        fresh = Home()
        for fact in taken:
            fresh.fold(fact)
        assert found == looked(fresh, MARCH, now_ms)
    assert found.total() == len(home.household.by_close)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), data=st.data())
def test_any_log_asked_at_any_time(log: tuple[Life, list[Event]], data: st.DataObject) -> None:
    """Whatever became known in whatever order, and whenever somebody asked: as counted anew.

    Also where the clock was set back, and where only some of it was counted between.
    """
    _any_interleaving(*log, data)


@pytest.mark.long
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), data=st.data())
def test_many_logs_asked_at_any_time(log: tuple[Life, list[Event]], data: st.DataObject) -> None:
    """The same over many more logs."""
    _any_interleaving(*log, data)


def test_a_dose_that_is_not_over_is_none_yet() -> None:
    """This evening's dose at noon is planned and nothing else; the hour alone makes it unknown."""
    home = begun(at("00:30", "2026-10-01"))
    assert looked(home, "2026-10", at("12:00", "2026-10-01")) == {"not_over": 14}
    assert looked(home, "2026-10", at("12:00", "2026-10-02")) == {"not_over": 13, "unknown": 1}
    assert looked(home, "2026-10", at("12:00", "2026-10-01")) == {"not_over": 14}


def test_a_dose_is_of_the_month_of_its_day() -> None:
    """What was planned into the next month is the next month's; a month nobody planned is empty."""
    home = begun(at("00:30", "2026-10-20"))
    now_ms = at("09:00", "2026-11-05")
    assert looked(home, "2026-10", now_ms).total() == 12
    assert looked(home, "2026-11", now_ms).total() == 2
    assert looked(home, "2026-12", now_ms).total() == 0


def test_a_box_that_was_alone_changes_the_month_that_is_over() -> None:
    """In November it tells of October: these doses alone are counted again."""
    home = begun(at("00:30", "2026-10-20"))
    now_ms = at("09:00", "2026-11-05")
    assert looked(home, "2026-10", now_ms) == {"unknown": 12}
    day = "2026-10-22"
    taken = record(7, wire.SLOT_TAKEN, at("19:00", day), value=1, slot_day=day)
    home.fold(replace(taken, at_ms=now_ms))
    assert home.doses.of["2026-10"].stale == {SlotId(PERSON, day, 2)}
    assert looked(home, "2026-10", now_ms) == {"unknown": 11, "taken_on_time": 1}


def test_words_of_people_change_it_too() -> None:
    """Away for three days and taken back; a dose that somebody saw her take; she took none."""
    home = begun(at("00:30", "2026-10-20"))
    now_ms = at("09:00", "2026-11-05")
    looked(home, "2026-10", now_ms)

    def stay(until: str) -> Event:
        return NotMonitored(now_ms, PERSON, "2026-10-21", until, "hospital", "daughter")

    home.fold(stay("2026-10-23"))
    assert looked(home, "2026-10", now_ms) == {"unknown": 9, "paused": 3}
    home.fold(stay("2026-10-20"))
    assert looked(home, "2026-10", now_ms) == {"unknown": 12}
    for n, day in ((1, "2026-10-25"), (0, "2026-10-26")):
        home.fold(DoseCorrected(now_ms, SlotId(PERSON, day, 2), n, "daughter", "was there"))
    expected = {"unknown": 10, "taken_by_word": 1, "missed": 1}
    assert looked(home, "2026-10", now_ms) == expected


def test_a_late_dose_is_missed_when_all_the_box_wrote_is_here() -> None:
    """No record is about the dose: that the box has told everything ends the waiting."""
    home = begun(at("00:30", "2026-10-20"))
    day, now_ms = "2026-10-20", at("09:00", "2026-10-22")
    home.fold(record(7, wire.SLOT_LATE, at("20:30", day), slot_day=day))
    assert looked(home, "2026-10", now_ms)["not_over"] == 1 + 10
    home.fold(caught_up(now_ms))
    assert looked(home, "2026-10", now_ms)["missed"] == 1


@pytest.mark.parametrize("at_once", [1, 2, 5, 11, 12, 13])
def test_however_few_are_counted_at_once(at_once: int) -> None:
    """Nobody waits for more than so many; when nothing waits, all are counted."""
    home, now_ms = begun(at("00:30", "2026-10-20")), at("09:00", "2026-11-05")
    with patch.object(doses, "AT_ONCE", at_once):
        counts = []
        while waiting := home.doses.look(home.household, "2026-10", now_ms):
            counts.append(home.doses.counted("2026-10").total())
            assert waiting == 12 - counts[-1]
    assert counts == [*range(at_once, 12, at_once)]
    assert home.doses.counted("2026-10").total() == 12


def test_a_word_that_nothing_was_taken_holds_from_when_the_lid_is_offered_no_more() -> None:
    """By time alone, though the window ended before; and not where the clock is set back."""
    home, day = begun(at("00:30", "2026-10-20")), "2026-10-20"
    planned = home.household.slots[SlotId(PERSON, day, 2)].planned
    assert planned is not None
    assert planned.closes_ms < planned.ends_ms
    home.fold(DoseCorrected(planned.closes_ms, planned.slot, 0, "daughter", "was there"))
    for now_ms, missed in ((-1, 0), (0, 1), (-1, 0)):
        found = looked(home, "2026-10", planned.ends_ms + now_ms)
        assert (found["missed"], found["unknown"]) == (missed, 1 - missed)
