"""Chips that never raise: each driver behind its guard, with an answer for the time it is dead.

Knows: drivers, guards, what "not known" looks like. May not know: the board, compartments, doses.
Nothing here keeps one chip's trouble for another: each has its own guard and its own answer.
"""

from micropython import const

from anbu_device.edge.ds3231 import DS3231
from anbu_device.edge.guard import Guard
from anbu_device.edge.max17048 import MAX17048
from anbu_device.edge.mcp23017 import MCP23017
from anbu_device.edge.ticks import ticks_ms

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.mcp23017 import Registers

PERCENT_UNKNOWN = const(255)
TEMPERATURE_UNKNOWN = const(-32768)
UNSEEN = const(-1)
_LOST = (0, True)
# The flash must not be programmed below 2.7 V (W25Q64JV): a regulator's 0.3 V and as much sag under
# the radio's peaks lie between that and the cell. At the second figure it is over.
_TOO_LOW_MV = const(3300)
_ENOUGH_MV = const(3450)


class SteadyExpander:
    """Fourteen lids of one expander; while it is dead the last known levels.

    `moved_while_off` is what the chip itself knew at the start (mask), or UNSEEN.
    """

    def __init__(self, i2c: "Registers", address: int) -> None:
        chip = MCP23017(i2c, address)
        self.chip = chip
        self.guard = Guard(ticks_ms)
        # Bound once: reading lids must not allocate.
        self._read, self._check, self._tell = chip.read_inputs, self._checked, chip.tell
        self._blind = False
        self.moved_while_off = self.guard.call(UNSEEN, chip.witness)
        self.guard = Guard(ticks_ms, chip.setup)
        if self.moved_while_off != UNSEEN:
            self.guard.trust()

    def lids(self) -> int:
        """14 bits, 1 = open."""
        levels = self.guard.call(UNSEEN, self._read)
        if levels == UNSEEN:
            self._blind = True
            return self.chip.levels
        return levels

    def tell(self, levels: int) -> None:
        """Movements up to these levels are dealt with (see MCP23017.witness)."""
        self.guard.call(None, self._tell, levels)

    def check(self) -> None:
        """Compares every register, and sets the chip up again where one is wrong."""
        self.guard.call(None, self._check)

    def take_touched(self) -> int:
        """Lids that moved and moved back since the last call, between two readings."""
        touched, self.chip.touched = self.chip.touched, 0
        return touched

    def take_blind(self) -> bool:
        """Whether the chip was dead or without registers since the last call."""
        blind = self._blind or self.chip.lapsed
        self._blind = self.chip.lapsed = False
        return blind

    def _checked(self) -> None:
        if not self.chip.intact():
            self.chip.setup()
            self.chip.lapsed = True


class SteadyClock:
    """A DS3231 that does not raise."""

    def __init__(self, i2c: "Registers") -> None:
        self._chip = DS3231(i2c)
        self.guard = Guard(ticks_ms)

    def read(self) -> "tuple[int, bool]":
        """(UTC seconds since 2000, lost); (0, True) also while the chip is dead."""
        return self.guard.call(_LOST, self._chip.read)

    def write(self, wall_s: int) -> bool:
        """Sets the time; whether the chip took it."""
        return self.guard.call(False, self._write, wall_s)

    def _write(self, wall_s: int) -> bool:
        self._chip.write(wall_s)
        return True

    def set_alarm(self, wall_s: int) -> bool:
        """Whether the alarm line will go low at that second (DS3231.set_alarm)."""
        return self.guard.call(False, self._chip.set_alarm, wall_s)

    def clear_alarm(self) -> None:
        """No alarm; the line is let go."""
        self.guard.call(None, self._chip.clear_alarm)

    def temperature_c_quarters(self) -> int:
        """The chip's temperature in quarters of a degree, TEMPERATURE_UNKNOWN while it is dead."""
        return self.guard.call(TEMPERATURE_UNKNOWN, self._chip.temperature_c_quarters)


class SteadyGauge:
    """A MAX17048 that does not raise."""

    def __init__(self, i2c: "Registers", alert_percent: int) -> None:
        self._chip = MAX17048(i2c, alert_percent)
        self.guard = Guard(ticks_ms, self._chip.setup)
        self._low = False

    def too_low(self) -> bool:
        """Whether the cell is too low to write to the flash; a dead gauge says no."""
        millivolts = self.millivolts()
        self._low = 0 < millivolts < (_ENOUGH_MV if self._low else _TOO_LOW_MV + 1)
        return self._low

    def percent(self) -> int:
        """0–100, PERCENT_UNKNOWN while the chip is dead."""
        return self.guard.call(PERCENT_UNKNOWN, self._chip.percent)

    def millivolts(self) -> int:
        """The cell's voltage, 0 while the chip is dead."""
        return self.guard.call(0, self._chip.millivolts)

    def clear_alert(self) -> None:
        """The alert line is let go."""
        self.guard.call(None, self._chip.clear_alert)

    def check(self) -> None:
        """Once a minute (MAX17048.tend)."""
        self.guard.call(None, self._chip.tend)
