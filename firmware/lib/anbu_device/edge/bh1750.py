"""BH1750 light sensor: one-shot measurements, 0.05 to 120,000 lx.

Knows: its commands, MTreg, its longest times (data sheet 11046EDT01).
May not know: lamps, daylight.
"""

from micropython import const

from anbu_device.core.gains import scaled
from anbu_device.edge.light import Light

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.light import LightBus

_POWER_ON = b"\x01"
_LOW_ONCE = b"\x23"
_HIGH_2_ONCE = b"\x21"
# MTreg 31 and 254, its least and most: three bits, then five.
_MT_31 = (b"\x40", b"\x7f")
_MT_254 = (b"\x47", b"\x7e")
# lux × 100 = raw / 1.2 · 69 / MTreg · 100, and half of it in the second high mode
_COARSE_TIMES = const(17250)
_COARSE_BY = const(93)
_FINE_TIMES = const(14375)
_FINE_BY = const(1270)
_FINE_BELOW = const(700_000)


class Bh1750(Light):
    """One of them on its bus, at 0x23 or (ADDR high) 0x5C."""

    TIMES_MS = (16, 690)  # at most 24 ms · 31/69 and 180 ms · 254/69

    def __init__(self, bus: "LightBus", address: int = 0x23) -> None:
        super().__init__()
        self._bus = bus
        self._address = address
        self._two = bytearray(2)

    def _start(self, which: int) -> None:
        self._bus.writeto(self._address, _POWER_ON)
        for command in _MT_254 if which else _MT_31:
            self._bus.writeto(self._address, command)
        self._bus.writeto(self._address, _HIGH_2_ONCE if which else _LOW_ONCE)

    def _fetch(self) -> int:
        self._bus.readfrom_into(self._address, self._two)
        return self._two[0] << 8 | self._two[1]

    def _lux_centi(self, which: int, raw: int) -> int:
        if which:
            return scaled(raw, _FINE_TIMES, _FINE_BY)
        return scaled(raw, _COARSE_TIMES, _COARSE_BY)

    def _finer(self, lux_centi: int) -> int:
        return 1 if lux_centi < _FINE_BELOW else 0
