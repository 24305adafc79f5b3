"""The oracle's own exam: faults put into the dose engine must not get past it."""

from __future__ import annotations

import pytest

from tests.firmware.days import mutants
from tests.firmware.days.crowd import resident
from tests.firmware.days.room import load
from tests.simulation.cores import Patch

RESIDENTS = 600


def _caught_by(patch: Patch) -> str:
    """What the oracle says first of the mutant; a mere crash does not count."""
    room = load(patch)
    for seed in range(RESIDENTS):
        findings = resident(seed, room).judge.findings
        if findings:
            return f"seed {seed}: {findings[0]}"
    return ""


def test_there_are_enough_mutants_of_every_room() -> None:
    """At least twenty: of time and doubt, of what the log says, of lids."""
    assert len({patch.name for patch in mutants.ALL}) == len(mutants.ALL) >= 20
    assert min(len(mutants.TIME), len(mutants.LOG), len(mutants.LIDS)) >= 5


def test_a_mutant_fits_the_engine() -> None:
    """Every line that a mutant changes stands in its file once, and what it makes can be loaded."""
    for patch in mutants.ALL:
        assert load(patch).box.Box(28).compartments == 28, patch.name


@pytest.mark.long
@pytest.mark.parametrize("patch", mutants.ALL, ids=lambda patch: patch.name)
def test_a_mutant_is_caught(patch: Patch) -> None:
    """One changed line, and the oracle says what is wrong within 600 residents' weeks."""
    caught = _caught_by(patch)
    print(caught)
    assert caught, f"{patch.name} lives: {patch.file}"
