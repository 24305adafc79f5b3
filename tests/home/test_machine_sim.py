"""The simulated MicroPython modules: chip truths of time, flash, link and watchdog."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.home.box_process import board_at, box_at, start_box
from tools.home.nvs import write_nvs

KILLED = -9


def test_time_is_the_chips(tmp_path: Path) -> None:
    """Ticks wrap at 2^30 within 20 s of the start, the epoch is 2000, asyncio runs across it."""
    program = """
import asyncio, time
start = time.ticks_ms()
print(start > (1 << 30) - 25000, start < 1 << 30, time.time() < 60, time.gmtime(0)[0])
last = (1 << 30) - 1
print(time.ticks_add(last, 2), time.ticks_diff(1, last), time.mktime((2000, 1, 2, 0, 0, 0, 0, 0)))
async def main():
    before = time.ticks_ms()
    while time.ticks_ms() >= before:
        await asyncio.sleep_ms(20)
    print(time.ticks_ms() < 10000, time.ticks_diff(time.ticks_ms(), start) < 10000)
asyncio.run(main())
"""

    async def story() -> None:
        async with board_at(tmp_path):
            box = await start_box(tmp_path, program, ANBU_TICKS_TO_WRAP_MS="300")
            assert await box.line() == "True True True 2000"
            assert await box.line() == "1 2 86400"
            assert await box.line() == "True True"
            assert await box.ended() == 0

    asyncio.run(story())


def test_handlers_never_run_inside_a_handler(tmp_path: Path) -> None:
    """An edge that comes while a handler asks the board waits until the handler is over."""
    program = """
import time
from machine import Pin
depth = [0]
ok = Pin(6, Pin.IN, Pin.PULL_UP)
def handler(pin):
    depth[0] += 1
    print("in", depth[0])
    if pin is ok:
        wait()
    Pin(15).value()
    time.sleep_ms(1)
    depth[0] -= 1
ok.irq(handler, Pin.IRQ_FALLING)
Pin(7, Pin.IN, Pin.PULL_UP).irq(handler, Pin.IRQ_FALLING)
print("ready")
while True:
    time.sleep_ms(5)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.line() == "ready"
            board.button("ok", True)
            assert await box.line() == "in 1"
            board.button("help", True)
            box.say()
            assert await box.line() == "in 1"

    asyncio.run(story())


def test_a_failing_handler_is_printed_and_the_program_goes_on(tmp_path: Path) -> None:
    """As on the chip, an exception in a soft interrupt does not end the program."""
    program = """
import time
from machine import Pin
def handler(pin):
    raise ValueError("from the handler")
Pin(6, Pin.IN, Pin.PULL_UP).irq(handler, Pin.IRQ_FALLING)
print("ready")
while Pin(7, Pin.IN, Pin.PULL_UP).value():
    time.sleep_ms(5)
print("went on")
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            assert await box.line() == "ready"
            board.button("ok", True)
            said = [await box.line()]
            while not said[-1].startswith("ValueError"):
                said.append(await box.line())
            board.button("help", True)
            assert await box.line() == "went on"

    asyncio.run(story())


def test_flash_is_nor(tmp_path: Path) -> None:
    """Programs clear bits only, an erase sets a block, a plain write erases first."""
    program = """
from esp32 import Partition
p = Partition.find(Partition.TYPE_DATA, label="log")[0]
back = bytearray(4)
def show():
    p.readblocks(1, back, 254)
    print(*back)
show()
p.writeblocks(1, b"\\x0f\\xf0\\xaa\\xff", 254)
show()
p.writeblocks(1, b"\\xff\\x33\\x0f\\x00", 254)
show()
p.ioctl(6, 1)
show()
p.writeblocks(1, bytes(4096))
p.writeblocks(1, b"\\x01" * 4096)
show()
print(p.ioctl(4, 0), p.ioctl(5, 0), p.info()[3], p.info()[4])
try:
    p.writeblocks(p.ioctl(4, 0), b"x", 0)
