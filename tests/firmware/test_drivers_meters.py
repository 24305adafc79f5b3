"""The meters' drivers in a real MicroPython, over the simulated UART, against the chips' models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.home.box_process import BoxProcess, board_at, start_box
from tools.home.machine.bl0942 import AC_FREQ_60_HZ, Bl0942
from tools.home.machine.cse7766 import Cse7766
from tools.home.machine.load import Load, MeterChip
from tools.home.machine.pzem004t import Pzem004t
from tools.home.machine.uart import Uarts

METERS = {"cse7766": Cse7766, "bl0942": Bl0942, "pzem004t": Pzem004t}
CLASSES = {"cse7766": "Cse7766", "bl0942": "Bl0942", "pzem004t": "Pzem004t"}
TX, RX = 21, 20
KNOWN = 7

# One look a line, 100 ms of the test's own time each; the model's clock is moved by as much.
PROGRAM = """
from anbu_device.edge.{module} import {name}
from machine import UART
uart = UART(1, tx={tx}, rx={rx}, **{line})
meter = {name}(uart)
now_ms = 0
while True:
    wait()
    now_ms += 100
    reading = meter.poll(now_ms)
    print(int(meter.guard.faulty), *(reading or ()))
"""


class Look(NamedTuple):
    """One look: whether the meter is faulty, and its reading if there was a new one."""

    faulty: bool
    reading: list[int]


class Bench:
    """A box with one meter at its UART."""

    def __init__(self, chip: MeterChip, box: BoxProcess, clock: list[float]) -> None:
        self.chip, self._box, self._clock = chip, box, clock

    async def look(self, times: int = 1) -> list[Look]:
        """So many looks, a tenth of a second apart."""
        seen = []
        for _ in range(times):
            self._clock[0] += 0.1
            self._box.say()
            faulty, *reading = await self._box.values()
            seen.append(Look(bool(faulty), reading))
        return seen

    async def readings(self, times: int) -> list[list[int]]:
        """The readings among so many looks."""
        return [look.reading for look in await self.look(times) if look.reading]


@asynccontextmanager
async def bench_at(folder: Path, module: str, line: str = "") -> AsyncIterator[Bench]:
    """A bench with one meter; `line` sets its UART up wrongly."""
    clock = [500.0]
    chip: MeterChip = METERS[module](lambda: clock[0])
    line = line or CLASSES[module] + ".LINE"
    program = PROGRAM.format(module=module, name=CLASSES[module], tx=TX, rx=RX, line=line)
    async with board_at(folder) as board:
        board.circuit.uarts = Uarts({(TX, RX): chip})
        yield Bench(chip, await start_box(folder, program), clock)


@pytest.mark.parametrize("module", METERS)
def test_a_kettle(tmp_path: Path, module: str) -> None:
    """Volts, amperes and watts within half a percent; 60 s at 1,800 W are 30 Wh; off is 0 W."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            await bench.look(6)
            bench.chip.load = Load(222.0, 1800.0, 0.9)
            seen = await bench.readings(600)
            assert len(seen) >= 290
            volts, amperes, watts, energy, flags = seen[-1]
            assert volts == pytest.approx(222_000, rel=5e-3)
            assert amperes == pytest.approx(1800 / 222 / 0.9 * 1000, rel=5e-3)
            assert watts == pytest.approx(1_800_000, rel=5e-3)
            assert energy == pytest.approx(30_000, abs=1000 if module == "pzem004t" else 200)
            assert flags == KNOWN
            bench.chip.load = Load(222.0, 0.0)
            seen = await bench.readings(6)
            assert (seen[-1][1], seen[-1][2]) == (0, 0)
            assert seen[-1][4] & KNOWN == KNOWN

    asyncio.run(story())


