"""The oracle's own exam: faults put into the two cores must not get past it."""

from __future__ import annotations

import pytest

from tests.simulation import mutants
from tests.simulation.cores import Patch, load
from tests.simulation.oracle import CRASHED
from tests.simulation.world import World

SEEDS = 500


def _caught_by(patch: Patch) -> str:
    """The first rule of the oracle that a seed's run breaks; a mere crash does not count."""
    cores = load(patch)
    for seed in range(SEEDS):
        for finding in World(seed, cores).run():
            if finding.rule != CRASHED:
                return finding.rule
    return ""


def test_there_are_enough_mutants_of_both_sides() -> None:
    """At least twenty, of the gateway, of the language between them, and of the device."""
    assert len({patch.name for patch in mutants.ALL}) == len(mutants.ALL) >= 20
    assert min(len(mutants.GATEWAY), len(mutants.WIRE), len(mutants.DEVICE)) >= 5


def test_a_patch_that_fits_nowhere_is_an_error() -> None:
    """So no mutant passes for caught, or for harmless, because its line has moved on."""
    with pytest.raises(ValueError, match="0x"):
        load(Patch("moved on", "gateway/sync/records.py", "a line that is not there", ""))
    with pytest.raises(ValueError, match="no core"):
        load(Patch("elsewhere", "gateway/clock.py", "x", "y"))


@pytest.mark.parametrize("patch", mutants.ALL, ids=lambda patch: patch.name)
def test_a_mutant_is_caught(patch: Patch) -> None:
    """One changed line, and the oracle says what is wrong within 500 seeds."""
    assert _caught_by(patch), f"{patch.name} lives: {patch.file}"
