"""MAX17048 fuel gauge: how full the cell is, its voltage, an alert when it is low.

Knows: its registers (data sheet 19-6171). May not know: what is done when it is low.
Methods raise OSError as the bus does, and where what answers is no MAX17048. A word is believed
when two readings agree; where they do not, the middle of three is taken.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.mcp23017 import Registers

_ADDRESS = const(0x36)
_VCELL = const(0x02)
_SOC = const(0x04)
_VERSION = const(0x08)
_CONFIG = const(0x0C)
_STATUS = const(0x1A)

_OURS = const(0x0010)  # VERSION is 0x001_
_RCOMP = const(0x97)  # the data sheet's value for its standard cell
_ATHD_FULL = const(32)  # the alert threshold counts down from 32 %
_RESET_INDICATOR = const(0x01)  # in STATUS' high byte
_SOC_APART = const(64)  # a quarter of a percent between two readings
_VCELL_APART = const(256)  # 20 mV
_EIO = const(5)


class MAX17048:
    """The gauge on its bus; the alert comes below `alert_percent` (1–32)."""

    def __init__(self, i2c: "Registers", alert_percent: int) -> None:
        self._i2c = i2c
        self._two = bytearray(2)
        self._alert_percent = alert_percent
        self._armed_percent = alert_percent

    def setup(self) -> None:
        """Checks that it is what it should be, sets the alert, lets go of the alert line."""
        if self._word(_VERSION) & 0xFFF0 != _OURS:
            raise OSError(_EIO)
        self._arm(self._alert_percent)

    def percent(self) -> int:
        """State of charge, 0–100 (the gauge itself may say a little more than 100)."""
        rounded = self._believed(_SOC, _SOC_APART) + 128 >> 8
        return min(rounded, 100)

    def millivolts(self) -> int:
        """The cell's voltage; one bit is 78.125 µV = 5/64 mV."""
        return self._believed(_VCELL, _VCELL_APART) * 5 >> 6

    def clear_alert(self) -> None:
        """Lets go of the alert line. While the cell is low it is pulled again one percent lower."""
        percent = self._believed(_SOC, _SOC_APART) >> 8
        self._arm(max(1, min(self._alert_percent, percent)))

    def tend(self) -> None:
        """Once a minute: sets it up again after it lost power, and the alert after charging."""
        was_reset = self._word(_STATUS) >> 8 & _RESET_INDICATOR
        if was_reset or self._armed_percent < self._alert_percent <= self.percent():
            self.setup()

    def _arm(self, percent: int) -> None:
        self._put(_STATUS, 0)  # why there was an alert, and that the chip had been reset
        self._put(_CONFIG, _RCOMP << 8 | (_ATHD_FULL - percent) & 0x1F)  # ALRT is 0 there
        self._armed_percent = percent

    def _believed(self, register: int, apart: int) -> int:
        first = self._word(register)
        second = self._word(register)
        if abs(first - second) <= apart:
            return second
        third = self._word(register)
        return max(min(first, second), min(max(first, second), third))

    def _word(self, register: int) -> int:
        self._i2c.readfrom_mem_into(_ADDRESS, register, self._two)
        return self._two[0] << 8 | self._two[1]

    def _put(self, register: int, value: int) -> None:
        self._two[0] = value >> 8
        self._two[1] = value & 0xFF
        self._i2c.writeto_mem(_ADDRESS, register, self._two)
