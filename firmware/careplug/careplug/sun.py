"""How high the sun stands, in whole numbers.

Knows: where the sun stands among the stars on a date, a sine in steps of a degree. May not know:
lamps, who asks, a time zone; the place is its latitude and the UTC minute of its mean solar noon.

Formulas (the Astronomical Almanac's low-precision ones; d days since 2000-01-01 12:00 UTC):
L = 280.46° + 360° · d / 365.25, g = L + 77.07°, λ = L + 1.915° sin g + 0.020° sin 2g;
sin δ = sin 23.44° · sin λ; equation of time, as an angle: L − λ + 2.466° sin 2λ − 0.053° sin 4λ;
sin h = sin φ · sin δ + cos φ · cos δ · cos H.
"""

from array import array

from micropython import const

ONE = const(16384)  # sines are in parts of this
HORIZON = const(-237)  # −0.83°: the upper limb with refraction
_DAY_S = const(86_400)
_DAY_MIN = const(1440)
_TURN = const(36_000)  # centidegrees
_CYCLE_DAYS = const(1461)  # four years
_CYCLE_MIN = _CYCLE_DAYS * _DAY_MIN
_MEAN = const(28_046)  # L at the beginning
_PERIHELION = const(7_707)  # g − L
_OBLIQUITY = const(6_517)  # sine of 23.44°

# sin 0° … 90° · ONE, to the nearest whole
_SINES = array(
    "H",
    (
        0, 286, 572, 857, 1143, 1428, 1713, 1997, 2280, 2563, 2845, 3126, 3406, 3686, 3964, 4240,
        4516, 4790, 5063, 5334, 5604, 5872, 6138, 6402, 6664, 6924, 7182, 7438, 7692, 7943, 8192,
        8438, 8682, 8923, 9162, 9397, 9630, 9860, 10087, 10311, 10531, 10749, 10963, 11174, 11381,
        11585, 11786, 11982, 12176, 12365, 12551, 12733, 12911, 13085, 13255, 13421, 13583, 13741,
        13894, 14044, 14189, 14330, 14466, 14598, 14726, 14849, 14968, 15082, 15191, 15296, 15396,
        15491, 15582, 15668, 15749, 15826, 15897, 15964, 16026, 16083, 16135, 16182, 16225, 16262,
        16294, 16322, 16344, 16362, 16374, 16382, 16384,
    ),
)  # fmt: skip


def _sin(centi: int) -> int:
    """The sine of an angle in centidegrees, times ONE."""
    centi %= _TURN
    sign = 1
    if centi >= _TURN // 2:
        centi -= _TURN // 2
        sign = -1
    if centi > _TURN // 4:
        centi = _TURN // 2 - centi
    degree, rest = divmod(centi, 100)
    low = _SINES[degree]
    if rest:
        low += (_SINES[degree + 1] - low) * rest // 100
    return sign * low


def _cos(centi: int) -> int:
    return _sin(centi + _TURN // 4)


def _root(square: int) -> int:
    """The square root of a number between ONE² / 2 and ONE², by Newton."""
    root = ONE
    for _ in range(4):
        root = (root + square // root) // 2
    return root


def solar_minute(wall_s: int, solar_noon_min: int) -> int:
    """The minute of the day by the mean sun: noon is 720. `solar_noon_min` is in UTC."""
    return (wall_s // 60 - solar_noon_min + 720) % _DAY_MIN


def solar_day(wall_s: int, solar_noon_min: int) -> int:
    """The day by the mean sun, counted from 2000-01-01."""
    return (wall_s // 60 - solar_noon_min + 720) // _DAY_MIN


def sine(wall_s: int, latitude_deg: int, solar_noon_min: int) -> int:
    """The sine of the sun's height above the horizon, times ONE. `wall_s`: UTC since 2000."""
    mean = _MEAN + (wall_s // 60 - 720) % _CYCLE_MIN * 100 // _CYCLE_DAYS  # 4 turns a cycle
    anomaly = mean + _PERIHELION
    sun = mean + (1915 * _sin(anomaly) + 20 * _sin(2 * anomaly)) // (10 * ONE)
    early = mean - sun + (2466 * _sin(2 * sun) - 53 * _sin(4 * sun)) // (10 * ONE)
    up = _OBLIQUITY * _sin(sun) // ONE
    across = _cos(latitude_deg * 100) * _root(ONE * ONE - up * up) // ONE
    hour = (wall_s - solar_noon_min * 60) % _DAY_S * 5 // 12 + early
    return (_sin(latitude_deg * 100) * up + across * _cos(hour)) // ONE
