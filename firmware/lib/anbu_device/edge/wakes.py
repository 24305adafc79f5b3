"""The lines that wake a sleeping box, all of them low when they want something.

Knows: pins in a fixed order. May not know: what pulls a line, or how the chip sleeps.
"""

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from machine import Pin


class Wakes:
    """`pins` in the order of their bits, lowest first."""

    def __init__(self, pins: "tuple[Pin, ...]") -> None:
        self.pins = pins

    def low(self) -> int:
        """The lines that are low at this moment, as bits."""
        bits, bit = 0, 1
        for pin in self.pins:
            if not pin.value():
                bits |= bit
            bit <<= 1
        return bits

    def bit(self, pin: object) -> int:
        """The bit of an interrupt's pin, 0 for another. For handlers: allocates nothing."""
        bit = 1
        for own in self.pins:
            if own is pin:
                return bit
            bit <<= 1
        return 0

    def on_fall(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` as a soft interrupt when a line goes low."""
        for pin in self.pins:
            pin.irq(handler, pin.IRQ_FALLING)
