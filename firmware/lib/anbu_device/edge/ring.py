"""A bounded queue from an interrupt handler to the program: one writer, one reader.

Knows: slots made beforehand. May not know: what an event means, a radio.
Only the writer moves `_in`, only the reader moves `_out`: no lock is needed. The writer allocates
nothing: an event's bytes are kept as they were handed over, not copied.
"""


class EventRing:
    """`slots - 1` events of (kind, who, number, up to `slot_bytes` bytes)."""

    def __init__(self, slots: int, slot_bytes: int) -> None:
        self._slots = [b""] * slots
        self._heads = [0] * (3 * slots)  # kind, who, number of each
        self._slot_bytes = slot_bytes
        self._in = 0
        self._out = 0
        self.overflow = False  # an event was lost; the reader clears it

    def put(self, kind: int, who: int, number: int, data: bytes) -> None:
        """Takes one event in; with no room, or too long a piece, it is lost: `overflow`."""
        after = (self._in + 1) % len(self._slots)
        if after == self._out or len(data) > self._slot_bytes:
            self.overflow = True
            return
        heads, at = self._heads, 3 * self._in
        heads[at] = kind
        heads[at + 1] = who
        heads[at + 2] = number
        self._slots[self._in] = data
        self._in = after

    def get(self) -> "tuple[int, int, int, bytes] | None":
        """The oldest event as (kind, who, number, data), None when there is none."""
        if self._out == self._in:
            return None
        at = 3 * self._out
        kind, who, number = self._heads[at : at + 3]
        data = self._slots[self._out]
        self._slots[self._out] = b""
        self._out = (self._out + 1) % len(self._slots)
        return kind, who, number, data
