"""How long the battery still lasts, when that is said, and when nothing may be written any more.

Knows: percent and millivolts as the gauge says them, uptime (handed in). Whole numbers only.
May not know: a chip, a record's place in the log, what is shown.

The gauge says whole percents, so time is taken from one falling percent to the next; a quarter of
the newest one goes into the mean, which stays between bounds whatever the gauge says.
"""

from micropython import const

PERCENT_UNKNOWN = const(255)
DAYS_UNKNOWN = const(-1)
DAYS_MOST = const(999)

_WARNED_AT = (20, 10, 5)  # percent: charge it today, now, it ends
_WARNED_DAYS = const(2)
_JUMP_PERCENT = const(5)  # another cell, or a gauge that settles: the mean begins anew
_MEAN_LEAST_S = const(60)  # a percent of 2,600 mAh in a minute are 1.6 A: more is no box
_MEAN_MOST_S = const(8_640_000)  # a hundred days a percent
_DAY_S = const(86_400)

# A lithium cell below 3.2 V no longer feeds a 3.3 V regulator well; the flash is promised from
# 2.7 V on (W25Q64JV) and a write takes up to 400 ms, while a weak cell's voltage falls fast.
_STOP_MV = const(3_200)
_AGAIN_MV = const(3_350)


def brown_out(before: bool, millivolts: int, mains: bool, line: bool) -> bool:
    """Whether nothing may be written to flash now; `before`: the answer of the last time.

    `line`: the board's own low-supply signal. `millivolts` 0 = the gauge says nothing: only the
    line counts then.
    """
    if line:
        return True
    if mains or not millivolts:
        return False
    return millivolts < (_AGAIN_MV if before else _STOP_MV)


class Battery:
    """A filter over the gauge's percents."""

    def __init__(self) -> None:
        self._percent = PERCENT_UNKNOWN
        self._since_ms = 0  # since when it says that percent
        self._whole = False  # whether that percent was seen from its beginning
        self._mean_s = 0  # seconds a percent, 0 = not known
        self._warned = 0  # how many of _WARNED_AT were said
        self._warned_days = False

    def sample(self, uptime_ms: int, percent: int, mains: bool) -> bool:
        """One look at the gauge, each few minutes. True: a BATTERY record is due."""
        if percent == PERCENT_UNKNOWN:
            return False
        if (
            mains
            or self._percent == PERCENT_UNKNOWN
            or abs(percent - self._percent) > _JUMP_PERCENT
        ):
            self._begin(uptime_ms, percent)
        elif percent < self._percent:
            self._fell(uptime_ms, percent)
        return not mains and self._warn(uptime_ms)

    def days_left(self, uptime_ms: int) -> int:
        """Whole days until it is empty, DAYS_UNKNOWN before two percents went by."""
        if not self._mean_s:
            return DAYS_UNKNOWN
        # a percent that already lasts longer than the mean says that less is drawn now
        lasted_s = min((uptime_ms - self._since_ms) // 1000, _MEAN_MOST_S)
        mean_s = max(self._mean_s, (3 * self._mean_s + lasted_s) // 4)
        return min(DAYS_MOST, self._percent * mean_s // _DAY_S)

    def _begin(self, uptime_ms: int, percent: int) -> None:
        self._percent = percent
        self._since_ms = uptime_ms
        self._whole = False
        self._mean_s = 0

    def _fell(self, uptime_ms: int, percent: int) -> None:
        each_s = (uptime_ms - self._since_ms) // 1000 // (self._percent - percent)
        if self._whole:
            each_s = max(_MEAN_LEAST_S, min(_MEAN_MOST_S, each_s))
            self._mean_s = (3 * self._mean_s + each_s) // 4 if self._mean_s else each_s
        self._whole = True
        self._percent = percent
        self._since_ms = uptime_ms

    def _warn(self, uptime_ms: int) -> bool:
        """Each step once; charged above it by _JUMP_PERCENT, it may be said again."""
        while self._warned and self._percent > _WARNED_AT[self._warned - 1] + _JUMP_PERCENT:
            self._warned -= 1
        days = self.days_left(uptime_ms)
        soon = 0 <= days <= _WARNED_DAYS
        if days > 2 * _WARNED_DAYS or days == DAYS_UNKNOWN:
            self._warned_days = False
        due = soon and not self._warned_days
        self._warned_days = self._warned_days or soon
        while self._warned < len(_WARNED_AT) and self._percent <= _WARNED_AT[self._warned]:
            self._warned += 1
            due = True
        return due
