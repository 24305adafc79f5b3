"""The lines at the microcontroller's pins: who drives them, what level they have, edges.

Knows: modes, pulls, levels, interrupt triggers. May not know: which chip hangs on which line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

IN, OUT, OPEN_DRAIN = 0, 1, 2
PULL_NONE, PULL_DOWN, PULL_UP = 0, 1, 2
RISING, FALLING = 1, 2

Driver = Callable[[], int | None]


@dataclass
class _Pin:
    """The microcontroller's side of one line."""

    mode: int = IN
    pull: int = PULL_NONE
    output: int = 0
    trigger: int = 0
    level: int = 0


class Lines:
    """Levels of all lines; `on_edge(pin, level)` is told of edges the firmware asked for.

    `drivers` says what the board does to a line: 0, 1 or None (lets go). `rest` says to what the
    board's own resistors hold it; a line nobody holds reads 0 (really: anything), so that a
    forgotten pull-up shows.
    """

    def __init__(
        self, drivers: dict[int, Driver], rest: dict[int, int], on_edge: Callable[[int, int], None]
    ) -> None:
        """All pins are inputs, as after reset."""
        self._drivers = drivers
        self._rest = rest
        self._on_edge = on_edge
        self._pins: dict[int, _Pin] = {}
        self.on_settle: Callable[[], None] = lambda: None  # something may have moved

    def reset(self) -> None:
        """The microcontroller was reset: its pins let go."""
        self._pins = {}

    def setup(self, number: int, mode: int, pull: int) -> None:
        """Sets a pin's mode and pull."""
        if mode not in (IN, OUT, OPEN_DRAIN) or pull not in (PULL_NONE, PULL_DOWN, PULL_UP):
            raise ValueError(f"pin {number}: mode {mode}, pull {pull}")
        pin = self._pins.setdefault(number, _Pin())
        pin.mode, pin.pull = mode, pull
        self.settle()

    def write(self, number: int, value: int) -> None:
        """Sets a pin's output latch."""
        self._pins.setdefault(number, _Pin()).output = int(bool(value))
        self.settle()

    def irq(self, number: int, trigger: int) -> None:
        """Which edges are told; an edge that is past is not told again."""
        pin = self._pins.setdefault(number, _Pin())
        pin.trigger = trigger
        pin.level = self.level(number)

    def level(self, number: int) -> int:
        """The level on a line now."""
        pin = self._pins.get(number) or _Pin()
        if pin.mode == OUT:
            return pin.output
        driver = self._drivers.get(number)
        outside = driver() if driver else None
        if outside == 0 or (pin.mode == OPEN_DRAIN and not pin.output):
            return 0
        if outside == 1 or pin.pull == PULL_UP:
            return 1
        return 0 if pin.pull == PULL_DOWN else self._rest.get(number, 0)

    def settle(self) -> None:
        """Something moved: tells the edges asked for."""
        for number, pin in list(self._pins.items()):
            level = self.level(number)
            if level == pin.level:
                continue
            pin.level = level
            if pin.trigger & (RISING if level else FALLING):
                self._on_edge(number, level)
        self.on_settle()
