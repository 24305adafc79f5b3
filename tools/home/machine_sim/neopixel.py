"""`neopixel` as the ESP32 port freezes it (micropython-lib), over the simulated `machine`.

Knows: WS2812 byte order and timing. May not know: lights' places.
"""

from machine import Pin, bitstream


class NeoPixel:
    """`n` lights on a pin; `buf` holds the bytes in the chain's order (green, red, blue)."""

    ORDER = (1, 0, 2, 3)

    def __init__(
        self, pin: Pin, n: int, bpp: int = 3, timing: "int | tuple[int, int, int, int]" = 1
    ) -> None:
        self.pin = pin
        self.n = n
        self.bpp = bpp
        self.buf = bytearray(n * bpp)
        self.pin.init(pin.OUT)
        self.timing = (
            ((400, 850, 800, 450) if timing else (800, 1700, 1600, 900))
            if isinstance(timing, int)
            else timing
        )

    def __len__(self) -> int:
        return self.n

    def __setitem__(self, i: int, v: "tuple[int, ...]") -> None:
        offset = i * self.bpp
        for place in range(self.bpp):
            self.buf[offset + self.ORDER[place]] = v[place]

    def __getitem__(self, i: int) -> "tuple[int, ...]":
        offset = i * self.bpp
        return tuple(self.buf[offset + self.ORDER[place]] for place in range(self.bpp))

    def fill(self, v: "tuple[int, ...]") -> None:
        """Gives every light the same colour."""
        for i in range(self.n):
            self[i] = v

    def write(self) -> None:
        """Sends the colours down the chain."""
        bitstream(self.pin, 0, self.timing, self.buf)
