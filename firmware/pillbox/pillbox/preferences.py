"""What somebody chose for this box, kept over restarts: how loud, which pitch, quiet when, away.

Knows: what a box lets choose, and what holds before. May not know: which chip keeps it, what
sounds when.
"""

from micropython import const

from anbu_device.core.choices import Choices
from anbu_wire.messages import OK
from anbu_wire.settings import (
    AWAY_FROM_S,
    AWAY_UNTIL_S,
    LOUDNESS,
    PITCH,
    QUIET_FROM_MIN,
    QUIET_UNTIL_MIN,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.core.choices import Store

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


class Preferences(Choices):
    """The choices that hold now. What the store lost is at its default again."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store, _DEFAULTS)

    @property
    def loudness(self) -> int:
        """The loudest that the box may be, 1–3."""
        return self.values[LOUDNESS]

    @property
    def pitch(self) -> int:
        """Which pitch of signals.PITCHES_PERCENT."""
        return self.values[PITCH]

    @property
    def quiet(self) -> "tuple[int, int]":
        """Between which local minutes doses of low criticality make no sound; equal = never."""
        return self.values[QUIET_FROM_MIN], self.values[QUIET_UNTIL_MIN]

    @property
    def away(self) -> "tuple[int, int]":
        """From when until when the resident is away, wall seconds; equal = at home."""
        return self.values[AWAY_FROM_S], self.values[AWAY_UNTIL_S]

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
