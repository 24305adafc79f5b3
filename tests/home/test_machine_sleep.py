"""Light sleep in the virtual home: what wakes the chip, what it may not do, skipped time."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.home.box_process import BoxProcess, board_at, box_at, start_box
from tools.bench import skipping
from tools.home.machine.board import Board
from tools.home.machine.sleeping import ASLEEP, BUSY

_TOOK = "print(time.ticks_diff(time.ticks_ms(), began))\n"


async def _asleep(board: Board) -> None:
    """Until the chip sleeps."""
    slept = asyncio.Event()
    board.sleeping.on_change = lambda: slept.set() if board.sleeping.state == ASLEEP else None
    if board.sleeping.state != ASLEEP:
        await slept.wait()


async def _said(box: BoxProcess) -> str:
    """The next line but for the heap's, which start.py tells each ten minutes; no skipped limit."""
    assert box.process.stdout is not None
    line = (await box.process.stdout.readline()).decode().rstrip()
    return await _said(box) if line.startswith("heap ") else line


def test_it_sleeps_its_time_and_ticks_go_on(tmp_path: Path) -> None:
    """300 ms of sleep are 300 ms of ticks, and RAM is as it was."""
    program = "import machine, time\nbegan = time.ticks_ms()\nmachine.lightsleep(300)\n" + _TOOK

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            took_ms = int(await box.line())
            assert took_ms >= 300
            assert (board.sleeping.naps, board.sleeping.woken_by_pin) == (1, 0)
            assert await box.ended() == 0

    asyncio.run(story())


def test_a_low_line_wakes_and_is_told_afterwards(tmp_path: Path) -> None:
    """A pressed button ends a sleep of an hour; its interrupt runs once the chip is awake."""
    program = """
import esp32, machine, time
ok = machine.Pin(6, machine.Pin.IN, machine.Pin.PULL_UP)
edges = []
ok.irq(lambda pin: edges.append(1), machine.Pin.IRQ_FALLING)
esp32.wake_on_ext1((ok,), esp32.WAKEUP_ALL_LOW)
began = time.ticks_ms()
machine.lightsleep(3600000)
print(time.ticks_diff(time.ticks_ms(), began) < 60000, len(edges))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            await _asleep(board)
            board.button("ok", True)
            assert await box.line() == "True 1"
            assert board.sleeping.woken_by_pin == 1
            assert await box.ended() == 0

    asyncio.run(story())


def test_only_wake_sources_wake(tmp_path: Path) -> None:
    """Another line's edge lets the chip sleep on; mains back wakes by its high level."""
    program = """
import esp32, machine, time
ok = machine.Pin(6, machine.Pin.IN, machine.Pin.PULL_UP)
mains = machine.Pin(15, machine.Pin.IN)
esp32.wake_on_ext0(mains, esp32.WAKEUP_ANY_HIGH)
machine.lightsleep(3600000)
print(mains.value())
"""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            board.mains(False)
            box = await start_box(tmp_path, program)
            await _asleep(board)
            board.button("ok", True)
            await asyncio.sleep(0.2)
            assert board.sleeping.state == ASLEEP
            board.mains(True)
            assert await box.line() == "1"
            assert await box.ended() == 0

    asyncio.run(story())


def test_wake_is_by_level(tmp_path: Path) -> None:
    """A sleep begun on a low line is over at once."""
    program = """
import esp32, machine, time
ok = machine.Pin(6, machine.Pin.IN, machine.Pin.PULL_UP)
esp32.wake_on_ext1((ok,), esp32.WAKEUP_ALL_LOW)
print("ready")
wait()
machine.lightsleep(3600000)
print("awake")
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.line() == "ready"
            board.button("ok", True)
            box.say()
            assert await box.line() == "awake"
            assert board.sleeping.state == BUSY
            assert await box.ended() == 0

    asyncio.run(story())


def test_the_chip_refuses_what_the_real_one_cannot(tmp_path: Path) -> None:
    """Sleep with the radio on, and a wake by a pin without RTC function, raise."""
    program = """
import bluetooth, esp32, machine
try:
    esp32.wake_on_ext1((machine.Pin(38),), esp32.WAKEUP_ALL_LOW)
except ValueError as error:
    print(error)
import sys
class On:
    def active(self):
        return True
bluetooth.BLE = On
try:
    machine.lightsleep(10)
except RuntimeError as error:
    print(error)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.line() == "invalid pin"
            assert "BLE on" in await box.line()
            assert await box.ended() == 0

    asyncio.run(story())


def test_a_skipping_house_skips_sleep_and_waiting_alike(tmp_path: Path) -> None:
    """Ten hours asleep and ten of asyncio's are ten each to the chip, and nobody waits for them."""
    program = """
import asyncio, machine, time
async def main():
    for wait_ms in (0, 36000000):
        began, seconds = time.ticks_ms(), time.time()
        if wait_ms:
            await asyncio.sleep_ms(wait_ms)
        else:
            machine.lightsleep(36000000)
        print(round(time.ticks_diff(time.ticks_ms(), began) / 1e6), time.time() - seconds >= 35999)
asyncio.run(main())
"""

    async def story() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, skipping.SkippingLoop)
        async with board_at(tmp_path) as board:
            board.sleeping.skipped_s = loop.skipped_s
            loop.skip_while(lambda: board.sleeping.state != BUSY)
            box = await start_box(tmp_path, program, ANBU_SKIP_IDLE="1")
            assert [await _said(box), await _said(box)] == ["36 True", "36 True"]
            assert await box.ended() == 0
            return loop.skipped_s()

    began_s = time.monotonic()
    assert 71_000 < skipping.run(story()) < 73_000
    assert time.monotonic() - began_s < 3_600


def test_an_event_ends_a_skipped_wait(tmp_path: Path) -> None:
    """While asyncio waits for an hour, an edge is taken at its moment, not at the wait's end."""
    program = """
import asyncio, machine, time
async def main():
    ok = machine.Pin(6, machine.Pin.IN, machine.Pin.PULL_UP)
    came = asyncio.Event()
    ok.irq(lambda pin: came.set(), machine.Pin.IRQ_FALLING)
    began = time.ticks_ms()
    print("ready")
    async def other():
        await asyncio.sleep(3600)
    waits = asyncio.create_task(other())
    await came.wait()
    print(round(time.ticks_diff(time.ticks_ms(), began) / 1e3))
asyncio.run(main())
"""

    async def story() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, skipping.SkippingLoop)
        async with board_at(tmp_path) as board:
            board.sleeping.skipped_s = loop.skipped_s
            box = await start_box(tmp_path, program, ANBU_SKIP_IDLE="1")
            assert await box.line() == "ready"
            loop.call_later(600, board.button, "ok", True)
            loop.skip_while(lambda: board.sleeping.state != BUSY)
            assert await _said(box) == "600"
            assert await box.ended() == 0

    skipping.run(story())
