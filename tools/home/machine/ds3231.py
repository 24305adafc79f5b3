"""DS3231 real-time clock at register level (data sheet 19-5170).

Knows: BCD time, alarms, control, status, temperature; a clock given to it that makes it run.
May not know: who sets it or why.

Time is one number, `_calendar_s` seconds since 2000-01-01 at the clock's zero; registers are made
from it when a transfer begins (the chip copies them at START too) and unmade when a write ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tools.home.machine.i2c import RegisterChip

TIME, ALARM_1, ALARM_2, CONTROL, STATUS, AGING, TEMPERATURE = (
    0x00,
    0x07,
    0x0B,
    0x0E,
    0x0F,
    0x10,
    0x11,
)
LAST_REGISTER = 0x12

EOSC, BBSQW, CONV, INTCN, A2IE, A1IE = 0x80, 0x40, 0x20, 0x04, 0x02, 0x01
OSF, EN32KHZ, BSY, A2F, A1F = 0x80, 0x08, 0x04, 0x02, 0x01

_CONTROL_DEFAULT = 0x1C
_STATUS_DEFAULT = OSF | EN32KHZ
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY_S = 86400
_NOON = 12
_NEXT_CENTURY = 2100
_CENTURY_BIT = 0x80
_TWELVE_HOUR, _PM = 0x40, 0x20
_ALARM_SEARCH_DAYS = 63  # a date matches within two months, or never (30 February)


def to_bcd(value: int) -> int:
    """Two decimal digits in a byte."""
    return value // 10 << 4 | value % 10


def from_bcd(value: int) -> int:
    """The number in two decimal digits; ValueError if they are none."""
    if not f"{value:x}".isdecimal():
        raise ValueError(f"0x{value:02x} is not BCD")
    return (value >> 4) * 10 + (value & 0x0F)


def hour_from_register(value: int) -> int:
    """0–23 from an hour register in 24- or 12-hour mode."""
    if value & _TWELVE_HOUR:
        return from_bcd(value & 0x1F) % _NOON + (_NOON if value & _PM else 0)
    return from_bcd(value & 0x3F)


def hour_to_register(hour: int, twelve: bool) -> int:
    """The hour register for 0–23."""
    if not twelve:
        return to_bcd(hour)
    return _TWELVE_HOUR | (_PM if hour >= _NOON else 0) | to_bcd(hour % _NOON or _NOON)


class Ds3231(RegisterChip):
    """The chip with its own battery on VBAT."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """As fresh from the reel: 2000-01-01, OSF set. `now_s` makes it run."""
        super().__init__()
        self._now_s = now_s
        self._zero_s = 0.0
        self.lose_power()

    def lose_power(self) -> None:
        """VCC and VBAT were gone: time and registers are lost, OSF says so."""
        self._pointer = 0
        self._calendar_s = 0.0
        self._zero_s = self._now_s()
        self._weekday_shift = 0
        self._twelve = False
        self._alarms = [0] * 7
        self._control = _CONTROL_DEFAULT
        self._status = _STATUS_DEFAULT
        self._aging = 0
        self._checked_s = 0
        self._latched = [0] * 7
        self._written: set[int] = set()
        self.temperature_quarters = 100

    def cut_vcc(self) -> None:
        """Only VCC was gone: all is kept on VBAT, unless EOSC told the oscillator to stop there."""
        self._pointer = 0
        if self._control & EOSC:
            self._status |= OSF

    def set_calendar(self, calendar_s: float) -> None:
        """Sets the time from outside, as the factory does: seconds since 2000; clears OSF."""
        self._calendar_s, self._zero_s = calendar_s, self._now_s()
        self._weekday_shift = 5  # 2000-01-01 was a Saturday; Monday is 1
        self._checked_s = int(calendar_s)
        self._status &= ~OSF

    def calendar_s(self) -> float:
        """Seconds since 2000-01-01 by this chip."""
        return self._calendar_s + self._now_s() - self._zero_s

    def interrupt(self) -> int | None:
        """The level on INT/SQW in interrupt mode: 0, or None while it lets go."""
        self._check_alarms()
        wanted = self._status & self._control & (A1F | A2F)
        return 0 if self._control & INTCN and wanted else None

    @property
    def armed(self) -> bool:
        """Whether an alarm may pull the interrupt line."""
        return bool(self._control & INTCN and self._control & (A1IE | A2IE))

    # --- the registers ---

    def begin(self) -> None:
        """Time registers are copied at START, so that a read cannot see a second roll over."""
        self._check_alarms()
        self._latched = self._time_registers()
        self._written = set()

    def end(self) -> None:
        """A write of time registers takes effect as a whole."""
        if self._written:
            self._set_from_registers()

    def next_register(self, register: int) -> int:
        """Rolls over to 0 after the last."""
        return 0 if register >= LAST_REGISTER else register + 1

    def read_register(self, register: int) -> int:
        """One byte; nothing is cleared by reading."""
        if register < ALARM_1:
            return self._latched[register]
        if register < CONTROL:
            return self._alarms[register - ALARM_1]
        temperature = (self.temperature_quarters << 6) & 0xFFFF
        return {
            CONTROL: self._control,
            STATUS: self._status,
            AGING: self._aging,
            TEMPERATURE: temperature >> 8,
            TEMPERATURE + 1: temperature & 0xFF,
        }.get(register, 0)

    def write_register(self, register: int, value: int) -> None:
        """Status flags can be written to 0 only; CONV is done at once; temperature is read only."""
        if register < ALARM_1:
            self._latched[register] = value
            self._written.add(register)
        elif register < CONTROL:
            self._alarms[register - ALARM_1] = value
        elif register == CONTROL:
            self._control = value & ~CONV
        elif register == STATUS:
            kept = self._status & value & (OSF | A2F | A1F)
            self._status = kept | (value & EN32KHZ) | (self._status & BSY)
        elif register == AGING:
            self._aging = value

    def _time_registers(self) -> list[int]:
        when = _EPOCH + timedelta(seconds=int(self.calendar_s()))
        weekday = (int(self.calendar_s()) // _DAY_S + self._weekday_shift) % 7 + 1
        century = _CENTURY_BIT if when.year >= _NEXT_CENTURY else 0
        return [
            to_bcd(when.second),
            to_bcd(when.minute),
            hour_to_register(when.hour, self._twelve),
            weekday,
            to_bcd(when.day),
            to_bcd(when.month) | century,
            to_bcd(when.year % 100),
        ]

    def _set_from_registers(self) -> None:
        second, minute, hour, weekday, day, month, year = self._latched
        fraction_s = 0.0 if TIME in self._written else self.calendar_s() % 1
        try:
            when = datetime(
                2000 + from_bcd(year) + (100 if month & _CENTURY_BIT else 0),
                from_bcd(month & 0x1F),
                from_bcd(day),
                hour_from_register(hour),
                from_bcd(minute),
                from_bcd(second & 0x7F),
                tzinfo=UTC,
            )
        except ValueError:
            when = _EPOCH  # "illogical entries result in undefined operation"
        self._twelve = bool(hour & _TWELVE_HOUR)
        self._zero_s = self._now_s()
        self._calendar_s = (when - _EPOCH).total_seconds() + fraction_s
        self._weekday_shift = ((weekday & 7) - 1 - int(self._calendar_s) // _DAY_S) % 7
        self._checked_s = int(self._calendar_s)

    # --- alarms ---

    def _check_alarms(self) -> None:
        now_s = int(self.calendar_s())
        since_s, self._checked_s = self._checked_s, now_s
        if now_s <= since_s:
            return
        if self._matches([*self._alarms[:4]], since_s, now_s):
            self._status |= A1F
        # Alarm 2 has no seconds: it comes at second 0.
        if self._matches([0, *self._alarms[4:]], since_s, now_s):
            self._status |= A2F

    def _matches(self, alarm: list[int], since_s: int, now_s: int) -> bool:
        """Whether the alarm's second lies in (since_s, now_s]."""
        masks = [value >> 7 for value in alarm]
        try:
            second, minute = from_bcd(alarm[0] & 0x7F), from_bcd(alarm[1] & 0x7F)
            hour = hour_from_register(alarm[2] & 0x7F)
        except ValueError:
            return False
        if masks[0]:
            return True
        period_s, at_s = 60, second
        if not masks[1]:
            period_s, at_s = 3600, at_s + 60 * minute
        if not masks[1] and not masks[2]:
            period_s, at_s = _DAY_S, at_s + 3600 * hour
        candidate = since_s + 1 + (at_s - since_s - 1) % period_s
        if period_s < _DAY_S or masks[3]:
            return candidate <= now_s
        for _ in range(_ALARM_SEARCH_DAYS):
            if candidate > now_s:
                return False
            if self._is_alarm_day(alarm[3], candidate // _DAY_S):
                return True
            candidate += _DAY_S
        return False

    def _is_alarm_day(self, register: int, days: int) -> bool:
        if register & 0x40:  # DY: day of the week
            return (days + self._weekday_shift) % 7 + 1 == register & 0x0F
        return to_bcd((_EPOCH + timedelta(days=days)).day) == register & 0x3F
