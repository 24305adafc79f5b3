"""An event loop that does not wait: where nothing happens before a deadline, it is that deadline.

Knows: asyncio's loop and its selector, the gateway's clock. May not know: what runs on it.

Work still takes the time it takes, so that from a deadline on real seconds are measured; `frozen`:
work takes no time at all, and a run is the same each time.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine, Mapping
from typing import Any

from gateway.clock import SystemClock


class _Skipping(selectors.BaseSelector):
    """A selector that lets the loop's clock run instead of waiting."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.skipped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; where that is nothing the time is over at once.

        Raises RuntimeError where everybody waits for nothing.
        """
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("everybody waits and nothing is going to happen")
        self.skipped_s += max(0.0, timeout)
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401 - as in the standard library
        """As any selector."""
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401
        """As any selector."""
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """As any selector."""
        return self._real.get_map()

    def close(self) -> None:
        """As any selector."""
        self._real.close()


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its time is what was skipped and, unless `frozen`, what work took."""

    def __init__(self, *, frozen: bool) -> None:
        self._skipping = _Skipping()
        self._frozen = frozen
        super().__init__(self._skipping)

    def time(self) -> float:
        """Seconds since some instant."""
        return self._skipping.skipped_s + (0.0 if self._frozen else time.perf_counter())


class LoopClock(SystemClock):
    """The gateway's clock on such a loop: it shows `begins_ms` when it is made."""

    def __init__(self, loop: SkippingLoop, begins_ms: int) -> None:
        self._loop = loop
        self._zero_s = loop.time() - begins_ms / 1000

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return int(self.exactly_ms() + 0.001)

    def exactly_ms(self) -> float:
        """The same with what is less than one."""
        return (self._loop.time() - self._zero_s) * 1000

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that nobody sets."""
        return self.now_ms()

    async def until(self, at_ms: int) -> None:
        """Sleep until this clock shows an instant."""
        await asyncio.sleep(max(0, at_ms - self.exactly_ms()) / 1000)


def run(loop: SkippingLoop, work: Coroutine[Any, Any, None]) -> None:
    """Run on a loop to the end, and close it."""
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()
