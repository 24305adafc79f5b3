"""The engine agrees with a person who knows the field, on many days of many residents.

One resident again, told line by line:
    ANBU_DAYS_SEED=123 .venv/bin/pytest -s tests/firmware/days -k replay
Other residents than 0 … :  ANBU_DAYS_FIRST=500000 .venv/bin/pytest -s -m long tests/firmware/days
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.firmware.days import facts as f
from tests.firmware.days.crowd import DAYS, Summary, crowd, replay, resident, share
from tests.firmware.days.person import live
from tests.firmware.days.room import load
from tests.firmware.days.world import World

FIRST = int(os.environ.get("ANBU_DAYS_FIRST", "0"))
REPLAY = os.environ.get("ANBU_DAYS_SEED")
FEW, MANY = 3_000, 100_000  # person-days
LOOSE_SHARE = 0.15  # of the doses: where the sentences leave the end open
_ENDS = (f.TAKEN, f.MISSED, f.SKIPPED, f.DOUBTFUL, f.UNKNOWN, f.PAUSED)
_HAPPENS = (
    "open", "shut", "ok", "word", "refill", "away", "schedule", "cut", "jump", "lost", "right",
    "drift", "nobody looks", "log",
)  # fmt: skip


def _agreed(sums: Summary, person_days: int) -> None:
    """No finding, and the days were not tame ones."""
    print(
        f"residents from seed {FIRST}: {sums.person_days} person-days, {sums.doses} doses, "
        f"{sums.looks} looks, {sums.restarts} restarts; ends {dict(sums.ends)}; "
        f"left open by the sentences {sums.loose / max(1, sums.doses):.1%}"
    )
    for seed, text in sums.findings[:5]:
        print(f"seed {seed}: {text}")
    assert not sums.findings, f"replay with ANBU_DAYS_SEED={sums.findings[0][0]}"
    assert sums.person_days >= person_days
    assert sums.doses > 1.2 * person_days
    assert sums.loose < LOOSE_SHARE * sums.doses
    assert sums.restarts > person_days / 20
    for end in _ENDS:
        assert sums.ends[str(end)] > person_days / 100, f"hardly a dose ends in {end}"
    for what in _HAPPENS:
        assert sums.happened[what] > person_days / 300, f"hardly ever: {what}"


def test_engine_and_oracle_agree() -> None:
    """On some thousand days the oracle finds nothing, and every end and trouble happens."""
    _agreed(share(FIRST, -(-FEW // DAYS)), FEW)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_engine_and_oracle_agree_on_a_hundred_thousand_days() -> None:
    """On 100,000 person-days the oracle finds nothing."""
    _agreed(crowd(FIRST, -(-MANY // DAYS)), MANY)


def test_a_restart_at_every_write() -> None:
    """The power goes within each write of a story, with none, one or all of its records kept."""
    room = load()
    for seed in range(FIRST, FIRST + 8):
        writes = World(live(seed, 2), room)
        assert not writes.run()
        for at in range(writes.writes):
            for kept, watched in ((0, False), (1, True), (9, False)):
                world = World(live(seed, 2), room, cut_at=at, cut=(5.0, kept, watched))
                assert not world.run(), f"seed {seed}, cut at write {at}, {kept} records kept"


def test_a_prompt_of_the_schedule_before_that_never_reached_the_log() -> None:
    """A new schedule moved a dose that had begun, and the power cut its prompt: it is the new's."""
    assert not replay(703_033, load(), lambda _line: None)


def test_a_seed_is_one_story() -> None:
    """The same seed gives the same log to the last record: a finding can be replayed."""
    room = load()
    assert resident(7, room).log == resident(7, room).log
    assert resident(7, room).log != resident(8, room).log


def test_the_oracle_shares_no_code_with_the_firmware() -> None:
    """Its files import the standard library and each other, nothing of the firmware."""
    here = "tests.firmware.days"
    files = (
        "facts", "ledger", "oracle_time", "oracle", "oracle_cares", "oracle_lids", "oracle_log",
        "judge", "story", "regimen", "habits", "person",
    )  # fmt: skip
    allowed = {"__future__", "collections", "collections.abc", "dataclasses", "random", "typing"}
    allowed |= {here} | {f"{here}.{name}" for name in files}
    for name in files:
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert set(names) <= allowed, f"{name}.py imports {names}"


def test_a_replay_is_told() -> None:
    """The days of ANBU_DAYS_SEED (of seed 0 without it) line by line, to be read with -s."""
    lines: list[str] = []
    findings = replay(int(REPLAY or 0), load(), print if REPLAY else lines.append)
    assert not findings, findings
    assert REPLAY or len(lines) > 10
