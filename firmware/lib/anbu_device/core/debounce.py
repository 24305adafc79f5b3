"""Which contacts really changed.

Knows: a mask of contacts sampled over time. May not know: chips, lids, slots.
"""

from micropython import const

STABLE_MS = const(40)  # a contact counts as changed once it held this long


class Debounce:
    """Debounces up to 30 contacts held in one integer mask (a small int on the chip)."""

    def __init__(self, mask: int) -> None:
        self.mask = mask
        self._candidate = mask
        self._since_ms = 0

    def sample(self, mask: int, uptime_ms: int) -> int:
        """Takes one reading; returns the bits that have just changed (0 = none).

        The new values are in `mask` afterwards.
        """
        if mask != self._candidate:
            self._candidate = mask
            self._since_ms = uptime_ms
            return 0
        if mask == self.mask or uptime_ms - self._since_ms < STABLE_MS:
            return 0
        changed = mask ^ self.mask
        self.mask = mask
        return changed

    def settled(self) -> bool:
        """True when the last reading equals the debounced state."""
        return self._candidate == self.mask
