"""Whether a load looks automatic, as a refrigerator does, by its last seven days.

Knows: when it went on, the sun's time of day (no zone is needed). May not know: watts, bouts.

Automatic: the intervals from one beginning to the next are alike (interquartile range ÷ median
< 0.5) and the nights, 01 to 05 h, see as many of them as the days (their rate ÷ the mean rate
> 0.7). Not any more: on two days there was none, or the nights were quieter than that; the week
begins anew then. It is judged when a solar day ends, with six days seen of the last seven.
Intervals are kept as counts, eight bins an octave from 64 s to 36 h.
"""

from array import array

from micropython import const

from careplug.sun import solar_day, solar_minute

LOOKS_HUMAN = const(0)
LOOKS_AUTOMATIC = const(1)
NO_VERDICT = const(-1)

_DAYS = const(7)
_ENOUGH_MIN = const(8_640)  # six days
_BACK_DAYS = const(2)
_BACK_MIN = const(2_448)  # 85 % of two days
_LEAST = const(14)  # intervals: two a day
_NIGHT_FROM_MIN = const(60)
_NIGHT_TO_MIN = const(300)
_MINUTE_MS = const(60_000)
_OCTAVE = const(6)  # bins begin at 2^6 s
_BINS = const(88)
_MOST_A_DAY = const(1_440)
_FIELDS_A_DAY = const(4)
_ONS = const(0)
_NIGHT_ONS = const(1)
_MINUTES = const(2)
_NIGHT_MINUTES = const(3)
FIELDS = const(5)
BYTES = _DAYS * (_BINS + 2 * _FIELDS_A_DAY)


def _bin(interval_s: int) -> int:
    """The bin of an interval."""
    octave = 0
    while interval_s >> (_OCTAVE + octave + 1):
        octave += 1
    number = octave * 8 + (interval_s >> (_OCTAVE + octave - 3)) - 8
    return max(0, min(_BINS - 1, number))


