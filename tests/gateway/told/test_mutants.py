"""The oracle's own exam: faults put into the pipeline must not get past it."""

from __future__ import annotations

import pytest

from tests.gateway.told import mutants
from tests.gateway.told.room import room
from tests.simulation.cores import ROOT, Patch

HOMES = 40


def caught(patch: Patch, homes: int = HOMES) -> str:
    """What the oracle says first; "" where it says nothing. A mere crash does not count."""
    with room(patch) as loaded:
        for seed in range(homes):
            life = loaded.life.Draw(seed, trouble=True).live()
            house = loaded.house.House(life, None, loaded.modem.FAULTS, seed)
            found = loaded.oracle.judge(house.live(frozen=True)).findings
            if found:
                return f"home {seed}: {found[0].rule.name} {found[0].about}"
    return ""


def test_there_are_enough_mutants_of_every_part() -> None:
    """At least twenty: of what worries, of ladders, of how it ends, of texts."""
    assert len({patch.name for patch in mutants.ALL}) == len(mutants.ALL) >= 20
    parts = (mutants.WORRIES, mutants.LADDERS, mutants.ENDS, mutants.TEXTS)
    assert min(len(part) for part in parts) >= 5


@pytest.mark.parametrize("patch", mutants.ALL, ids=lambda patch: patch.name)
def test_a_mutant_fits_the_pipeline(patch: Patch) -> None:
    """Every line that a mutant changes stands in its file once."""
    text = (ROOT / patch.file).read_text(encoding="utf-8")
    assert patch.apply(text) != text


@pytest.mark.long
@pytest.mark.parametrize("patch", mutants.ALL, ids=lambda patch: patch.name)
def test_a_mutant_is_caught(patch: Patch) -> None:
    """One changed line, and the oracle says what is wrong within a few residents' days."""
    said = caught(patch)
    print(said)
    assert said, f"{patch.name} lives: {patch.file}"
