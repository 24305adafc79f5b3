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
    """Each dead chip is a bit, its last value or "unknown" stands; when it answers it is back."""
    program = """
from anbu_device.edge import steady
now = [0]
steady.ticks_ms = lambda: now[0]  # the guards' minute in the test's hand
from board import Board
board = Board()
for now[0] in (0, 30000, 90000, 90500, 150001):
    wait()
    lids = board.lids()
    wall_s, lost = board.rtc.read()
    print(lids, int(lost), board.gauge.percent(), board.gauge.millivolts() > 0, board.faults())
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
            box.say()
            assert await box.line() == "0 0 100 True 0"
            board.chip_broken("clock", True)
            box.say()
            assert await box.line() == "0 1 100 True 4"
            box.say()
            assert await box.line() == "0 1 100 True 4"
            assert await box.line() == "0"

    asyncio.run(story())


def test_tries_a_dead_chip_less_and_less_often(tmp_path: Path) -> None:
    """A chip that fails is tried again after 1, 4 and 16 s, then once a minute, set up each time.

    The ticks wrap meanwhile; once it answers the count begins anew.
    """
    program = """
from anbu_device.edge.guard import Guard
now = [(1 << 30) - 3000]
calls = []
broken = [True]
def method():
    if broken[0]:
        raise OSError(19)
    return 7
guard = Guard(lambda: now[0], lambda: calls.append(now[0]))
for _ in range(1600):
    assert guard.call(1, method) == 1
    now[0] = now[0] + 100 & 0x3FFFFFFF
print(int(guard.faulty), *[(b - a) & 0x3FFFFFFF for a, b in zip(calls, calls[1:])])
broken[0] = False
now[0] += 60000
print(guard.call(1, method), int(guard.faulty), len(calls))
broken[0] = True
guard.call(1, method)
now[0] += 1000
guard.call(1, method)
print(len(calls))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.values() == [1, 1000, 4000, 16000, 60000, 60000]
            assert await box.values() == [7, 0, 7]
            assert await box.values() == [8]

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


def test_a_lid_that_moves_while_others_are_read(tmp_path: Path) -> None:
    """A line low again after a reading is read again at once; one that is stuck not for ever."""
    program = """
from anbu_device.edge.lids import Lids
from anbu_device.edge.mcp23017 import _SETUP
class Chips:
    def __init__(self):
        self.registers = bytearray(_SETUP) + bytearray(8)
        self.readings = 0
    def readfrom_mem_into(self, address, register, buffer):
        self.readings += 1
        buffer[:] = self.registers[register : register + len(buffer)]
    def writeto_mem(self, address, register, buffer):
        pass
class Line:
    levels = []
    def value(self):
        return self.levels.pop(0)
chips, line = Chips(), Line()
lids = Lids(chips, (0x20, 0x21), line)
for line.levels in ([1], [0, 1], [0] * 9):
    chips.readings = 0
    lids.read()
    print(chips.readings // 2)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert [(await box.values())[0] for _ in range(3)] == [1, 2, 3]

    asyncio.run(story())
