"""Simulated `machine.UART` of the ESP32 port: reads what has come, writes without waiting.

Knows: the port's API, the requests of the board's UARTs. May not know: what is at the other end.
As on the chip, bytes that nobody reads wait in `rxbuf`, and are lost when it is full. `timeout` is
how long a read waits for the bytes it asks for; 0 as the port has it.
"""

import struct

import utime

import _link

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import Pin

_SETUP, _ANY, _READ, _WRITE = 0x2F, 0x30, 0x31, 0x32
_NONE = 255
_MOST = 4096


class UART:
    """One UART; parity None, 0 (even) or 1 (odd)."""

    def __init__(
        self,
        id: int,
        baudrate: int = 115200,
        bits: int = 8,
        parity: "int | None" = None,
        stop: int = 1,
        *,
        tx: "Pin | int | None" = None,
        rx: "Pin | int | None" = None,
        rxbuf: int = 256,
        txbuf: int = 256,
        timeout: int = 0,
        timeout_char: int = 0,
    ) -> None:
        self._id = id
        self.init(
            baudrate, bits, parity, stop, tx=tx, rx=rx, rxbuf=rxbuf, txbuf=txbuf, timeout=timeout
        )

    def init(
        self,
        baudrate: int = 115200,
        bits: int = 8,
        parity: "int | None" = None,
        stop: int = 1,
        *,
        tx: "Pin | int | None" = None,
        rx: "Pin | int | None" = None,
        rxbuf: int = 256,
        txbuf: int = 256,
        timeout: int = 0,
        timeout_char: int = 0,
    ) -> None:
        """Sets it up anew; what waited is gone."""
        if not 32 < rxbuf < 0x10000:
            raise ValueError("rxbuf too small")
        self._timeout = timeout
        line = (baudrate, bits, _NONE if parity is None else parity, stop, rxbuf)
        pins = (_number(tx), _number(rx))
        _link.request(_SETUP, struct.pack("<BBBIBBBH", self._id, *(pins + line)))

    def deinit(self) -> None:
        """Nothing is heard any more."""
        self.init()

    def any(self) -> int:
        """How many bytes can be read without waiting."""
        answer = _link.request(_ANY, bytes((self._id,)))
        return answer[0] | answer[1] << 8

    def read(self, nbytes: int = _MOST) -> "bytes | None":
        """The bytes that are there, so many at the most; None where there are none."""
        data = self._take(nbytes)
        started = utime.ticks_ms()
        while len(data) < nbytes and utime.ticks_diff(utime.ticks_ms(), started) < self._timeout:
            utime.sleep_ms(1)
            data += self._take(nbytes - len(data))
        return data or None

    def readinto(self, buf: "bytearray | memoryview", nbytes: int = _MOST) -> "int | None":
        """Fills `buf` with what is there; how many bytes, None where there are none."""
        data = self.read(min(nbytes, len(buf)))
        if data is None:
            return None
        buf[: len(data)] = data
        return len(data)

    def write(self, buf: "bytes | bytearray | memoryview") -> int:
        """Sends bytes; how many. The hardware's memory takes them at once."""
        _link.request(_WRITE, bytes((self._id,)) + bytes(buf))
        return len(buf)

    def flush(self) -> None:
        """Nothing is left to be sent: the board took it at once."""

    def _take(self, nbytes: int) -> bytes:
        return _link.request(_READ, struct.pack("<BH", self._id, nbytes))


def _number(pin: "Pin | int | None") -> int:
    if pin is None:
        return _NONE
    return pin if isinstance(pin, int) else pin.number
