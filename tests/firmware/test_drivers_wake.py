"""Wake lines, alarm, alert, brown-out and tilt of the pill box's board."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import box_at

LIDS, CLOCK, OK, HELP, BATTERY = 1, 2, 4, 8, 16


def test_every_line_and_its_clearing(tmp_path: Path) -> None:
    """Each line is told while it is low; clearing lets go what chips hold, not what hands hold.

    The lids' movement is not lost by clearing, and a cell that stays low does not hold its line.
    """
    program = """
from board import Board
board = Board()
board.lids()
board.gauge.percent()
for _ in range(5):
    wait()
    before = board.wake_low()
    board.clear_wakes()
    print(before, board.wake_low(), board.lids(), board.lid_chips.touched())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            await asyncio.sleep(0)
            box.say()
            assert await box.values() == [0, 0, 0, 0]
            board.lid(3, True)
            board.lid(5, True)
            board.lid(5, False)
            board.lid(20, True)
            board.lid(20, False)
            box.say()
            assert await box.values() == [LIDS, 0, 8, 1 << 20]
            board.button("ok", True)
            board.button("help", True)
            box.say()
            assert await box.values() == [OK | HELP, OK | HELP, 8, 0]
            board.button("ok", False)
            board.button("help", False)
            board.battery(9)
            box.say()
            assert await box.values() == [BATTERY, 0, 8, 0]
            board.battery(3)
            box.say()
            assert await box.values() == [BATTERY, 0, 8, 0]

    asyncio.run(story())


def test_a_dead_chip_holds_its_line(tmp_path: Path) -> None:
    """An expander that died with a movement pending keeps the line low: that is said, not hidden.

    The other expander's lids are read all the same.
    """
    program = """
from board import Board
board = Board()
print(board.lids())
wait()
board.clear_wakes()
print(board.wake_low(), board.lids(), board.faults())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [0]
            board.lid(1, True)
            board.chip_broken("expander0", True)
            board.lid(26, True)
            box.say()
            low, lids, faults = await box.values()
            assert (low, lids & 1 << 26, faults) == (LIDS, 1 << 26, 1)

    asyncio.run(story())


def test_alarm(tmp_path: Path) -> None:
    """The alarm pulls its line at its second and once; a second that is past is refused."""
    program = """
import time
from board import Board
board = Board()
now_s = board.rtc.read()[0]
print(*[int(board.set_alarm(now_s + ahead)) for ahead in (-60, 0, 60)], board.wake_low())
print(int(board.set_alarm(now_s + 3)))
while not board.wake_low():
    time.sleep_ms(20)
print(board.wake_low(), int(board.rtc.read()[0] >= now_s + 3))
board.clear_wakes()
print(board.wake_low())
wait()
print(int(board.set_alarm(now_s + 60)))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [0, 0, 1, 0]
            assert await box.values() == [1]
            assert await box.values() == [CLOCK, 1]
            assert await box.values() == [0]
            board.rtc_lose_power()
            box.say()
            assert await box.values() == [0]

    asyncio.run(story())


def test_a_rearmed_alert(tmp_path: Path) -> None:
    """After charging, and after the gauge lost power, the alert comes at ten percent again."""
    program = """
from machine import I2C, Pin
from anbu_device.edge.max17048 import MAX17048
chip = MAX17048(I2C(0, scl=Pin(9), sda=Pin(8)), 10)
alert = Pin(14, Pin.IN, Pin.PULL_UP)
chip.setup()
while True:
    chip.clear_alert()
    chip.tend()
    print(alert.value())
    wait()
    print(alert.value())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            for percent, level in ((6, 0), (80, 1), (9, 0), (9, 1), (8, 0), (50, 1)):
                assert await box.values() == [1]
                board.battery(percent)
                box.say()
                assert await box.values() == [level]
            assert await box.values() == [1]
            board.circuit.gauge.power_on()
            box.say()
            assert await box.values() == [1]
            # Its default is 4 %: only a gauge that was set up again pulls at 9.
            assert await box.values() == [1]
            board.battery(9)
            box.say()
            assert await box.values() == [0]

    asyncio.run(story())


def test_a_gauge_that_lost_power_is_set_up_again(tmp_path: Path) -> None:
    """Tending it once a minute finds its reset flag, and the alert is at ten percent again."""
    program = """
from machine import I2C, Pin
from anbu_device.edge.max17048 import MAX17048
chip = MAX17048(I2C(0, scl=Pin(9), sda=Pin(8)), 10)
alert = Pin(14, Pin.IN, Pin.PULL_UP)
chip.setup()
for _ in range(2):
    print(alert.value())
    wait()
    chip.tend()
print(alert.value())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [1]
            board.circuit.gauge.power_on()
            box.say()
            assert await box.values() == [1]
            board.battery(9)
            box.say()
            assert await box.values() == [0]

    asyncio.run(story())


def test_brown_out(tmp_path: Path) -> None:
    """A sagging cell without mains stops writing; lids are read on, their chips set up again.

    With mains, or with the gauge dead, nothing is stopped; it ends only well above the limit.
    """
    program = """
from board import Board
board = Board()
board.lids()
board.lid_chips.blind()
while True:
    wait()
    print(int(board.brown_out()), board.lids(), int(board.lid_chips.blind() > 0), board.faults())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            for mains, sagged_mv, wanted in (
                (True, 3000, 0),
                (False, 3000, 1),
                (False, 3400, 1),
                (False, 3500, 0),
                (False, 3400, 0),
                (False, 3290, 1),
                (True, 3290, 0),
            ):
                board.mains(mains)
                board.circuit.gauge.sagged_mv = sagged_mv
                box.say()
                assert await box.values() == [wanted, 0, 0, 0]
            board.mains(False)
            board.lid(0, True)
            board.brown_out(True)
            box.say()
            assert await box.values() == [1, 1, 1, 0]
            board.brown_out(False)
            board.chip_broken("gauge", True)
            box.say()
            assert await box.values() == [0, 1, 0, 8]

    asyncio.run(story())


def test_tilt_fitted_or_not(tmp_path: Path) -> None:
    """A fitted switch is read and interrupts; a board without one never leans."""
    program = """
import asyncio
import pins
from board import Board
board = Board()
told = asyncio.ThreadSafeFlag()
async def main():
    board.on_tilt(lambda pin: told.set())
    print(int(board.tilted()))
    for _ in range(2):
        await told.wait()
        print(int(board.tilted()))
asyncio.run(main())
pins.TILT = None
bare = Board()
bare.on_tilt(None)
wait()
print(int(bare.tilted()))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [0]
            board.tilt(True)
            assert await box.values() == [1]
            board.tilt(False)
            assert await box.values() == [0]
            board.tilt(True)
            box.say()
            assert await box.values() == [0]

    asyncio.run(story())
