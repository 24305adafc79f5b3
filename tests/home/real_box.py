"""A house of one real box and the gateway's radio: the firmware as it would be flashed.

Knows: how a house provisions and starts a box, the virtual air, the production radio.
May not know: what a test wants of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.schedule import TIME_CRITICAL, UTC, Schedule, encode_schedule, local_day, once
from gateway.sources.radio import RadioSource
from tests.home.radio_home import TIMES, RecordingSink
from tools.home import bleak_backend, provision
from tools.home.air import Air, BoxRadio
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import Board
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places

PATIENCE_S = 30.0
MICROPYTHON = str(Path(sys.executable).with_name("micropython"))
LID = 9


async def until(what: Callable[[], bool], why: str = "") -> None:
    """Wait until `what()`; fails with `why` after half a minute."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, why
        await asyncio.sleep(0.01)


async def lasts(what: Callable[[], bool], seconds: float, why: str = "") -> None:
    """Wait until `what()` has held for so long; fails with `why` after half a minute."""
    since_s = time.monotonic()

    def held() -> bool:
        nonlocal since_s
        now_s = time.monotonic()
        if not what():
            since_s = now_s
        return now_s - since_s >= seconds

    await until(held, why)


class Sink(RecordingSink):
    """Remembers the records themselves too."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[m.Record] = []

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        super().commit(device_id, epoch, records)
        self.records += records

    def values(self, kind: int) -> list[int]:
        """The values of all records of that kind."""
        return [record.value for record in self.records if record.kind == kind]


def due_in(seconds: int, early_min: int = 60) -> tuple[tuple[int, int], tuple[int, bytes]]:
    """The one dose of a schedule, in the lid LID, that falls due then; and that schedule."""
    due_s = int(time.time()) - m.EPOCH_2000_UNIX_S + seconds
    slot = (local_day(UTC, due_s), 2)
    entry = once(slot, LID, due_s, (early_min, 60, 60), TIME_CRITICAL)
    return slot, (1, encode_schedule(Schedule(UTC, [entry])))


class RealHome:
    """What a test needs; `box` is the firmware's process."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.board = Board(places.board)
        self.air = Air(supervision_timeout_s=0.5)
        self.box = _process(places)
        self.sink = Sink()
        self.hci = ""
        self._radio: BoxRadio | None = None

    async def start(self) -> None:
        """The power comes."""
        await self.board.start()
        self.hci = await self.air.start(self.places.hci)
        self._radio = self.air.add_box(self.board)
        await self.box.start()

    async def stop(self) -> None:
        """Everything ends."""
        await self.box.kill()
        await self.air.stop()
        await self.board.stop()

    @property
    def advertised(self) -> int:
        """The gatt flags on the air, -1 while it is silent."""
        assert self._radio is not None
        advertiser = self._radio.controller.le_legacy_advertiser
        data: bytes = advertiser.advertising_data
        return data[-1] if data[:-1] == gatt.advertisement(0)[:-1] else -1

    @contextlib.asynccontextmanager
    async def gateway(self) -> AsyncIterator[RadioSource]:
        """The production radio, once it has caught up."""
        key = bytes.fromhex(self.places.key.read_text(encoding="ascii"))
        source = RadioSource({DEVICE_ID: key}, bleak_backend, self.sink, hci=self.hci, times=TIMES)
        task = asyncio.create_task(source.run())
        try:
            await until(lambda: self.sink.count("caught up") > 0, "never caught up")
            yield source
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def lights(self) -> list[list[int]]:
        """What every lid shows at this moment."""
        shown: list[list[int]] = self.board.picture()["lights"]
        return shown

    async def sees(self, rgb: tuple[int, int, int], lids: tuple[int, ...] = ()) -> None:
        """Wait until these lids (all, where none is named) have shown that colour."""
        waiting = set(lids or range(28))

        def look() -> bool:
            shown = self.lights()
            waiting.difference_update([lid for lid in waiting if shown[lid] == list(rgb)])
            return not waiting

        await until(look, f"{rgb} not seen on {waiting}")

    async def press(self, name: str, seconds: float = 0.3) -> None:
        """A button held so long."""
        self.board.button(name, True)
        await asyncio.sleep(seconds)
        self.board.button(name, False)


def _process(places: Places) -> Child:
    folder = build("pillbox", ROOT / "build" / "mpy")
    environment = {
        **os.environ,
        "MICROPYPATH": f"{folder}:.frozen",
        "ANBU_BOARD": str(places.board),
        "ANBU_FLASH": str(places.flash),
    }
    argv = [MICROPYTHON, "-X", "heapsize=320K", str(folder / "start.py")]
    return Child(argv, environment, places.errors("box"), lambda _line: None, 1)


@contextlib.asynccontextmanager
async def real_home(
    folder: Path, before: Callable[[Places], None] | None = None
) -> AsyncIterator[RealHome]:
    """A box that has been started; `before` may do something to its flash."""
    places = Places(folder)
    provision.provision(places, MICROPYTHON, SIMULATION)
    if before is not None:
        before(places)
    house = RealHome(places)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()
