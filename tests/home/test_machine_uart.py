"""UARTs of the virtual board: what arrives when, what a full buffer loses, wrong set-ups.

And the simulated `machine.UART` in a real MicroPython over the link.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import pytest

from tests.home.box_process import board_at, start_box
from tools.home.machine.uart import EVEN, NO_PARITY, ODD, Format, SerialChip, Uarts, garbled

LINE = Format(4800, parity=EVEN)
SAID = bytes(range(100))


class Clock:
    """Moved by the test."""

    def __init__(self) -> None:
        self.s = 50.0

    def __call__(self) -> float:
        return self.s


class Echo(SerialChip):
    """Keeps what it heard."""

    FORMAT: ClassVar = LINE

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.heard = b""

    def hear(self, data: bytes) -> None:
        self.heard += data


def test_bytes_arrive_one_by_one() -> None:
    """Eleven bits a byte at 4800 baud: 2.3 ms each, and none before it is whole."""
    clock = Clock()
    chip = Echo(clock)
    uarts = Uarts({(5, 4): chip})
    uarts.setup(1, 5, 4, LINE, 256)
    chip.send(SAID, clock.s)
    assert LINE.byte_s == pytest.approx(11 / 4800)
    clock.s += 0.9 * LINE.byte_s
    assert uarts.waiting(1) == 0
    clock.s += 9.2 * LINE.byte_s
    assert uarts.waiting(1) == 10
    assert uarts.read(1, 4) + uarts.read(1, 99) == SAID[:10]
    clock.s += 1
    assert uarts.read(1, 256) == SAID[10:]
    assert uarts.read(1, 256) == b""


def test_a_full_buffer_loses_the_newest() -> None:
    """What waited longest is kept; after it was read the line is heard again."""
    clock = Clock()
    chip = Echo(clock)
    uarts = Uarts({(5, 4): chip})
    uarts.setup(1, 5, 4, LINE, 64)
    chip.send(SAID, clock.s)
    clock.s += 1
    assert uarts.waiting(1) == 64
    chip.send(b"after", clock.s)
    assert uarts.read(1, 99) == SAID[:64]
    clock.s += 1
    assert uarts.read(1, 99) == b"after"


@pytest.mark.parametrize(
    "line",
    [Format(9600, parity=EVEN), Format(4800), Format(4800, parity=ODD), Format(4800, 7, EVEN)],
)
def test_another_format_reads_other_bytes(line: Format) -> None:
    """Both ways; with the right one the same bytes come."""
    clock = Clock()
    chip = Echo(clock)
    uarts = Uarts({(5, 4): chip})
    for setting in (line, LINE):
        uarts.setup(1, 5, 4, setting, 256)
        chip.send(b"\x55\x5a", clock.s)
        clock.s += 1
        assert (uarts.read(1, 9) == b"\x55\x5a") == (setting == LINE)
        chip.heard = b""
        assert uarts.write(1, b"\x58\xaa") == int(2e6 * setting.byte_s)
        assert (chip.heard == b"\x58\xaa") == (setting == LINE)
    assert len({garbled(bytes((n,))) for n in range(256)}) == 256


def test_other_pins_hear_nobody() -> None:
    """Crossed or wrong pins are silent; a chip that only talks needs no tx."""
    clock = Clock()
    chip, talker = Echo(clock), Echo(clock)
    uarts = Uarts({(5, 4): chip, (None, 20): talker})
    for tx, rx, who in ((4, 5, None), (6, 4, None), (5, 4, chip), (255, 20, talker)):
        uarts.setup(1, tx, rx, LINE, 256)
        chip.send(b"chip", clock.s)
        talker.send(b"talk", clock.s)
        clock.s += 1
        expected = {None: b"", chip: b"chip", talker: b"talk"}[who]
        assert uarts.read(1, 9) == expected
    uarts.reset()
    with pytest.raises(KeyError):
        uarts.read(1, 9)


def test_machine_uart(tmp_path: Path) -> None:
    """In MicroPython: any, read, readinto, write; None where nothing came; parity by its names."""
    program = """
from machine import UART, Pin
uart = UART(1, 4800, parity=0, tx=Pin(5), rx=4, rxbuf=64)
three = bytearray(3)
print(uart.any(), uart.read(), uart.readinto(three))
wait()
print(uart.any(), uart.read(2), uart.readinto(three), bytes(three))
print(uart.readinto(three, 1), uart.write(b"ask"))
wait()
uart.init(4800, parity=None, tx=5, rx=4)
print(uart.read())
wait()
uart.init(4800, parity=0, tx=5, rx=4, timeout=20)
print(uart.read(1))
uart.deinit()
try:
    UART(1, 4800, 8, 0, 1, tx=5, rx=4).flush()
    print(UART(2, 4800).any())
except OSError as error:
    print(error)
"""

    async def story() -> None:
        clock = Clock()
        chip = Echo(clock)
        async with board_at(tmp_path) as board:
            board.circuit.uarts = Uarts({(5, 4): chip})
            box = await start_box(tmp_path, program)
            assert await box.line() == "0 None None"
            chip.send(b"abcdefg", clock.s)
            clock.s += 1
            box.say()
            assert await box.line() == "7 b'ab' 3 b'cde'"
            assert await box.line() == "1 3"
            assert chip.heard == b"ask"
            box.say()
            assert await box.line() == "None"
            box.say()
            assert await box.line() == "None"
            assert await box.line() == "0"
            assert NO_PARITY == 255

    asyncio.run(story())
