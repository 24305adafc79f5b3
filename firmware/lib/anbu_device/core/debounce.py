"""Which contacts really changed.

Knows: a mask of contacts sampled over time. May not know: chips, lids, slots.
"""

from micropython import const

STABLE_MS = const(40)  # a contact counts as changed once it held this long
_CONTACTS = const(30)


class Debounce:
    """Debounces up to 30 contacts held in one integer mask (a small int on the chip).

    Each by itself: a contact that never rests must not hide the others.
    """

    def __init__(self, mask: int) -> None:
        self.mask = mask
        self._candidate = mask
        self._since_ms = [0] * _CONTACTS

    def sample(self, mask: int, uptime_ms: int) -> int:
        """Takes one reading; returns the bits that have just changed (0 = none).

        The new values are in `mask` afterwards.
        """
        moved, other = mask ^ self._candidate, mask ^ self.mask
        self._candidate = mask
        changed = contact = 0
        while moved >> contact or other >> contact:
            if moved >> contact & 1:
                self._since_ms[contact] = uptime_ms
            elif other >> contact & 1 and uptime_ms - self._since_ms[contact] >= STABLE_MS:
                changed |= 1 << contact
            contact += 1
        self.mask ^= changed
        return changed

    def settled(self) -> bool:
        """True when the last reading equals the debounced state."""
        return self._candidate == self.mask
