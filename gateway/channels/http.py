"""One HTTP request and its answer, knowing at every fault whether the request had left.

Knows: h11 over a socket of asyncio, TLS, one deadline for all of it, how large an answer may be.
May not know: what is asked and what an answer means.

Nothing is followed (no redirects, no proxies) and nothing is tried twice.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

MAX_ANSWER_BYTES = 256 * 1024
MAX_HEAD_BYTES = 16 * 1024
READ_BYTES = 16 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: an absolute URL (http or https), headers beside the usual ones, a body."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of a server."""

    status: int
    body: bytes


class NotAsked(Exception):  # noqa: N818 - an answer to the caller, not an error of this program
    """No connection came about: nothing of the request has left."""


class AnswerLost(Exception):  # noqa: N818 - same
    """The request may have arrived; no answer came that can be read."""


async def ask(
    request: Request, *, timeout_s: float, context: ssl.SSLContext | None = None
) -> Answer:
    """The server's answer. Raises NotAsked or AnswerLost, one line each.

    `timeout_s` is for everything together; `context`: which certificates are believed (None: those
    the system believes).
    """
    exchange = _Exchange(request, context)
    try:
        async with asyncio.timeout(timeout_s):
            return await exchange.run()
    except TimeoutError as error:
        raise exchange.failed(f"no answer within {timeout_s:g} s") from error
    except OSError as error:  # refused, no such name, a certificate that is not believed, cut
        raise exchange.failed(str(error) or type(error).__name__) from error
    except h11.ProtocolError as error:
        raise exchange.failed(f"what came is not HTTP: {error}") from error
    finally:
        exchange.close()


class _Exchange:
    """One connection with one request on it."""

    def __init__(self, request: Request, context: ssl.SSLContext | None) -> None:
        self._request = request
        self._parts = urlsplit(request.url)
        self._tls = context or ssl.create_default_context()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._writer: asyncio.StreamWriter | None = None
        self._left = False

    async def run(self) -> Answer:
        """Connect, ask, read to the end."""
        scheme, host = self._parts.scheme, self._parts.hostname or ""
        reader, self._writer = await asyncio.open_connection(
            host,
            self._parts.port or PORTS[scheme],
            ssl=self._tls if scheme == "https" else None,
        )
        data = self._head_and_body()
        self._left = True  # before the write: half of it may get through
        self._writer.write(data)
        await self._writer.drain()
        return await self._read(reader)

    def failed(self, why: str) -> NotAsked | AnswerLost:
        """The fault as the exception that says whether the request had left."""
        return AnswerLost(why) if self._left else NotAsked(why)

    def close(self) -> None:
        """Give the socket back at once, whatever is still on it."""
        if self._writer is not None:
            self._writer.transport.abort()

    def _head_and_body(self) -> bytes:
        asked = self._request
        target = self._parts.path + (f"?{self._parts.query}" if self._parts.query else "")
        headers = {
            "Host": self._parts.netloc,
            "Connection": "close",
            "Content-Length": str(len(asked.body)),
            **asked.headers,
        }
        head = h11.Request(method=asked.method, target=target, headers=list(headers.items()))
        events = (head, h11.Data(data=asked.body), h11.EndOfMessage())
        return b"".join(self._http.send(event) or b"" for event in events)

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        status, body = 0, bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await reader.read(READ_BYTES))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MAX_ANSWER_BYTES:
                    raise OSError(f"its answer has more than {MAX_ANSWER_BYTES} bytes")
            elif isinstance(event, h11.EndOfMessage):
                return Answer(status, bytes(body))
            elif isinstance(event, h11.ConnectionClosed):
                raise OSError("it closed the connection without an answer")
