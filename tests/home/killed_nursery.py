"""The process that gateways are forked from (killed_gateway.py), as a test talks to it.

Knows: its pipes, line by line. May not know: homes, what a gateway is for.

It outlives the homes and a test that failed: waiting for a line can be given up at any time.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.home.killed_gateway import THREADS
from tests.tree import ROOT

SHOWN = 3000  # characters of its standard error
AT_ONCE = 65536
SAYS_IN_S = 2.0  # so long a gateway may take to show its threads


class NurseryDied(Exception):  # noqa: N818 - what happened
    """It ended. Says what it had on standard error."""


class Nursery:
    """Use it for many homes, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "gateway.err"
        self._said = bytearray()  # no whole line yet
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.home.killed_gateway"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT}/firmware/lib"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def tell(self, line: str) -> None:
        """Ask for a gateway."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    async def hear(self) -> dict[str, Any]:
        """The next line it or its gateway tells. Raises NurseryDied."""
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._said:
            await _readable(pipe)
            some = os.read(pipe, AT_ONCE)
            if not some:
                raise NurseryDied(self.errors())
            self._said += some
        line, _, rest = self._said.partition(b"\n")
        self._said = rest
        said: dict[str, Any] = json.loads(line)
        return said

    def errors(self) -> str:
        """What it and the gateways said on standard error."""
        return self._errors.read_text(errors="replace")[-SHOWN:]

    def show_threads(self, pid: int) -> None:
        """That gateway says on standard error where its threads are; it must live."""
        before = self._errors.stat().st_size
        os.kill(pid, THREADS)
        until_s = time.monotonic() + SAYS_IN_S
        while self._errors.stat().st_size == before and time.monotonic() < until_s:
            time.sleep(0.1)

    def close(self) -> None:
        """It ends with its standard input."""
        self._process.kill()
        self._process.communicate()


async def _readable(pipe: int) -> None:
    """Until there is something to read, or the end."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(pipe)
