"""A light sensor that is started and read later: a coarse range first, then the finest that holds.

Knows: a range's time, when a missing chip is tried again. May not know: which chip it is (a derived
driver), lamps, daylight.
"""

from micropython import const

from anbu_device.edge.guard import Patience

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class LightBus(Protocol):
        """The I2C bus, with and without registers."""

        def readfrom_into(self, address: int, buffer: bytearray) -> None:
            """Fills from a chip without registers."""

        def writeto(self, address: int, buffer: "bytes | bytearray") -> None:
            """Writes to a chip without registers."""

        def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
            """Fills from a register on."""

        def writeto_mem(self, address: int, register: int, buffer: "bytes | bytearray") -> None:
            """Writes from a register on."""


_IDLE = const(-1)
_SATURATED = const(0xFFFF)
_TICKS_MASK = const(0x3FFFFFFF)


class Light:
    """A light sensor's driver. Derived: a time for each range (0 is the coarse one), and below."""

    TIMES_MS: "tuple[int, ...]" = ()

    def __init__(self) -> None:
        self.guard = Patience()
        self._range = _IDLE
        self._started_ms = 0

    def read(self, now_ms: int) -> "int | None":
        """Lux × 100, once a measurement; None while one runs, and while the chip is dead.

        `now_ms` is ticks_ms(). Call it every 50 to 200 ms; nothing waits.
        """
        if self.guard.resting(now_ms) or self._measuring(now_ms):
            return None
        try:
            if self._range == _IDLE:
                self._begin(0, now_ms)
                return None
            return self._fetched(now_ms)
        except OSError:
            self._range = _IDLE
            self.guard.bad(now_ms)
            return None

    # --- what a chip is; the first two raise OSError as the bus does ---

    if TYPE_CHECKING:
        # Begins one measurement in a range.
        _start: Callable[[int], None]
        # The 16 bits it measured.
        _fetch: Callable[[], int]
        # (range, raw) in lux × 100.
        _lux_centi: Callable[[int, int], int]
        # The finest range that holds so many lux × 100; 0: none but the coarse one.
        _finer: Callable[[int], int]

    # --- one measurement ---

    def _measuring(self, now_ms: int) -> bool:
        if self._range == _IDLE:
            return False
        return (now_ms - self._started_ms) & _TICKS_MASK < self.TIMES_MS[self._range]

    def _begin(self, which: int, now_ms: int) -> None:
        self._start(which)
        self._range = which
        self._started_ms = now_ms

    def _fetched(self, now_ms: int) -> "int | None":
        which, raw = self._range, self._fetch()
        lux_centi = self._lux_centi(which, raw)
        self._range = _IDLE
        if which and raw == _SATURATED:
            return None  # it grew bright in between: the coarse range again
        finer = 0 if which else self._finer(lux_centi)
        if finer:
            self._begin(finer, now_ms)
            return None
        self.guard.good()
        return lux_centi
