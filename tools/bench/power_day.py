"""A day of the real firmware on battery, in a house that skips the time nobody uses.

Knows: how box, board, air and the gateway's production radio are joined for a day; what happens in
it. May not know: milliamperes, how a report looks.

Everything but the box's process runs in one loop that skips (tools.bench.skipping); the box tells
when it waits. What anybody computes takes its real time, everything else is skipped.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from anbu_wire import messages as m
from anbu_wire.schedule import Schedule, Zone, encode_schedule, once
from gateway.sources.radio import RadioSource
from gateway.sync import Expected, TimeFields
from tools.bench.skipping import SkippingLoop
from tools.bench.stack import MICROPYTHON, box
from tools.home import bleak_backend, provision
from tools.home.air import Air
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import EPOCH_2000_S, Board
from tools.home.machine.duty import Duty, Meter
from tools.home.machine.sleeping import ASLEEP, BUSY
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places

MODES = {"backup": 0, "battery": 1}  # pins.POWER_MODE
_MODULES = ROOT / "build" / "mpy"
_HOUR_S = 3600
_BEGINS_S = 6 * _HOUR_S  # the day begins at six
_DOSES = {0: "07:30", 1: "12:30", 2: "18:30", 3: "22:00"}
# lid, minutes after its due time, minutes it stands open: on time, late, early, forgotten for half
# an hour; and a lid opened for nothing in the afternoon.
_HABIT = ((0, 2, 1), (1, 12, 1), (2, -15, 1), (3, 29, 1), (9, -420, 1))
_WINDOWS_MIN = (30, 60, 0)
_WARM_UP_S = 420  # the start, the first session, the steady minutes after a plug was pulled
REACTIONS = 20
_SETTLE_S = 600
_BETWEEN_S = 90


class DaySink:
    """The radio's sink of that day: records in memory, the house's time, one schedule."""

    def __init__(self, now_s: Callable[[], float], schedule: tuple[int, bytes]) -> None:
        self._now_s = now_s
        self._schedule = schedule
        self._newest: dict[int, int] = {}
        self.records: list[m.Record] = []
        self.rested_s: list[int] = []
        self.ups = 0
        self.on_box = 0
        self.troubles: list[str] = []

    def last_known(self, _device_id: str, epoch: int) -> int:
        """The newest record of that log."""
        return self._newest.get(epoch, 0)

    def commit(self, _device_id: str, epoch: int, records: list[m.Record]) -> None:
        """Keep them."""
        self._newest[epoch] = records[-1].seq
        self.records += records

    def caught_up(self, _device_id: str, _state: dict[str, int]) -> None:
        """Nothing to do."""

    def link_up(self, _device_id: str) -> None:
        """Counted."""
        self.ups += 1

    def link_down(self, device_id: str, why: str) -> None:
        """Noted."""
        self.troubles.append(f"{device_id}: {why}")

    def rests(self, _device_id: str, seconds: int) -> None:
        """Counted."""
        self.rested_s.append(seconds)

    def expected(self, _device_id: str) -> Expected:
        """A pill box."""
        return Expected()

    def schedule_to_send(self, _device_id: str) -> tuple[int, bytes] | None:
        """The day's."""
        return self._schedule

    def schedule_on_box(self, _device_id: str, version: int, _crc: int) -> None:
        """It is there."""
        self.on_box = version

    def clock_set(self, _device_id: str) -> None:
        """Nothing to do."""

    def time_fields(self) -> TimeFields:
        """The house's time."""
        now_s = self._now_s() - EPOCH_2000_S
        return (int(now_s), int(now_s % 1 * 1000), 0, 0, 0)

    def trouble(self, part: str, why: str) -> None:
        """Noted."""
        self.troubles.append(f"{part}: {why}")


@dataclass
class Day:
    """What was seen of one day."""

    duty: Duty
    cpu_s: float  # of the box's process
    skipped_s: float
    real_s: float
    sessions: int
    rests: int
    records: dict[str, int] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    reactions_ms: list[float] = field(default_factory=list)


