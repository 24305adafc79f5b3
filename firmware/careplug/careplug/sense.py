"""What the plug's chips measure, handed to the plug: corrected by the gains, with what is known.

Knows: the drivers' readings, gains, how long a reading holds. May not know: which chip measures,
what a load or a lamp is (the plug does), where gains are kept.
"""

from micropython import const

from anbu_device.core.gains import Gains
from anbu_wire.metering import CURRENT, POWER, VOLTAGE
from anbu_wire.settings import (
    CURRENT_GAIN,
    FACTORY_CURRENT_GAIN,
    FACTORY_POWER_GAIN,
    FACTORY_VOLTAGE_GAIN,
    POWER_GAIN,
    VOLTAGE_GAIN,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    from careplug.plug import Plug

    Effects = list[tuple[int, tuple[int, int], int, int]]

    class Meter(Protocol):
        """A meter's driver."""

        def poll(self, now_ms: int) -> "list[int] | None":
            """The newest reading, None for no new one."""

    class Light(Protocol):
        """A light sensor's driver."""

        def read(self, now_ms: int) -> "int | None":
            """Lux × 100, None while it measures."""

    class Board(Protocol):
        """The board's senses, None where none is fitted."""

        @property
        def meter(self) -> "Meter | None":
            """The meter."""

        @property
        def light(self) -> "Light | None":
            """The light sensor."""


_TICKS_MASK = const(0x3FFFFFFF)
_HOLDS_MS = const(5000)  # so long a value is the present one
_FLAGS = const(4)  # in a reading; its bits are VOLTAGE, CURRENT, POWER
_NOTHING = (0, 0, 0, 0, 0)
_USER = (VOLTAGE_GAIN, CURRENT_GAIN, POWER_GAIN)
_FACTORY = (FACTORY_VOLTAGE_GAIN, FACTORY_CURRENT_GAIN, FACTORY_POWER_GAIN)


class Sense:
    """One plug's senses."""

    def __init__(self, board: "Board", plug: "Plug") -> None:
        self._meter = board.meter
        self._light = board.light
        self._plug = plug
        self._gains = Gains()
        self._raw: "tuple[int, ...]" = _NOTHING
        self._right: "tuple[int, ...]" = _NOTHING
        self._read_ms = self._lit_ms = -_HOLDS_MS
        self._now_ms = 0
        self._lux_centi = 0

    def calibrate(self, values: "dict[int, int]") -> None:
        """Takes the gains in force, by parameter; what is told is right by them at once."""
        factory = [values[gain] for gain in _FACTORY]
        self._gains = Gains(factory, [values[gain] for gain in _USER])
        if self._raw[_FLAGS]:
            self._right = tuple(self._gains.correct(list(self._raw)))

    # --- each second, and the light once more in between ---

    def look(self, uptime_ms: int, wall_s: int) -> "Effects":
        """Takes what the meter and the light sensor have; starts the next measurement."""
        self._now_ms = uptime_ms
        effects = self._take_meter(uptime_ms, wall_s)
        return effects + self.light(uptime_ms, wall_s) + self.light(uptime_ms, wall_s)

    def _take_meter(self, uptime_ms: int, wall_s: int) -> "Effects":
        reading = self._meter.poll(uptime_ms & _TICKS_MASK) if self._meter is not None else None
        if reading is None:
            return []
        self._raw = tuple(reading)
        right = self._right = tuple(self._gains.correct(reading))
        self._read_ms = uptime_ms
        known = reading[_FLAGS]
        return self._plug.sample(
            uptime_ms,
            wall_s,
            right[0] if known & VOLTAGE else None,
            right[2] if known & POWER else None,
        )

    def light(self, uptime_ms: int, wall_s: int) -> "Effects":
        """Lets the light sensor take its next step: fetch one value, or begin another."""
        lux_centi = self._light.read(uptime_ms & _TICKS_MASK) if self._light is not None else None
        if lux_centi is None:
            return []
        self._lux_centi = lux_centi
        self._lit_ms = uptime_ms
        return self._plug.light(uptime_ms, wall_s, lux_centi)

    # --- what is told ---

    def told(self) -> "list[tuple[int, int, bool]]":
        """Voltage in mV, current in mA, power in mW: (right, raw, known); zeros while unknown."""
        known = self._raw[_FLAGS] if self._now_ms - self._read_ms < _HOLDS_MS else 0
        bits = (VOLTAGE, CURRENT, POWER)
        return [
            (self._right[i], self._raw[i], True) if known & bit else (0, 0, False)
            for i, bit in enumerate(bits)
        ]

    def lux_centi(self) -> int:
        """Lux × 100 now, -1 while it is not known."""
        return self._lux_centi if self._now_ms - self._lit_ms < _HOLDS_MS else -1
