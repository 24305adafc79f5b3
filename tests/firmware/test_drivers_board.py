"""The pill box's board.py under MicroPython: all chips together, dead chips, lost power."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import box_at, start_box


def test_every_lid_has_its_bit(tmp_path: Path) -> None:
    """Compartment n is bit n, for all 28, and both chips' line is released after each reading."""
    program = """
from board import Board
from machine import Pin
board = Board()
for _ in range(29):
    wait()
    print(Pin(4).value(), board.lids(), Pin(4).value())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            box.say()
            assert await box.values() == [1, 0, 1]
            for compartment in range(28):
                board.lid(compartment, True)
                if compartment:
                    board.lid(compartment - 1, False)
                box.say()
                assert await box.values() == [0, 1 << compartment, 1]

    asyncio.run(story())


def test_hands_wake_the_box(tmp_path: Path) -> None:
    """Lids, both buttons and the mains wake a sleeping box through its interrupt lines."""
    program = """
import asyncio
from board import Board
board = Board()
flag = asyncio.ThreadSafeFlag()
async def main():
    board.lids()
    board.on_wake(lambda pin: flag.set())
    print("ready")
    while True:
        await flag.wait()
        ok, help = board.buttons()
        print(board.lids(), int(ok), int(help), int(board.mains()))
asyncio.run(main())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.line() == "ready"
            board.lid(3, True)
            assert await box.values() == [8, 0, 0, 1]
            board.button("ok", True)
            assert await box.values() == [8, 1, 0, 1]
            board.button("help", True)
            assert await box.values() == [8, 1, 1, 1]
            board.button("ok", False)
            assert await box.values() == [8, 0, 1, 1]
            board.mains(False)
            assert await box.values() == [8, 0, 1, 0]
            board.lid(3, False)
            assert await box.values() == [0, 0, 1, 0]

    asyncio.run(story())


def test_dead_chips_are_faults_not_ends(tmp_path: Path) -> None:
    """Each dead chip is a bit, its last value or "unknown" stands, after a minute it is back."""
    program = """
import board as board_module
from anbu_device.edge import guard
skip_ms = 0
board_module.ticks_ms = lambda: skip_ms  # the board's minute in the test's hand
board = board_module.Board()
def report():
    lids = board.lids()
    wall_s, lost = board.rtc.read()
    print(lids, int(lost), board.gauge.percent(), board.gauge.millivolts() > 0, board.faults())
for skip_ms in (0, 30000, 90000, 90500, 150001):
    wait()
    for e in board._guards:
        e._ticks_ms = board_module.ticks_ms
    board_module.ticks_ms = lambda now=skip_ms: now
    for e in board._guards:
        e._ticks_ms = board_module.ticks_ms
    report()
print(int(board.rtc.write(848629646)))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.lid(0, True)
            board.lid(27, True)
            lids = 1 | 1 << 27
            box.say()
            assert await box.line() == f"{lids} 0 100 True 0"
            for name in ("expander1", "clock", "gauge"):
                board.chip_broken(name, True)
            board.lid(0, False)
            box.say()
            assert await box.line() == f"{1 << 27} 1 255 False 14"
            for name in ("expander1", "clock", "gauge"):
                board.chip_broken(name, False)
            board.lid(27, False)
            for expected in (f"{0} 0 100 True 0",):
                box.say()
                assert await box.line() == expected
            board.chip_broken("clock", True)
            box.say()
            assert await box.line() == "0 1 100 True 4"
            box.say()
            assert await box.line() == "0 1 100 True 4"
            assert await box.line() == "0"

    asyncio.run(story())


def test_retries_at_most_once_a_minute(tmp_path: Path) -> None:
    """A faulty chip is left alone for a minute of ticks, across their wrap, then set up again."""
    program = """
from anbu_device.edge.guard import Guard
now = [(1 << 30) - 30000]
calls = []
broken = [True]
def method():
    calls.append("call")
    if broken[0]:
        raise OSError(19)
    return 7
guard = Guard(lambda: now[0], lambda: calls.append("setup"))
for _ in range(3):
    assert guard.call(1, method) == 1
print(guard.faulty, *calls)
now[0] = 29999
assert guard.call(1, method) == 1
print(len(calls))
broken[0] = False
now[0] = 30000
print(guard.call(1, method), guard.faulty, *calls)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.line() == "True setup call"
            assert await box.line() == "2"
            assert await box.line() == "7 False setup call setup call"

    asyncio.run(story())


def test_expander_that_lost_its_power_is_set_up_again(tmp_path: Path) -> None:
    """A chip whose registers went back to defaults is noticed within a minute of reading lids."""
    program = """
import board as board_module
now = [0]
board_module.ticks_ms = lambda: now[0]
board = board_module.Board()
for now[0] in (0, 59999, 60000):
    wait()
    print(board.lids(), board.faults())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.lid(5, True)
            box.say()
            assert await box.values() == [32, 0]
            board.circuit.expanders[0].power_on()
            box.say()
            assert await box.values() == [0, 0]
            box.say()
            assert await box.values() == [32, 0]

    asyncio.run(story())


def test_board_survives_a_restart_of_its_process(tmp_path: Path) -> None:
    """A lid that moved while nobody ran is seen by the next process, and the line is released."""
    program = """
from board import Board
from machine import Pin
board = Board()
print(board.reset_cause, board.lids(), Pin(4).value())
board.reset()
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [1, 0, 1]
            assert await box.ended() == 75
            board.lid(9, True)
            again = await start_box(tmp_path, program)
            assert await again.values() == [2, 1 << 9, 1]
            assert await again.ended() == 75

    asyncio.run(story())
