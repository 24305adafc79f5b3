"""What the real box survives and says: broken flash, dead chips, a clock without power.

Knows: the firmware as it would be flashed, its board, the virtual air.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.sync import commands
from tests.home.real_box import LID, due_in, real_home, until
from tools.home.provision import DEVICE_ID, Places

AMBER = (64, 32, 0)


def _wreck_log(places: Places) -> None:
    """Garbage where the log's file system begins."""
    log = places.flash / "log.bin"
    data = bytearray(log.read_bytes())
    data[: 2 * 4096] = b"\x5a" * (2 * 4096)
    log.write_bytes(data)


@pytest.mark.long
def test_a_corrupt_file_system_is_a_fault_and_reminders_go_on(tmp_path: Path) -> None:
    """FAULT is advertised and lit; the schedule that is received reminds; nothing is formatted."""

    async def story() -> None:
        async with real_home(tmp_path, _wreck_log) as house:
            wrecked = (house.places.flash / "log.bin").read_bytes()
            await until(lambda: house.advertised >= 0, "it is silent on the air")
            await until(lambda: bool(house.advertised & gatt.FAULT), "no FAULT on the air")
            await house.sees(AMBER)
            _slot, house.sink.schedule = due_in(8, 0)  # it has not begun before this start
            async with house.gateway() as source:
                await until(lambda: house.sink.count("schedule") > 0, "no schedule taken")
                # Beside the fault on all the others it is dimmed: USB could not carry them all.
                await until(lambda: house.lights()[LID][2] > 100, "the dose is not shown")
                assert (await source.command(DEVICE_ID, commands.READ_VITALS)).ok
            assert (house.places.flash / "log.bin").read_bytes() == wrecked

    asyncio.run(story())


@pytest.mark.long
def test_a_dead_chip_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """SENSOR_FAULT, then FAULT on the air and in light; lids of the other chip are still seen."""

    async def story() -> None:
        async with real_home(tmp_path) as house:
            house.board.chip_broken("expander1", True)
            async with house.gateway():
                await until(lambda: house.sink.values(m.SENSOR_FAULT) == [1], "not told")
                await house.sees(AMBER)
                house.board.lid(3, True)
                await until(lambda: 3 in [r.compartment for r in house.sink.records])
                house.board.chip_broken("expander1", False)
                await until(lambda: house.sink.values(m.SENSOR_BACK) == [1], "not back")
            await until(lambda: house.advertised == gatt.CONNECT_PLEASE, "FAULT stays on the air")

    asyncio.run(story())


def test_a_clock_without_power_is_told_at_the_start(tmp_path: Path) -> None:
    """CLOCK_LOST [0] is recorded, the lids say so until the gateway gives the time."""

    async def story() -> None:
        async with real_home(tmp_path) as house:
            await until(lambda: house.advertised >= 0, "it is silent on the air")
            await house.box.kill()
            house.board.rtc_lose_power()
            await house.box.start()
            await house.sees(AMBER)
            async with house.gateway():
                await until(lambda: house.sink.values(m.CLOCK_LOST) == [0], "not told")
                await until(lambda: not any(map(any, house.lights())), "the light stays")

    asyncio.run(story())
