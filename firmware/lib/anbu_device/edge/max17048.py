"""MAX17048 fuel gauge: how full the cell is.

Knows: its registers (data sheet 19-6171). May not know: what is done when it is low.
Methods raise OSError as the bus does.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import I2C

_ADDRESS = const(0x36)
_VCELL = const(0x02)
_SOC = const(0x04)


class MAX17048:
    """The gauge on its bus."""

    def __init__(self, i2c: "I2C") -> None:
        self._i2c = i2c
        self._two = bytearray(2)

    def percent(self) -> int:
        """State of charge, 0–100 (the gauge itself may say a little more than 100)."""
        self._i2c.readfrom_mem_into(_ADDRESS, _SOC, self._two)
        rounded = self._two[0] + (self._two[1] >> 7)
        return min(rounded, 100)

    def millivolts(self) -> int:
        """The cell's voltage; one bit is 78.125 µV = 5/64 mV."""
        self._i2c.readfrom_mem_into(_ADDRESS, _VCELL, self._two)
        return (self._two[0] << 8 | self._two[1]) * 5 >> 6
