"""TLS in front of the page: what comes in encrypted goes on in the clear, inside this machine.

Knows: asyncio's TLS, bytes both ways. May not know: HTTP, the page.

It runs in a thread and a loop of its own: a slow browser never holds back a text.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections import Counter
from pathlib import Path

HANDSHAKE_S = 10.0
IDLE_S = 120.0  # neither way; the page's streams say something each 15 s
OPEN_MOST = 96  # the page's server itself takes 100
OPEN_OF_ONE = 32  # from one address: nobody keeps all others out
_PART = 64 * 1024


class Front:
    """Accepts TLS and passes it to a port of the loopback."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises OSError (ssl.SSLError is one) where they cannot be used."""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.load_cert_chain(certificate, key)
        self._askers: dict[int, str] = {}
        self._open: Counter[str] = Counter()  # connections by address
        self._inner = 0
        self.port = 0

    def asker(self, port: int) -> str | None:
        """The address of whoever comes to the page from this port of ours."""
        return self._askers.get(port)

    def start(self, host: str, port: int, inner: int) -> None:
        """Listen, in a thread of its own. Raises OSError where the port cannot be used."""
        self._inner = inner
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="tls", daemon=True).start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(host, port), loop)
        self.port = listening.result()

    async def _listen(self, host: str, port: int) -> int:
        server = await asyncio.start_server(
            self._guest, host, port, ssl=self._context, ssl_handshake_timeout=HANDSHAKE_S
        )
        return int(server.sockets[0].getsockname()[1])

    async def _guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asker = (writer.get_extra_info("peername") or ("",))[0]
        if self._open.total() >= OPEN_MOST or self._open[asker] >= OPEN_OF_ONE:
            writer.close()
            return
        self._open[asker] += 1
        try:
            await self._go_between(reader, writer, asker)
        finally:
            self._open[asker] -= 1
            self._open += Counter()  # only those who are there are kept

    async def _go_between(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asker: str
    ) -> None:
        ours = 0
        try:
            in_reader, in_writer = await asyncio.open_connection("127.0.0.1", self._inner)
        except OSError:  # the page is gone: so is this connection
            writer.close()
            return
        try:
            ours = in_writer.get_extra_info("sockname")[1]
            self._askers[ours] = asker
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S) as idle:
                    await asyncio.gather(
                        _pass(reader, in_writer, idle), _pass(in_reader, writer, idle)
                    )
        finally:
            self._askers.pop(ours, None)
            in_writer.close()
            writer.close()


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, idle: asyncio.Timeout
) -> None:
    """Bytes one way, until its end. Who only listens to a stream is not idle: either way counts."""
    with contextlib.suppress(OSError):  # either side may go away at any byte
        while part := await reader.read(_PART):
            writer.write(part)
            await writer.drain()
            idle.reschedule(asyncio.get_running_loop().time() + IDLE_S)
    writer.close()
