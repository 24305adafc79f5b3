"""What somebody chose for a device, kept over restarts.

Knows: names in the store, ranges, defaults. May not know: which chip keeps them, what they do.
`store` has get_i32(name), set_i32(name, value) and commit(), each raising OSError, as esp32.NVS.
"""

from anbu_wire.messages import OK, REFUSED_STORAGE
from anbu_wire.settings import PARAMETERS

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class Store(Protocol):
        """Numbers by name, kept over restarts."""

        def get_i32(self, key: str) -> int:
            """A stored number; OSError where there is none."""

        def set_i32(self, key: str, value: int) -> None:
            """Stores a number."""

        def commit(self) -> None:
            """Everything set so far is kept."""


class Choices:
    """The choices that hold now, by parameter. What the store lost is at its default again."""

    def __init__(self, store: "Store", defaults: "dict[int, int]") -> None:
        self._store = store
        self.values = dict(defaults)
        for parameter in defaults:
            name, lowest, highest, _settable = PARAMETERS[parameter]
            try:
                value = store.get_i32(name)
            except OSError:
                continue  # never chosen
            if lowest <= value <= highest:
                self.values[parameter] = value

    def rows(self) -> "list[tuple[int, int]]":
        """(parameter, value) of everything that can be chosen here, by number."""
        return sorted(self.values.items())

    def set(self, parameter: int, value: int) -> int:
        """Keeps a choice, then holds to it; a code of messages. The value is in its range."""
        if self.values[parameter] != value:
            try:
                self._store.set_i32(PARAMETERS[parameter][0], value)
                self._store.commit()
            except OSError:
                return REFUSED_STORAGE
            self.values[parameter] = value
        return OK
