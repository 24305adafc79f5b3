"""Calibration: what a meter says times what its factory and its user found, in integers.

Knows: gains as parts per 65536, readings of the meters (edge/meter.py: millivolts, milliamperes,
milliwatts, milliwatt-hours, flags). May not know: which chip measures, where gains are stored, what
is a load and what is noise.

The factory's gains and the user's stand apart, so that a user who calibrated wrongly can go back to
what the device was delivered with. A gain beyond ±20 % is no tolerance of a part: the reference or
the wiring was wrong, and it is refused. No product here reaches 2^30, where a chip's integers begin
to take heap.
"""

from micropython import const

UNITY = const(65536)
VOLTAGE = const(0)
CURRENT = const(1)
POWER = const(2)

_LEAST = const(52429)  # −20 %
_MOST = const(78643)  # +20 %
_HALF = const(32768)
_ENERGY = const(3)
_ENERGY_MASK = const(0x3FFFFFFF)
_SIZE = const(5)
_PLAIN = (UNITY, UNITY, UNITY)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Sequence


def scaled(value: int, times: int, by: int) -> int:
    """Gives value · times / by, rounded down, exact, and never a product of the first two."""
    return value // by * times + value % by * times // by


def sane(gain: int) -> bool:
    """Whether a gain can be a tolerance of parts: within ±20 %."""
    return _LEAST <= gain <= _MOST


def apply(value: int, gain: int) -> int:
    """Gives value · gain / 65536, rounded; for |value| < 2^30 and a sane gain."""
    off = gain - UNITY
    return value + (value >> 16) * off + ((value & 0xFFFF) * off + _HALF >> 16)


def gain_for(shown: int, real: int) -> int:
    """The gain that turns `shown` into `real` (the same unit, below 2^30); 0 where none is sane."""
    if shown <= 0 or real <= 0:
        return 0
    while shown > 0x3FFF:  # 14 bits of the larger one are finer than any reference instrument
        shown, real = shown >> 1, real >> 1
    if real > shown * 2:
        return 0
    gain = (real * UNITY + shown // 2) // shown
    return gain if sane(gain) else 0


class Gains:
    """Factory and user gains for voltage, current and power; a stored one that is not sane is 1."""

    def __init__(self, factory: "Sequence[int]" = _PLAIN, user: "Sequence[int]" = _PLAIN) -> None:
        self.factory = tuple([gain if sane(gain) else UNITY for gain in factory])
        self.user = tuple([gain if sane(gain) else UNITY for gain in user])
        self._corrected = [0] * _SIZE
        self._before_mwh = -1
        self._rest = 0  # of a milliwatt-hour, in parts of 65536

    def set_user(self, which: int, gain: int) -> bool:
        """Takes a user gain (VOLTAGE, CURRENT or POWER); False: refused, it is not sane."""
        if not sane(gain):
            return False
        user = list(self.user)
        user[which] = gain
        self.user = tuple(user)
        return True

    def correct(self, reading: "list[int]") -> "list[int]":
        """The reading as it should be, in a list that is used again; `reading` stays as it was.

        Energy is corrected as it is counted, so that a new gain does not change the past.
        """
        corrected = self._corrected
        for which in range(3):
            corrected[which] = apply(apply(reading[which], self.factory[which]), self.user[which])
        self._count(reading[_ENERGY])
        corrected[4] = reading[4]
        return corrected

    def _count(self, counted_mwh: int) -> None:
        added = 0 if self._before_mwh < 0 else (counted_mwh - self._before_mwh) & _ENERGY_MASK
        self._before_mwh = counted_mwh
        parts = added * apply(self.factory[POWER], self.user[POWER]) + self._rest
        self._rest = parts & 0xFFFF
        self._corrected[_ENERGY] = (self._corrected[_ENERGY] + (parts >> 16)) & _ENERGY_MASK
