"""A SIP line and the SIPp that it calls, for the tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from gateway.calls.line import Ended, Heard, LineDown, OpenCall
from gateway.telephone.said import SipAccount
from gateway.telephone.sip import SipCall, SipLine

T = TypeVar("T")
NUMBER = "010-1234-5678"
PATIENCE_MS = 8_000


def run(work: Coroutine[Any, Any, T]) -> T:
    """To its end, or a failure."""

    async def bounded() -> T:
        async with asyncio.timeout(12):
            return await work

    return asyncio.run(bounded())


def account(server: str, **more: Any) -> SipAccount:  # noqa: ANN401  # of SipAccount's fields
    """At a SIPp on loopback, which knows us by our address."""
    plain = {"transport": "udp", "media_encrypted": False, "interface": "127.0.0.1"}
    return SipAccount("anbu", "127.0.0.1", server, **{**plain, **more})


def line_to(
    server: str, lines: int = 1, **more: str
) -> contextlib.AbstractAsyncContextManager[SipLine]:
    """A line that is up, at that server."""
    return line_of(account(server, **more), lines)


@contextlib.asynccontextmanager
async def line_of(account: SipAccount, lines: int = 1) -> AsyncIterator[SipLine]:
    """A line that is up."""
    line = SipLine(account, lines)
    await line.start()
    try:
        await until_up(line)
        yield line
    finally:
        await line.close()


async def until(truth: Callable[[], object]) -> None:
    """Until it is so; another process makes it so."""
    while not truth():  # noqa: ASYNC110  # nothing here is told when it is
        await asyncio.sleep(0.01)


async def until_up(line: SipLine) -> None:
    """Until somebody can be called."""
    await until(lambda: not line.down)


async def opened(line: SipLine) -> SipCall:
    """A call that was answered."""
    call = await line.dial(NUMBER, 5_000)
    assert isinstance(call, SipCall), call
    return call


async def all_heard(call: OpenCall) -> list[Heard]:
    """Everything to the end of the call, or until nothing comes any more."""
    heard: list[Heard] = []
    while True:
        one = await call.heard(PATIENCE_MS)
        if one is not None:
            heard.append(one)
        if one is None or isinstance(one, Ended):
            return heard


def is_dead(outcome: object) -> bool:
    """Whether it says that our line failed, and how."""
    return isinstance(outcome, LineDown) and bool(outcome.why)
