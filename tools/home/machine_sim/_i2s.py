"""Simulated `machine.I2S` of the ESP32 port, transmitting.

Knows: the port's API, the requests of the board's amplifier. May not know: what is played.
With a handler `write` comes back at once and the handler is called (as a soft interrupt) when the
DMA memory has taken the buffer; without one it waits for that.
"""

import struct

import utime

import _link

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    from machine import Pin

_SETUP, _WRITE, _TAKEN = 0x2D, 0x2E, 0x41


class I2S:
    """One bus; `irq` makes it non-blocking."""

    RX = 1
    TX = 2
    MONO = 0
    STEREO = 1

    handlers: "dict[int, tuple[I2S, Callable[[I2S], None]]]" = {}

    def __init__(
        self,
        id: int,
        *,
        sck: "Pin",
        ws: "Pin",
        sd: "Pin",
        mck: "Pin | None" = None,
        mode: int,
        bits: int,
        format: int,
        rate: int,
        ibuf: int,
    ) -> None:
        if mode != I2S.TX:
            raise ValueError("invalid mode")
        if bits not in (16, 32):
            raise ValueError("invalid bits")
        self._id = id
        pins = (sck.number, ws.number, sd.number)
        _link.request(_SETUP, struct.pack("<BBBBBBII", id, *pins, bits, format, rate, ibuf))

    def irq(self, handler: "Callable[[I2S], None]") -> None:
        """`handler(i2s)` when a written buffer has been taken."""
        I2S.handlers[self._id] = (self, handler)
        _link.on_event(_TAKEN, _taken)

    def write(self, buf: "bytes | bytearray | array[int]") -> int:
        """Hands over samples; how many bytes."""
        data = bytes(buf)
        answer = _link.request(_WRITE, bytes((self._id,)) + data)
        if self._id not in I2S.handlers:
            utime.sleep_us(struct.unpack("<I", answer)[0])
        return len(data)

    def deinit(self) -> None:
        """Ends it; no handler is called any more."""
        I2S.handlers.pop(self._id, None)


def _taken(payload: bytes) -> None:
    known = I2S.handlers.get(payload[0])
    if known is not None:
        known[1](known[0])
