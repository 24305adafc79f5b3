"""What the hourly summary tells: energy since ever, minutes with a load on, mean light.

Knows: powers and lux as they come, how long each lasted. May not know: bouts, thresholds, a chip's
own counter (it forgets at each start, and a ghost is in it).

The summary is the heartbeat: energy is always in it; activity and brightness only where somebody
measured since the summary before. Records carry energy modulo 32768: after a restart it is brought
forward to the newest record, so it never goes back behind what was told.
"""

from micropython import const

from anbu_wire.messages import ACTIVITY, BRIGHTNESS, ENERGY
from careplug.load import ZERO_MW

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Events = list[tuple[int, int]]

FIELDS = const(8)
_HOUR_MS = const(3_600_000)
_APART_MS = const(5_000)  # of a longer silence of the meter only this much is known
_WH = const(36_000_000)  # 100 mW · ms
_ROUND = const(32_768)
_I16 = const(32_767)
_LUX_ROOM = const(0x1FFFFFFF)


class Hour:
    """`energy_wh` counts since provisioning."""

    def __init__(self, uptime_ms: int) -> None:
        self.energy_wh = 0
        self._rest = 0  # of a Wh
        self._active_ms = 0
        self._metered = False
        self._lux = 0
        self._readings = 0
        self._since_ms = uptime_ms
        self._sample_ms = uptime_ms

    def sample(self, uptime_ms: int, power_mw: int, active: bool) -> None:
        """The believed power; `active`: a human load is on."""
        lasted_ms = min(_APART_MS, uptime_ms - self._sample_ms)
        self._sample_ms = uptime_ms
        self._metered = True
        if power_mw >= ZERO_MW:
            self._rest += power_mw // 100 * lasted_ms
            self.energy_wh += self._rest // _WH
            self._rest %= _WH
        if active:
            self._active_ms += lasted_ms

    def light(self, lux_centi: int) -> None:
        """A light reading."""
        if self._lux < _LUX_ROOM:
            self._lux += lux_centi // 100
            self._readings += 1

    def look(self, uptime_ms: int) -> "Events":
        """The summary, when an hour is over."""
        return self.summary(uptime_ms) if uptime_ms - self._since_ms >= _HOUR_MS else []

    def summary(self, uptime_ms: int) -> "Events":
        """The summary of what was since the last one."""
        self._since_ms = uptime_ms
        events = [(ENERGY, self.energy_wh % _ROUND)]
        if self._metered:
            minutes, self._active_ms = divmod(self._active_ms, 60_000)
            events.append((ACTIVITY, minutes))
        if self._readings:
            events.append((BRIGHTNESS, min(_I16, self._lux // self._readings)))
        self._metered = False
        self._lux = self._readings = 0
        return events

    # --- restarts ---

    def recall(self, kind: int, value: int) -> None:
        """A summary from the log that is newer than the saved state."""
        if kind == ENERGY:
            self.energy_wh += (value - self.energy_wh) % _ROUND
            self._rest = 0
        elif kind == ACTIVITY:
            self._active_ms = 0
        elif kind == BRIGHTNESS:
            self._lux = self._readings = 0

    def saved(self, uptime_ms: int) -> "tuple[int, ...]":
        """All it knows as whole numbers; times as ages."""
        energy = (self.energy_wh, self._rest, self._active_ms, self._metered)
        ages = (uptime_ms - self._since_ms, uptime_ms - self._sample_ms)
        light = (self._lux, self._readings)
        return energy + light + ages

    def restore(self, saved: "tuple[int, ...]", then_ms: int) -> None:
        """Takes back what `saved` gave, at `then_ms`."""
        self.energy_wh, self._rest, self._active_ms = saved[:3]
        self._metered = bool(saved[3])
        self._lux, self._readings = saved[4], saved[5]
        self._since_ms = then_ms - saved[6]
        self._sample_ms = then_ms - saved[7]
