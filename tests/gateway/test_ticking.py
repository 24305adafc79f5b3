"""Many homes on one clock: who is left out of a look would have decided nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway import incidents, rules
from gateway.events import (
    DeviceRecord,
    Event,
    GatewayStarted,
    IncidentOpened,
    LinkDown,
    LinkUp,
    PlannedSlot,
    TextFailed,
    TextReceived,
)
from gateway.home import Home
from gateway.incidents.reasons import Reason
from gateway.roster import Regimen
from gateway.rules import help_call
from gateway.ticking import Ticking
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    record,
    roster,
    settle,
)

MS, MINUTE, HOUR, DAY = 1, 60_000, 3_600_000, 86_400_000
KINDS = (
    wire.SLOT_TAKEN,
    wire.SLOT_LATE,
    wire.SLOT_LATE,
    wire.SLOT_MISSED,
    wire.SLOT_SKIPPED,
    wire.SLOT_DOUBTFUL,
    wire.SLOT_UNKNOWN,
    wire.SLOT_PAUSED,
    wire.SLOT_POSTPONED,
    wire.HELP_PRESSED,
    wire.LID_OPENED,
)
BEGAN = at("17:58")
# Two evenings, then nothing for more than a week.
START = begun(
    BEGAN,
    roster(
        regimens=(
            Regimen("soonja", ("evening",), None, 30, 30, 60, until_day="2026-03-03"),
            Regimen("soonja", ("bedtime",), None, 30, 30, 60, every_days=10, from_day="2026-03-12"),
        ),
        days=14,
    ),
)

# How far time goes on: to the next deadline of anybody, or so long.
ON = st.sampled_from([None, None, None, 0, MS, MINUTE, 16 * MINUTE, HOUR, DAY, 8 * DAY])
records = st.fixed_dictionaries(
    {
        "seq": st.integers(1, 30),
        "kind": st.sampled_from(KINDS),
        "value": st.sampled_from([0, 1, 2, 3, 4, 4000]),
        "slot_day": st.sampled_from(["2026-03-02"] * 5 + ["2026-03-03", "2026-03-12"]),
        "slot_index": st.sampled_from([2, 2, 2, 2, 2, 3]),
        "wall_ms": st.none() | st.builds(lambda m: BEGAN + m * MINUTE, st.integers(0, 300)),
    }
)
Made = tuple[Any, dict[str, Any]] | None  # what happens, and its fields
facts: st.SearchStrategy[Made] = st.one_of(
    st.none(),
    st.tuples(st.just(record), records),
    st.tuples(st.just(record), records),
    st.tuples(st.sampled_from(["up", "up", "caught_up", "down", "started", "failed"]), st.just({})),
    st.tuples(
        st.just("answer"), st.fixed_dictionaries({"body": st.sampled_from(["1", "끝", "?"])})
    ),
)
lives = st.lists(st.tuples(ON, facts), min_size=3, max_size=20)


def _then_ms(now_ms: int, on: int | None, homes: Iterable[Home]) -> int:
    """When the next step is: so much later, or at the next deadline."""
    if on is not None:
        return now_ms + on
    deadlines = (home.next_deadline(now_ms) for home in homes)
    return min((ms for ms in deadlines if ms is not None), default=now_ms)


def _facts(made: Made, home: Home, now_ms: int, number: int) -> list[Event]:
    if made is None:
        return []
    what, fields = made
    if what == "answer":
        sender = DAUGHTER if number % 3 else NEIGHBOUR
        received = TextReceived(now_ms, sender, fields["body"], str(number))
        return [received, *home.answer(received, now_ms)]
    if what == "failed":
        sent = sorted(i for i, text in home.ledger.texts.items() if text.direction == "out")
        return [TextFailed(now_ms, i, "no credit", final=True) for i in sent[-1:]]
    if isinstance(what, str):
        others: dict[str, Event] = {
            "caught_up": caught_up(now_ms),
            "up": LinkUp(now_ms, BOX),
            "down": LinkDown(now_ms, BOX, "gone"),
            "started": GatewayStarted(now_ms, "test"),
        }
        return [others[what]]
    return [record(now_ms=now_ms, **fields)]


def _round(ticking: Ticking[Home], every: dict[str, Home], now_ms: int) -> bool:
    """One look by deadlines and one at everybody: the same decisions in the same order."""
    expected = [(name, follows) for name, home in every.items() if (follows := home.decide(now_ms))]
    decided = ticking.decide(now_ms)
    assert decided == expected
    for name, follows in decided:
        for fact in follows:
            ticking.fold(name, fact)
            every[name].fold(fact)
    return bool(decided)


@given(st.lists(st.tuples(ON, facts, st.integers(0, 2), st.integers(0, 4)), max_size=20))
def test_a_look_by_deadlines_decides_what_a_look_at_everybody_does(
    drawn: list[tuple[int | None, Made, int, int]],
) -> None:
    """Whatever happens to whom, whenever it is looked, even with a clock that is set back."""
    every = {str(n): copy.deepcopy(START) for n in range(3)}
    ticking: Ticking[Home] = Ticking()
    for name, home in every.items():
        ticking.add(name, copy.deepcopy(home))
    now_ms = BEGAN
    for number, (on, made, who, rounds) in enumerate(drawn):
        now_ms = _then_ms(now_ms, on, every.values())
        if rounds == 1:
            now_ms -= HOUR
        for fact in _facts(made, every[str(who)], now_ms, number):
            ticking.fold(str(who), fact)
            every[str(who)].fold(fact)
        for _ in range(9 * rounds):  # none: the fact waits for a later look
            if not _round(ticking, every, now_ms):
                break


@settings(max_examples=500)
@given(lives)
def test_a_settled_home_has_nothing_to_decide_before_its_deadline(
    drawn: list[tuple[int | None, Made]],
) -> None:
    """Neither a worry nor an incident nor an order comes by time alone before it was announced."""
    home, now_ms = copy.deepcopy(START), BEGAN
    for number, (on, made) in enumerate(drawn):
        now_ms = _then_ms(now_ms, on, [home])
        for fact in _facts(made, home, now_ms, number):
            home.fold(fact)
        settle(home, now_ms)
        deadline_ms = home.next_deadline(now_ms)
        until_ms = now_ms + 20 * DAY if deadline_ms is None else deadline_ms - MS
        assert home.decide(until_ms) == []
        assert home.decide((now_ms + until_ms) // 2) == []
        untaken = [p for p in home.household.closing(0) if not _taken(home, p)]
        assert list(home.household.unsettled(0)) == untaken


def _taken(home: Home, planned: PlannedSlot) -> bool:
    told = home.household.slots[planned.slot].evidence.values()
    return any(evidence.record_kind == wire.SLOT_TAKEN for evidence in told)


def test_what_a_box_tells_of_a_slot_far_ahead_is_announced() -> None:
    """Of a slot whose window ends in ten days nobody is told before the day it is looked at."""
    home = copy.deepcopy(START)
    for clock, day in (("19:00", "2026-03-02"), ("19:00", "2026-03-03")):
        home.fold(record(int(day[-1]), wire.SLOT_TAKEN, at(clock), slot_day=day))
    ahead = record(9, wire.SLOT_DOUBTFUL, at("18:00"), slot_day="2026-03-12", slot_index=3)
    home.fold(ahead)
    settle(home, at("19:00", "2026-03-04"))
    in_sight = at("22:30", "2026-03-05") + MS  # a week before its window ends
    assert home.next_deadline(at("19:00", "2026-03-04")) == in_sight
    looked_at = at("22:30", "2026-03-11") + MS  # a day before
    assert home.next_deadline(in_sight) == looked_at
    assert home.decide(looked_at - MS) == []
    assert [type(fact) for fact in home.decide(looked_at)][:1] == [IncidentOpened]


@given(lives)
def test_no_correction_is_forgotten(drawn: list[tuple[int | None, Made]]) -> None:
    """Looking through all incidents that ended by themselves finds none that the shelf lacks."""
    home, now_ms = copy.deepcopy(START), BEGAN
    for number, (on, made) in enumerate(drawn):
        now_ms = _then_ms(now_ms, on, [home])
        for fact in _facts(made, home, now_ms, number):
            home.fold(fact)
        worries = rules.worries(home.household, now_ms)
        found = incidents.decide(home.household, home.ledger, worries, now_ms)
        shelf = home.ledger.shelves
        owed = dict(shelf.owed)
        ended = (i for i in home.ledger.incidents.values() if i.reason == Reason.EXPIRED)
        shelf.owed.update((i.id, None) for i in ended if not i.live)
        assert incidents.decide(home.household, home.ledger, worries, now_ms) == found
        shelf.owed = owed
        settle(home, now_ms)


def test_a_correction_long_after_the_end_is_not_forgotten() -> None:
    """An incident that ended by itself is corrected by each kind of late record that settles it."""
    late = ((wire.SLOT_TAKEN, 1), (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD), (wire.SLOT_PAUSED, 0))
    for kind, value in late:
        home = copy.deepcopy(START)
        settle(home, at("19:05"))
        settle(home, at("19:05", "2026-03-03"))
        assert home.ledger.incidents[1].reason == Reason.EXPIRED
        home.fold(record(1, kind, at("09:00", "2026-03-06"), value=value))
        assert settle(home, at("09:00", "2026-03-06"))
        assert home.ledger.incidents[1].reason != Reason.EXPIRED
        assert not home.ledger.shelves.owed


class _Home:
    """Counts how often it is asked."""

    def __init__(self, deadline_ms: int | None = None) -> None:
        self.asked = 0
        self.deadline_ms = deadline_ms

    def fold(self, event: Event) -> None:
        """Take in a fact."""
        del event

    def decide(self, now_ms: int) -> list[Event]:
        """Nothing to decide."""
        del now_ms
        self.asked += 1
        return []

    def next_deadline(self, now_ms: int) -> int | None:
        """The one it was given."""
        late = self.deadline_ms is not None and self.deadline_ms <= now_ms
        return None if late else self.deadline_ms


def test_only_who_changed_or_came_due_is_asked() -> None:
    """A look at which nothing is due asks nobody, however many there are."""
    ticking: Ticking[_Home] = Ticking()
    homes = [_Home(1000 + n) for n in range(100)]
    for n, home in enumerate(homes):
        ticking.add(str(n), home)
    ticking.decide(0)
    assert [home.asked for home in homes] == [1] * 100
    ticking.decide(999)
    assert sum(home.asked for home in homes) == 100
    ticking.fold("7", GatewayStarted(999, "test"))
    ticking.decide(999)
    assert (homes[7].asked, sum(home.asked for home in homes)) == (2, 101)
    assert ticking.next_deadline() == 1000
    ticking.decide(1002)
    assert [home.asked for home in homes[:4]] == [2, 2, 2, 1]
    assert ticking.next_deadline() == 1003
    ticking.decide(1001)  # the clock was set back
    assert all(home.asked >= 2 for home in homes)
    with pytest.raises(ValueError, match="two homes"):
        ticking.add("7", _Home())


def test_who_decided_is_asked_until_the_decision_is_folded() -> None:
    """What could not be committed is decided again at the next look, the same."""
    ticking: Ticking[Home] = Ticking()
    home = copy.deepcopy(START)
    ticking.add("one", home)
    ticking.fold("one", record(1, wire.SLOT_MISSED, at("20:00")))
    first = ticking.decide(at("20:00"))
    assert first
    assert ticking.decide(at("20:00")) == first
    for _ in range(9):
        for name, follows in ticking.decide(at("20:00")):
            for fact in follows:
                ticking.fold(name, fact)
    assert ticking.decide(at("20:00")) == []
    assert ticking.next_deadline() == at("20:15")  # the neighbour's turn


def test_a_call_that_goes_on_stays_one_call_after_a_week() -> None:
    """When its first press is forgotten the second does not become a call of its own."""
    home = begun(at("12:00"))
    presses: list[DeviceRecord] = [
        record(n, wire.HELP_PRESSED, at(clock)) for n, clock in enumerate(("12:10", "12:19"), 1)
    ]
    for press in presses:
        home.fold(press)
    settle(home, at("12:20"))
    settle(home, at("12:12", "2026-03-09"))
    calls = [i for i in home.ledger.incidents.values() if i.worry == "help_pressed"]
    assert len(calls) == 1
    assert help_call.worries(home.household, at("12:15", "2026-03-09")) == []
