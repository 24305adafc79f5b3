"""A chip that may fail: calls it, and after a bus error leaves it alone for a while.

Knows: OSError, ticks. May not know: which chip it is.
The first failure may be a disturbance: the chip is tried again after a second, then after 4 and
16, then once a minute.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

_FIRST_MS = const(1000)
_LONGER = const(4)
_LONGEST_MS = const(60_000)
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
        self._wait_ms = 0
        self.faulty = False

    def call(self, default: "T", method: "Callable[..., T]", argument: "object" = None) -> "T":
        """`method()` or `method(argument)`; `default` while the chip is faulty.

        Allocates nothing by itself (a star would): hand over methods that were bound before.
        """
        if self.faulty and (self._ticks_ms() - self._since_ms) & _TICKS_MASK < self._wait_ms:
            return default
        try:
            if not self._ready and self._setup is not None:
                self._setup()
            self._ready = True
            answer = method() if argument is None else method(argument)
        except OSError:
            self._fail()
            return default
        self.faulty = False
        self._wait_ms = 0
        return answer

    def trust(self) -> None:
        """The chip is set up already: the next call uses it as it is."""
        self._ready = True

    def _fail(self) -> None:
        self._ready = False
        self.faulty = True
        self._since_ms = self._ticks_ms()
        self._wait_ms = min(self._wait_ms * _LONGER or _FIRST_MS, _LONGEST_MS)
