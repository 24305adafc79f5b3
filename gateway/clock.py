"""What time it is: the one place of the gateway's own rooms that asks the computer.

Knows: the computer's clock, whether the kernel trusts it. May not know: who asks, time zones.
"""

from __future__ import annotations

import ctypes
import time

_TIMEX_BYTES = 512  # struct timex has 208; its first field, the modes, is 0: only read
_TIME_ERROR = 5  # adjtimex(2): "the system clock is not synchronized to a reliable server"
_NO_CALL = -1


class SystemClock:
    """The computer's clock."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that nobody sets; only differences mean anything."""
        return time.monotonic_ns() // 1_000_000

    def right(self) -> bool | None:
        """Whether the kernel says that a time server holds it right; None where it cannot be asked.

        Source: adjtimex(2) of the Linux manual.
        """
        adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)
        said = _NO_CALL if adjtimex is None else adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        return None if said == _NO_CALL else said != _TIME_ERROR
