"""What the expanders know of the time in which the processor was reset."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.home.box_process import board_at, start_box
from tools.home.machine.board import Board

# Each process says what the chips knew and what is open; with "tell" it deals with that.
HEAD = """
from board import Board
board = Board()
moved = board.moved_while_off()
print(-1 if moved is None else moved, board.lids(), board.lid_chips.blind())
"""
TELLS = HEAD + "board.lid_chips.told(board.lids())\nboard.reset()"
SILENT = HEAD + "board.reset()"
READS_ON = """
from board import Board
board = Board()
board.lid_chips.told(board.lids())
for _ in range(2):
    print(board.lids())
    wait()
board.reset()
"""


async def run(folder: Path, program: str) -> list[int]:
    """One life of the box, to its reset."""
    box = await start_box(folder, program)
    values = await box.values()
    assert await box.ended() == 75
    return values


def test_power_on_knows_nothing(tmp_path: Path) -> None:
    """Chips fresh from power cannot say what moved; after a reset that moved nothing it is 0."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            board.lid(5, True)
            assert await run(tmp_path, SILENT) == [-1, 32, 0]
            assert await run(tmp_path, SILENT) == [0, 32, 0]
            board.power_cut()
            assert await run(tmp_path, SILENT) == [-1, 32, 0]

    asyncio.run(story())


@pytest.mark.parametrize("program", [SILENT, TELLS])
def test_a_lid_that_moved_is_known(tmp_path: Path, program: str) -> None:
    """Opened, shut, or opened and shut while the box was off: named, in each port of each chip."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            board.lid(2, True)
            await run(tmp_path, program)
            board.lid(2, False)
            for blink in (8, 15):
                board.lid(blink, True)
                board.lid(blink, False)
            board.lid(27, True)
            moved = 1 << 2 | 1 << 8 | 1 << 15 | 1 << 27
            assert await run(tmp_path, TELLS) == [moved, 1 << 27, 0]
            assert await run(tmp_path, program) == [0, 1 << 27, 0]

    asyncio.run(story())


def test_what_a_port_cannot_see(tmp_path: Path) -> None:
    """A port latches once: of its other lids only those are known that stayed moved."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            await run(tmp_path, SILENT)
            board.lid(0, True)
            board.lid(1, True)
            board.lid(2, True)
            board.lid(2, False)
            assert await run(tmp_path, SILENT) == [0b011, 0b011, 0]

    asyncio.run(story())


@pytest.mark.parametrize("chip", ["expander0", "expander1"])
def test_one_chip_without_memory(tmp_path: Path, chip: str) -> None:
    """Where one chip lost its power or does not answer nobody knows; the other's lids are read."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            await run(tmp_path, TELLS)
            place = int(chip[-1])
            board.lid(14 - 14 * place, True)
            board.circuit.expanders[place].power_on()
            assert await run(tmp_path, TELLS) == [-1, 1 << 14 - 14 * place, 0]
            board.chip_broken(chip, True)
            moved, lids, blind = await run(tmp_path, SILENT)
            assert (moved, lids) == (-1, 1 << 14 - 14 * place)
            assert blind == 0x3FFF << 14 * place

    asyncio.run(story())


def test_read_but_not_dealt_with(tmp_path: Path) -> None:
    """A movement the box had read, but not yet put into its log, is told again at the next start.

    And at the one after it, until it is dealt with.
    """

    async def story() -> None:
        async with board_at(tmp_path) as board:
            await _read_without_telling(tmp_path, board)
            board.lid(20, True)
            board.lid(20, False)
            moved = 1 << 6 | 1 << 20
            assert await run(tmp_path, SILENT) == [moved, 1 << 6, 0]
            assert await run(tmp_path, SILENT) == [moved, 1 << 6, 0]
            assert await run(tmp_path, TELLS) == [moved, 1 << 6, 0]
            assert await run(tmp_path, SILENT) == [0, 1 << 6, 0]

    asyncio.run(story())


async def _read_without_telling(folder: Path, board: Board) -> None:
    box = await start_box(folder, READS_ON)
    assert await box.values() == [0]
    board.lid(6, True)
    box.say()
    assert await box.values() == [1 << 6]
    box.say()
    assert await box.ended() == 75


def test_reset_in_the_middle_of_a_setup(tmp_path: Path) -> None:
    """Registers of which only some are ours are no witness, and are set up as a whole."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            await run(tmp_path, TELLS)
            for register in (0x00, 0x05, 0x08, 0x0A, 0x0D):
                kept = board.circuit.expanders[0].read_register(register)
                board.circuit.expanders[0].write_register(register, kept ^ 0x10)
                board.lid(4, True)
                assert (await run(tmp_path, TELLS))[:2] == [-1, 16]
                board.lid(4, False)
                assert await run(tmp_path, TELLS) == [16, 0, 0]

    asyncio.run(story())


def test_between_the_witness_and_the_first_look(tmp_path: Path) -> None:
    """A lid opened and shut after the chips were asked, and before lids are read, is not lost."""
    program = """
from board import Board
board = Board()
print(board.moved_while_off())
wait()
print(board.lids(), board.lid_chips.touched())
board.reset()
"""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            await run(tmp_path, SILENT)
            box = await start_box(tmp_path, program)
            assert await box.values() == [0]
            board.lid(17, True)
            board.lid(17, False)
            box.say()
            assert await box.values() == [0, 1 << 17]
            assert await box.ended() == 75

    asyncio.run(story())
