"""How a loop of the gateway waits.

Knows: events and their time limits. May not know: what is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib

LOOK_AGAIN_MS = 60_000  # a wall clock that was set forward is noticed so soon
AFTER_TROUBLE_S = 5.0


async def until_set(event: asyncio.Event, wait_ms: int) -> None:
    """Until the event is set, or so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0, wait_ms) / 1000):
            await event.wait()
