"""The care plug's real main in MicroPython over stand-ins: its service, and restarts at any moment.

Knows: the modules `micro_*.py` of tests/firmware/plug. May not know: what they ask.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import both
from tests.both import RUNNER, micropython
from tests.both import test_names as names_in

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/firmware/plug"
CAREPLUG = ROOT / "firmware/careplug"
PATH = (ROOT, ROOT / "firmware/lib", CAREPLUG, CAREPLUG / "boards/care_node", HERE, ".frozen")


def run(script: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One process of MicroPython to its end."""
    interpreter = micropython()
    if interpreter is None:
        pytest.skip("no MicroPython for this machine: its package has x86_64 wheels only")
    return subprocess.run(
        [interpreter, "-X", "heapsize=16M", str(script), *words],
        env={**os.environ, "MICROPYPATH": ":".join(map(str, PATH))},
        capture_output=True,
        text=True,
        timeout=100.0,
        check=False,
    )


@pytest.mark.parametrize("module", ["micro_service", "micro_updating"])
def test_every_function_of_the_module_holds(module: str) -> None:
    """Each `test_*` of the module says a word, and a good one."""
    done = run(RUNNER, module)
    outcomes = both._read_lines(done.stdout)
    wrong = {name: said for name, said in outcomes.items() if said}
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())
    assert not done.returncode, done.stderr
    assert set(outcomes) == set(names_in(HERE / f"{module}.py"))


def cut(seed: int) -> dict[str, int]:
    """The counts of one life that was cut; what broke fails the test."""
    done = run(HERE / "cuts.py", str(seed))
    word, _, facts = done.stdout.strip().partition(" ")
    assert word == "@cuts", f"{done.stdout}{done.stderr}"
    counts: dict[str, int] = json.loads(facts)
    print(counts)
    return counts


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))])
def test_a_restart_at_any_moment_loses_nothing(seed: int) -> None:
    """Whatever flash operation of two hours is cut, and however it is torn, everything is there.

    What was flushed is in the log, the next start says so; the broadcast's counter and the energy
    never go back.
    """
    counts = cut(seed)
    assert counts["cuts"] >= 50
    assert counts["hours"] >= 6
