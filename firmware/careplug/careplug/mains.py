"""Whether there is mains, as a meter sees it that lives on another supply.

Knows: volts and how long they have been so. May not know: loads, why the mains went.
"""

from micropython import const

_LOST_MV = const(100_000)
_BACK_MV = const(120_000)
_HOLD_MS = const(3_000)


class Mains:
    """`there` changes when the volts have said otherwise for three seconds."""

    def __init__(self) -> None:
        self.there = True
        self._doubted = False
        self._since_ms = 0

    def sample(self, uptime_ms: int, millivolts: int) -> bool:
        """A reading. True: `there` has changed."""
        other = millivolts < _LOST_MV if self.there else millivolts > _BACK_MV
        if not other:
            self._doubted = False
        elif not self._doubted:
            self._doubted = True
            self._since_ms = uptime_ms
        elif uptime_ms - self._since_ms >= _HOLD_MS:
            self._doubted = False
            self.there = not self.there
            return True
        return False
