"""A number that never comes twice, over restarts and power cuts, and wears no flash.

Knows: one name in a store, blocks. May not know: what is counted, a radio.
The store holds the first number that nobody was promised. A block is reserved there before its
first number is used; what is left of it at a restart is never used. Without a number in the store
(provisioning writes the 0), or where it takes none, there is no next one.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.core.choices import Store

BLOCK = const(1024)
NONE = const(-1)
_LAST = const(0x7FFFFFFF)  # what the store can hold


class Counter:
    """`next()` counts up. `store` as in core.choices."""

    def __init__(self, store: "Store", name: str) -> None:
        self._store = store
        self._name = name
        self._next = 0
        self._reserved = 0  # numbers below it may be used

    def next(self) -> int:
        """The next number, NONE where the store promises none."""
        if self._next == self._reserved and not self._reserve():
            return NONE
        number = self._next
        self._next += 1
        return number

    def _reserve(self) -> bool:
        """A block more, written down before the first of it is used."""
        try:
            first = max(self._store.get_i32(self._name), self._reserved)  # never goes back
            if not 0 <= first <= _LAST - BLOCK:
                return False
            self._store.set_i32(self._name, first + BLOCK)
            self._store.commit()
        except OSError:
            return False
        self._next = first
        self._reserved = first + BLOCK
        return True
