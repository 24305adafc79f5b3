"""The firmware's drivers, under MicroPython, against the chip models over the real link."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import box_at
from tools.home.machine.max17048 import cell_mv

I2C = "from machine import I2C, Pin\ni2c = I2C(0, scl=Pin(9), sda=Pin(8), freq=400000)\n"


def test_expander(tmp_path: Path) -> None:
    """Setup from any state, fourteen inputs in order; lost registers are noticed and set again."""
    program = (
        I2C
        + """
from anbu_device.edge.mcp23017 import MCP23017
chip = MCP23017(i2c, 0x21)
for left in (b"\\xa0", b"\\x20", b"\\x80"):  # BANK, SEQOP, set by a disturbed write
    i2c.writeto_mem(0x21, 0x0A, left)
    chip.setup()
print(int(Pin(4, Pin.IN, Pin.PULL_UP).value()), chip.read_inputs(), int(chip.intact()))
wait()
print(Pin(4).value(), chip.read_inputs(), Pin(4).value(), int(chip.lapsed))
i2c.writeto_mem(0x21, 0x04, b"\\0\\0")
print(int(chip.intact()))
i2c.writeto_mem(0x21, 0x0C, b"\\0\\0")
print(chip.read_inputs(), int(chip.lapsed), int(chip.intact()))
"""
    )

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [1, 0, 1]
            board.lid(14 + 6, True)
            board.lid(14 + 7, True)
            board.lid(14 + 0, True)
            box.say()
            assert await box.values() == [0, 1 | 3 << 6, 1, 0]
            assert await box.values() == [0]
            assert await box.values() == [1 | 3 << 6, 1, 1]

    asyncio.run(story())


def test_expander_touched(tmp_path: Path) -> None:
    """A lid that was opened and shut between two readings is known, one that stays open is not it.

    What a read has seen is not told again.
    """
    program = (
        I2C
        + """
from anbu_device.edge.mcp23017 import MCP23017
chip = MCP23017(i2c, 0x20)
chip.setup()
for _ in range(3):
    print(chip.read_inputs(), chip.touched)
    chip.touched = 0
    wait()
"""
    )

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [0, 0]
            board.lid(3, True)
            board.lid(3, False)
            board.lid(9, True)
            box.say()
            assert await box.values() == [1 << 9, 1 << 3]
            box.say()
            assert await box.values() == [1 << 9, 0]

    asyncio.run(story())


def test_clock_chip(tmp_path: Path) -> None:
    """What is written is read back, for days in every corner of the calendar; OSF is "lost"."""
    corners = (0, 59 * 86400, 60 * 86400, 366 * 86400 - 1, 772416000, 848629646, 3155759999)
    program = (
        I2C
        + f"""
from anbu_device.edge.ds3231 import DS3231
chip = DS3231(i2c)
print(*chip.read())
wait()
print(*chip.read())
for wall_s in {corners}:
    chip.write(wall_s)
    back, lost = chip.read()
    print(back - wall_s, int(lost))
print(i2c.readfrom_mem(0x68, 3, 1)[0], chip.temperature_c_quarters())
"""
    )

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            wall_s, lost = (await box.line()).split()
            assert abs(int(wall_s) - board.circuit.clock.calendar_s()) < 5
            assert lost == "False"
            board.rtc_lose_power()
            box.say()
            assert await box.line() == "0 True"
            for _ in corners:
                off_s, lost_now = await box.values()
                assert (off_s in {0, 1}, lost_now) == (True, 0)
            weekday, quarters = await box.values()
            assert (weekday in {4, 5}, quarters) == (True, 100)  # 2099-12-31 is a Thursday

    asyncio.run(story())


def test_clock_registers_that_are_no_time(tmp_path: Path) -> None:
    """What is no BCD, no date, not that date's weekday, or has a wrong fixed bit is no time.

    12-hour mode is read.
    """
    program = """
from anbu_device.edge.ds3231 import seconds
good = bytes((0x59, 0x59, 0x23, 6, 0x28, 0x02, 0x26))
print(seconds(good))
for place, value in (
    (0, 0x5A), (0, 0x60), (1, 0x60), (2, 0x24), (4, 0), (4, 0x29), (5, 0x13),
    (0, 0xD9), (1, 0xD9), (2, 0xA3), (3, 5), (3, 0), (4, 0x68), (5, 0x82), (5, 0x22),
):
    bad = bytearray(good)
    bad[place] = value
    print(seconds(bad))
