"""Properties over schedules, clocks, restarts at every step and lids in any order.

Knows: how hypothesis draws a story; the oracle says what is wrong with it.
"""

from __future__ import annotations

import functools
import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.firmware.days.facts import DAY_S, PlainEntry
from tests.firmware.days.room import Room, load
from tests.firmware.days.story import COMPARTMENTS, Story
from tests.firmware.days.world import World

MANY, SOME = 10_000, 200
_BYTES = 2000  # enough for the longest story
_FIRST_DAY = 9862  # 2027-01-01
_START_S = _FIRST_DAY * DAY_S - 2 * 3600  # two hours before a new year in UTC
_LIDS = 4  # few lids, so that they meet
YEAR_S = 365 * DAY_S

_windows = st.tuples(
    st.sampled_from((5, 30)),
    st.sampled_from((10, 40)),
    st.sampled_from((0, 30)),
    st.sampled_from((0, 0, 25, 90)),
    st.sampled_from((0, 0, 60, 180)),
)


@st.composite
def _entries(draw: st.DrawFn) -> list[PlainEntry]:
    entries: list[PlainEntry] = []
    for index in range(draw(st.integers(1, 3))):
        due = _START_S + 60 * draw(st.integers(20, 600))
        early, window, late, skip, spacing = draw(_windows)
        after = (0, index - 1) if index else (1, 2)
        rule = draw(st.sampled_from(((0, 0, 0), (1, 0, 0), (2, 0, 0), (1, 0b1111, 0))))
        slot = (due // DAY_S, index)
        times = (early, window, late, skip, spacing if index else 0, *after, index % 3)
        entries.append((slot, index, due, *times, *rule, 0, 0))
    if draw(st.booleans()):
        entries.append(
            ((_FIRST_DAY - 1, 9), 3, _START_S - 7200, 0, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 2)
        )
    return entries


_lid = st.integers(0, _LIDS)
_slot = st.tuples(st.sampled_from((_FIRST_DAY - 1, _FIRST_DAY)), st.integers(0, 2))
_jumps = st.sampled_from((-YEAR_S, -DAY_S, -1800, -30, 30, 1800, DAY_S, YEAR_S))
_cuts = st.tuples(
    st.sampled_from((0.5, 50.0, 1500.0, 20_000.0)), st.sampled_from((-1, 0, 1, 9)), st.booleans()
)
_happening = st.one_of(
    st.tuples(st.just("open"), st.tuples(_lid)),
    st.tuples(st.just("open"), st.tuples(_lid)),
    st.tuples(st.just("shut"), st.tuples(_lid)),
    st.tuples(st.just("shut"), st.tuples(_lid)),
    st.tuples(st.just("ok"), st.just(())),
    st.tuples(st.just("word"), st.tuples(_slot, st.integers(0, 1))),
    st.tuples(st.just("cut"), _cuts),
    st.tuples(st.just("jump"), st.tuples(_jumps)),
    st.tuples(st.just("lost"), st.just(())),
    st.tuples(st.just("right"), st.just(())),
    st.tuples(st.just("drift"), st.tuples(st.sampled_from((0.95, 1.05)))),
    st.tuples(st.just("nobody looks"), st.tuples(st.sampled_from((90, 3000)))),
    st.tuples(st.just("refill"), st.tuples(st.integers(0, 2), st.sampled_from((0, 1, 6, 31)))),
    st.tuples(st.just("log"), st.tuples(st.booleans())),
    st.tuples(
        st.just("away"),
        st.tuples(st.just(_START_S + 3600), st.sampled_from((_START_S, _START_S + 20_000))),
    ),
)
_waits = st.sampled_from((0.3, 2.0, 4.0, 15.0, 70.0, 400.0, 1500.0, 2400.0))
_zones = st.sampled_from(
    ((0, 0, 0), (540, 0, 0), (0, _START_S + 9000, 60), (60, _START_S + 80_000, 0))
)


@st.composite
def _stories(draw: st.DrawFn) -> Story:
    story = Story(_START_S, 1, draw(_entries()), draw(_zones))
    at_s = float(_START_S)
    least = draw(st.sampled_from((0, 0, 4, 10)))
    happenings = st.lists(st.tuples(_waits, _happening), min_size=least, max_size=24)
    for wait_s, (what, args) in draw(happenings):
        at_s += wait_s
        story.at(at_s, what, *args)
    return story


@functools.cache
def _room() -> Room:
    return load()


def _holds(story: Story, room: Room, cut_at: int, cut: tuple[float, int, bool]) -> None:
    world = World(story, room, cut_at=cut_at, cut=cut)
    findings = world.run()
    assert not findings, f"{findings[0]}\n{story}\ncut {cut_at} {cut}"


_quiet: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
_where = st.integers(-1, 12)
_how = st.tuples(st.sampled_from((0.5, 300.0)), st.sampled_from((0, 1, 9)), st.booleans())


# The box had a doubt of a late dose when the power went, with one record torn: whether it still
# knows of the doubt is its own affair, so MISSED and UNKNOWN are both right.
_doubted_and_torn = Story(
    852_069_600,
    1,
    [
        ((9861, 0), 0, 852_071_340, 5, 10, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0),
        ((9861, 1), 1, 852_071_340, 5, 10, 30, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
        ((9861, 2), 2, 852_071_940, 5, 10, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0),
    ],
    (0, 0, 0),
    happenings=[(2000, "ok", ()), (2_402_000, "shut", (0,)), (2_472_000, "open", (0,))],
)

# The same doubt, of a dose that is a day away again by the clock the box starts with.
_doubted_torn_and_far = Story(
    852_069_600,
    1,
    [((9861, 0), 0, 852_070_800, 30, 10, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0)],
    (0, 0, 0),
    happenings=[(299, "jump", (-DAY_S,))],
)


# What other seeds found, as small as it was drawn. Where the log lost what the box wrote, the
# oracle may foresee no more than what is left of it.
def _one_dose(due_s: int, window_min: int, *happenings: tuple[int, str, tuple[Any, ...]]) -> Story:
    times = (due_s, 5, window_min, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0)
    return Story(_START_S, 1, [((9861, 0), 0, *times)], (0, 0, 0), happenings=list(happenings))


_torn_prompt_and_back = _one_dose(
    852_070_800,
    40,
    (299, "open", (0,)),
    (599, "ok", ()),
    (899, "cut", (0.5, 0, False)),
    (1199, "jump", (1800,)),
    (1499, "jump", (-DAY_S,)),
)
_torn_twice = _one_dose(
    852_070_800,
    10,
    (1_500_000, "shut", (0,)),
    (1_570_000, "cut", (0.5, 0, True)),
    (1_570_299, "open", (1,)),
    (1_572_299, "ok", ()),
)
_torn_end = _one_dose(
    852_071_160,
    10,
    (1_500_000, "ok", ()),
    (1_500_299, "ok", ()),
    (1_500_599, "cut", (0.5, 0, False)),
    (1_500_899, "jump", (YEAR_S,)),
)
_moved_unseen_and_back = _one_dose(
    852_072_420,
    10,
    (400_000, "open", (0,)),
    (2_800_000, "jump", (-1800,)),
    (2_800_299, "cut", (0.5, -1, False)),
    (2_800_599, "ok", ()),
    (2_800_899, "cut", (0.5, -1, False)),
)
_opened_a_day_before = _one_dose(
    852_071_100, 10, (1_500_000, "jump", (-DAY_S,)), (1_502_000, "open", (0,))
)


@settings(max_examples=SOME, **_quiet)
@given(_stories(), _where, _how)
@example(_doubted_and_torn, 4, (0.5, 0, True))
@example(_doubted_torn_and_far, 0, (0.5, 0, False))
@example(_torn_prompt_and_back, 0, (0.5, 0, False))
@example(_torn_twice, 3, (0.5, 0, True))
@example(_torn_end, 0, (0.5, 0, False))
@example(_moved_unseen_and_back, 0, (0.5, 0, False))
@example(_opened_a_day_before, 0, (0.5, 0, False))
def test_any_story_holds(story: Story, cut_at: int, cut: tuple[float, int, bool]) -> None:
    """Whatever is drawn: one series, one end, no prompt after an opening, no false MISSED."""
    _holds(story, _room(), cut_at, cut)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_any_of_ten_thousand_stories_holds() -> None:
    """The same on 10,000 stories, the same ones everywhere; ANBU_DAYS_SEED draws others.

    Hypothesis' own search takes numbers out of whatever module happens to be imported: what it
    finds on one machine another does not. To hunt with it: MANY for SOME, and --hypothesis-seed.
    """
    drawn = random.Random(int(os.environ.get("ANBU_DAYS_SEED", "0")))
    story_of = vars(test_any_story_holds)["hypothesis"].fuzz_one_input
    told = [story_of(drawn.randbytes(_BYTES)) for _ in range(MANY)]
    assert None not in told, "bytes that were no story"


def test_a_lid_of_a_story_is_one_of_the_box() -> None:
    """The stories drawn here open lids that exist, and more of them than doses have."""
    assert _LIDS < COMPARTMENTS
