"""The last sign of life: from every source, in any order, with how far its time is trusted."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import Event, LinkDown, LinkUp
from gateway.home import Home
from gateway.life.signs import OF_RECORD, Sign, Source, Trust
from gateway.rules import no_sign_of_life, periodic_load
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import BOX, at, caught_up, settle, texts
from tests.gateway.ladder_facts import OFFICER, told
from tests.gateway.life.lives_facts import NEXT, PLUG, fold, habit, living, load, ok, told_by

DAY_MS = 86_400_000


def last(home: Home) -> Sign | None:
    """Soonja's last sign."""
    return home.household.signs.last("soonja", home.household.timelines)


@pytest.mark.parametrize("kind", OF_RECORD)
def test_every_row_of_the_table_is_a_sign(kind: int) -> None:
    """With its source, its device and its time."""
    home = fold(living(PLUG), told_by(PLUG, 1, kind, at("13:00")))
    ends = kind == wire.LOAD_OFF  # written half an hour after the load was on
    when = (at("12:30"), Trust.ABOUT) if ends else (at("13:00"), Trust.EXACT)
    assert last(home) == Sign(when[0], OF_RECORD[kind], PLUG, when[1])


def test_a_bout_ended_when_the_load_was_last_on() -> None:
    """Begun at one, on for twenty minutes; its end is written after a power cut, at nine."""
    facts = [load(1, at("13:00")), told_by(PLUG, 2, wire.LOAD_OFF, at("21:00"), value=20)]
    for order in (facts, facts[::-1]):
        assert last(fold(living(PLUG), *order)) == Sign(at("13:20"), Source.LOAD, PLUG, Trust.ABOUT)


@pytest.mark.parametrize(
    "kind",
    [wire.ENERGY, wire.ACTIVITY, wire.BRIGHTNESS, wire.BOOT, wire.MAINS_BACK, wire.SLOT_MISSED,
     wire.LOAD_PERIODIC, wire.UNANSWERED],
)  # fmt: skip
def test_what_no_hand_makes_is_no_sign(kind: int) -> None:
    """A summary, a start, the mains, a question that nobody answered."""
    home = fold(living(PLUG), told_by(PLUG, 1, kind, at("13:00"), value=0))
    assert last(home) is None


def test_a_dose_by_word_is_no_hand() -> None:
    """Her daughter said that she took it: that is no sign of her."""
    home = fold(living(), told_by(BOX, 1, wire.SLOT_TAKEN, at("13:00"), value=3))
    assert last(home) is None


def test_how_far_a_time_is_trusted() -> None:
    """By its own clock, by one that drifts, or only when it was learnt; re-dated once known."""
    home = living(PLUG)
    drifts = {"quality": wire.DRIFTING}
    fold(home, load(1, at("13:00"), **drifts))
    assert last(home) == Sign(at("13:00"), Source.LOAD, PLUG, Trust.ABOUT)
    unknown = {"quality": wire.UNKNOWN, "wall_ms": None, "boot": 2, "uptime_ms": 60_000}
    fold(home, load(2, at("15:00"), **unknown))
    assert last(home) == Sign(at("15:00"), Source.LOAD, PLUG, Trust.LEARNT)
    synced = {"boot": 2, "uptime_ms": 3_660_000, "timeline": 2, "wall_ms": at("15:00")}
    fold(home, told_by(PLUG, 3, wire.CLOCK_SET, at("15:00"), **synced))
    assert last(home) == Sign(at("14:00"), Source.LOAD, PLUG, Trust.ABOUT)


def test_a_clock_that_is_ahead_makes_no_sign_of_tomorrow() -> None:
    """What it says lies in the future: it happened when it was learnt, at the latest."""
    home = fold(living(PLUG), load(1, at("13:00"), wall_ms=at("13:00", NEXT)))
    found = last(home)
    assert found is not None
    assert (found.at_ms, found.trust) == (at("13:00"), Trust.LEARNT)


# --- loads that switch themselves --------------------------------------------------------------


def test_a_refrigerator_is_no_sign_from_then_on() -> None:
    """What counted before goes on counting; a plug that was moved counts again."""
    home = fold(living(PLUG), load(1, at("13:00")))
    fold(home, told_by(PLUG, 2, wire.LOAD_PERIODIC, at("14:00"), value=1))
    fold(home, load(3, at("15:00")), told_by(PLUG, 4, wire.LIGHT_STEP, at("14:30"), value=90))
    assert last(home) == Sign(at("14:30"), Source.LAMP, PLUG, Trust.EXACT)
    fold(home, told_by(PLUG, 5, wire.LOAD_PERIODIC, at("16:00"), value=0), load(6, at("16:30")))
    assert last(home) == Sign(at("16:30"), Source.LOAD, PLUG, Trust.EXACT)


def test_a_habit_is_not_learnt_from_a_refrigerator() -> None:
    """The week by which the plug judged is left out, too."""
    home, day = living(PLUG), DAY_MS
    for n in range(10):
        fold(home, load(n + 1, at("13:00") + n * day))
    fold(home, told_by(PLUG, 90, wire.LOAD_PERIODIC, at("14:00") + 9 * day, value=1))
    kept = home.household.signs.habit("soonja", frozenset({PLUG}), 0)
    assert kept == (at("13:00"), at("13:00") + day, at("13:00") + 2 * day)


