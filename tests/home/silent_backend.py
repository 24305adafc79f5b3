"""A radio on which nothing is ever heard, as a backend of its own: for gateways without a box.

Knows: what a backend must have. May not know: who runs it.
"""

from __future__ import annotations

import asyncio

scanner_class = None
client_class = None


async def open(hci: str) -> None:  # noqa: A001 - the backend's own names
    """There is no adapter: whoever waits for one waits."""
    await asyncio.Event().wait()


async def close() -> None:
    """Nothing was opened."""