class PowerHouse:
    """The house of that day. Use `async with` inside a SkippingLoop."""

    def __init__(self, root: Path, mode: str, loop: SkippingLoop) -> None:
        self.places = Places(root)
        self._loop = loop
        self._mode = mode
        self._zero_s = loop.time()
        self._midnight_s = float(int(time.time()) // 86_400 * 86_400)
        self.board = Board(
            self.places.board, on_change=self._moved, now_s=self.now_s, watchdog_slack=10.0
        )
        self.air = Air()
        self.said: list[str] = []  # by the box's process
        self.sink = DaySink(self.now_s, (1, self._schedule()))
        self.box = self._child(root)
        self.meter: Meter | None = None
        self._radio: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def now_s(self) -> float:
        """The house's wall clock, UTC seconds since 1970; it begins at six in the morning."""
        return self._midnight_s + _BEGINS_S + self._loop.time() - self._zero_s

    def _schedule(self) -> bytes:
        midnight_s = int(self._midnight_s) - EPOCH_2000_S
        day = midnight_s // 86_400
        slots = []
        for lid, clock in _DOSES.items():
            hours, minutes = clock.split(":")
            due_s = midnight_s + int(hours) * _HOUR_S + int(minutes) * 60
            slots.append(once((day, lid), lid, due_s, _WINDOWS_MIN))
        return encode_schedule(Schedule(Zone(0, 0, 0), slots))

    def _child(self, root: Path) -> Child:
        pins = (ROOT / "firmware/pillbox/pins.py").read_text(encoding="utf-8")
        line = next(row for row in pins.splitlines() if row.startswith("POWER_MODE"))
        text = pins.replace(line, f"POWER_MODE = const({MODES[self._mode]})")
        (root / "pins.py").write_text(text, encoding="utf-8")
        folder = build("pillbox", _MODULES, instead={"pins.py": root / "pins.py"})
        return box(self.places, folder, self.said.append, ANBU_SKIP_IDLE="1")

    async def __aenter__(self) -> Self:
        provision.provision(self.places, MICROPYTHON, SIMULATION)
        key = bytes.fromhex(self.places.key.read_text(encoding="ascii"))
        self.board.sleeping.skipped_s = self._loop.skipped_s
        await self.board.start()
        hci = await self.air.start(self.places.hci)
        radio = self.air.add_box(self.board)
        await self.box.start()
        chance = random.Random(1)
        source = RadioSource({DEVICE_ID: key}, bleak_backend, self.sink, hci=hci, chance=chance)
        self._radio = asyncio.create_task(source.run())
        self._loop.skip_while(lambda: self.board.sleeping.state != BUSY)
        self.board.mains(False)
        await self._until(lambda: self.sink.on_box == 1)
        await asyncio.sleep(_WARM_UP_S)
        self.meter = Meter(self.board, self._loop.time, lambda: radio.nimble.state)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._loop.skip_while(lambda: False)
        if self._radio is not None:
            self._radio.cancel()
            await asyncio.gather(self._radio, return_exceptions=True)
        await self.box.kill()
        await self.air.stop()
        await self.board.stop()

    def _moved(self) -> None:
        if self.meter is not None:
            self.meter.board_moved()
        self._news.set()

    def cpu_s(self) -> float:
        """Processor seconds of the box's process so far."""
        stat = Path(f"/proc/{self.box.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    async def live(self, hours: float) -> None:
        """The day's doses, as far as they fall into these hours."""
        end_s = self._loop.time() + hours * _HOUR_S
        hands = [asyncio.create_task(self._hand(*habit)) for habit in _HABIT]
        await asyncio.sleep(end_s - self._loop.time())
        for hand in hands:
            hand.cancel()

    async def _hand(self, lid: int, after_min: int, open_min: int) -> None:
        hours, minutes = _DOSES[min(lid, max(_DOSES))].split(":")
        due_s = self._midnight_s + int(hours) * _HOUR_S + int(minutes) * 60
        await asyncio.sleep(due_s + after_min * 60 - self.now_s())
        self.board.lid(lid, True)
        await asyncio.sleep(open_min * 60)
        self.board.lid(lid, False)

    async def reaction_ms(self, lid: int) -> float:
        """A lid that should not be opened, opened while the chip sleeps: until light or sound."""
        await self._until(lambda: self.board.sleeping.state == ASLEEP)
        began_s = self._loop.time()
        self.board.lid(lid, True)
        await self._until(lambda: self._answers(lid))
        took_ms = (self._loop.time() - began_s) * 1000
        await asyncio.sleep(5)
        self.board.lid(lid, False)
        await asyncio.sleep(_BETWEEN_S)
        return took_ms

    def _answers(self, lid: int) -> bool:
        seen = self.board.picture()
        return any(seen["lights"][lid]) or seen["sound"] is not None

    async def _until(self, what: Callable[[], bool]) -> None:
        while not what():
            if not self.box.running:
                raise RuntimeError(f"the box's process ended: {self.said[-8:]}")
            self._news.clear()
            waiting = asyncio.ensure_future(self._news.wait())
            await asyncio.wait({waiting}, timeout=0.01)
            waiting.cancel()


async def day(root: Path, mode: str, hours: float, reactions: int = REACTIONS) -> Day:
    """Lives it. Raises RuntimeError where the box did not get its schedule."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, SkippingLoop):
        raise TypeError("a day needs a loop that skips: run it with tools.bench.skipping.run")
    began_s = time.monotonic()
    async with PowerHouse(root, mode, loop) as house:
        if house.meter is None:
            raise RuntimeError("the house was not entered")
        before_s = house.cpu_s()
        await house.live(hours)
        house.meter.look()
        seen = Day(
            Duty(**vars(house.meter.duty)),
            house.cpu_s() - before_s,
            loop.skipped_s(),
            time.monotonic() - began_s,
            house.sink.ups,
            len(house.sink.rested_s),
            troubles=list(house.sink.troubles),
        )
        await asyncio.sleep(_SETTLE_S)
        seen.reactions_ms = [await house.reaction_ms(20 + i % 4) for i in range(reactions)]
    names = {value: name for name, value in vars(m).items() if name.startswith("SLOT_")}
    for record in house.sink.records:
        if record.kind in names:
            name = names[record.kind]
            seen.records[name] = seen.records.get(name, 0) + 1
    return seen
