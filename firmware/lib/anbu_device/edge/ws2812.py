"""WS2812 lights behind a switched rail.

Knows: the chain's data line, the rail's switch (0 = on). May not know: what a colour means.
Dark lights still draw 1 mA each, so a picture without light switches the rail off.
"""

from neopixel import NeoPixel

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import Pin


class Lights:
    """`count` lights; pins are `machine.Pin` objects (`pin_power` is active low)."""

    def __init__(self, pin_data: "Pin", pin_power: "Pin", count: int) -> None:
        self._power = pin_power
        self._power.init(pin_power.OUT, value=1)
        self._chain = NeoPixel(pin_data, count)
        self._data = pin_data
        self._data.value(0)
        self._lit = False

    def show(self, buffer: "bytes | bytearray") -> None:
        """Shows 3 × count bytes: red, green, blue of each light in turn."""
        chain = self._chain.buf  # in the chain's order: green, red, blue
        lit = False
        for i in range(0, len(chain), 3):
            chain[i] = buffer[i + 1]
            chain[i + 1] = buffer[i]
            chain[i + 2] = buffer[i + 2]
            lit = lit or bool(buffer[i] or buffer[i + 1] or buffer[i + 2])
        if not lit:
            self._power.value(1)
        else:
            if not self._lit:
                self._power.value(0)
                self._chain.write()  # while the rail rises; the next one counts
            self._chain.write()
        self._lit = lit
