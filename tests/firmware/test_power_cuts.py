"""P1: the box loses power at any flash operation, and again while it recovers; nothing goes.

Knows: the cuts of tests/firmware/power. The whole run is `long`, some hundred cuts are not.
May not know: flash, littlefs, records.
"""

from __future__ import annotations

import pytest

from tests.firmware.power import run

SEED = 20260302
# work: one of so many operations is cut
FEW = {
    "first_start": 1,
    "append": 1,
    "late_append": 6,
    "turn": 2,
    "turn_after_start": 1,
    "compaction": 2,
    "schedules": 4,
    "full": 2,
    "long_life": 12,
}
CUTS_LEAST = 5_000


@pytest.mark.parametrize(
    "work",
    [w if w != "long_life" else pytest.param(w, marks=pytest.mark.long) for w in FEW],
)
def test_power_cuts_lose_nothing(work: str) -> None:
    """0 flushed events lost, at most the one in flight kept; mounts; takes the next write."""
    word, facts = run.cut(work, SEED, FEW[work], 1)
    assert word == "cuts", facts
    assert facts["first"] > 0
    assert facts["torn"] > 0


@pytest.mark.long
@pytest.mark.timeout(900)
def test_power_cuts_everywhere_lose_nothing() -> None:
    """Every operation of every work, and every one of its recovery: not begun, torn, done."""
    jobs = [(work, SEED, 1, 3 if work == "long_life" else -1) for work in FEW]
    counts = run.cut_all(sorted(jobs, key=lambda job: job[0] != "long_life"), timeout_s=800.0)
    total = sum(facts["first"] + facts["second"] for facts in counts)
    print("power cuts:", total, counts)
    assert total >= CUTS_LEAST
    assert all(facts["torn"] > 0 and facts["second"] > 0 for facts in counts)


@pytest.mark.parametrize(
    ("mutant", "work"),
    [
        ("no_flush", "append"),
        ("schedule_in_place", "schedules"),
        ("schedule_without_rename", "schedules"),
        ("frees_unacknowledged", "compaction"),
        ("forgets_an_empty_segment", "turn_after_start"),
        ("fresh_each_start", "append"),
    ],
)
def test_cuts_find_a_planted_fault(mutant: str, work: str) -> None:
    """A store that breaks its promise is found, and told with what replays it."""
    word, facts = run.cut(work, SEED, 1, 1, mutant)
    assert word == "lost", facts
    assert facts["why"].startswith("Lost")
    assert (facts["work"], facts["seed"], facts["mutant"]) == (work, SEED, mutant)


def test_a_cut_is_the_same_again() -> None:
    """The seed replays a run: the same cuts, the same records kept."""
    once = run.cut("turn", SEED, 3, 1)
    assert run.cut("turn", SEED, 3, 1) == once
    assert run.cut("turn", SEED + 1, 3, 1) != once
