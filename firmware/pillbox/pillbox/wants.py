"""What the box wants of its power now: whether it may rest, and when it must be awake again.

Knows: who calls, what waits, what time brings next. May not know: how a chip sleeps, radios' modes.
"""

from pillbox.power import CALLS, HOLD, IMPORTANT, NEVER
from pillbox.signals import DARK

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from pillbox.house import House


class Wants:
    """The host of esp/sleep.py's Rest. `updating()` says whether an update is going on."""

    def __init__(self, house: "House", updating: "Callable[[], bool]") -> None:
        self._house = house
        self._updating = updating

    def needs(self) -> int:
        """A mask of power.CALLS, IMPORTANT, HOLD."""
        house = self._house
        asks = house.question.light() != DARK
        calls = house.box.calls() or house.help.light() != DARK or asks or house.reactions.busy()
        holds = self._updating() or house.box.refilling or not house.inputs.settled()
        needs = CALLS if calls else 0
        needs |= IMPORTANT if house.reactions.unsent() else 0
        return needs | (HOLD if holds else 0)

    def next_ms(self) -> int:
        """Until the slots bring the next thing; what calls or sounds keeps the box awake anyway."""
        house = self._house
        wall_s = house.clock.wall_s()
        next_s = house.box.next_look_s(wall_s)
        return max(0, next_s - wall_s) * 1000 if wall_s and next_s else NEVER

    def uptime_ms(self) -> int:
        """Uptime now."""
        return self._house.uptime_ms()

    def wall_s(self) -> int:
        """UTC seconds since 2000, 0 = unknown."""
        return self._house.clock.wall_s()

    def dark(self) -> None:
        """Lights and sound off."""
        self._house.reactions.dark()

    def woken(self) -> None:
        """A sleep is over: its ticks drifted, the clock chip did not."""
        house = self._house
        house.uptime_ms()
        house.check_clock()
        house.inputs.take()
