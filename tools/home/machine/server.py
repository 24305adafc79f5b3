"""The board's end of the link to the box's process: frames, requests, events, one client.

Knows: the socket, frames (`u16 LE payload length, u8 type, payload`), whose process is at the other
end. May not know: chips or what a request means.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

logger = logging.getLogger(__name__)

ANSWER = 0x80
REFUSED = 0xFF
_HEAD = struct.Struct("<HB")

Answerer = Callable[[int, bytes], Awaitable[bytes]]


class LinkServer:
    """Serves one box's process at a time; a new connection takes the place of the old one.

    `answer(type, payload)` is awaited for every request, in order. `on_box(connected)` is told
    when a process arrives (before its first request is read) and when it is gone.
    """

    def __init__(self, path: Path, answer: Answerer, on_box: Callable[[bool], None]) -> None:
        """Keeps its arguments; nothing is opened before `start`."""
        self._path = path
        self._answer = answer
        self._on_box = on_box
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._serving: asyncio.Task[None] | None = None
        self.peer_pid = 0
        self.events_sent = 0  # to this process
        self.on_sent: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Opens the socket; raises OSError if the path cannot be bound."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)

    async def stop(self) -> None:
        """Closes the socket and the connection; the box's process ends itself then."""
        if self._server is not None:
            self._server.close()
        await self._drop_current()
        self._path.unlink(missing_ok=True)

    @property
    def connected(self) -> bool:
        """Whether a box's process is there."""
        return self._writer is not None

    def drop(self) -> None:
        """Reads nothing more from the present connection: its process has lost power."""
        if self._serving is not None:
            self._serving.cancel()

    async def event(self, kind: int, payload: bytes) -> bool:
        """Sends an event; False when there is no process to take it."""
        sent = self.event_now(kind, payload)
        if sent and self._writer is not None:
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()
        return sent

    def event_now(self, kind: int, payload: bytes) -> bool:
        """As `event`, without waiting for the socket to drain."""
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(_HEAD.pack(len(payload), kind) + payload)
        self.events_sent += 1
        self.on_sent()
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._drop_current()
        self._serving = asyncio.current_task()
        self._writer = writer
        self.events_sent = 0
        self.peer_pid = _peer_pid(writer)
        self._on_box(True)
        try:
            while True:
                await self._one_request(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            # The ordinary ends: the process died, or a newer one (or stop) took its place.
            logger.debug("box process %d gone", self.peer_pid)
        finally:
            self._writer = None
            self.peer_pid = 0
            writer.close()
            self._on_box(False)

    async def _one_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        size, kind = _HEAD.unpack(await reader.readexactly(_HEAD.size))
        payload = await reader.readexactly(size)
        try:
            answer, kind = await self._answer(kind, payload), kind | ANSWER
        except (ValueError, LookupError, struct.error) as error:
            # The box's program asked for something this board does not have: it is told.
            answer, kind = f"request 0x{kind:02x} refused: {error!r}".encode(), REFUSED
        writer.write(_HEAD.pack(len(answer), kind) + answer)
        await writer.drain()

    async def _drop_current(self) -> None:
        task = self._serving
        self._serving = None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])


def _peer_pid(writer: asyncio.StreamWriter) -> int:
    """The process at the other end, as the kernel names it."""
    sock = writer.get_extra_info("socket")
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid: int = struct.unpack("3i", credentials)[0]
    return pid
