"""MAX17048 fuel gauge at register level (data sheet 19-6171): 16-bit registers, high byte first.

Knows: its registers and the cell at its pin. May not know: who reads it.
"""

from __future__ import annotations

from itertools import pairwise

from tools.home.machine.i2c import RegisterChip

VCELL, SOC, MODE, VERSION, HIBRT, CONFIG, VALRT, CRATE, VRESET, STATUS, CMD = (
    0x02, 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x14, 0x16, 0x18, 0x1A, 0xFE,
)  # fmt: skip

_DEFAULTS = {
    MODE: 0x0000,
    VERSION: 0x0012,
    HIBRT: 0x8030,
    CONFIG: 0x971C,
    VALRT: 0x00FF,
    CRATE: 0x0000,
    VRESET: 0x9600,
    STATUS: 0x0100,  # RI: reset indicator
}
_WRITABLE = (MODE, HIBRT, CONFIG, VALRT, VRESET, STATUS, CMD)
_ALERT = 0x0020  # CONFIG.ALRT
_ATHD = 0x001F  # CONFIG: alert threshold
_LOW_CHARGE = 0x1000  # STATUS.HD
_RESET_COMMAND = 0x5400
_UV_PER_LSB = 78.125

# Open-circuit voltage of an ordinary lithium-ion cell by charge, in mV per percent step.
_CELL_MV = ((0, 3300), (5, 3550), (10, 3650), (25, 3720), (50, 3830), (75, 3990), (100, 4180))


def cell_mv(percent: float) -> int:
    """Open-circuit voltage at a state of charge, straight lines between the table's points."""
    for (low, low_mv), (high, high_mv) in pairwise(_CELL_MV):
        if percent <= high:
            return round(low_mv + (high_mv - low_mv) * (percent - low) / (high - low))
    return _CELL_MV[-1][1]


class Max17048(RegisterChip):
    """One cell, its voltage and state of charge; ALRT is open drain and active low."""

    def __init__(self, percent: int) -> None:
        """As after power-on, with a cell charged to `percent`."""
        super().__init__()
        self._percent = percent
        self._words: dict[int, int] = {}
        self._high_byte = 0
        self._below = False
        self.sagged_mv: int | None = None  # the cell's voltage under a load it cannot carry
        self.power_on()

    def power_on(self) -> None:
        """Every register back to its default."""
        self._pointer = 0
        self._words = dict(_DEFAULTS)
        self._below = False
        self._watch()

    def charge(self, percent: int) -> None:
        """The cell is charged to `percent` now."""
        self._percent = percent
        self._watch()

    @property
    def percent(self) -> int:
        """The cell's real state of charge."""
        return self._percent

    def alert(self) -> int | None:
        """The level on ALRT: 0, or None while it lets go."""
        return 0 if self._words[CONFIG] & _ALERT else None

    def read_register(self, register: int) -> int:
        """One byte of a word."""
        word = self._word(register & 0xFE)
        return word & 0xFF if register & 1 else word >> 8

    def write_register(self, register: int, value: int) -> None:
        """Words take effect when both bytes have come; writes of one byte change nothing."""
        if not register & 1:
            self._high_byte = value
            return
        register &= 0xFE
        if register not in _WRITABLE:
            return
        word = self._high_byte << 8 | value
        if register == CMD:
            if word == _RESET_COMMAND:
                self.power_on()
            return
        if register == CONFIG and (word ^ self._words[CONFIG]) & _ATHD:
            self._below = False  # a new threshold is a new crossing
        self._words[register] = word
        self._watch()

    def _word(self, register: int) -> int:
        if register == VCELL:
            voltage_mv = cell_mv(self._percent) if self.sagged_mv is None else self.sagged_mv
            return round(voltage_mv * 1000 / _UV_PER_LSB)
        if register == SOC:
            return self._percent << 8
        return self._words.get(register, 0)

    def _watch(self) -> None:
        # ATHD counts down from 32 %: 0x1C is 4 %. The alert comes when the charge crosses it, and
        # stays until software clears it.
        below = self._percent < 32 - (self._words[CONFIG] & _ATHD)
        if below and not self._below:
            self._words[CONFIG] |= _ALERT
            self._words[STATUS] |= _LOW_CHARGE
        self._below = below
