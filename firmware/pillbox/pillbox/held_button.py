"""A button that counts once it was held for a second: no brush of a sleeve calls for help.

Knows: how long a press lasts, and how a trembling hand presses. May not know: what it calls.
"""

from micropython import const

HOLD_MS = const(1000)
TREMOR_MS = const(150)  # letting go for less is a trembling hand, or the contact


class HeldButton:
    """Takes the button's level at any time; gives each long press once."""

    def __init__(self) -> None:
        self._down = False
        self._down_ms = 0
        self._up_ms = -TREMOR_MS
        self._held = False  # long enough, not yet given
        self._given = False  # this press is done with

    def sample(self, pressed: bool, uptime_ms: int) -> None:
        """The level now."""
        if pressed and not self._down:
            if uptime_ms - self._up_ms >= TREMOR_MS:
                self._down_ms = uptime_ms
                self._given = False
        elif self._down and not pressed:
            self._judge(uptime_ms)
            self._up_ms = uptime_ms
        self._down = pressed

    def held(self, uptime_ms: int) -> bool:
        """Whether a press has become long enough by now; True once a press."""
        self._judge(uptime_ms)
        held, self._held = self._held, False
        return held

    def _judge(self, uptime_ms: int) -> None:
        if self._down and not self._given and uptime_ms - self._down_ms >= HOLD_MS:
            self._given = True
            self._held = True
