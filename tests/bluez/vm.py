"""The judge's computer, running: qemu without hardware help, its console as lines of JSON.

Knows: qemu's command line, one object a line, how long anything may take.
May not know: what the lines mean.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEMORY_MIB = 768
LINE_LIMIT_BYTES = 1 << 20
OFF_S = 30.0
KERNEL_LINE = "console=ttyS0 quiet loglevel=3 panic=-1 rdinit=/init"

Fact = dict[str, Any]


class VmError(Exception):
    """The machine did not do what was waited for; one line says what, and what it said last."""


class Machine:
    """One run of the machine. `note(text)` gets every line it says, for the transcript."""

    def __init__(self, hci: Path, note: Callable[[str], None]) -> None:
        self._hci = hci
        self._note = note
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.facts: list[Fact] = []

    async def start(self, kernel: Path, initrd: Path) -> None:
        """Start it; its second serial port is plugged into the controller behind `hci`."""
        argv = ["qemu-system-x86_64", "-nodefaults", "-no-reboot", "-display", "none"]
        argv += ["-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(MEMORY_MIB)]
        argv += ["-kernel", str(kernel), "-initrd", str(initrd), "-append", KERNEL_LINE]
        argv += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        argv += [
            "-chardev",
            f"socket,id=hci,path={self._hci},reconnect=1",
            "-serial",
            "chardev:hci",
        ]
        self._process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_LIMIT_BYTES,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            text = line.decode(errors="replace").strip()
            text = "".join(c if c.isprintable() else "?" for c in text)  # a line being opened
            if not text:
                continue
            self._note(text)
            with contextlib.suppress(ValueError):
                fact = json.loads(text)
                if isinstance(fact, dict):
                    self.facts.append({**fact, "heard_s": time.monotonic()})
            self._news.set()
        self._news.set()

    def tell(self, words: str) -> None:
        """Say one line to the judge."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(f"{words}\n".encode())

    async def until(self, what: Callable[[Fact], bool], why: str, limit_s: float) -> Fact:
        """The first fact, said or still to be said, that is `what`; VmError with `why`."""
        looked_at = 0
        try:
            async with asyncio.timeout(limit_s):
                while True:
                    self._news.clear()
                    for fact in self.facts[looked_at:]:
                        if fact.get("said") == "failed":
                            raise VmError(f"{why}: {fact['why']}")
                        if what(fact):
                            return fact
                    looked_at = len(self.facts)
                    if self._reader is None or self._reader.done():
                        raise VmError(f"{why}: the machine ended; {self._last()}")
                    await self._news.wait()
        except TimeoutError:
            raise VmError(f"{why}: not within {limit_s:.0f} s; {self._last()}") from None

    def _last(self) -> str:
        return f"it said last: {json.dumps(self.facts[-1:])}"

    def said(self, what: str) -> list[Fact]:
        """Every fact of that name so far."""
        return [fact for fact in self.facts if fact.get("said") == what]

    async def stop(self) -> None:
        """Have it end in order, else switch it off."""
        process = self._process
        if process is None:
            return
        try:
            if process.returncode is None:
                self.tell("off")
                async with asyncio.timeout(OFF_S):
                    await process.wait()
        except (TimeoutError, OSError):
            process.kill()
            await process.wait()
        if self._reader:
            await self._reader
