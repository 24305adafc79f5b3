"""An event loop whose time stands still while there is work and leaps when there is none.

Knows: asyncio's selector loop. May not know: what runs in it.

Only for what lives wholly in memory: a descriptor's peer would not see the leap.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Leaping(selectors.DefaultSelector):
    """Instead of waiting it lets the loop's time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; if that is nothing, `timeout` seconds have passed."""
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits and nothing will ever happen: a test is stuck")
        if not ready and timeout is not None:
            self.now_s += timeout
        return ready


class StillLoop(asyncio.SelectorEventLoop):
    """A loop that needs no time of its own."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds that passed in it."""
        return self._leaping.now_s


def run(main: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, in a time of its own."""
    with asyncio.Runner(loop_factory=StillLoop) as runner:
        return runner.run(main)
