"""A home for radio tests: the air, a board, a box that is only radio, a sink that remembers.

Knows: how to start and end them. May not know: what a test wants to see.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bleak import BleakClient, BleakScanner

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import RadioSource
from gateway.sync import Expected
from tools.home import bleak_backend
from tools.home.air import Air, BoxRadio
from tools.home.machine.board import Board

ROOT = Path(__file__).parent.parent.parent
KEY = bytes(range(16))
DEVICE_ID = "box-0001"
# House seconds: under faketime a day-long wait would still be short.
SPEED = float(os.environ.get("ANBU_SPEED", "1"))
PATIENCE_S = 30.0 * SPEED
# Generous time-outs, short pauses: a busy machine may be slow, a test need not wait.
TIMES = RadioTimes(pause_s=0.2, backoff_max_s=1.0, poll_s=2.0, answer_s=0.3).patient(3)


class RecordingSink:
    """What the radio told, in order; records as committed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.seqs: list[int] = []
        self.schedule: tuple[int, bytes] | None = None

    def last_known(self, device_id: str, epoch: int) -> int:
        return self.seqs[-1] if self.seqs else 0

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        self.seqs += [record.seq for record in records]

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        self.said.append(f"caught up {state['newest_seq']}")

    def link_up(self, device_id: str) -> None:
        self.said.append("up")

    def link_down(self, device_id: str, why: str) -> None:
        self.said.append(f"down {why}")

    def rests(self, device_id: str, seconds: int) -> None:
        self.said.append(f"rests {device_id} {seconds}")

    def expected(self, device_id: str) -> Expected:
        return Expected()

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        return self.schedule

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        self.said.append(f"schedule {version}")

    def clock_set(self, device_id: str) -> None:
        self.said.append("clock set")

    def time_fields(self) -> tuple[int, int, int, int, int]:
        return (int(time.time()) - m.EPOCH_2000_UNIX_S, 0, 540, 0, 0)

    def trouble(self, part: str, why: str) -> None:
        self.said.append(f"trouble {part} {why}")

    def count(self, beginning: str) -> int:
        """How many things said begin so."""
        return sum(said.startswith(beginning) for said in self.said)


class RadioBox:
    """The box's process and what it printed."""

    def __init__(self, socket: Path, folder: Path, records: int) -> None:
        self._socket = socket
        self._folder = folder
        self._records = records
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self.lines: list[str] = []

    async def start(self) -> None:
        sim = ROOT / "tools/home/machine_sim"
        path = [sim, ROOT / "tests/home/radio_box", ROOT / "firmware/lib", ".frozen"]
        self._process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("micropython")),
            *("-X", "heapsize=320K", str(sim / "start.py")),
            env={
                **os.environ,
                "MICROPYPATH": ":".join(str(p) for p in path),
                "ANBU_BOARD": str(self._socket),
                "ANBU_FLASH": str(self._folder),
                "ANBU_TEST_RECORDS": str(self._records),
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self.lines.append(line.decode().rstrip())

    def push(self, count: int) -> None:
        """Let the box write and push so many new records."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(f"push {count}\n".encode())

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.returncode is None

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        if self._reading:
            await self._reading


class Home:
    """Everything a radio test needs."""

    def __init__(self, air: Air, radio: BoxRadio, box: RadioBox, hci: str) -> None:
        self.air = air
        self.radio = radio
        self.box = box
        self.hci = hci
        self.sink = RecordingSink()

    @contextlib.asynccontextmanager
    async def gateway(self, devices: dict[str, bytes] | None = None) -> AsyncIterator[RadioSource]:
        """The production radio, running in this process."""
        known = {DEVICE_ID: KEY} if devices is None else devices
        source = RadioSource(known, bleak_backend, self.sink, hci=self.hci, times=TIMES)
        task = asyncio.create_task(source.run())
        try:
            yield source
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, what: Callable[[], bool], why: str) -> None:
        """Wait until `what()`; fails with `why` and what was said so far."""
        end = time.monotonic() + PATIENCE_S
        while not what():
            if time.monotonic() > end:
                raise AssertionError(f"{why}; told: {self.sink.said}; box: {self.box.lines}")
            await asyncio.sleep(0.02)

    async def until_synced(self, newest: int) -> None:
        """Wait until all records up to `newest` are committed and acknowledged to the box."""
        await self.until(lambda: self.sink.seqs[-1:] == [newest], f"record {newest} not committed")
        await self.until(
            lambda: f"acknowledged {newest}" in self.box.lines, f"record {newest} not acknowledged"
        )


@contextlib.asynccontextmanager
async def home(folder: Path, records: int = 0) -> AsyncIterator[Home]:
    """A home whose box has `records` records in its log."""
    air = Air(supervision_timeout_s=0.5)
    board = Board(folder / "board")
    box = RadioBox(folder / "board", folder, records)
    try:
        hci = await air.start(folder / "hci")
        await board.start()
        radio = air.add_box(board)
        await box.start()
        yield Home(air, radio, box, hci)
    finally:
        await box.kill()
        await air.stop()
        await board.stop()


async def stranger(hci: str) -> BleakClient:
    """A bare central of this process, connected to the box."""
    await bleak_backend.open(hci)
    device = await BleakScanner.find_device_by_filter(
        lambda _device, adv: gatt.SERVICE_UUID in adv.service_uuids,
        timeout=PATIENCE_S,
        backend=bleak_backend.scanner_class,
    )
    assert device, "the box does not advertise"
    client = BleakClient(device, timeout=PATIENCE_S, backend=bleak_backend.client_class)
    await client.connect()
    return client
