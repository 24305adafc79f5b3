"""VEML7700 light sensor: one measurement at a time, shut down in between; 0.0084 to 120,000 lx.

Knows: its registers and ranges (Vishay 84286), its bend in bright light (Vishay 84323, 2025).
May not know: lamps, daylight.

The correction is taken from 0 lx on, not from 1,000 as in the note: beginning there it would leap
by 7 %, and a leap is what a lamp is told by. Below 100 lx it changes less than 1.1 %.
"""

from micropython import const

from anbu_device.core.gains import scaled
from anbu_device.edge.light import Light

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.light import LightBus

_ADDRESS = const(0x10)
_CONFIGURATION = const(0x00)
_ALS = const(0x04)
_SHUT_DOWN = b"\x01\x00"

# (configuration, low byte first; lux × 100 a count, in 25ths; for less than so many lux × 100)
_RANGES = (
    (b"\x00\x13", 5376, 0),  # gain 1/8, 25 ms
    (b"\x00\x10", 1344, 2_000_000),  # gain 1/8, 100 ms
    (b"\x00\x00", 168, 300_000),  # gain 1, 100 ms
    (b"\x80\x08", 21, 30_000),  # gain 2, 400 ms
)
_PER_COUNT = const(25)

# x · (1.0023 + 8.1488e-5 x − 9.3924e-9 x² + 6.0135e-13 x³) with x in 10,000 lx, in parts of 2^13.
_BEND = (4926, -7694, 6676, 8211)
_ONE = const(13)
_STRAIGHTEST = const(2_300_000)  # makes 120,000 lx, the chip's end


def straightened(lux_centi: int) -> int:
    """Lux × 100 with the sensor's bend taken out."""
    lux_centi = min(lux_centi, _STRAIGHTEST)
    place = lux_centi * 128 // 15625
    factor = 0
    for coefficient in _BEND:
        factor = (factor * place >> _ONE) + coefficient
    return scaled(lux_centi, factor, 1 << _ONE)


class Veml7700(Light):
    """The one on its bus: its address is fixed."""

    # 2.5 ms to wake up, the integration, and a quarter of it for the chip's own clock
    TIMES_MS = (35, 130, 130, 505)

    def __init__(self, bus: "LightBus") -> None:
        super().__init__()
        self._bus = bus
        self._two = bytearray(2)

    def _start(self, which: int) -> None:
        self._bus.writeto_mem(_ADDRESS, _CONFIGURATION, _RANGES[which][0])

    def _fetch(self) -> int:
        self._bus.readfrom_mem_into(_ADDRESS, _ALS, self._two)
        self._bus.writeto_mem(_ADDRESS, _CONFIGURATION, _SHUT_DOWN)
        return self._two[1] << 8 | self._two[0]

    def _lux_centi(self, which: int, raw: int) -> int:
        return straightened(raw * _RANGES[which][1] // _PER_COUNT)

    def _finer(self, lux_centi: int) -> int:
        for which in range(len(_RANGES) - 1, 0, -1):
            if lux_centi < _RANGES[which][2]:
                return which
        return 0
