"""CSE7766 (HLW8032) at frame level: HLW8032 data sheet REV 1.5, CSE7766 user manual 1.2.

Knows: its coefficients, cycles, flags and pulses. May not know: who listens.

A frame: state, 0x5A, six numbers of 24 bits (coefficient and cycle of voltage, current, power),
flags, pulse counter of 16 bits, sum of the bytes from the third on. A cycle is the time between
two pulses in µs; a pulse of power is worth its coefficient in µJ. While none comes it only grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from tools.home.machine.load import Load, MeterChip
from tools.home.machine.uart import EVEN, Format

# As in the frame of a real plug: 55 5A 02B750 0002FB 003D36 045691 4C7250 6F1878 61 007A 4C
_VOLTAGE, _CURRENT, _POWER = 0x02B750, 0x003D36, 0x4C7250
_PERIOD_S = 0.06  # 24 bytes last 55 ms
_LONGEST = 0xFFFFFF  # a cycle's 24 bits

_FINE, _UNCALIBRATED, _FAULT = 0x55, 0xAA, 0xF0
_NO_POWER, _NO_CURRENT, _NO_VOLTAGE = 2, 4, 8
_POWER_MEASURED, _CURRENT_MEASURED, _VOLTAGE_MEASURED, _CARRY = 0x10, 0x20, 0x40, 0x80
_ALWAYS = 0x01  # as real ones have it
_LEAST_W = 1.0  # below it no pulse comes between two frames of its register
_MOST_FRAMES = 43  # kept while nobody looks: a kilobyte


class Cse7766(MeterChip):
    """One of them, talking by itself."""

    FORMAT: ClassVar = Format(4800, parity=EVEN)

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Nothing plugged in yet."""
        super().__init__(now_s)
        self.stale = False  # power stands still, its flag is missing
        self.uncalibrated = False
        self._next_s = now_s() + _PERIOD_S
        self._cycle = _LONGEST + 1.0  # of the last pulse of power
        self._pulse_s = now_s()

    @property
    def load(self) -> Load:
        """What flows now."""
        return self._load

    @load.setter
    def load(self, load: Load) -> None:
        MeterChip.load.fset(self, load)  # type: ignore[attr-defined]  # a property's own setter
        self._pulse_s = self.now_s()

    def power_on(self) -> None:
        """Its counter begins at 0."""
        super().power_on()
        self._next_s = self.now_s() + _PERIOD_S

    def speak(self) -> None:
        """A frame every period; after a long silence of the listener only the first and the last.

        Those between were lost in a full buffer.
        """
        now_s = self.now_s()
        for _ in range(_MOST_FRAMES):
            if self._next_s > now_s:
                return
            self.send(self.frame(self._next_s), self._next_s)
            self._next_s += _PERIOD_S
        if self._next_s <= now_s:
            self._next_s += (now_s - self._next_s) // _PERIOD_S * _PERIOD_S

    def frame(self, at_s: float) -> bytes:
        """What it says at a time."""
        voltage = _cycle(_VOLTAGE, self._load.voltage_v)
        current = _cycle(_CURRENT, self._load.current_a)
        measured = _ALWAYS
        watts = self.shown_w()
        if watts >= _LEAST_W and not self.stale:
            self._cycle, self._pulse_s = _cycle(_POWER, watts), at_s
            measured |= _POWER_MEASURED
        power = max(self._cycle, (at_s - self._pulse_s) * 1e6)
        over = (
            _NO_VOLTAGE * (voltage > _LONGEST)
            | _NO_CURRENT * (current > _LONGEST)
            | _NO_POWER * (power > _LONGEST)
        )
        measured |= _VOLTAGE_MEASURED * (voltage <= _LONGEST)
        measured |= _CURRENT_MEASURED * (current <= _LONGEST)
        pulses = int(self.joules(at_s) * 1e6 / _POWER)
        measured |= _CARRY * (pulses >> 16 & 1)
        state = _UNCALIBRATED if self.uncalibrated else _FAULT | over if over else _FINE
        numbers = (_VOLTAGE, voltage, _CURRENT, current, _POWER, power)
        body = b"".join(min(round(n), _LONGEST).to_bytes(3, "big") for n in numbers)
        body += bytes((measured,)) + (pulses & 0xFFFF).to_bytes(2, "big")
        return bytes((state, 0x5A)) + body + bytes((sum(body) & 0xFF,))


def _cycle(coefficient: int, value: float) -> float:
    """The time between two pulses in µs; beyond 24 bits where nothing flows."""
    return coefficient / value if value > 0 else _LONGEST + 1.0
