"""A chip that may fail: calls it, and after a bus error leaves it alone for a minute.

Knows: OSError, a minute of ticks. May not know: which chip it is.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

_RETRY_MS = const(60_000)
_TICKS_MASK = const(0x3FFFFFFF)


class Guard:
    """`setup()` is called before the first use and before every return to a chip that failed."""

    def __init__(
        self, ticks_ms: "Callable[[], int]", setup: "Callable[[], None] | None" = None
    ) -> None:
        self._ticks_ms = ticks_ms
        self._setup = setup
        self._ready = False
        self._since_ms = 0
        self.faulty = False

    def call(self, default: "T", method: "Callable[..., T]", *args: object) -> "T":
        """`method(*args)`, or `default` while the chip is faulty."""
        if self.faulty and (self._ticks_ms() - self._since_ms) & _TICKS_MASK < _RETRY_MS:
            return default
        try:
            if not self._ready and self._setup is not None:
                self._setup()
            self._ready = True
            answer = method(*args)
        except OSError:
            self._ready = False
            self.faulty = True
            self._since_ms = self._ticks_ms()
            return default
        self.faulty = False
        return answer

    def forget(self) -> None:
        """The chip lost its registers: set it up again at the next call."""
        self._ready = False
