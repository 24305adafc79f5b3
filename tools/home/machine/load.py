"""What flows through a meter, and a meter that counts it: the world's side of the three chips.

Knows: volts, watts, power factor, energy over time. May not know: frames, registers, firmware.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.home.machine.uart import SerialChip


@dataclass(frozen=True)
class Load:
    """Mains and what is plugged in. 0 V: no mains; power below 0 flows back."""

    voltage_v: float = 230.0
    power_w: float = 0.0
    power_factor: float = 1.0

    @property
    def current_a(self) -> float:
        """The current that belongs to it."""
        return abs(self.power_w) / (self.voltage_v * self.power_factor) if self.voltage_v else 0.0


class MeterChip(SerialChip):
    """A chip that measures a load; set `load` when it changes."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """230 V and nothing plugged in, no energy counted."""
        super().__init__(now_s)
        self._load = Load()
        self._joules = 0.0
        self._since_s = now_s()

    @property
    def load(self) -> Load:
        """What flows now."""
        return self._load

    @load.setter
    def load(self, load: Load) -> None:
        self.speak()  # what it said until now was about the load before
        now_s = self.now_s()
        self._joules, self._since_s = self.joules(now_s), now_s
        self._load = load

    def joules(self, at_s: float) -> float:
        """Energy counted up to a time that is not before the last change of the load."""
        watts = abs(self._load.power_w) if self._load.voltage_v else 0.0
        return self._joules + watts * max(0.0, at_s - self._since_s)

    def shown_w(self) -> float:
        """The power its next frame shows: the load's, or a ghost."""
        if self.faults.spikes:
            return self.faults.spikes.popleft()
        return self._load.power_w if self._load.voltage_v else 0.0

    def power_on(self) -> None:
        """The chip's own supply was gone and is back: the line was silent, energy begins anew."""
        self.silence()
        self._joules, self._since_s = 0.0, self.now_s()
