"""The house's child processes: the box and the gateway.

Knows: starting, reading lines from, stopping and killing a process.
May not know: what the lines mean.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_STOP_REAL_S = 8.0
_LINE_LIMIT_BYTES = 1 << 20


class Child:
    """One process. `on_line(text)` gets every line of its standard output."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        errors: Path,
        on_line: Callable[[str], None],
        speed: int,
    ) -> None:
        self._argv = list(argv)
        self._environment = dict(environment)
        self._errors = errors
        self._on_line = on_line
        self._speed = speed
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id, None before the start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Starts it (again). Its standard error is appended to the errors file."""
        with self._errors.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=_LINE_LIMIT_BYTES,
            )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            self._on_line(line.decode(errors="replace").rstrip("\n"))

    async def stop(self) -> int | None:
        """SIGTERM, then SIGKILL when it does not go; returns its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int | None:
        """SIGKILL: as a power cut to that process."""
        return await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> int | None:
        process = self._process
        if process is None:
            return None
        if process.returncode is None:
            process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), _STOP_REAL_S * self._speed)
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._reader is not None:
            await self._reader
        return process.returncode

    def peak_memory_kib(self) -> int | None:
        """The most resident memory it had (VmHWM), None when it is gone."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        rows = [row for row in status.splitlines() if row.startswith("VmHWM:")]
        return int(rows[0].split()[1]) if rows else None
