"""VEML7700 at register level: Vishay data sheet 84286, application note 84323 (6 March 2025).

Knows: its words, low byte first, integration, gain, how its counts bend in bright light.
May not know: who reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.home.machine.i2c import I2cChip

CONFIGURATION, POWER_SAVING, ALS, WHITE, IDENTITY = 0x00, 0x03, 0x04, 0x05, 0x07
_SHUT_DOWN = 0x0001
_GAINS = (1.0, 2.0, 0.125, 0.25)  # bits 12 and 11
_TIMES_MS = {0b1100: 25, 0b1000: 50, 0b0000: 100, 0b0001: 200, 0b0010: 400, 0b0011: 800}
_LUX_A_COUNT = 0.0672  # at gain 1 and 100 ms
_WAKES_AFTER_S = 0.0025
_MOST_BENT_LUX = 25_000.0


def straight(bent_lux: float) -> float:
    """The light that reads as `bent_lux`: the note's polynomial."""
    x = bent_lux
    return 6.0135e-13 * x**4 - 9.3924e-9 * x**3 + 8.1488e-5 * x**2 + 1.0023 * x


def bent(lux: float) -> float:
    """What the counts say of a light; found by halving, as the polynomial has no handy inverse."""
    low, high = 0.0, _MOST_BENT_LUX
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if straight(middle) < lux else (low, middle)
    return low


class Veml7700(I2cChip):
    """One of them; set `lux`."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Dark, and as after power-on."""
        super().__init__()
        self._now_s = now_s
        self._lux = 0.0
        self.power_on()

    def power_on(self) -> None:
        """Shut down, nothing measured."""
        self._words = {CONFIGURATION: _SHUT_DOWN, IDENTITY: 0xC481}
        self._ready_s = 0.0

    @property
    def lux(self) -> float:
        """The light on it."""
        return self._lux

    @lux.setter
    def lux(self, lux: float) -> None:
        self._measure()
        self._lux = lux

    @property
    def shut_down(self) -> bool:
        """Whether it rests, at half a microampere."""
        return bool(self._words[CONFIGURATION] & _SHUT_DOWN)

    def exchange(self, data: bytes, read_count: int) -> bytearray:
        """A command code; after it a word that is written, or one that is read."""
        self._measure()
        if len(data) == 3:  # noqa: PLR2004 - code and word
            self._store(data[0], int.from_bytes(data[1:], "little"))
        word = self._words.get(data[0], 0) if data else 0
        return bytearray((word.to_bytes(2, "little") * read_count)[:read_count])

    def _store(self, code: int, word: int) -> None:
        if code in (ALS, WHITE, IDENTITY):
            return
        self._words[code] = word
        if code == CONFIGURATION:
            self._ready_s = self._now_s() + _WAKES_AFTER_S + self._integration_ms() / 1000

    def _integration_ms(self) -> int:
        return _TIMES_MS.get(self._words[CONFIGURATION] >> 6 & 0x0F, 100)

    def _measure(self) -> None:
        if self.shut_down or self._now_s() < self._ready_s:
            return
        gain = _GAINS[self._words[CONFIGURATION] >> 11 & 0x03]
        lux_a_count = _LUX_A_COUNT / gain * 100 / self._integration_ms()
        self._words[ALS] = min(int(bent(self._lux) / lux_a_count), 0xFFFF)
        self._ready_s = self._now_s() + self._integration_ms() / 1000
