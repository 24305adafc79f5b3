"""An event loop whose time jumps over the stretches in which nobody has anything to do.

Knows: asyncio's selector loop. May not know: who waits for what.

Between two timers nothing happens in a house whose processes all wait: instead of sleeping until
the next one the loop takes the time as gone by. It does so only while `may_skip()` says that nobody
outside this process is at work. What is at work takes its real time, the skipped time is counted.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class _Selector(selectors.DefaultSelector):
    """Waits really only while it may not skip."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped_s = 0.0
        self.may_skip: Callable[[], bool] = lambda: False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As any selector's, but for the skipping."""
        ready = super().select(0)
        if ready or timeout is None or timeout <= 0 or not self.may_skip():
            return ready or super().select(timeout)
        self.skipped_s += timeout
        return []


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop of which `time()` goes on by what was skipped; set `may_skip` to begin."""

    def __init__(self) -> None:
        self._own = _Selector()
        super().__init__(self._own)

    def time(self) -> float:
        """Seconds, real and skipped."""
        return super().time() + self._own.skipped_s

    def skipped_s(self) -> float:
        """How much was skipped so far."""
        return self._own.skipped_s

    def skip_while(self, may_skip: Callable[[], bool]) -> None:
        """Skips from now on whenever `may_skip()`."""
        self._own.may_skip = may_skip


def run(main: Any) -> Any:  # noqa: ANN401  # as asyncio.run
    """Runs a coroutine in a skipping loop."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(main)
