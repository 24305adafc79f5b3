"""A load that a person switches: powers in, the beginnings and ends of its bouts out.

Knows: which sample is believed, the threshold and its hysteresis, bouts of 30 minutes. May not
know: chips, wall time, the log, whether the load looks automatic (it is told).

- A sample above what the board can carry is a ghost and is dropped; of the rest the middle one of
  the last three is believed, so a lone jump is not.
- On above max(6 W, standby + 30 %); off below half way between standby and that.
- The first level after a start, and after a silence of the meter, is taken as it is: what runs
  when the watch begins is no crossing.
- A bout begins where the load goes on and no bout is open. It is over when the load was not on (or
  nobody saw it) for 30 minutes; after a restart these begin anew. It lasts until its load was last
  seen to be switched, for that tells of a person: not until a cut of the power, a silence of the
  meter or the standby, which grows, overtook a load that ran on. A load that looks automatic has
  no bouts.
"""

from array import array

from micropython import const

from anbu_wire.messages import LOAD_OFF, LOAD_ON
from careplug.standby import FIELDS as _STANDBY_FIELDS
from careplug.standby import Standby

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Events = list[tuple[int, int]]

ZERO_MW = const(6_000)  # the zero band: a chip of this class cannot tell less from nothing
_BOUT_MS = const(1_800_000)
_APART_MS = const(90_000)  # samples further apart do not vouch for one another
_I16 = const(32_767)
_UNKNOWN = const(-1)
_OFF = const(0)
_ON = const(1)
_OWN_FIELDS = const(13)
FIELDS = _OWN_FIELDS + _STANDBY_FIELDS


class Load:
    """`power_mw` is the believed power, −1 where none is; `loads` counts the bouts begun."""

    def __init__(self, most_w: int = 4400) -> None:
        self.standby = Standby()
        self.power_mw = _UNKNOWN
        self.loads = 0
        self.open = False  # a bout is
        self.automatic = False
        self._most_mw = most_w * 1000
        self._state = _UNKNOWN
        self._window = array("i", (0, 0, 0))
        self._seen = 0  # samples in the window
        self._sample_ms = 0
        self._began_ms = 0
        self._last_ms = 0  # when the open bout's load was last seen to be switched
        self._quiet_ms = 0  # from when its 30 minutes run: last seen on, or since a restart

    @property
    def on(self) -> bool:
        """Whether the load is above its threshold."""
        return self._state == _ON

    @property
    def off(self) -> bool:
        """Whether it is known not to be: at a start neither is."""
        return self._state == _OFF

    @property
    def threshold_mw(self) -> int:
        """Above this it is on."""
        return max(ZERO_MW, self.standby.mw * 13 // 10)

    def look(self, uptime_ms: int) -> "Events":
        """Time passed: a bout may be over."""
        if self.open and uptime_ms - self._quiet_ms >= _BOUT_MS:
            return [self._end()]
        return []

    def sample(self, uptime_ms: int, mw: int) -> "Events":
        """One sample of the meter. A mean over a minute is given twice, 30 s apart."""
        events = self.look(uptime_ms)
        before_mw = self.power_mw
        if not self._believe(uptime_ms, mw):
            return events
        power_mw = self.power_mw
        self.standby.sample(uptime_ms, power_mw)
        before = self._state
        self._cross(power_mw)
        rose = before == _OFF and self._state == _ON
        if rose and not self.open and not self.automatic:
            self.open = True
            self.loads += 1
            self._began_ms = uptime_ms
            events.append((LOAD_ON, min(_I16, power_mw // 1000)))
        fell = before == _ON and self._state == _OFF and power_mw < before_mw - before_mw // 10
        if rose or fell:
            self._last_ms = uptime_ms
        if _ON in (before, self._state):
            self._quiet_ms = uptime_ms
        return events

    def _cross(self, power_mw: int) -> None:
        threshold_mw = self.threshold_mw
        if power_mw > threshold_mw:
            self._state = _ON
        elif self._state != _ON or power_mw < (self.standby.mw + threshold_mw) // 2:
            self._state = _OFF

    def looks_automatic(self, automatic: bool) -> "Events":
        """Whether the load is one that nobody switches; an open bout ends with it."""
        self.automatic = automatic
        return [self._end()] if automatic and self.open else []

    def _believe(self, uptime_ms: int, mw: int) -> bool:
        """Takes the sample into the window; whether `power_mw` is of now."""
        if mw > self._most_mw:
            return False
        if uptime_ms - self._sample_ms > _APART_MS:
            self.unseen()
            self.power_mw = _UNKNOWN
        self._sample_ms = uptime_ms
        window = self._window
        window[0], window[1], window[2] = window[1], window[2], mw
        self._seen = min(3, self._seen + 1)
        if self._seen < 3:
            return False
        self.power_mw = sum(window) - min(window) - max(window)
        return True

    def _end(self) -> "tuple[int, int]":
        self.open = False
        return (LOAD_OFF, min(_I16, (self._last_ms - self._began_ms) // 60_000))

    # --- restarts ---

    def recall(self, kind: int, now_ms: int, age_ms: int) -> None:
        """LOAD_ON or LOAD_OFF from the log, `age_ms` before now; the 30 minutes begin anew."""
        if kind == LOAD_ON:
            self.loads += 1
            self._state = _UNKNOWN
            self._began_ms = self._last_ms = now_ms - age_ms
            self._quiet_ms = now_ms
        else:
            self._state = _OFF
        self.open = kind == LOAD_ON

    def unseen(self) -> None:
        """Nobody saw the load for a while: what runs now was not switched on now."""
        self._state = _UNKNOWN
        self._seen = 0

    def saved(self, uptime_ms: int) -> "tuple[int, ...]":
        """All it knows as whole numbers; times as ages."""
        own = (self.power_mw, self.loads, self.open, self.automatic, self._state)
        window = (self._window[0], self._window[1], self._window[2], self._seen)
        times = (self._sample_ms, self._began_ms, self._last_ms, self._quiet_ms)
        ages = tuple(uptime_ms - at_ms for at_ms in times)
        return own + window + ages + self.standby.saved(uptime_ms)

    def restore(self, saved: "tuple[int, ...]", then_ms: int, quiet_ms: "int | None") -> None:
        """Takes back what `saved` gave at `then_ms`.

        `quiet_ms`: where the load may have been on since then, its 30 minutes run from here.
        """
        self.power_mw, self.loads = saved[0], saved[1]
        self.open, self.automatic, self._state = bool(saved[2]), bool(saved[3]), saved[4]
        self._window = array("i", saved[5:8])
        self._seen = saved[8]
        self._sample_ms = then_ms - saved[9]
        self._began_ms = then_ms - saved[10]
        self._last_ms = then_ms - saved[11]
        self._quiet_ms = then_ms - saved[12]
        if quiet_ms is not None and self.open:
            self._quiet_ms = quiet_ms
            self._state = _UNKNOWN
        self.standby.restore(saved[_OWN_FIELDS:], then_ms)