except OSError as error:
    print(error.errno)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.values() == [255] * 4
            assert await box.values() == [0x0F, 0xF0, 0xAA, 0xFF]
            assert await box.values() == [0x0F, 0x30, 0x0A, 0x00]
            assert await box.values() == [255] * 4
            assert await box.values() == [1] * 4
            assert await box.line() == "256 4096 1048576 log"
            assert await box.values() == [22]
        assert (tmp_path / "flash" / "log.bin").stat().st_size == 1 << 20

    asyncio.run(story())


def test_flash_takes_its_time(tmp_path: Path) -> None:
    """An erase lasts at least 45 ms, a page at least 0.7 ms; with maximum times 400 and 3 ms."""
    program = """
import time
from esp32 import Partition
p = Partition.find(Partition.TYPE_DATA, label="log")[0]
t = time.ticks_us()
p.ioctl(6, 0)
u = time.ticks_us()
p.writeblocks(0, bytes(1024), 0)
print(time.ticks_diff(u, t), time.ticks_diff(time.ticks_us(), u))
"""

    async def story() -> None:
        async with board_at(tmp_path):
            for times, erase_us, page_us in (("typical", 45000, 700), ("maximum", 400000, 3000)):
                box = await start_box(tmp_path, program, ANBU_FLASH_TIMES=times)
                erased_us, programmed_us = await box.values()
                assert erased_us >= erase_us
                assert programmed_us >= 4 * page_us
                await box.ended()

    asyncio.run(story())


def test_killed_process_leaves_a_torn_write(tmp_path: Path) -> None:
    """Pages programmed before a power cut stand in the flash, the ones after it do not."""
    program = """
from esp32 import Partition
p = Partition.find(Partition.TYPE_DATA, label="log")[0]
print("writing")
while True:
    for block in range(100):
        p.writeblocks(block, bytes(4096), 0)
"""

    flash = tmp_path / "flash" / "log.bin"

    async def story() -> None:
        async with board_at(tmp_path) as board:
            box = await start_box(tmp_path, program, ANBU_FLASH_TIMES="maximum")
            assert await box.line() == "writing"
            async with asyncio.timeout(30):
                while not flash.read_bytes().rstrip(b"\xff"):  # noqa: ASYNC110 - another process makes it true
                    await asyncio.sleep(0.05)
            board.power_cut()
            assert await box.ended() == KILLED
        written = flash.read_bytes().rstrip(b"\xff")
        assert written.strip(b"\0") == b""
        assert 0 < len(written) < 100 * 4096
        assert len(written) % 256 == 0

    asyncio.run(story())


def test_nvs_both_ways(tmp_path: Path) -> None:
    """What provisioning writes the box reads; what the box did not commit is gone."""
    program = """
from esp32 import NVS
nvs = NVS("anbu")
buffer = bytearray(20)
size = nvs.get_blob("device_key", buffer)
print(nvs.get_i32("boots"), size, buffer[:size].hex())
nvs.set_i32("boots", 8)
nvs.commit()
nvs.set_i32("boots", 9)
for call, *args in (
    (nvs.get_i32, "device_key"),
    (nvs.get_blob, "device_key", bytearray(4)),
    (nvs.set_i32, "x" * 16, 1),
):
    try:
        call(*args)
    except OSError as error:
        print(error.args[0])
nvs = NVS("anbu")
print(nvs.get_i32("boots"))
"""

    async def story() -> None:
        flash = tmp_path / "flash"
        flash.mkdir()
        write_nvs(flash, "anbu", {"device_key": bytes(range(16))})
        write_nvs(flash, "anbu", {"boots": 7})
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.line() == f"7 16 {bytes(range(16)).hex()}"
            errors = [(await box.values())[0] for _ in range(3)]
            assert errors == [-0x1102, -0x110C, -0x1106]
            assert await box.values() == [8]

    asyncio.run(story())


