"""The chip's own ticks: the only place in the firmware that asks the time.

Knows: time.ticks_ms, time.sleep_us. May not know: what is done with it (core/clock unwraps it).
"""

import time


def ticks_ms() -> int:
    """Milliseconds since some moment, wrapping at 2^30."""
    return time.ticks_ms()  # type: ignore[return-value]  # the stubs hide that it is an int


def pause_us(us: int) -> None:
    """Waits so long with everything standing still: for a bus's half bit, never for more."""
    time.sleep_us(us)
