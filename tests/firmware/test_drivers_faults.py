"""Chip by chip and fault by fault: the rest of the box goes on, and what was hurt comes back.

Knows: the faults the virtual board can have (tools/home/machine). May not know: doses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.home.box_process import box_at
from tools.home.machine.board import Board

CHIPS = ("expander0", "expander1", "clock", "gauge")
OPEN = 1 << 0 | 1 << 27  # before the fault: a lid of each expander
MOVED = OPEN | 1 << 1 | 1 << 20  # while it lasts: one more of each
HALVES = (0x3FFF, 0x3FFF << 14)
NEVER = 1000

# The guards' clock is the test's: each line it says takes a minute and a bit.
PROGRAM = """
from anbu_device.edge import steady
now = [0]
steady.ticks_ms = lambda: now[0]
from board import Board
board = Board()
while True:
    wait()
    lids = board.lids()
    print(lids, int(board.rtc.read()[1]), board.gauge.percent(), board.faults(),
        board.lid_chips.blind(), board.lid_chips.touched())
    now[0] += 61000
"""


class Seen(NamedTuple):
    """What the box knows at one moment."""

    lids: int
    lost: int
    percent: int
    faults: int
    blind: int
    touched: int


def dead(*chips: str) -> Seen:
    """While these chips do not answer, what they said last or "unknown" stands."""
    lids, blind = MOVED, 0
    for half, mask in enumerate(HALVES):
        if f"expander{half}" in chips:
            lids = lids & ~mask | OPEN & mask
            blind |= mask
    bits = sum(1 << CHIPS.index(chip) for chip in chips)
    return Seen(lids, int("clock" in chips), 255 if "gauge" in chips else 60, bits, blind, 0)


def blind(half: int) -> Seen:
    """All is known, but for a while one expander's lids were not watched."""
    return dead()._replace(blind=HALVES[half])


Hand = Callable[[Board], None]


def flips(name: str, *places: tuple[int, int]) -> Hand:
    """Wrong bits, one in each reading."""

    def turn(board: Board) -> None:
        for place, bit in places:
            board.bit_flip(name, place, bit)

    return turn


def well(board: Board) -> None:
    """Nothing is wrong any more."""
    board.bus_stuck(0)
    board.bus_clock_held(False)
    for name in CHIPS:
        board.chip_broken(name, False)
        board.chip_slow(name, 0)
        board.chip_nacks(name, 0)


FAULTS: list[tuple[str, Hand, Seen]] = [
    ("nothing", well, dead()),
    *((f"{name} NACK", lambda b, n=name: b.chip_nacks(n, 1), dead()) for name in CHIPS),
    *((f"{name} NACK twice", lambda b, n=name: b.chip_nacks(n, 2), dead(name)) for name in CHIPS),
    *((f"{name} missing", lambda b, n=name: b.chip_broken(n, True), dead(name)) for name in CHIPS),
    *((f"{name} slow", lambda b, n=name: b.chip_slow(n, 2000), dead()) for name in CHIPS),
    *((f"{name} hangs", lambda b, n=name: b.chip_slow(n, 30000), dead(name)) for name in CHIPS),
    ("SDA held, one clock", lambda b: b.bus_stuck(1), dead()),
    ("SDA held, nine clocks", lambda b: b.bus_stuck(9), dead()),
    ("SDA held for good", lambda b: b.bus_stuck(NEVER), dead(*CHIPS)),
    ("SCL held", lambda b: b.bus_clock_held(True), dead(*CHIPS)),
    # a lid that is not open, in the levels; one bit of its latch alone
    ("expander0 level flip", flips("expander0", (8, 4)), dead()),
    ("expander1 level flip", flips("expander1", (9, 6)), dead()),
    ("expander0 latch flip", flips("expander0", (4, 5)), dead()),
    ("expander1 capture flip", flips("expander1", (7, 5)), dead()),
    # its configuration reads wrong: it is set up again
    ("expander0 IOCON flip", flips("expander0", (0, 7)), blind(0)),
    ("expander1 GPPU flip", flips("expander1", (3, 0)), blind(1)),
    ("expander0 lost power", lambda b: b.circuit.expanders[0].power_on(), blind(0)),
    ("expander1 lost power", lambda b: b.circuit.expanders[1].power_on(), blind(1)),
    # no BCD; a day that would be another date's; the lost-power flag: two of three readings count
    *(
        (f"clock flip {p}.{b}", flips("clock", (p, b)), dead())
        for p, b in ((1, 7), (4, 3), (15, 7))
    ),
    ("clock flips in all", flips("clock", (1, 7), (2, 7), (15, 7)), dead()._replace(lost=1)),
    ("clock lost power", lambda b: b.circuit.clock.lose_power(), dead()._replace(lost=1)),
    ("gauge flip", flips("gauge", (0, 6)), dead()),
    ("gauge lost power", lambda b: b.circuit.gauge.power_on(), dead()),
]


