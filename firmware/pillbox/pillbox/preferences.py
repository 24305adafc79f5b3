"""What somebody chose for this box, kept over restarts: how loud, which pitch, quiet when, away.

Knows: names in the store, defaults. May not know: which chip keeps them, what sounds when.
`store` has get_i32(name), set_i32(name, value) and commit(), each raising OSError, as esp32.NVS.
"""

from micropython import const

from anbu_wire.messages import OK, REFUSED_STORAGE
from anbu_wire.settings import (
    AWAY_FROM_S,
    AWAY_UNTIL_S,
    LOUDNESS,
    PARAMETERS,
    PITCH,
    QUIET_FROM_MIN,
    QUIET_UNTIL_MIN,
)

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
# What holds until somebody chose: no dose is mute at any hour that nobody named.
_DEFAULTS = {
    LOUDNESS: _LOUDEST,
    PITCH: 0,
    AWAY_FROM_S: 0,
    AWAY_UNTIL_S: 0,
    QUIET_FROM_MIN: 0,
    QUIET_UNTIL_MIN: 0,
}


class Preferences:
    """The choices that hold now. What the store lost is at its default again."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._values = dict(_DEFAULTS)
        for parameter in self._values:
            try:
                value = store.get_i32(PARAMETERS[parameter][0])
            except OSError:
                continue  # never chosen
            if PARAMETERS[parameter][1] <= value <= PARAMETERS[parameter][2]:
                self._values[parameter] = value

    @property
    def loudness(self) -> int:
        """The loudest that the box may be, 1–3."""
        return self._values[LOUDNESS]

    @property
    def pitch(self) -> int:
        """Which pitch of signals.PITCHES_PERCENT."""
        return self._values[PITCH]

    @property
    def quiet(self) -> "tuple[int, int]":
        """Between which local minutes doses of low criticality make no sound; equal = never."""
        return self._values[QUIET_FROM_MIN], self._values[QUIET_UNTIL_MIN]

    @property
    def away(self) -> "tuple[int, int]":
        """From when until when the resident is away, wall seconds; equal = at home."""
        return self._values[AWAY_FROM_S], self._values[AWAY_UNTIL_S]

    def set_away(self, from_wall_s: int, until_wall_s: int) -> int:
        """Keeps an absence; a power cut in between leaves the resident at home."""
        for parameter, value in (
            (AWAY_UNTIL_S, 0),
            (AWAY_FROM_S, from_wall_s),
            (AWAY_UNTIL_S, until_wall_s),
        ):
            code = self.set(parameter, value)
            if code != OK:
                return code
        return OK

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
