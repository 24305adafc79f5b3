"""Updates on the chip's side, run by MicroPython over simulated flash and NVS (P14).

Knows: how to run the programs of tests/firmware/update/. What they hold is said there.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import both
from tests.both import ROOT, micropython
from tests.firmware.update import makes

HERE = Path(__file__).parent / "update"
SEARCH = (ROOT / "firmware/loader", ROOT / "firmware/lib", ROOT, HERE)
HEAP = "heapsize=16M"  # the simulated flash lies in it
CUTS = ("torn", "second", "cuts", "writes", "mended")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, bundles and slots."""
    folder = tmp_path_factory.mktemp("bundles")
    makes.write(folder)
    return folder


def run(*words: object, timeout_s: float = 220) -> subprocess.CompletedProcess[str]:
    """A program under MicroPython."""
    interpreter = micropython()
    if interpreter is None:
        pytest.skip("no MicroPython for this machine: its package has x86_64 wheels only")
    return subprocess.run(
        [interpreter, "-X", HEAP, *map(str, words)],
        env={**os.environ, "MICROPYPATH": ":".join(map(str, SEARCH))},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "name",
    ["micro_life", "micro_refusals", pytest.param("micro_every_bit", marks=pytest.mark.long)],
)
def test_every_function_holds(name: str, bundles: Path) -> None:
    """Each `test_*` of the file passes on the chip's interpreter, and none is left out."""
    done = run(ROOT / "tests/micropython_runner.py", name, bundles)
    outcomes = both._read_lines(done.stdout)
    wanted = both.test_names(HERE / f"{name}.py")
    failed = {n: outcomes.get(n, done.stderr[-2000:]) for n in wanted if outcomes.get(n, "?")}
    assert not failed, "\n".join(f"{n}: {why}" for n, why in failed.items())


def cut(bundles: Path, mutant: str, seed: int, mend: int) -> tuple[str, dict[str, int]]:
    """Every cut of an update; what was said, and the counts."""
    done = run(HERE / "micro_cuts.py", mutant, seed, 1, mend, bundles, timeout_s=220)
    lines = [line for line in done.stdout.splitlines() if line.startswith("@")]
    said = lines[-1] if lines else done.stdout[-500:] + done.stderr[-2000:]
    counts = json.loads(said.removeprefix("@cuts ")) if said.startswith("@cuts ") else {}
    return said + done.stderr[-2000:], counts


@pytest.mark.timeout(240)
def test_power_cut_at_every_write(bundles: Path) -> None:
    """The old or the new runs, whole; no flushed record is lost; the update still comes to its end.

    Every write of an update from the first chunk to the confirmation, each not begun and torn.
    """
    said, counts = cut(bundles, "none", 1, 8)
    assert counts, said
    assert counts["writes"] > 150
    assert counts["cuts"] >= 3 * counts["writes"]
    assert all(counts[name] for name in CUTS), counts
    assert 0 < counts["old_ran"] < counts["cuts"]


@pytest.mark.parametrize("mutant", ["wrong_slot", "early_switch"])
def test_the_cuts_find_a_planted_fault(mutant: str, bundles: Path) -> None:
    """An updater that writes where it runs, or switches too early, does not get through."""
    said, counts = cut(bundles, mutant, 1, 8)
    assert not counts, said
    assert "@lost" in said


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 10))
def test_power_cuts_by_other_chances(seed: int, bundles: Path) -> None:
    """The same with eight other ways to tear, each cut mended to its end."""
    said, counts = cut(bundles, "none", seed, 1)
    assert counts, said
    assert counts["mended"] == counts["cuts"]