@pytest.mark.parametrize("module", METERS)
def test_hurt_frames_cost_themselves(tmp_path: Path, module: str) -> None:
    """Broken sums, cut frames and noise: no false value, no fault, and readings go on after."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.load = Load(220.0, 500.0)
            await bench.look(6)
            bench.chip.faults.bad_checksums = 2
            bench.chip.faults.cuts = 2
            bench.chip.faults.garbage.extend((b"\x55\x5a", bytes(range(50)), b"\x01\x04\x14"))
            seen = await bench.look(25)
            assert not any(look.faulty for look in seen)
            values = [look.reading for look in seen if look.reading]
            assert values
            assert {round(value[2] / 20_000) for value in values} == {25}
            assert [look.reading for look in seen[-4:] if look.reading]

    asyncio.run(story())


@pytest.mark.parametrize("module", METERS)
def test_a_silent_meter(tmp_path: Path, module: str) -> None:
    """Faulty after two seconds, no reading while it is; back within its next trial."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.load = Load(220.0, 500.0)
            assert await bench.readings(8)
            bench.chip.broken = True
            seen = await bench.look(40)
            assert not seen[15].faulty
            assert seen[25].faulty
            assert not any(look.reading for look in seen[3:])
            bench.chip.broken = False
            seen = await bench.look(80)
            assert any(look.reading for look in seen)
            assert not seen[-1].faulty

    asyncio.run(story())


@pytest.mark.parametrize("module", METERS)
@pytest.mark.parametrize("line", ['{"baudrate": 19200}', '{"baudrate": 4800, "parity": 1}'])
def test_a_uart_set_up_wrongly_says_nothing(tmp_path: Path, module: str, line: str) -> None:
    """Another speed or parity than the chip's gives no reading, and the meter is faulty."""

    async def story() -> None:
        async with bench_at(tmp_path, module, line) as bench:
            bench.chip.load = Load(220.0, 500.0)
            seen = await bench.look(30)
            assert not any(look.reading for look in seen)
            assert seen[-1].faulty

    asyncio.run(story())


def test_stale_power_is_no_power(tmp_path: Path) -> None:
    """Without its flag the CSE7766's power is 0 W, though its register still says 500."""

    async def story() -> None:
        async with bench_at(tmp_path, "cse7766") as bench:
            assert isinstance(bench.chip, Cse7766)
            bench.chip.load = Load(220.0, 500.0)
            assert (await bench.readings(6))[-1][2] == pytest.approx(500_000, rel=1e-2)
            bench.chip.stale = True
            seen = await bench.readings(6)
            assert [reading[2] for reading in seen[2:]] == [0] * len(seen[2:])
            assert seen[-1][4] == KNOWN
            bench.chip.stale, bench.chip.uncalibrated = False, True
            assert not any(look.reading for look in (await bench.look(30))[2:])
            assert (await bench.look())[0].faulty

    asyncio.run(story())


@pytest.mark.parametrize("module", METERS)
def test_a_ghost_comes_through(tmp_path: Path, module: str) -> None:
    """A spike in a good frame is told as it came: to doubt it is not the driver's."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.load = Load(220.0, 40.0)
            await bench.look(6)
            bench.chip.faults.spikes.extend([9000.0, 9000.0])
            seen = await bench.readings(12)
            watts = {round(reading[2] / 1_000_000) for reading in seen}
            assert watts == {0, 9}

    asyncio.run(story())


def test_belling_is_set_to_60_hz_again_after_it_lost_power(tmp_path: Path) -> None:
    """At the start, and again after a silence; power that flows back has its sign."""

    async def story() -> None:
        async with bench_at(tmp_path, "bl0942") as bench:
            assert isinstance(bench.chip, Bl0942)
            bench.chip.load = Load(220.0, -300.0)
            seen = await bench.readings(8)
            assert bench.chip.mode & AC_FREQ_60_HZ
            assert seen[-1][2] == pytest.approx(-300_000, rel=5e-3)
            bench.chip.broken = True
            await bench.look(30)
            bench.chip.power_on()
            assert not bench.chip.mode & AC_FREQ_60_HZ
            bench.chip.broken = False
            assert await bench.readings(60)
            assert bench.chip.mode & AC_FREQ_60_HZ

    asyncio.run(story())


def test_belling_that_lost_power_for_a_moment(tmp_path: Path) -> None:
    """It never fell silent, and measures at 60 Hz again within half a minute of readings."""

    async def story() -> None:
        async with bench_at(tmp_path, "bl0942") as bench:
            assert isinstance(bench.chip, Bl0942)
            assert await bench.readings(6)
            bench.chip.power_on()
            assert not bench.chip.mode & AC_FREQ_60_HZ
            assert len(await bench.readings(300)) > 280
            assert bench.chip.mode & AC_FREQ_60_HZ

    asyncio.run(story())