def test_a_refrigerator_is_told_by_day_to_who_can_move_the_plug() -> None:
    """Found at eight in the evening: a note to the officer at ten, over when it was moved."""
    home = fold(living(PLUG), told_by(PLUG, 1, wire.LOAD_PERIODIC, at("20:00"), value=1))
    found = told(home, "10:00", NEXT, begin="20:01")
    assert [(p, to) for _m, p, to in found] == [("periodic_load", OFFICER)]
    assert periodic_load.next_deadline(home.household, at("20:01")) is None
    fold(home, told_by(PLUG, 2, wire.LOAD_PERIODIC, at("11:00", NEXT), value=0))
    assert texts(settle(home, at("11:00", NEXT))) == [("gone", OFFICER)]


def test_a_plug_at_a_refrigerator_sees_nobody() -> None:
    """With no other device the level's hours end in "we cannot see", not in a scare."""
    home = fold(living(PLUG), load(1, at("12:30")))
    fold(home, told_by(PLUG, 2, wire.LOAD_PERIODIC, at("12:40"), value=1))
    fold(home, LinkDown(at("12:50"), BOX, "gone"))
    found = {p for _m, p, _to in told(home, "12:50", NEXT, begin="12:51")}
    assert "cannot_see_life" in found
    assert not any(p.startswith("no_sign_of_life") for p in found)


# --- any order, any number of times ------------------------------------------------------------

KINDS = [wire.LOAD_ON, wire.LOAD_OFF, wire.LIGHT_STEP, wire.OK_PRESSED, wire.LID_OPENED,
         wire.LOAD_PERIODIC, wire.ENERGY, wire.BOOT, wire.CLOCK_SET]  # fmt: skip


def _record(seq: int, drawn: tuple[Any, ...]) -> Event:
    kind, minute, quality, device, value, boot = drawn
    wall_ms = at("12:00") + minute * 60_000
    known = quality != wire.UNKNOWN
    return told_by(
        device, seq, kind, at("23:00"), wall_ms=wall_ms if known else None, quality=quality,
        value=value, boot=boot, uptime_ms=minute * 60_000, timeline=1 + (boot > 1),
    )  # fmt: skip


records = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.integers(0, 600),
        st.sampled_from([wire.UNKNOWN, wire.DRIFTING, wire.SYNCED]),
        st.sampled_from([BOX, PLUG]), st.integers(0, 1), st.integers(1, 3),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(records, st.randoms(use_true_random=False))
def test_order_and_repetition_are_no_matter(drawn: list[Any], chance: random.Random) -> None:
    """The same records in any order and number give the same last sign and the same worries."""
    facts = [_record(n, one) for n, one in enumerate(drawn, 1)]
    shuffled = facts + [chance.choice(facts) for _ in range(3) if facts]
    chance.shuffle(shuffled)
    one, other = fold(living(PLUG), *facts), fold(living(PLUG), *shuffled)
    for home in (one, other):
        fold(home, habit(at("23:01")))
    assert last(one) == last(other)
    assert one.household.signs == other.household.signs
    for hours in range(2, 40, 3):
        now_ms = at("23:00") + hours * 3_600_000
        seen = [no_sign_of_life.worries(home.household, now_ms) for home in (one, other)]
        assert seen[0] == seen[1]


events = st.lists(
    st.tuples(st.sampled_from(["down", "up", "caught", "sign", "old", "start"]),
              st.sampled_from([BOX, PLUG]), st.integers(5, 400)),
    max_size=12,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(events)
def test_no_scare_of_what_nobody_could_see(drawn: list[tuple[str, str, int]]) -> None:
    """With no device heard since the last sign nobody ever reads "no sign of life"."""
    home, now_ms = fold(living(PLUG), ok(1, at("12:30"))), at("12:31")
    fold(home, LinkDown(now_ms, BOX, "x"), LinkDown(now_ms, PLUG, "x"))
    seq = 10
    for what, device_id, minutes in drawn:
        now_ms, seq = now_ms + minutes * 60_000, seq + 1
        if what in ("down", "start"):
            fold(home, LinkDown(now_ms, device_id, "x"))
        elif what in ("sign", "old"):
            fold(home, LinkUp(now_ms, device_id), told_by(device_id, seq, wire.OK_PRESSED, now_ms))
            fold(home, LinkDown(now_ms, device_id, "x"))
        settle(home, now_ms)
    for hours in range(60):
        settle(home, now_ms + hours * 3_600_000)
    worries = {i.worry for i in home.ledger.incidents.values()}
    assert WorryKind.NO_SIGN_OF_LIFE not in worries
    assert WorryKind.CANNOT_SEE_LIFE in worries


@settings(max_examples=60, deadline=None)
@given(records, st.integers(0, 200))
def test_a_replay_gives_the_same(drawn: list[Any], cut: int) -> None:
    """The log folded anew is the same home, and decides the same from any point on."""
    one, log = living(PLUG), []
    for n, drawn_one in enumerate(drawn, 1):
        fact = _record(n, drawn_one)
        fold(one, fact)
        log += [fact, *settle(one, at("23:00"))]
    for hours in range(2, 30, 2):
        log += settle(one, at("23:00") + hours * 3_600_000)
    again, part = living(PLUG), living(PLUG)
    for fact in log:
        fold(again, fact)
    assert again == one
    for fact in log[:cut]:
        fold(part, fact)
    rest = living(PLUG)
    fold(rest, *log[:cut])
    assert rest.decide(at("23:30")) == part.decide(at("23:30"))


def test_caught_up_of_a_device_that_is_not_linked_moves_nothing() -> None:
    """What is here up to an instant is seen up to then, and no further."""
    home = fold(living(PLUG), caught_up(at("13:00"), device_id=PLUG))
    fold(home, LinkDown(at("13:10"), PLUG, "gone"))
    assert home.household.device(PLUG).known_ms() == at("13:10")
