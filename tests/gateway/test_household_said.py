"""What people say stands beside what boxes tell: neither changes the other, in any order."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.entering import Correct, NotSeen, SetMealClock, Stop
from gateway.events import Event, GatewayStarted, RosterSet, from_json, to_json
from gateway.home import Home
from gateway.roster import to_json as roster_to_json
from tests.gateway.entered_facts import BY, confirm_all, enter, prescribed
from tests.gateway.home_facts import BOX, EVENING, at, begun, caught_up, record, roster
from tests.gateway.prescription.any_medication import once_a_day

NOON = at("12:00")
CLOCK = {"breakfast": "07:00", "lunch": "12:00", "dinner": "18:00", "bed": "21:30"}


class Kept(Home):
    """A home that remembers every fact it took in."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Event] = []

    def fold(self, event: Event) -> None:
        self.facts.append(event)
        super().fold(event)


def lived() -> Kept:
    """A day with everything that people can say."""
    home = Kept()
    home.fold(GatewayStarted(NOON, "test"))
    home.fold(RosterSet(NOON, roster_to_json(roster())))
    enter(home, prescribed(once_a_day(), once_a_day("b", "morning")), NOON)
    confirm_all(home, NOON)
    home.fold(record(1, wire.SLOT_MISSED, at("20:31")))
    enter(home, Correct(EVENING, 1, BY, "봉지"), at("20:40"))
    enter(home, Correct(EVENING, 0, BY, "아니었음"), at("20:41"))
    enter(home, Stop("soonja", "1/1", "2026-03-05", BY, "의사"), at("21:00"))
    enter(home, SetMealClock("soonja", CLOCK, BY), at("21:00"))
    confirm_all(home, at("21:00"))
    enter(home, NotSeen("soonja", "2026-03-10", "2026-03-12", "travel", BY), at("21:01"))
    enter(home, NotSeen("soonja", "2026-03-10", "2026-03-11", "travel", BY), at("21:02"))
    return home


@functools.cache
def all_said() -> tuple[Event, ...]:
    """What people said that day, and nothing that the house did."""
    house = {"device_record", "gateway_started", "roster_set", "schedule_made"}
    return tuple(fact for fact in lived().facts if fact.kind not in house)


def replayed(facts: Sequence[Event]) -> Home:
    """A home folded from the log's text."""
    home = Home()
    for fact in facts:
        home.fold(from_json(fact.kind, json.loads(json.dumps(to_json(fact)))))
    return home


def test_replay_from_the_log_gives_the_same_home() -> None:
    """Books, corrections, days away and plans are all in the facts."""
    home = lived()
    again = replayed(home.facts)
    assert again.household == home.household
    assert [c.taken for c in again.household.corrections[EVENING]] == [1, 0]
    assert again.household.not_monitored["soonja"]["2026-03-10"].to_day == "2026-03-11"
    confirmed = again.household.books["soonja"].confirmed
    assert confirmed is not None
    assert confirmed.meal_clock == CLOCK


records = st.builds(
    record,
    st.integers(1, 20),
    st.sampled_from([wire.SLOT_TAKEN, wire.SLOT_LATE, wire.SLOT_POSTPONED, wire.LID_OPENED]),
    st.integers(at("17:00"), at("23:00")),
    value=st.integers(0, 3),
)


@given(st.lists(records, max_size=12), st.randoms(use_true_random=False))
def test_entries_between_records_make_no_difference(
    found: list[Event], chance: random.Random
) -> None:
    """A box's facts in any order, people's words anywhere among them: the same beliefs."""
    told = [*{(r.epoch, r.seq): r for r in found if r.kind == "device_record"}.values()]  # type: ignore[attr-defined]
    told.append(caught_up(at("22:00")))
    said = all_said()
    one, other = begun(NOON), begun(NOON)
    for fact in [*told, *said]:
        one.fold(fact)
    places = sorted(chance.randint(0, len(said)) for _ in told)
    chance.shuffle(told)
    mixed: list[Event] = list(said)
    for place, fact in reversed(list(zip(places, told, strict=True))):
        mixed.insert(place, fact)
    for fact in mixed:
        other.fold(fact)
    assert one.household == other.household


def test_a_confirmation_is_not_the_household_of_another_person() -> None:
    """A book of one person says nothing about the next."""
    home = lived()
    assert set(home.household.books) == {"soonja"}
    assert {s.slot.person_id for s in home.household.made[BOX].slots} == {"soonja"}
