"""The chip's watchdog timer: it ends a process that stopped feeding it.

Knows: a time-out, a process id, asyncio's clock. May not know: why it was not fed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Frames may still lie in the socket when the time is up: a last look a little later.
_LAST_LOOK = 0.1


class Watchdog:
    """Armed by the first `feed`; calls `bite()` once when no feed came in time."""

    def __init__(self, bite: Callable[[], None], slack: float) -> None:
        """`slack` multiplies every time-out (a busy host under faketime looks slow)."""
        self._bite = bite
        self._slack = slack
        self._timeout_s = 0.0
        self._deadline_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def feed(self, timeout_ms: int) -> None:
        """Arms or feeds."""
        if timeout_ms <= 0:
            raise ValueError(f"watchdog of {timeout_ms} ms")
        self._timeout_s = timeout_ms / 1000 * self._slack
        self._deadline_s = asyncio.get_running_loop().time() + self._timeout_s
        if self._timer is None:
            self._wait(self._timeout_s)

    def disarm(self) -> None:
        """The chip was reset: no watchdog until it is armed again."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        late_s = asyncio.get_running_loop().time() - self._deadline_s
        if late_s < 0:
            self._wait(-late_s)
        elif late_s < self._timeout_s * _LAST_LOOK:
            self._wait(self._timeout_s * _LAST_LOOK)
        else:
            self._timer = None
            self._bite()
