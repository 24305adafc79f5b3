"""What the gateway may have the real box do: found, set, looked at, over the virtual air.

Knows: the firmware as it would be flashed, its board, the production radio.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from anbu_wire import messages as m
from anbu_wire import settings
from gateway.sources.radio import RadioSource
from gateway.sync import commands
from tests.home.radio_home import TIMES, RecordingSink
from tools.home import bleak_backend, provision
from tools.home.air import Air
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import Board
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places

PATIENCE_S = 30.0
MICROPYTHON = str(Path(sys.executable).with_name("micropython"))


async def _until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def _box(places: Places) -> Child:
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
async def _home(folder: Path) -> AsyncIterator[tuple[Board, Child, RadioSource]]:
    """A box that runs, and a gateway's radio that is linked to it."""
    places = Places(folder)
    provision.provision(places, MICROPYTHON, SIMULATION)
    key = bytes.fromhex(places.key.read_text(encoding="ascii"))
    board, air, box = Board(places.board), Air(supervision_timeout_s=0.5), _box(places)
    await board.start()
    hci = await air.start(places.hci)
    air.add_box(board)
    await box.start()
    sink = RecordingSink()
    source = RadioSource({DEVICE_ID: key}, bleak_backend, sink, hci=hci, times=TIMES)
    task = asyncio.create_task(source.run())
    try:
        await _until(lambda: sink.count("caught up") > 0)
        yield board, box, source
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await box.kill()
        await air.stop()
        await board.stop()


async def _heard(board: Board) -> dict[str, int]:
    """The next sound."""
    found: list[dict[str, int]] = []

    def look() -> bool:
        sound = board.picture()["sound"]
        found.extend([sound] if sound else [])
        return bool(sound)

    await _until(look)
    return found[0]


def test_the_box_makes_itself_found(tmp_path: Path) -> None:
    """All lids blink and it beeps; OK ends it, and so does the gateway."""

    async def story() -> None:
        async with _home(tmp_path) as (board, _box_process, source):
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            await _until(lambda: all(rgb == [24, 24, 24] for rgb in board.picture()["lights"]))
            await _until(lambda: not any(map(any, board.picture()["lights"])))
            assert (await _heard(board))["frequency_hz"] == 520
            board.button("ok", True)
            await asyncio.sleep(0.3)
            board.button("ok", False)
            await asyncio.sleep(1.5)
            assert not any(map(any, board.picture()["lights"]))
            assert board.picture()["sound"] is None
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            await _heard(board)
            assert (await source.command(DEVICE_ID, commands.locate(0))).ok
            await _until(lambda: board.picture()["sound"] is None)

    asyncio.run(story())


def test_a_choice_is_read_back_heard_and_kept(tmp_path: Path) -> None:
    """Loudness and pitch: read back before they count, heard at once, kept over a power cut."""

    async def story() -> None:
        async with _home(tmp_path) as (board, box, source):
            for parameter, value in ((settings.LOUDNESS, 1), (settings.PITCH, 1)):
                command = commands.set_parameter(parameter, value)
                assert (await source.command(DEVICE_ID, command)).ok
            assert (await source.command(DEVICE_ID, commands.locate(60))).ok
            assert await _heard(board) == {"frequency_hz": 390, "loudness": 1}
            await box.kill()
            await asyncio.sleep(1)
            await box.start()
            kept = await source.command(DEVICE_ID, commands.READ_PARAMETERS)
            assert (kept.fields["loudness"], kept.fields["pitch"]) == (1, 1)

    asyncio.run(story())


def test_how_the_box_is(tmp_path: Path) -> None:
    """Vitals come from the chips: boot, heap, cell, temperature, faults, how full the log is."""

    async def story() -> None:
        async with _home(tmp_path) as (_board, _box_process, source):
            vitals = (await source.command(DEVICE_ID, commands.READ_VITALS)).fields
            assert vitals["boot"] == 1
            assert vitals["faults"] == 0
            assert 10_000 < vitals["heap_free_bytes"] < 320 * 1024
            assert 3000 <= vitals["battery_mv"] <= 4400
            assert 0 < vitals["temperature_c_quarters"] < 200
            assert 0 <= vitals["log_percent"] < 10
            assert 0 <= vitals["uptime_s"] < 60

    asyncio.run(story())


def test_refill_and_away_hold_on_the_box(tmp_path: Path) -> None:
    """Both are done only when the box reads them back, and an opening in between is refill."""

    async def run() -> None:
        async with _home(tmp_path) as (board, _box, source):
            until_s = int(time.time()) - m.EPOCH_2000_UNIX_S + 86_400
            for command in (commands.refill(begin=True), commands.away(until_s - 7200, until_s)):
                assert (await source.command(DEVICE_ID, command)).code == m.OK, command
            board.lid(5, True)
            await asyncio.sleep(0.3)
            for command in (commands.refill(begin=False), commands.away(0, 0)):
                assert (await source.command(DEVICE_ID, command)).code == m.OK, command

    asyncio.run(run())