def _edge_s(number: int) -> int:
    """Where a bin begins."""
    return (8 + number % 8) << (number // 8 + _OCTAVE - 3)


def _quantile_s(counts: "array[int]", quarters: int) -> int:
    """That many quarters of the intervals are shorter; straight within a bin."""
    rank = sum(counts) * quarters  # in quarters of an interval
    number = 0
    while rank > 4 * counts[number]:
        rank -= 4 * counts[number]
        number += 1
    low_s = _edge_s(number)
    return low_s + (_edge_s(number + 1) - low_s) * rank // (4 * counts[number])


class Week:
    """Seven days of beginnings; the newest is today."""

    def __init__(self) -> None:
        self.automatic = False
        self._bins = bytearray(_DAYS * _BINS)
        self._days = array("H", [0] * (_DAYS * _FIELDS_A_DAY))
        self._counts = array("H", [0] * _BINS)  # of all days; used while judging
        self._day = 0
        self._risen = False  # whether any beginning was seen
        self._rise_ms = 0
        self._minute_ms = 0

    def forget(self) -> None:
        """Begins anew."""
        self._let_go(_DAYS)
        self._day = 0  # the solar day of today, 0 = none yet

    def _let_go(self, days: int) -> None:
        """The oldest days go, as many empty ones come; in place, a full heap must not hinder it."""
        bins, fields = self._bins, self._days
        for place in range(_DAYS * _BINS):
            later = place + days * _BINS
            bins[place] = bins[later] if later < _DAYS * _BINS else 0
        for place in range(_DAYS * _FIELDS_A_DAY):
            later = place + days * _FIELDS_A_DAY
            fields[place] = fields[later] if later < _DAYS * _FIELDS_A_DAY else 0

    def sample(self, uptime_ms: int, wall_s: int, solar_noon_min: int, rose: bool) -> int:
        """The meter spoke; `rose`: the load went on. Gives LOOKS_* where that changes."""
        interval_s = self._interval_s(uptime_ms) if rose else NO_VERDICT
        minute = uptime_ms - self._minute_ms >= _MINUTE_MS
        if not wall_s or not (rose or minute):
            return NO_VERDICT
        verdict = self._turn(solar_day(wall_s, solar_noon_min))
        night = _NIGHT_FROM_MIN <= solar_minute(wall_s, solar_noon_min) < _NIGHT_TO_MIN
        if minute:
            self._minute_ms = uptime_ms
            self._count(_MINUTES, night)
        if rose:
            self._count(_ONS, night)
        if interval_s >= 0:
            place = (_DAYS - 1) * _BINS + _bin(interval_s)
            self._bins[place] = min(255, self._bins[place] + 1)
        return verdict

    def _interval_s(self, uptime_ms: int) -> int:
        """Since the beginning before this one; NO_VERDICT at the first."""
        interval_s = (uptime_ms - self._rise_ms) // 1000 if self._risen else NO_VERDICT
        self._risen = True
        self._rise_ms = uptime_ms
        return interval_s

    def _count(self, field: int, night: bool) -> None:
        """One more of today; the night's field stands behind."""
        place = (_DAYS - 1) * _FIELDS_A_DAY + field
        self._days[place] = min(_MOST_A_DAY, self._days[place] + 1)
        if night:
            self._days[place + 1] = min(_MOST_A_DAY, self._days[place + 1] + 1)

    def _turn(self, day: int) -> int:
        """Where a day has ended: judge, and let the oldest go."""
        if day == self._day:
            return NO_VERDICT
        verdict = self._judge() if self._day else NO_VERDICT
        if verdict == LOOKS_HUMAN:
            self.forget()
        if self._day:
            self._let_go(1)
        self._day = day
        return verdict

    def _judge(self) -> int:
        if self.automatic:
            ons, minutes, night = self._rates(_BACK_DAYS)
            if minutes < _BACK_MIN or (ons and night):
                return NO_VERDICT
            self.automatic = False
            return LOOKS_HUMAN
        ons, minutes, night = self._rates(_DAYS)
        if minutes < _ENOUGH_MIN or not night or not self._alike():
            return NO_VERDICT
        self.automatic = True
        return LOOKS_AUTOMATIC

    def _rates(self, days: int) -> "tuple[int, int, bool]":
        """Of the last days: beginnings, minutes seen, whether the nights are as busy as all."""
        sums = [0] * _FIELDS_A_DAY
        for i in range((_DAYS - days) * _FIELDS_A_DAY, _DAYS * _FIELDS_A_DAY):
            sums[i % _FIELDS_A_DAY] += self._days[i]
        ons, night_ons, minutes, night_minutes = sums
        return ons, minutes, 10 * night_ons * minutes > 7 * ons * night_minutes

    def _alike(self) -> bool:
        """Whether the intervals' interquartile range is less than half their median."""
        counts = self._counts
        for number in range(_BINS):
            counts[number] = 0
        for place in range(_DAYS * _BINS):
            counts[place % _BINS] += self._bins[place]
        if sum(counts) < _LEAST:
            return False
        range_s = _quantile_s(counts, 3) - _quantile_s(counts, 1)
        return 2 * range_s < _quantile_s(counts, 2)

    # --- restarts ---

    def recall(self, verdict: int) -> None:
        """LOAD_PERIODIC from the log."""
        self.automatic = verdict == LOOKS_AUTOMATIC
        if not self.automatic:
            self.forget()

    def saved(self, uptime_ms: int) -> "tuple[int, ...]":
        """The scalars as whole numbers; times as ages."""
        rise_age_ms, minute_age_ms = uptime_ms - self._rise_ms, uptime_ms - self._minute_ms
        return (self.automatic, self._day, self._risen, rise_age_ms, minute_age_ms)

    def save_days(self, blob: bytearray, at: int) -> None:
        """Writes the seven days into a blob, BYTES of it."""
        for place in range(_DAYS * _BINS):
            blob[at + place] = self._bins[place]
        at += _DAYS * _BINS
        for place in range(_DAYS * _FIELDS_A_DAY):
            blob[at + 2 * place] = self._days[place] & 0xFF
            blob[at + 2 * place + 1] = self._days[place] >> 8

    def restore(self, saved: "tuple[int, ...]", days: bytes, then_ms: int) -> None:
        """Takes back what `saved` and `save_days` gave, at `then_ms`."""
        self.automatic, self._day = bool(saved[0]), saved[1]
        self._risen = bool(saved[2])
        self._rise_ms = then_ms - saved[3]
        self._minute_ms = then_ms - saved[4]
        for place in range(_DAYS * _BINS):
            self._bins[place] = days[place]
        for place in range(_DAYS * _FIELDS_A_DAY):
            at = _DAYS * _BINS + 2 * place
            self._days[place] = days[at] | days[at + 1] << 8
