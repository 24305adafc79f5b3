"""SIPp as a process: a called party at a port of this computer.

Knows: the `sipp` command (Debian: sip-tester) and how it ends. May not know: scenarios, lines.

SIPp goes by the real clock: sped up it would need a whole processor to wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
MISSING = "anbu: this needs `sipp`; install it: apt-get install sip-tester"
_NOT_ITS_CLOCK = ("LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED")
_LOOK_S = 0.01  # of the real clock, as the next
_START_S = 10.0


def free_port() -> int:
    """A port that is free for UDP and TCP at this moment."""
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind((LOOPBACK, 0))
        port: int = tcp.getsockname()[1]
        udp.bind((LOOPBACK, port))
    return port


class Sipp:
    """`async with Sipp(folder, scenario) as called: … called.port`. SystemExit without `sipp`."""

    def __init__(
        self, folder: Path, scenario: str, *flags: str, port: int = 0, speed: int = 1
    ) -> None:
        """`flags`: more of SIPp's, as `-t t1` for TCP. `speed`: of the clock around it."""
        if shutil.which("sipp") is None:
            raise SystemExit(MISSING)
        self._folder = folder
        self._scenario = scenario
        self._flags = flags
        self._speed = speed
        self._process: asyncio.subprocess.Process | None = None
        self.port = port or free_port()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.port}"

    async def __aenter__(self) -> Self:
        """Start it; it is there when this returns."""
        await self.start()
        return self

    async def start(self) -> None:
        """Start it; it is there when this returns. TimeoutError: it does not listen."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path, output = (self._folder / f"called-{self.port}.{end}" for end in ("xml", "out"))
        path.write_text(self._scenario, encoding="utf-8")
        argv = ["-sf", str(path), "-i", LOOPBACK, "-mi", LOOPBACK, "-p", str(self.port)]
        argv += ["-nostdin", *self._flags]
        with output.open("ab") as told:
            self._process = await asyncio.create_subprocess_exec(
                *("sipp", *argv),
                cwd=self._folder,
                env={n: value for n, value in os.environ.items() if n not in _NOT_ITS_CLOCK},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
        for _ in range(round(_START_S / _LOOK_S)):
            if self._listens():
                return
            await asyncio.sleep(_LOOK_S * self._speed)
        raise TimeoutError(f"sipp does not listen; see {output}")

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        """Gone, at once."""
        await self.stop()

    async def stop(self) -> None:
        """Nobody is there any more."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def ends(self) -> int:
        """Wait until it has taken all the calls it was to (`-m`): 0, each went as written."""
        return await self._process.wait() if self._process else 0

    def _listens(self) -> bool:
        kind = socket.SOCK_STREAM if "t1" in self._flags else socket.SOCK_DGRAM
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((LOOPBACK, self.port))
            except OSError:
                return True
        return False
