"""A ball switch that closes to ground when the box leans or lies on its side.

Knows: one pin. May not know: why somebody tilts a box. The ball rattles: whoever asks does so
more than once before believing it.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from machine import Pin


class Tilt:
    """`pin` is a `machine.Pin`. The switch is open while the box stands: no current then."""

    def __init__(self, pin: "Pin") -> None:
        self._pin = pin
        pin.init(pin.IN, pin.PULL_UP)

    def tilted(self) -> bool:
        """Whether the switch is closed at this moment."""
        return not self._pin.value()

    def on_change(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` is called as a soft interrupt at every edge, rattling included."""
        self._pin.irq(handler, self._pin.IRQ_RISING | self._pin.IRQ_FALLING)
