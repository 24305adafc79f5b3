"""The light sensors' drivers in a real MicroPython, over the simulated bus, against the models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.home.box_process import BoxProcess, board_at, start_box
from tools.home.machine.bh1750 import Bh1750
from tools.home.machine.i2c import I2cBus
from tools.home.machine.veml7700 import Veml7700

LIGHTS: dict[str, tuple[type[Bh1750 | Veml7700], int]] = {
    "bh1750": (Bh1750, 0x23),
    "veml7700": (Veml7700, 0x10),
}
CLASSES = {"bh1750": "Bh1750", "veml7700": "Veml7700"}
SDA, SCL = 8, 9
NEVER = 1000

PROGRAM = """
from anbu_device.edge.bus import Bus
from anbu_device.edge.{module} import {name}
sensor = {name}(Bus({sda}, {scl}, 100000))
now_ms = 0
while True:
    wait()
    now_ms += 50
    lux_centi = sensor.read(now_ms)
    print(int(sensor.guard.faulty), -1 if lux_centi is None else lux_centi)
"""


class Bench:
    """A box with one light sensor on its bus."""

    def __init__(
        self, chip: Bh1750 | Veml7700, bus: I2cBus, box: BoxProcess, clock: list[float]
    ) -> None:
        self.chip, self.bus, self._box, self._clock = chip, bus, box, clock
        self.faulty = False

    async def healthy(self) -> bool:
        """Whether the driver believes in its chip, after one look more."""
        await self.values(1)
        return not self.faulty

    async def values(self, looks: int = 40) -> list[float]:
        """Lux of every value among so many looks, a twentieth of a second apart."""
        found = []
        for _ in range(looks):
            self._clock[0] += 0.05
            self._box.say()
            faulty, lux_centi = await self._box.values()
            self.faulty = bool(faulty)
            if lux_centi >= 0:
                found.append(lux_centi / 100)
        return found


@asynccontextmanager
async def bench_at(folder: Path, module: str) -> AsyncIterator[Bench]:
    """A bench with one sensor in the dark."""
    clock = [500.0]
    make, address = LIGHTS[module]
    chip = make(lambda: clock[0])
    async with board_at(folder) as board:
        bus: I2cBus = board.circuit.bus
        bus.chips[address] = chip
        program = PROGRAM.format(module=module, name=CLASSES[module], sda=SDA, scl=SCL)
        yield Bench(chip, bus, await start_box(folder, program), clock)


@pytest.mark.parametrize("module", LIGHTS)
def test_from_moonlight_to_the_sun(tmp_path: Path, module: str) -> None:
    """Each light is told within 1 % or half a lux of what it is, in whatever range."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            for lux in (0.0, 0.6, 20.0, 317.0, 1546.0, 3100.0, 6900.0, 7100.0, 30_000.0, 100_000.0):
                bench.chip.lux = lux
                await bench.values(20)
                values = await bench.values()
                assert values
                assert values[-1] == pytest.approx(lux, rel=0.01, abs=0.5)
            bench.chip.lux = 200_000.0
            assert (await bench.values(60))[-1] > 115_000

    asyncio.run(story())


@pytest.mark.parametrize("module", LIGHTS)
def test_a_lamp_is_seen_within_a_second(tmp_path: Path, module: str) -> None:
    """A value at least every 0.85 s: a step can be told from daylight. It rests in between."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.lux = 30.0
            assert len(await bench.values(20 * 17)) >= 20
            bench.chip.lux = 130.0
            assert (await bench.values(40))[-1] == pytest.approx(130.0, rel=0.01)

    asyncio.run(story())


@pytest.mark.parametrize("module", LIGHTS)
def test_a_refused_transfer_is_tried_once_more(tmp_path: Path, module: str) -> None:
    """One NACK costs nothing; a missing chip is faulty and tells nothing, and comes back."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.lux = 50.0
            for _ in range(5):
                bench.chip.faults.nacks = 1
                assert await bench.values(20)
                assert await bench.healthy()
            bench.chip.broken = True
            await bench.values(3)
            assert await bench.values(30) == []
            assert not await bench.healthy()
            bench.chip.broken = False
            assert (await bench.values(150))[-1] == pytest.approx(50.0, rel=0.01)
            assert await bench.healthy()

    asyncio.run(story())


@pytest.mark.parametrize("module", LIGHTS)
def test_a_held_bus(tmp_path: Path, module: str) -> None:
    """Held for nine clocks it is cleared by hand; held for good the sensor is faulty."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.lux = 50.0
            bench.bus.held_clocks = 9
            assert await bench.values(30)
            assert await bench.healthy()
            bench.bus.held_clocks = NEVER
            assert await bench.values(30) == []
            assert not await bench.healthy()
            bench.bus.held_clocks = 0
            assert await bench.values(150)
            assert await bench.healthy()

    asyncio.run(story())


@pytest.mark.parametrize("module", LIGHTS)
def test_a_sensor_that_lost_power_between_two_looks(tmp_path: Path, module: str) -> None:
    """It is set up for every measurement: at most one value is wrong, and none after it."""

    async def story() -> None:
        async with bench_at(tmp_path, module) as bench:
            bench.chip.lux = 400.0
            await bench.values(33)
            bench.chip.power_on()
            values = await bench.values(80)
            assert all(value == pytest.approx(400.0, rel=0.01) for value in values[1:])
            assert len(values) > 3

    asyncio.run(story())
