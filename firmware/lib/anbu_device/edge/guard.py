"""A chip that may fail: after a bus error or a silence it is left alone for a while.

Knows: OSError, ticks. May not know: which chip it is.
The first failure may be a disturbance: the chip is tried again after a second, then after 4 and
16, then once a minute. `Guard` calls a chip that answers at once, `Patience` is for a driver whose
answers come later.
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


class Patience:
    """How long a chip that failed is left alone; `faulty` until it did what it should."""

    def __init__(self) -> None:
        self._since_ms = 0
        self._wait_ms = 0
        self.faulty = False

    def resting(self, now_ms: int) -> bool:
        """Whether the chip failed so lately that it is not tried now."""
        return self.faulty and (now_ms - self._since_ms) & _TICKS_MASK < self._wait_ms

    def good(self) -> None:
        """The chip did what it should."""
        self.faulty = False
        self._wait_ms = 0

    def bad(self, now_ms: int) -> None:
        """The chip failed, once more or for the first time."""
        self.faulty = True
        self._since_ms = now_ms
        self._wait_ms = min(self._wait_ms * _LONGER or _FIRST_MS, _LONGEST_MS)


class Guard(Patience):
    """`setup()` is called before the first use and before every return to a chip that failed."""

    def __init__(
        self, ticks_ms: "Callable[[], int]", setup: "Callable[[], None] | None" = None
    ) -> None:
        super().__init__()
        self._ticks_ms = ticks_ms
        self._setup = setup
        self._ready = False

    def call(self, default: "T", method: "Callable[..., T]", argument: "object" = None) -> "T":
        """`method()` or `method(argument)`; `default` while the chip is faulty.

        Allocates nothing by itself (a star would): hand over methods that were bound before.
        """
        if self.faulty and self.resting(self._ticks_ms()):
            return default
        try:
            if not self._ready and self._setup is not None:
                self._setup()
            self._ready = True
            answer = method() if argument is None else method(argument)
        except OSError:
            self._ready = False
            self.bad(self._ticks_ms())
            return default
        self.good()
        return answer

    def trust(self) -> None:
        """The chip is set up already: the next call uses it as it is."""
        self._ready = True
