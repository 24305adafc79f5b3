"""P3: whatever the radio and both sides' restarts do, every event is once in the database.

One seed again, told line by line:  ANBU_SIM_SEED=123 .venv/bin/pytest -s tests/simulation -k replay
Other seeds than 0…999:             ANBU_SIM_FIRST=5000 .venv/bin/pytest tests/simulation -k faults
"""

from __future__ import annotations

import ast
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.cores import load
from tests.simulation.story import tell
from tests.simulation.world import World

FEW, SEEDS = 300, 1000
FIRST = int(os.environ.get("ANBU_SIM_FIRST", "0"))
REPLAY = os.environ.get("ANBU_SIM_SEED")


def _happened(world: World) -> Counter[str]:
    """What this run went through, so that a tame simulation is noticed."""
    records, commands = world.judge.records, world.judge.commands
    return Counter(
        events=len(records.made),
        connections=world.connections,
        device_starts=world.device.boot,
        new_logs=len(records.epochs_heard),
        freed=len(records.freed),
        gaps=len(records.gaps),
        step_backs=len(records.step_backs),
        left_behind=len(records.excused),
        schedules=len(commands.ever_stored),
        commands=len(commands.effects),
        timelines=len(world.judge.time.last),
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seeds", [FEW, pytest.param(SEEDS, marks=pytest.mark.long)])
def test_faults_lose_nothing_and_double_nothing(seeds: int) -> None:
    """Seeded homes full of faults: the oracle finds nothing wrong, and much happened."""
    cores = load()
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + seeds):
        world = World(seed, cores)
        findings = world.run()
        assert not findings, f"seed {seed}: {findings[0]}; replay it with ANBU_SIM_SEED={seed}"
        seen += _happened(world)
    assert seen["events"] > 50 * seeds
    assert seen["connections"] > 5 * seeds
    assert seen["device_starts"] > 3 * seeds
    assert seen["freed"] > 10 * seeds
    assert min(seen["gaps"], seen["step_backs"], seen["commands"], seen["schedules"]) > seeds // 20


def test_the_real_sizes_hold_too() -> None:
    """Segments of 128 records and acknowledgements as they are, with logs long enough for them."""
    cores = load(small=False)
    freed = 0
    for seed in range(12):
        world = World(seed, cores, bursts=12)
        findings = world.run()
        assert not findings, f"seed {seed}, real sizes: {findings[0]}"
        freed += len(world.judge.records.freed)
    assert freed > 1000


def test_a_seed_is_one_story() -> None:
    """The same seed gives the same run to the last byte: a failure can be replayed."""
    cores = load()

    def told(seed: int) -> list[str]:
        lines: list[str] = []
        world = World(seed, cores)
        tell(world, lines.append)
        world.run()
        return lines

    assert told(7) == told(7)
    assert told(7) != told(8)


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    """It imports the standard library and itself, nothing of the firmware or the gateway."""
    for name in ("oracle.py", "oracle_manners.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            allowed = {"__future__", "dataclasses", "tests.simulation.oracle"}
            assert set(names) <= allowed, f"{name} imports {names}"


def test_a_replay_is_told() -> None:
    """The run of ANBU_SIM_SEED (of seed 0 without it) line by line, to be read with -s."""
    lines: list[str] = []
    world = World(int(REPLAY or 0), load())
    tell(world, print if REPLAY else lines.append)
    findings = world.run()
    assert not findings, findings
    assert REPLAY or len(lines) > 10
