"""The care plug as it would be flashed, over its chips, on the air, with the production radio.

Knows: both boards, the chips' models, what the processor asked of its board, the heap of the chip.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from anbu_wire import bthome, gatt
from anbu_wire import messages as m
from gateway.sources.radio import RadioSource
from gateway.sync import Expected, commands
from tests.home.radio_home import TIMES
from tests.home.real_box import Sink, until
from tools.home import bleak_backend, provision
from tools.home.air import Air
from tools.home.firmware import MODULES, ROOT, SIMULATION, build
from tools.home.machine.care_board import CareBoard
from tools.home.nvs import write_nvs
from tools.home.processes import Child
from tools.home.provision import Places

MICROPYTHON = str(Path(sys.executable).with_name("micropython"))
PLUG_ID = "AB-000002"
HEAP = "200K"  # of 64-bit: about 100 KB of the chip's; 42 KB of it the simulated chips take
HEAP_FREE_LEAST = 12 * 1024
PIN_SETUP, PIN_WRITE = 0x20, 0x21
ADVERTISE = 0x12  # u32 interval_us (0 = stop), u8 connectable, u8 length, data
BEACON = "anbu_device/edge/beacon.py"
RELAY, OUT = 5, 1


class WatchedBoard(CareBoard):
    """Remembers what each process asked of its pins, in order."""

    def __init__(self, path: Path, board: str, meter: str | None) -> None:
        self.lives: list[list[tuple[int, bytes]]] = []
        super().__init__(path, board, meter=meter)
        self.on_box(lambda here: self.lives.append([]) if here else None)

    async def _answer(self, kind: int, payload: bytes) -> bytes:
        self.lives[-1].append((kind, payload))
        return await super()._answer(kind, payload)

    def of_relay(self, life: int) -> list[tuple[int, bytes]]:
        """What a process did to the relay's pin."""
        return [
            (kind, data)
            for kind, data in self.lives[life]
            if 0x20 <= kind <= 0x23 and data[0] == RELAY
        ]

    def on_air(self, life: int) -> list[tuple[bool, bytes]]:
        """(connectable, payload) of what a process put on the air, in order; b"" = nothing."""
        said = [data for kind, data in self.lives[life] if kind == ADVERTISE]
        return [
            (bool(data[4]), data[6 : 6 + data[5]] if data[:4] != bytes(4) else b"") for data in said
        ]


class PlugSink(Sink):
    """A gateway that expects a plug."""

    def expected(self, device_id: str) -> Expected:
        return Expected(gatt.CARE_PLUG)


class PlugHome:
    """What a test needs; `process` is the firmware's."""

    def __init__(
        self, folder: Path, board: str, meter: str | None, instead: Mapping[str, Path]
    ) -> None:
        self.places = Places(folder, "plug")
        self.board = WatchedBoard(self.places.board, board, meter)
        self.air = Air(supervision_timeout_s=0.5)
        self.sink = PlugSink()
        self.hci = ""
        modules = build(board, MODULES, instead=instead)
        environment = {
            **os.environ,
            "MICROPYPATH": f"{modules}:.frozen",
            "ANBU_BOARD": str(self.places.board),
            "ANBU_FLASH": str(self.places.flash),
        }
        argv = [MICROPYTHON, "-X", f"heapsize={HEAP}", str(modules / "start.py")]
        self.process = Child(argv, environment, self.places.errors("plug"), lambda _line: None, 1)

    async def start(self) -> None:
        """The power comes."""
        await self.board.start()
        self.hci = await self.air.start(self.places.hci)
        self.radio = self.air.add_box(self.board)
        await self.process.start()

    async def stop(self) -> None:
        """Everything ends."""
        await self.process.kill()
        await self.air.stop()
        await self.board.stop()

    async def press(self) -> None:
        """A finger on the button."""
        self.board.button(True)
        await asyncio.sleep(0.3)
        self.board.button(False)

    @contextlib.asynccontextmanager
    async def gateway(self) -> AsyncIterator[RadioSource]:
        """The production radio, once it has caught up."""
        key = bytes.fromhex(self.places.key.read_text(encoding="ascii"))
        source = RadioSource({PLUG_ID: key}, bleak_backend, self.sink, hci=self.hci, times=TIMES)
        task = asyncio.create_task(source.run())
        try:
            await until(
                lambda: self.sink.count("caught up") > 0, f"never caught up: {self.sink.said}"
            )
            yield source
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def plug_home(
    folder: Path,
    board: str,
    meter: str | None = None,
    chip: int | None = None,
    instead: Mapping[str, Path] = MappingProxyType({}),
) -> AsyncIterator[PlugHome]:
    """A plug that has been started; `chip` is what provisioning noted of its meter."""
    home = PlugHome(folder, board, meter, instead)
    provision.provision(home.places, MICROPYTHON, SIMULATION, PLUG_ID)
    noted: dict[str, bytes | int] = {"bthome_count": 0}
    if chip is not None:
        noted["meter"] = chip
    write_nvs(home.places.flash, "anbu", noted)
    try:
        await home.start()
        yield home
    finally:
        await home.stop()


