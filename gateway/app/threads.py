"""What the page's threads want written down, done by the loop: wishes and entries.

Knows: how a thread waits for the loop. May not know: what a wish or an entry means (gateway.home,
gateway.entering), Flask.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable

from gateway.app.hub import Hub
from gateway.desk import DeskClosed
from gateway.entering import Entry, entered
from gateway.events import Event
from gateway.log import LogUnavailable
from gateway.orders import Wish

COMMIT_S = 20.0  # for what a thread brings to become facts


class FromThreads:
    """Takes what threads bring while it runs. Its methods are not for the loop's own thread."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop: asyncio.AbstractEventLoop | None = None

    def order(self, wish: Wish) -> None:
        """Make a wish an order; returns when it is committed.

        Raises orders.WishRefused, or DeskClosed where nothing can be written now.
        """
        self._commit(lambda now_ms: self._hub.home.order(wish, now_ms))

    def enter(self, entry: Entry) -> None:
        """Make an entry facts; returns when they are committed.

        Raises EntryRefused, or DeskClosed where nothing can be written now.
        """
        self._commit(lambda now_ms: entered(self._hub.home, entry, now_ms))

    async def run(self) -> None:
        """Take what comes until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.Event().wait()
        finally:
            self._loop = None

    def _commit(self, follows: Callable[[int], list[Event]]) -> None:
        if self._loop is None:
            raise DeskClosed("the gateway is not running")
        taking = asyncio.run_coroutine_threadsafe(self._record(follows), self._loop)
        try:
            taking.result(COMMIT_S)
        except LogUnavailable as error:
            raise DeskClosed(str(error)) from error
        except (TimeoutError, concurrent.futures.CancelledError) as error:
            taking.cancel()
            raise DeskClosed("the gateway does not answer") from error

    async def _record(self, follows: Callable[[int], list[Event]]) -> None:
        self._hub.record(*follows(self._hub.clock.now_ms()))
