"""SIPp as a process: a called party at a port of this computer.

Knows: the `sipp` command (Debian: sip-tester) and how it ends. May not know: scenarios, lines.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
MISSING = "anbu: this needs `sipp`; install it: apt-get install sip-tester"
_LOOK_S = 0.01
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

    def __init__(self, folder: Path, scenario: str, *flags: str, port: int = 0) -> None:
        """`flags`: more of SIPp's, as `-t t1` for TCP."""
        if shutil.which("sipp") is None:
            raise SystemExit(MISSING)
        self._folder = folder
        self._scenario = scenario
        self._flags = flags
        self._process: asyncio.subprocess.Process | None = None
        self.port = port or free_port()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.port}"

    async def __aenter__(self) -> Self:
        """Start it; it is there when this returns."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"called-{self.port}.xml"
        path.write_text(self._scenario, encoding="utf-8")
        argv = ["-sf", str(path), "-i", LOOPBACK, "-mi", LOOPBACK, "-p", str(self.port)]
        argv += ["-nostdin", *self._flags]
        with (self._folder / f"called-{self.port}.out").open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *("sipp", *argv),
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        async with asyncio.timeout(_START_S):
            while not self._listens():  # noqa: ASYNC110  # another process opens it
                await asyncio.sleep(_LOOK_S)
        return self

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