for hour in (0x52, 0x41, 0x72, 0x71, 0x40, 0xC1):
    print(seconds(bytes((0, 0, hour, 6, 1, 1, 0))))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.values() == [(26 * 365 + 7 + 31 + 28) * 86400 - 1]
            for _ in range(15):
                assert await box.values() == [-1]
            hours = [await box.values() for _ in range(6)]
            assert hours == [[0], [3600], [12 * 3600], [23 * 3600], [-1], [-1]]

    asyncio.run(story())


def test_gauge(tmp_path: Path) -> None:
    """Percent and millivolts are the cell's."""
    program = (
        I2C
        + """
from anbu_device.edge.max17048 import MAX17048
gauge = MAX17048(i2c, 10)
gauge.setup()
for _ in range(3):
    print(gauge.percent(), gauge.millivolts())
    wait()
"""
    )

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            for percent in (100, 37, 0):
                board.battery(percent)
                if percent != 100:
                    box.say()
                read_percent, read_mv = await box.values()
                assert read_percent == percent
                assert abs(read_mv - cell_mv(percent)) <= 1

    asyncio.run(story())


def test_lights(tmp_path: Path) -> None:
    """Colours arrive in their places; all dark switches the rail off, and it comes back."""
    program = """
from machine import Pin
from anbu_device.edge.ws2812 import Lights
lights = Lights(Pin(10), Pin(11), 28)
picture = bytearray(84)
print(Pin(11).value())
picture[3:6] = b"\\x01\\x02\\x03"
for _ in range(2):
    lights.show(picture)
    print(Pin(11).value())
    wait()
    lights.show(bytes(84))
    print(Pin(11).value())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.values() == [1]
            for _ in range(2):
                assert await box.values() == [0]
                assert board.picture()["lights"][:3] == [[0, 0, 0], [1, 2, 3], [0, 0, 0]]
                box.say()
                assert await box.values() == [1]

    asyncio.run(story())


def test_sound(tmp_path: Path) -> None:
    """Three steps of loudness at the frequency asked for, silence by loudness 0 and by stop."""
    program = """
from machine import Pin
from anbu_device.edge.sound import Sound
sound = Sound(Pin(12), Pin(13))
for loudness in (0, 1, 2, 3, 0, 2):
    sound.play(520 + loudness, loudness)
    print(loudness)
    wait()
sound.stop()
print(9)
wait()
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            for step in (0, 1, 2, 3, 0, 2):
                assert await box.values() == [step]
                expected = {"frequency_hz": 520 + step, "loudness": step} if step else None
                assert board.picture()["sound"] == expected
                box.say()
            assert await box.values() == [9]
            assert board.picture()["sound"] is None

    asyncio.run(story())


def test_identity_and_watchdog_logic(tmp_path: Path) -> None:
    """A missing or short key is said; the watchdog is fed by the last loop to come round."""
    program = """
from esp32 import NVS
from anbu_device.esp.keys import NotProvisioned, identity
from anbu_device.esp.watchdog import Watchdog
nvs = NVS("anbu")
for key in (None, b"short", b"k" * 16):
    if key:
        nvs.set_blob("device_id", b"box-1")
        nvs.set_blob("device_key", key)
    try:
        print(*identity(nvs))
    except NotProvisioned as error:
        print(error)
class Wdt:
    fed = 0
    def feed(self):
        self.fed += 1
wdt = Wdt()
dog = Watchdog(wdt, 2)
for loop in (0, 0, 0, 1, 1, 0):
    dog.progress(loop)
    print(wdt.fed)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.line() == "no usable device_id in the NVS: provision this device"
            assert await box.line() == "device_key of 5 bytes, not 16"
            assert await box.line() == "box-1 b'kkkkkkkkkkkkkkkk'"
            assert [(await box.values())[0] for _ in range(6)] == [0, 0, 0, 1, 1, 2]

    asyncio.run(story())
