"""A button to ground with the chip's pull-up.

Knows: one pin. May not know: debouncing (core), meaning.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from machine import Pin


class Button:
    """`pin` is a `machine.Pin`; a handler is called with this very object."""

    def __init__(self, pin: "Pin") -> None:
        self.pin = pin
        pin.init(pin.IN, pin.PULL_UP)

    def pressed(self) -> bool:
        """Whether it is down at this moment. Allocates nothing."""
        return not self.pin.value()

    def on_change(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` is called as a soft interrupt at every edge, bounces included."""
        self.pin.irq(handler, self.pin.IRQ_RISING | self.pin.IRQ_FALLING)
