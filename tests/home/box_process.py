"""Runs a MicroPython program over the virtual board, and speaks with it line by line.

Knows: how the house starts a box. May not know: what a test wants of it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tools.home.machine.board import Board

ROOT = Path(__file__).parents[2]
SIMULATION = ROOT / "tools" / "home" / "machine_sim"
MICROPYTHON = Path(sys.executable).parent / "micropython"
LINE_TIMEOUT_S = 30.0


_boxes: list[BoxProcess] = []  # started and not known to have ended

# The program's `wait()` returns when the test says so.
_HEAD = "import sys\nwait = sys.stdin.readline\n\n"


class BoxProcess:
    """One run of a program whose text is the body of `run()`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        """The next line it prints; fails when it ended or is silent for half a minute."""
        assert self.process.stdout is not None
        data = await asyncio.wait_for(self.process.stdout.readline(), LINE_TIMEOUT_S)
        assert data, f"the box's process ended with {await self.process.wait()}"
        return data.decode().rstrip()

    def say(self) -> None:
        """Lets its `wait()` return."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")

    async def values(self) -> list[int]:
        """The next line as integers."""
        return [int(word) for word in (await self.line()).split()]

    async def ended(self) -> int:
        """Its exit code (negative: the signal)."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await asyncio.wait_for(self.process.wait(), LINE_TIMEOUT_S)


async def start_box(folder: Path, program: str, **environment: str) -> BoxProcess:
    """Starts a box whose `main.run()` has this body; its board is at `folder`/board.sock."""
    app, flash = folder / "app", folder / "flash"
    app.mkdir(exist_ok=True)
    flash.mkdir(exist_ok=True)
    body = textwrap.indent(textwrap.dedent(program).strip(), "    ")
    (app / "main.py").write_text(f"{_HEAD}def run():\n{body}\n", encoding="utf-8")
    path = (SIMULATION, app, ROOT / "firmware" / "pillbox", ROOT / "firmware" / "lib")
    box = BoxProcess(
        await asyncio.create_subprocess_exec(
            *(MICROPYTHON, "-X", "heapsize=320K", SIMULATION / "start.py"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={
                **os.environ,
                "ANBU_BOARD": str(folder / "board.sock"),
                "ANBU_FLASH": str(flash),
                "MICROPYPATH": ":".join(map(str, path)),
                **environment,
            },
        )
    )
    _boxes.append(box)
    return box


async def end_boxes() -> None:
    """Ends every box still running: a failed test leaves no process behind."""
    while _boxes:
        box = _boxes.pop()
        if box.process.returncode is None:
            box.process.kill()
        await box.ended()


@asynccontextmanager
async def board_at(folder: Path, watchdog_slack: float = 1.0) -> AsyncIterator[Board]:
    """A running board at `folder`/board.sock."""
    board = Board(folder / "board.sock", watchdog_slack=watchdog_slack)
    await board.start()
    try:
        yield board
    finally:
        await end_boxes()
        await board.stop()


@asynccontextmanager
async def box_at(folder: Path, program: str) -> AsyncIterator[tuple[Board, BoxProcess]]:
    """A board with a box whose program is running; it is ended at the end."""
    async with board_at(folder) as board:
        yield board, await start_box(folder, program)
