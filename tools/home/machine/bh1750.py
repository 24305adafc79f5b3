"""BH1750FVI at command level: Rohm's technical note 11046EDT01.

Knows: its commands, measuring times at their longest, MTreg. May not know: who reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.home.machine.i2c import I2cChip

_POWER_DOWN, _POWER_ON, _RESET = 0x00, 0x01, 0x07
_MTREG_HIGH, _MTREG_LOW = 0x40, 0x60
_MTREG = 69
_ONE_TIME = 0x20
_MODES = (0x10, 0x11, 0x13, 0x20, 0x21, 0x23)
_HIGH_2, _LOW = 0x01, 0x03  # a mode's low bits
_HIGH_S, _LOW_S = 0.180, 0.024
_COUNTS_A_LUX = 1.2
_LOW_STEP = 4  # the low mode tells no finer


class Bh1750(I2cChip):
    """One of them; set `lux`."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Dark, and as after power-on."""
        super().__init__()
        self._now_s = now_s
        self._lux = 0.0
        self.power_on()

    def power_on(self) -> None:
        """Powered down, MTreg at its default, nothing measured."""
        self._on = False
        self._mtreg = _MTREG
        self._data = 0
        self._mode = 0
        self._ready_s = 0.0

    @property
    def lux(self) -> float:
        """The light on it."""
        return self._lux

    @lux.setter
    def lux(self, lux: float) -> None:
        self._measure()  # what was ready by now saw the light before
        self._lux = lux

    def exchange(self, data: bytes, read_count: int) -> bytearray:
        """Each byte written is a command; reading gives the last measurement, high byte first."""
        for command in data:
            self._obey(command)
        self._measure()
        return bytearray((self._data.to_bytes(2, "big") * read_count)[:read_count])

    def _obey(self, command: int) -> None:
        if command in (_POWER_DOWN, _POWER_ON):
            self._on = command == _POWER_ON
            self._mode = 0
        elif command == _RESET:
            self._data = 0 if self._on else self._data
        elif command in _MODES:
            if self._on:
                self._mode = command
                self._ready_s = self._now_s() + self._duration_s()
        elif command & 0xF8 == _MTREG_HIGH:
            self._mtreg = (command & 0x07) << 5 | self._mtreg & 0x1F
        elif command & 0xE0 == _MTREG_LOW:
            self._mtreg = self._mtreg & 0xE0 | command & 0x1F

    def _duration_s(self) -> float:
        longest_s = _LOW_S if self._mode & 0x03 == _LOW else _HIGH_S
        return longest_s * self._mtreg / _MTREG

    def _measure(self) -> None:
        """A measurement that is due is done; a single one ends with power down."""
        if not self._mode or self._now_s() < self._ready_s:
            return
        kind = self._mode & 0x03
        counts = self._lux * _COUNTS_A_LUX * self._mtreg / _MTREG * (2 if kind == _HIGH_2 else 1)
        self._data = min(int(counts), 0xFFFF)
        if kind == _LOW:
            self._data -= self._data % _LOW_STEP
        if self._mode & _ONE_TIME:
            self._mode, self._on = 0, False
        else:
            self._ready_s = self._now_s() + self._duration_s()
