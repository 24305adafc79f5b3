"""What goes on around a plug: appliances that draw watts, daylight and lamps that give lux.

Knows: how much, and when. May not know: a board, a process, a clock (times are arguments).
"""

from __future__ import annotations

import math

KETTLE_W = 1800.0
LAMP_LUX = 180.0  # a ceiling lamp, measured at a socket
STANDBY_W = 1.5
FRIDGE_W = 85.0
FRIDGE_ON_MIN, FRIDGE_OFF_MIN = 14, 41

_SUNRISE_MIN, _SUNSET_MIN = 7 * 60, 18 * 60 + 20
_NOON_LUX = 900.0  # indoors, away from the window
_DAY_MIN = 24 * 60


def fridge_w(minute: float) -> float:
    """A compressor that runs for a while and rests for a while, day and night."""
    return FRIDGE_W if minute % (FRIDGE_ON_MIN + FRIDGE_OFF_MIN) < FRIDGE_ON_MIN else STANDBY_W


def daylight_lux(minute_of_day: float) -> float:
    """How bright the sun makes a room at that minute of the local day; 0 by night."""
    minute = minute_of_day % _DAY_MIN
    share = (minute - _SUNRISE_MIN) / (_SUNSET_MIN - _SUNRISE_MIN)
    return _NOON_LUX * math.sin(math.pi * share) if 0 < share < 1 else 0.0
