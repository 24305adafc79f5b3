"""How a loop of the gateway waits.

Knows: events and their time limits, a log that cannot be written. May not know: what is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from gateway.log import LogUnavailable
from gateway.units import MIN_MS

LOOK_AGAIN_MS = MIN_MS  # a wall clock that was set forward is noticed so soon
AFTER_TROUBLE_S = 5.0

_log = logging.getLogger(__name__)


async def until_set(event: asyncio.Event, wait_ms: int) -> None:
    """Until the event is set, or so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0, wait_ms) / 1000):
            await event.wait()


async def at_each(
    news: asyncio.Event, work: Callable[[], None], wait_ms: Callable[[], int]
) -> None:
    """Until cancelled: `work`, again at news or after `wait_ms()`, soon where the log is away."""
    while True:
        news.clear()
        try:
            work()
        except LogUnavailable as error:
            _log.warning("%s; tried again in %.0f s", error, AFTER_TROUBLE_S)
            await asyncio.sleep(AFTER_TROUBLE_S)
        else:
            await until_set(news, wait_ms())
