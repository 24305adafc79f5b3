"""The I2C bus: a transfer that failed is tried again, after the lines were made free.

Knows: I2C, its two pins, the bus clear of NXP UM10204 3.1.16. May not know: which chips hang on it.
Methods raise OSError when a chip did not answer twice, or the lines stay low.

A chip that was interrupted while it sent a 0 (the processor was reset, a clock pulse was lost)
waits for clocks with SDA low, and nobody else can be heard. Nine clocks with SDA let go end its
byte with a NACK, a STOP ends the transfer. A chip that holds SCL low, or SDA through nine clocks,
is broken or without power: only its supply could help, which this board cannot switch.
"""

from micropython import const

from anbu_device.edge.ticks import pause_us
from machine import I2C, Pin

_TIMEOUT_US = const(10_000)  # none of the chips stretches the clock; 16 bytes last 0.4 ms
_CLOCKS = const(9)
_HALF_BIT_US = const(5)  # 100 kHz, which every chip can follow
_ETIMEDOUT = const(116)


class Bus:
    """Bus 0 on two pins (numbers). Reads and writes as `machine.I2C` does."""

    def __init__(self, sda: int, scl: int, frequency_hz: int) -> None:
        self._frequency_hz = frequency_hz
        self._sda = Pin(sda)
        self._scl = Pin(scl)
        self.cleared = 0  # how many times the lines were low and had to be cleared
        self._connect()

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        """Fills `buffer` from `register` on.

        Reading twice harms nothing but latches: what a first, broken reading cleared is lost (the
        levels after it are not).
        """
        try:
            self._i2c.readfrom_mem_into(address, register, buffer)
        except OSError:
            self._free()
            self._i2c.readfrom_mem_into(address, register, buffer)

    def writeto_mem(self, address: int, register: int, buffer: "bytes | bytearray") -> None:
        """Writes `buffer` from `register` on; writing it twice is writing it once."""
        try:
            self._i2c.writeto_mem(address, register, buffer)
        except OSError:
            self._free()
            self._i2c.writeto_mem(address, register, buffer)

    def readfrom_into(self, address: int, buffer: bytearray) -> None:
        """Fills `buffer` from a chip without registers."""
        try:
            self._i2c.readfrom_into(address, buffer)
        except OSError:
            self._free()
            self._i2c.readfrom_into(address, buffer)

    def writeto(self, address: int, buffer: "bytes | bytearray") -> None:
        """Writes `buffer` to a chip without registers; a command given twice is given once."""
        try:
            self._i2c.writeto(address, buffer)
        except OSError:
            self._free()
            self._i2c.writeto(address, buffer)

    def _connect(self) -> None:
        """The peripheral anew: its own state may be the one that hangs."""
        self._i2c = I2C(
            0, scl=self._scl, sda=self._sda, freq=self._frequency_hz, timeout=_TIMEOUT_US
        )

    def _free(self) -> None:
        """Makes sure that both lines are high, as they are between transfers."""
        if not self._high():
            self.cleared += 1
            self._clear()
        self._connect()
        if not self._high():
            raise OSError(_ETIMEDOUT)

    def _high(self) -> bool:
        return bool(self._sda.value() and self._scl.value())

    def _clear(self) -> None:
        sda, scl = self._sda, self._scl
        sda.init(sda.OPEN_DRAIN, sda.PULL_UP, value=1)
        scl.init(scl.OPEN_DRAIN, scl.PULL_UP, value=1)
        for _ in range(_CLOCKS):
            self._set(scl, 0)
            self._set(scl, 1)
        self._set(scl, 0)
        self._set(sda, 0)
        self._set(scl, 1)
        self._set(sda, 1)  # rises while SCL is high: STOP

    @staticmethod
    def _set(pin: Pin, level: int) -> None:
        pin.value(level)
        pause_us(_HALF_BIT_US)
