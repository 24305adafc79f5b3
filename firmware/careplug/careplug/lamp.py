"""A lamp that a person switches, told from daylight.

Knows: the last light readings, how high the sun stands. May not know: chips, the log, loads.

Light counts as a lamp's step when the new level has held for five seconds (headlights and lightning
pass by) and
- in the dark window, sun below the horizon: it doubled or halved within a minute, from 20 lx up;
- while the sun is low (below 6°): the room itself is dark, under 20 lx on the one side of a step of
  five and more. Clouds do not do that (at most fourfold a minute in four days of an empty office);
- at any time, and where time or place are unknown: it doubled or halved, from 20 lx up, between two
  readings a second apart, with no drift in the five seconds before and after. A sensor gathers
  light for most of a second: the reading in which a lamp goes on is a mixture, the next counts too.

Nobody switches a lamp more than twelve times an hour: what does (a television in the dark, a tube
that flickers) is not told until an hour was calmer, nor may it fill the log.
"""

from micropython import const

from careplug.sun import HORIZON, sine

_HOLD_MS = const(5_000)
_FAST_MS = const(1_500)  # a reading a second, and a little late
_BASE_MS = const(60_000)  # steps are taken from a level no older than this and a reading
_APART_MS = const(90_000)  # readings further apart are not compared
_HOUR_MS = const(3_600_000)
_MOST = const(12)  # steps of a hand in an hour
_LEAST_CENTI = const(2_000)  # 20 lx
_LOW_SUN = const(1_713)  # sine of 6°
_NOTHING = const(-1)
_I16 = const(32_767)

# why a step is believed, and the least ratio; 0 = it is not
_BY_DARKNESS = const(2)
_BY_DARK_ROOM = const(5)
_BY_SPEED = const(3)
_RATIOS = {_BY_DARKNESS: 2, _BY_DARK_ROOM: 5, _BY_SPEED: 2}


def _stepped(before: int, after: int, ratio: int) -> bool:
    low, high = min(before, after), max(before, after)
    return high >= _LEAST_CENTI and high >= ratio * low


class Lamp:
    """One room's light; levels in hundredths of a lux."""

    def __init__(self) -> None:
        self._latitude_deg: "int | None" = None
        self._solar_noon_min = 0
        self._level = _NOTHING  # the last reading
        self._level_ms = 0
        self._base = 0  # what a step is taken from
        self._base_ms = 0
        self._calm = 0  # the level that has not drifted
        self._calm_ms = 0  # since then
        self._stood = 0  # the last reading of such a level that had held
        self._left_ms = -_BASE_MS  # when the light left it
        self._why = 0  # of a step that has yet to hold
        self._from = 0
        self._to = 0
        self._step_ms = 0
        self._steps = 0  # of this hour
        self._restless = False  # the hour before had too many
        self._hour_ms = 0

    def place(self, latitude_deg: int, solar_noon_min: int) -> None:
        """Where the lamp stands: degrees north, UTC minute of the mean solar noon."""
        self._latitude_deg = latitude_deg
        self._solar_noon_min = solar_noon_min

    def sample(self, uptime_ms: int, wall_s: int, lux_centi: int) -> int:
        """A reading. Gives the lux after a step, negative where it went down; 0 = no step.

        A mean over a minute is given twice, 30 s apart.
        """
        before, apart_ms = self._level, uptime_ms - self._level_ms
        self._level, self._level_ms = lux_centi, uptime_ms
        if before == _NOTHING or apart_ms > _APART_MS:
            self._rest(uptime_ms, lux_centi)
            return 0
        if 8 * abs(lux_centi - self._calm) > self._calm + 100:
            if apart_ms <= _FAST_MS and uptime_ms - self._calm_ms >= _HOLD_MS:
                self._stood, self._left_ms = before, uptime_ms
            self._calm, self._calm_ms = lux_centi, uptime_ms
        if self._why:
            return self._by_hand(uptime_ms, self._holds(uptime_ms, lux_centi))
        self._seek(uptime_ms, wall_s)
        return 0

    def _by_hand(self, uptime_ms: int, step: int) -> int:
        """The step, 0 where there are more of them than a hand makes."""
        if uptime_ms - self._hour_ms >= _HOUR_MS:
            gone = uptime_ms - self._hour_ms >= 2 * _HOUR_MS  # an hour without any
            self._restless = self._steps > _MOST and not gone
            self._hour_ms, self._steps = uptime_ms, 0
        self._steps += step != 0
        return 0 if self._restless or self._steps > _MOST else step

    def _rest(self, uptime_ms: int, level: int) -> None:
        self._why = 0
        self._base, self._base_ms = level, uptime_ms
        self._calm, self._calm_ms = level, uptime_ms

    def _seek(self, uptime_ms: int, wall_s: int) -> None:
        """Whether a step begins with this reading."""
        level = self._level
        if _stepped(self._base, level, 2):
            self._why = self._by_sun(wall_s, self._base, level)
            self._from = self._base
        if not self._why and self._mixed(uptime_ms) and _stepped(self._stood, level, 2):
            self._why = _BY_SPEED
            self._from = self._stood
        if self._why:
            self._to, self._step_ms = level, uptime_ms
        elif uptime_ms - self._base_ms >= _BASE_MS:
            self._base, self._base_ms = level, uptime_ms

    def _mixed(self, uptime_ms: int) -> bool:
        """Whether this reading, or the one before it, is the first off a level that had held."""
        return uptime_ms - self._left_ms <= _FAST_MS

    def _by_sun(self, wall_s: int, before: int, after: int) -> int:
        if not wall_s or self._latitude_deg is None:
            return 0
        height = sine(wall_s, self._latitude_deg, self._solar_noon_min)
        if height < HORIZON:
            return _BY_DARKNESS
        dark_room = min(before, after) < _LEAST_CENTI and _stepped(before, after, _BY_DARK_ROOM)
        return _BY_DARK_ROOM if dark_room and height < _LOW_SUN else 0

    def _holds(self, uptime_ms: int, level: int) -> int:
        """The step that began: over, still to hold, or told."""
        up = self._to > self._from
        if self._why == _BY_SPEED and self._mixed(uptime_ms) and (level > self._to) == up:
            self._to, self._step_ms = level, uptime_ms
        drifts = self._why == _BY_SPEED and 4 * abs(level - self._to) > self._to + 100
        if drifts or (level > self._from) != up or not _stepped(self._from, level, self._ratio()):
            self._why = 0
            return 0
        if uptime_ms - self._step_ms < _HOLD_MS:
            return 0
        self._why = 0
        self._base, self._base_ms = level, uptime_ms
        lux = min(_I16, max(1, level // 100))
        return lux if up else -lux

    def _ratio(self) -> int:
        return _RATIOS[self._why]