def test_nvs_refuses_what_the_chip_refuses(tmp_path: Path) -> None:
    """Names over 15 characters and integers over 32 bits are refused with a reason."""
    with pytest.raises(ValueError, match="characters"):
        write_nvs(tmp_path, "anbu", {"x" * 16: 1})
    with pytest.raises(ValueError, match="32 bits"):
        write_nvs(tmp_path, "anbu", {"x": 1 << 31})


def test_starved_watchdog_ends_the_process(tmp_path: Path) -> None:
    """A fed watchdog lets live; a busy loop that does not feed it is ended, and said so."""
    program = """
import time
from machine import WDT, reset_cause
print(reset_cause())
dog = WDT(timeout=400)
for _ in range(12):
    time.sleep_ms(100)
    dog.feed()
print("fed")
while True:
    pass
"""

    async def story() -> None:
        async with board_at(tmp_path, watchdog_slack=5.0):  # a busy host stalls the box, too
            box = await start_box(tmp_path, program)
            assert await box.values() == [1]
            assert await box.line() == "fed"
            assert await box.ended() == KILLED
            again = await start_box(
                tmp_path, "from machine import reset_cause\nprint(reset_cause())"
            )
            assert await again.values() == [3]
            await again.ended()

    asyncio.run(story())


def test_board_gone_ends_the_box(tmp_path: Path) -> None:
    """When the house goes away the box's process ends with its own code."""
    program = """
import time
from machine import Pin
print("up")
while True:
    time.sleep_ms(5)
    Pin(15).value()
"""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            box = await start_box(tmp_path, program)
            assert await box.line() == "up"
            await board.stop()
            assert await box.ended() == 76

    asyncio.run(story())


def test_refusals_of_the_board_are_errors(tmp_path: Path) -> None:
    """A request the board does not know raises OSError with the board's words."""
    program = """
import _link
try:
    _link.request(0x3F, b"")
except OSError as error:
    print(error)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert "0x3f refused" in await box.line()

    asyncio.run(story())


def test_transfers_take_their_bits_time(tmp_path: Path) -> None:
    """Bytes on a 10 kHz bus take at least nine bits each."""
    program = """
import time
from machine import I2C, Pin
i2c = I2C(0, scl=Pin(9), sda=Pin(8), freq=10000)
print(*i2c.scan())
t = time.ticks_us()
i2c.readfrom_mem(0x20, 0, 20)
print(time.ticks_diff(time.ticks_us(), t))
try:
    i2c.readfrom(0x50, 1)
except OSError as error:
    print(error.errno)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.values() == [0x20, 0x21, 0x36, 0x68]
            assert (await box.values())[0] >= 23 * 9 * 100
            assert await box.values() == [19]

    asyncio.run(story())


@pytest.mark.skipif(not shutil.which("faketime"), reason="needs Debian's faketime")
def test_a_sped_up_house(tmp_path: Path) -> None:
    """Under faketime ×60 a minute of the box passes in about a second, wrap included."""
    (tmp_path / "house.py").write_text(
        """
import asyncio, sys
from pathlib import Path
from tests.home import box_process
box_process.LINE_TIMEOUT_S = 1800.0
PROGRAM = '''
import asyncio, time
async def main():
    start = time.ticks_ms()
    await asyncio.sleep(60)
    print(time.ticks_diff(time.ticks_ms(), start) // 1000, time.ticks_ms() < 1 << 29)
asyncio.run(main())
'''
async def story():
    async with box_process.box_at(Path(sys.argv[1]), PROGRAM) as (_board, box):
        print(await box.line())
asyncio.run(story())
""",
        encoding="utf-8",
    )
    root = Path(__file__).parents[2]
    python = root / ".venv" / "bin" / "python"
    done = subprocess.run(
        ["faketime", "-f", "+0 x60", python, tmp_path / "house.py", tmp_path],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    passed_s, wrapped = done.stdout.split()
    assert (60 <= int(passed_s) < 600, wrapped) == (True, "True"), done.stderr
