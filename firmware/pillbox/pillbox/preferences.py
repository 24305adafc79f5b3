"""What somebody chose for this box, kept over restarts: how loud, which pitch.

Knows: names in the store, defaults. May not know: which chip keeps them, what sounds when.
`store` has get_i32(name), set_i32(name, value) and commit(), each raising OSError, as esp32.NVS.
"""

from micropython import const

from anbu_wire.messages import OK, REFUSED_STORAGE
from anbu_wire.settings import LOUDNESS, PARAMETERS, PITCH, allowed

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


_LOUDEST = const(3)


class Preferences:
    """The choices that hold now. What the store lost is at its default again."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._values = {LOUDNESS: _LOUDEST, PITCH: 0}
        for parameter in self._values:
            try:
                value = store.get_i32(PARAMETERS[parameter][0])
            except OSError:
                continue  # never chosen
            if allowed(parameter, value):
                self._values[parameter] = value

    @property
    def loudness(self) -> int:
        """The loudest that the box may be, 1–3."""
        return self._values[LOUDNESS]

    @property
    def pitch(self) -> int:
        """Which pitch of signals.PITCHES_PERCENT."""
        return self._values[PITCH]

    def rows(self) -> "list[tuple[int, int]]":
        """(parameter, value) of everything that can be chosen here, by number."""
        return sorted(self._values.items())

    def set(self, parameter: int, value: int) -> int:
        """Keeps a choice, then holds to it; a code of messages. The value is in its range."""
        if self._values[parameter] != value:
            try:
                self._store.set_i32(PARAMETERS[parameter][0], value)
                self._store.commit()
            except OSError:
                return REFUSED_STORAGE
            self._values[parameter] = value
        return OK