BOARDS = [
    ("metering-plug", None, None),
    pytest.param("metering-plug", "bl0942", 2, marks=pytest.mark.long),
    pytest.param("care-node", "pzem004t", 3, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("board", "meter", "chip"), BOARDS)
def test_a_kettle_reaches_the_gateway(
    tmp_path: Path, board: str, meter: str | None, chip: int | None
) -> None:
    """From the meter's frames to the gateway's records; a press of the button too.

    All of it in the chip's heap; what is left is printed.
    """

    async def story() -> None:
        async with plug_home(tmp_path, board, meter, chip) as home, home.gateway() as source:
            await asyncio.sleep(3)
            home.board.watts(1800.0)
            await until(lambda: bool(home.sink.values(m.LOAD_ON)), "no load was told")
            assert 1700 <= home.sink.values(m.LOAD_ON)[0] <= 1900
            assert home.sink.values(m.BOOT) == [1]
            assert len(home.sink.values(m.MAINS_BACK)) == 1
            await home.press()
            await until(lambda: bool(home.sink.values(m.OK_PRESSED)), "no press was told")
            answer = await source.command(PLUG_ID, commands.READ_METER)
            assert abs(answer.fields["voltage_mv"] - 230_000) < 5000
            answer = await source.command(PLUG_ID, commands.READ_VITALS)
            free = answer.fields["heap_free_bytes"]
            print(f"heap of {HEAP}, {board} {meter or 'cse7766'}: {free} bytes free")
            assert free >= HEAP_FREE_LEAST

    asyncio.run(story())


@pytest.mark.long
def test_the_relay_is_set_first_and_never_again(tmp_path: Path) -> None:
    """Level, then direction, before any other act of the processor; nothing later, come what may.

    Found, asked, calibrated, a load on and off, the button, a restart: the relay stays closed.
    """

    async def story() -> None:
        async with plug_home(tmp_path, "metering-plug") as home:
            async with home.gateway() as source:
                home.board.watts(1800.0)
                assert (await source.command(PLUG_ID, commands.locate(2))).ok
                await home.press()
                await until(lambda: bool(home.sink.values(m.OK_PRESSED)), "no press was told")
                home.board.watts(0.0)
                assert home.board.picture()["relay"]
            home.board.power_cut()
            await home.process.kill()
            await home.process.start()
            await until(lambda: len(home.board.lives) > 1, "it was not started again")
            await until(lambda: len(home.board.lives[1]) > 50, "it does not run again")
            for life in range(2):
                first = [(PIN_WRITE, bytes((RELAY, 1))), (PIN_SETUP, bytes((RELAY, OUT, 0)))]
                assert home.board.lives[life][:2] == first
                assert home.board.of_relay(life) == first
            assert home.board.picture()["relay"]

    asyncio.run(story())


def fast_beacon(folder: Path) -> Mapping[str, Path]:
    """The firmware's beacon with a rhythm of two seconds in place of a minute."""
    text = (ROOT / "firmware/lib" / BEACON).read_text(encoding="utf-8")
    for name in ("_REST_S", "_SHINE_S"):
        text = re.sub(rf"^{name} = .*$", f"{name} = const(1)", text, flags=re.MULTILINE)
    path = folder / "beacon.py"
    path.write_text(text, encoding="utf-8")
    return {BEACON: path}


@pytest.mark.long
def test_what_it_says_to_everybody(tmp_path: Path) -> None:
    """BTHome takes the advertisement's place for a while, with a counter that goes on over starts.

    While a gateway is linked nobody can connect by it, and in between nothing is on the air.
    """

    async def story() -> None:
        instead = fast_beacon(tmp_path)
        async with plug_home(tmp_path, "metering-plug", instead=instead) as home:
            board = home.board

            def told(life: int) -> list[tuple[bool, bytes]]:
                return [(may, said) for may, said in board.on_air(life) if b"\xd2\xfc" in said]

            await until(lambda: bool(board.lives) and len(told(0)) >= 2, "no BTHome")
            assert all(may for may, _said in told(0))
            assert (True, gatt.advertisement(gatt.CONNECT_PLEASE)) in board.on_air(0)[2:]
            async with home.gateway():
                alone = len(told(0))
                await until(lambda: len(told(0)) > alone + 1, "no BTHome while linked")
                assert not told(0)[-1][0]
                assert b"" in [said for _may, said in board.on_air(0)[-3:]]
            await home.process.kill()
            await home.process.start()
            await until(lambda: len(board.lives) > 1 and len(told(1)) >= 1, "no BTHome again")
            key = bytes.fromhex(home.places.bthome_key.read_text(encoding="ascii"))
            mac = bytes(reversed(bytes(home.radio.controller.public_address)))
            said = [said for life in range(2) for _may, said in told(life)]
            counters = [bthome.open_service_data(key, mac, each[7:])[0] for each in said]
            assert counters == sorted(set(counters))

    asyncio.run(story())


@pytest.mark.long
def test_light_on_the_care_node(tmp_path: Path) -> None:
    """A lamp that is switched on reaches the gateway as a step; the node has no relay, no meter."""

    async def story() -> None:
        async with plug_home(tmp_path, "care-node") as home, home.gateway() as source:
            home.board.lux(2.0)
            await asyncio.sleep(6.5)
            home.board.lux(300.0)
            await until(lambda: bool(home.sink.values(m.LIGHT_STEP)), "no step was told")
            assert 270 <= home.sink.values(m.LIGHT_STEP)[0] <= 330
            answer = await source.command(PLUG_ID, commands.READ_VITALS)
            print(f"heap of {HEAP}, care-node: {answer.fields['heap_free_bytes']} bytes free")
            assert answer.fields["faults"] == 0
            light = home.board.circuit.light
            assert light is not None
            light.broken = True
            await until(lambda: home.sink.values(m.SENSOR_FAULT) == [1], "no fault was told")

    asyncio.run(story())
