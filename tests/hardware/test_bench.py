"""The first power-on test under MicroPython, over the virtual board's chips, with a person's hands.

Knows: what the script prints, the board's hands.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import BoxProcess, box_at
from tests.tree import ROOT
from tools.home.machine.board import Board

SCRIPT = (ROOT / "hardware/bench/pillbox.py").read_text(encoding="utf-8")
QUICK = SCRIPT.replace("LIGHT_MS = 80", "LIGHT_MS = 1").replace("TONE_MS = 400", "TONE_MS = 1")
SHORT = QUICK.replace("HAND_MS = 20_000", "HAND_MS = 300").replace(
    "LIDS_MS = 180_000", "LIDS_MS = 300"
)


def _put(folder: Path, script: str) -> str:
    """The script as a file of the box; what runs it once the test says so."""
    (folder / "app").mkdir()
    (folder / "app/bench.py").write_text(script, encoding="utf-8")
    return "wait()\nimport bench"


async def _until(box: BoxProcess, begins: str, said: list[str]) -> None:
    while True:
        said.append(await box.line())
        if "Traceback" in said[-1] and box.process.stdout is not None:
            raise AssertionError((await box.process.stdout.read()).decode())
        if said[-1].startswith(begins):
            return


async def _hands(board: Board, box: BoxProcess, said: list[str]) -> None:
    """What the person does when she is told to."""
    for name, words in (("ok", "do: press OK"), ("help", "do: press HELP")):
        await _until(box, words, said)
        board.button(name, True)
        await _until(box, "pass", said)
        board.button(name, False)
    await _until(box, "do: lean", said)
    board.tilt(True)
    await _until(box, "do: shut", said)
    board.tilt(False)
    await _until(box, "pass  lids shut", said)
    for compartment in range(28):
        board.lid(compartment, True)
        await _until(box, "     open:", said)
        board.lid(compartment, False)


def test_a_good_box_passes(tmp_path: Path) -> None:
    """All chips answer, each hand is seen, all 28 lids by name: the last line says passed."""

    async def story() -> list[str]:
        said: list[str] = []
        async with box_at(tmp_path, _put(tmp_path, QUICK)) as (board, box):
            box.say()
            await _hands(board, box, said)
            await _until(box, "passed", said)
        return said

    said = asyncio.run(story())
    assert not [line for line in said if "FAIL" in line]
    opened = [line.split(": ")[1] for line in said if "open:" in line]
    assert len(set(opened)) == 28
    assert (opened[0], opened[-1]) == ("Mon morning", "Sun bedtime")


def test_a_bad_box_says_what_is_wrong(tmp_path: Path) -> None:
    """A dead expander and clock, an empty bench without hands: each is named, and the end too."""

    async def story() -> list[str]:
        said: list[str] = []
        async with box_at(tmp_path, _put(tmp_path, SHORT)) as (board, box):
            board.chip_broken("expander1", True)
            board.chip_broken("clock", True)
            board.mains(False)
            board.lid(2, True)
            box.say()
            await _until(box, "NOT passed", said)
        return said

    said = asyncio.run(story())
    assert "FAIL  expander 1: 0x21 does not answer" in said
    assert "FAIL  clock: 0x68 does not answer" in said
    assert "FAIL  mains: USB is not seen" in said
    assert "FAIL  lids shut: Mon evening" in said
    named = ["expander 1", "clock", "mains", "OK", "HELP", "tilt", "lids shut", "lids"]
    assert said[-1] == f"NOT passed: {', '.join(named)}"
