"""Parts that live and end together.

Knows: coroutines. May not know: what any of them does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends or we are cancelled; the others are cancelled, its error is raised.

    Not a TaskGroup: there a child that fails at the moment of a cancellation swallows the latter,
    and the gateway would not stop.
    """
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