@pytest.mark.parametrize(("hurt", "wanted"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_the_rest_goes_on(tmp_path: Path, hurt: Hand, wanted: Seen) -> None:
    """Every chip that can answer is heard while another cannot, and a healed one within a minute.

    No wrong bit opens a lid, ends a time or empties a cell; no level of a living chip is late.
    """

    async def story() -> None:
        async with box_at(tmp_path, PROGRAM) as (board, box):

            async def seen() -> Seen:
                box.say()
                return Seen(*await box.values())

            board.battery(60)
            board.lid(0, True)
            board.lid(27, True)
            first = await seen()
            assert first._replace(blind=0) == dead()._replace(lids=OPEN)
            hurt(board)
            board.lid(1, True)
            board.lid(20, True)
            assert await seen() == wanted
            well(board)
            if wanted.lost:
                board.rtc_shift(0)
            after = await seen()
            assert after._replace(blind=0) == dead()
            # Only lids whose chip was dead are told again: they were not watched until now.
            assert after.blind == 0 or wanted.faults

    asyncio.run(story())


def test_a_held_bus_is_clocked_free_with_a_stop(tmp_path: Path) -> None:
    """Nine clocks and a STOP by hand, then the peripheral has its pins again; told in `cleared`."""
    program = """
from anbu_device.edge.bus import Bus
two = bytearray(2)
bus = Bus(8, 9, 400000)
for _ in range(3):
    try:
        bus.readfrom_mem_into(0x36, 0x08, two)
        print(bus.cleared, *two)
    except OSError as error:
        print(bus.cleared, -1, error.errno)
    wait()
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.bus_stuck(9)
            assert await box.values() == [1, 0, 0x12]
            assert board.circuit.bus.stops == 1
            board.bus_stuck(NEVER)
            box.say()
            assert await box.values() == [2, -1, 116]
            assert board.circuit.bus.held_clocks == NEVER - 9 - 1  # SCL rises for STOP too
            board.bus_stuck(0)
            box.say()
            assert await box.values() == [2, 0, 0x12]

    asyncio.run(story())


def test_a_write_that_was_disturbed_is_not_believed(tmp_path: Path) -> None:
    """A time that does not read back is a failure, and the clock goes on being lost."""
    program = """
from machine import I2C, Pin
from anbu_device.edge.ds3231 import DS3231
clock = DS3231(I2C(0, scl=Pin(9), sda=Pin(8)))
wait()
for wall_s in (848629646, 848629646):
    try:
        clock.write(wall_s)
        print("written", clock.read()[1])
    except OSError:
        print("refused", clock.read()[1])
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.rtc_lose_power()
            board.bit_flip("clock", 4, 1)
            box.say()
            assert await box.line() == "refused True"
            assert await box.line() == "written False"

    asyncio.run(story())


def test_a_stranger_at_the_gauges_address(tmp_path: Path) -> None:
    """What answers there with another version is no gauge: a fault, and no percent is made up."""
    program = """
wait()
from board import Board
board = Board()
print(board.gauge.percent(), board.gauge.millivolts(), board.faults(), int(board.brown_out()))
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.mains(False)
            board.circuit.gauge._words[0x08] = 0x0311
            box.say()
            assert await box.values() == [255, 0, 8, 0]

    asyncio.run(story())


def test_a_box_starts_on_a_bus_that_is_held(tmp_path: Path) -> None:
    """Held for good, the box starts with lights, buttons and sound and says four dead chips.

    Held because it was reset in the middle of a reading, the bus is cleared by the first reading.
    """
    program = """
wait()
from board import Board
board = Board()
board.show_lights(b"\\1" * 84)
board.sound.play(520, 1)
ok, red = board.buttons()
print(board.moved_while_off(), board.lids(), board.rtc.read(), board.gauge.percent(), int(ok),
    board.faults(), board.wake_low())
wait()
print(Board().lids(), board.faults())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            board.bus_stuck(NEVER)
            board.button("ok", True)
            board.lid(3, True)
            box.say()
            assert await box.line() == "None 0 (0, True) 255 1 15 4"
            picture = board.picture()
            assert (picture["lights"][0], picture["sound"]["loudness"]) == ([1, 1, 1], 1)
            board.bus_stuck(3)
            box.say()
            assert await box.values() == [8, 15]

    asyncio.run(story())
