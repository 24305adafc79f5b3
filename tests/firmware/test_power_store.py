"""Disk, logbook and a full log (P2) on the NOR model, each function run by MicroPython.

Knows: the modules `micro_*.py` of tests/firmware/power. May not know: what they ask.
"""

from __future__ import annotations

import pytest

from tests.both import test_names as names_in
from tests.firmware.power import run

MODULES = (
    "micro_disk",
    pytest.param("micro_full", marks=pytest.mark.long),  # fills a whole log, seven seconds long
    "micro_logbook",
    "micro_main",
    "micro_restart",
    "micro_schedules",
)
ERASES_MOST = 1.2
PROGRAMMED_BYTES_MOST = 2_600
ERASES_OF_ONE_MOST = 3  # with 17 pages: 1.25 s by the data sheet's slowest, 0.15 s by its typical


@pytest.mark.parametrize("module", MODULES)
def test_every_function_of_the_module_holds(module: str) -> None:
    """Each `test_*` of the module says a word, and a good one."""
    outcomes = run.functions(module)
    wrong = {name: said for name, said in outcomes.items() if said}
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())
    assert set(outcomes) == set(names_in(run.HERE / f"{module}.py"))


def test_an_event_costs_about_one_erase() -> None:
    """One 4 KiB erase and half a block copied, the directory and freeing counted in, no more."""
    word, facts = run.said(run.run(run.HERE / "cost.py", "1280", timeout_s=100.0))
    assert word == "cost", facts
    print(facts)
    assert 0 < facts["erases_per_event"] <= ERASES_MOST
    assert facts["most_erases_of_one"] <= ERASES_OF_ONE_MOST
    assert facts["record_bytes"] <= facts["programmed_bytes_per_event"] <= PROGRAMMED_BYTES_MOST
