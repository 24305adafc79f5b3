"""The chip's watchdog, fed by progress of every loop and by nothing else.

Knows: which loops have gone round since the last feed. May not know: a clock; what a loop does.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import WDT


class Watchdog:
    """`wdt` is a running `machine.WDT`; it is fed when each of `loops` loops reported progress."""

    def __init__(self, wdt: "WDT", loops: int) -> None:
        self._wdt = wdt
        self._all = (1 << loops) - 1
        self._seen = 0

    def progress(self, loop: int = 0) -> None:
        """Loop number `loop` (0 …) has gone round once more."""
        self._seen |= 1 << loop
        if self._seen == self._all:
            self._seen = 0
            self._wdt.feed()
