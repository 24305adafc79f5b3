"""What time it is: the one place of the gateway's own rooms that asks the computer.

Knows: the computer's clock. May not know: who asks, time zones.
"""

from __future__ import annotations

import time


class SystemClock:
    """The computer's clock."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that nobody sets; only differences mean anything."""
        return time.monotonic_ns() // 1_000_000
