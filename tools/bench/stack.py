"""One virtual home for a benchmark: chips, air, a box's process, a gateway's process.

Knows: how they are started, and counts the values that cross the air.
May not know: what is measured with it.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Self

from tools.bench.progress import Progress
from tools.home import provision
from tools.home.air import Air
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import Board
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places

HEAP = "320K"  # as the house gives the box
MICROPYTHON = str(Path(sys.executable).with_name("micropython"))
_MODULES = ROOT / "build" / "mpy"
_PROGRAMS = ROOT / "tools/bench/box"
_NOTIFY, _WRITTEN = 0x14, 0x52  # types of the board link, see tools/home/nimble.py
_NOTIFY_HEAD_BYTES = _WRITTEN_HEAD_BYTES = 5
_PROGRESS = "progress "

Answer = dict[str, Any]


@dataclasses.dataclass
class Traffic:
    """Attribute values that crossed the air, without ATT's three bytes each."""

    notifications: int = 0
    notified_bytes: int = 0
    writes: int = 0
    written_bytes: int = 0


class CountingBoard:
    """The board as the air sees it, with a count of what the box's radio sends and gets."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.traffic = Traffic()

    def route(self, types: range, handler: Callable[[int, bytes], Awaitable[bytes]]) -> None:
        """As the board's."""

        async def counted(kind: int, payload: bytes) -> bytes:
            answer = await handler(kind, payload)
            if kind == _NOTIFY and not answer[0]:
                self.traffic.notifications += 1
                self.traffic.notified_bytes += len(payload) - _NOTIFY_HEAD_BYTES
            return answer

        self._board.route(types, counted)

    async def event(self, kind: int, payload: bytes) -> bool:
        """As the board's."""
        if kind == _WRITTEN:
            self.traffic.writes += 1
            self.traffic.written_bytes += len(payload) - _WRITTEN_HEAD_BYTES
        return await self._board.event(kind, payload)

    def on_box(self, handler: Callable[[bool], None]) -> None:
        """As the board's."""
        self._board.on_box(handler)


class Part:
    """A process that tells `progress N` and one JSON object; `answer()` waits for the object."""

    def __init__(
        self,
        argv: list[str],
        environment: Mapping[str, str],
        errors: Path,
        on_progress: Callable[[int], None],
    ) -> None:
        self._errors = errors
        self._on_progress = on_progress
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._child = Child(argv, {**os.environ, **environment}, errors, self._said, 1)

    def _said(self, text: str) -> None:
        if text.startswith(_PROGRESS):
            self._on_progress(int(text.removeprefix(_PROGRESS)))
        elif text.startswith("{") and not self._answer.done():
            self._answer.set_result(json.loads(text))
        else:
            with self._errors.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    async def __aenter__(self) -> Self:
        await self._child.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._child.kill()

    async def answer(self) -> Answer:
        """Its object. Raises RuntimeError when it ends, or ended, without one."""
        while not self._answer.done():
            await asyncio.wait([self._answer], timeout=0.2)
            if self._child.running:
                continue
            await self._child.kill()  # it ended by itself: this reads what it said last
            if not self._answer.done():
                said = self._errors.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"a part of the benchmark ended without a result: {said}")
        return self._answer.result()


def box(places: Places, firmware: Path, told: Callable[[str], None], **more: str) -> Child:
    """The box's process over the compiled files of a folder. `more`: of its environment."""
    environment = {
        **os.environ,
        "MICROPYPATH": f"{firmware}:.frozen",
        "ANBU_BOARD": str(places.board),
        "ANBU_FLASH": str(places.flash),
        **more,
    }
    argv = [MICROPYTHON, "-X", f"heapsize={HEAP}", str(firmware / "start.py")]
    return Child(argv, environment, places.errors("box"), told, 1)


class Stack:
    """A home's radio between a box and a gateway, each started as often as wanted."""

    def __init__(self, root: Path, progress: Progress) -> None:
        self.places = Places(root)
        self._progress = progress
        self._firmware = build("pillbox", _MODULES)
        self._named = build("pillbox", _MODULES, named=True)  # what the programs import
        self._board = Board(self.places.board)
        self.counter = CountingBoard(self._board)
        self._air = Air()

    async def __aenter__(self) -> Self:
        provision.provision(self.places, MICROPYTHON, SIMULATION)
        await self._board.start()
        await self._air.start(self.places.hci)
        self._air.add_box(self.counter)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._air.stop()
        await self._board.stop()

    def box(self, part: str, events: int = 0) -> Part:
        """The box: "fill", "seal" or "raw" of tools/bench/box; "" = the firmware as it is."""
        firmware = self._named if part else self._firmware
        programs = f"{_PROGRAMS}:" if part else ""
        environment = {
            "MICROPYPATH": f"{programs}{firmware}:.frozen",
            "ANBU_BOARD": str(self.places.board),
            "ANBU_FLASH": str(self.places.flash),
            "ANBU_BENCH": part,
            "ANBU_BENCH_EVENTS": str(events),
            "ANBU_FLASH_TIMES": "none" if part == "fill" else "typical",
        }
        start = str(firmware / "start.py")
        argv = [MICROPYTHON, "-X", f"heapsize={HEAP}", start]
        return self._part(argv, environment, part or "box", events)

    def gateway(self, part: str, events: int) -> Part:
        """The gateway's side: "raw" or "sync" of tools/bench/central."""
        argv = [sys.executable, "-m", "tools.bench.central", part, f"unix-client:{self.places.hci}"]
        argv += [DEVICE_ID, str(self.places.key), str(self.places.database), str(events)]
        return self._part(argv, {}, part, events)

    def _part(self, argv: list[str], environment: Mapping[str, str], name: str, total: int) -> Part:
        def told(done: int) -> None:
            self._progress.at(name, done, total)

        return Part(argv, environment, self.places.errors(name), told)
