"""What a plug draws while nobody uses what hangs on it, learnt.

Knows: one power a minute, the lowest of that minute. May not know: thresholds, bouts, a clock.

A low quantile that moves slowly ("frugal streaming", Ma, Muthukrishnan and Sandler 2013, with steps
in proportion): a minute above it lifts it by a step, a minute below lowers it by nine, so it rests
where a tenth of all minutes lie below. It doubles in half a day at the most, so that a television
that runs through the night is no standby in the morning. It begins at the lowest of the first hour.
"""

from micropython import const

FIELDS = const(5)  # numbers of `saved`
_MINUTE_MS = const(60_000)
_FIRST_MIN = const(60)
_STEP_MW = const(10)
_STEP_SHIFT = const(10)  # and a 1024th of what it is
_DOWN = const(9)  # steps down for each up: the tenth
_NONE = const(-1)


class Standby:
    """`mw` is what was learnt, 0 in the first hour."""

    def __init__(self) -> None:
        self.mw = 0
        self._minutes = 0  # of the first hour
        self._hour_mw = _NONE  # the lowest of the first hour
        self._lowest_mw = _NONE
        self._since_ms = 0

    def sample(self, uptime_ms: int, mw: int) -> None:
        """A believed power."""
        if self._lowest_mw == _NONE:
            self._lowest_mw = mw
            self._since_ms = uptime_ms
            return
        self._lowest_mw = min(self._lowest_mw, mw)
        if uptime_ms - self._since_ms >= _MINUTE_MS:
            self._minute(self._lowest_mw)
            self._lowest_mw = mw
            self._since_ms = uptime_ms

    def _minute(self, lowest_mw: int) -> None:
        if self._minutes < _FIRST_MIN:
            self._minutes += 1
            self._hour_mw = lowest_mw if self._hour_mw < 0 else min(self._hour_mw, lowest_mw)
            if self._minutes == _FIRST_MIN:
                self.mw = self._hour_mw
            return
        step = _STEP_MW + (self.mw >> _STEP_SHIFT)
        if lowest_mw > self.mw:
            self.mw = min(lowest_mw, self.mw + step)
        else:
            self.mw = max(lowest_mw, self.mw - _DOWN * step)

    def saved(self, uptime_ms: int) -> "tuple[int, ...]":
        """All it knows as whole numbers; times as ages."""
        age_ms = uptime_ms - self._since_ms
        return (self.mw, self._minutes, self._hour_mw, self._lowest_mw, age_ms)

    def restore(self, saved: "tuple[int, ...]", then_ms: int) -> None:
        """Takes back what `saved` gave, at `then_ms`."""
        self.mw, self._minutes, self._hour_mw, self._lowest_mw, age_ms = saved
        self._since_ms = then_ms - age_ms
