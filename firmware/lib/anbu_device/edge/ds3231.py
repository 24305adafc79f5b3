"""DS3231 clock chip: UTC seconds since 2000, whether they can be believed, one alarm.

Knows: its registers (data sheet 19-5170), the calendar of 2000–2099. May not know: time zones;
how far the rest of the device trusts a clock. Methods raise OSError as the bus does.

A time is believed when two readings agree and each is a time: digits, date, weekday (written with
it, so it is a check on the date) and the bits that are always 0.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.mcp23017 import Registers

_ADDRESS = const(0x68)
_CONTROL = const(0x0E)
_STATUS = const(0x0F)
_TEMPERATURE = const(0x11)
_ALARM_1 = const(0x07)

_INTCN = const(0x04)  # oscillator on, no square wave, no alarms
_A1IE = const(0x01)
_OSF = const(0x80)
_A1F = const(0x01)
# In the status register writing 1 leaves a flag as it is, writing 0 clears it.
_CLEAR_OSF = const(0x03)
_CLEAR_A1F = const(0x82)

_COLDEST_C_QUARTERS = const(-220)  # −55 °C and 125 °C: outside it is no temperature
_HOTTEST_C_QUARTERS = const(500)
_EIO = const(5)

_DAY_S = const(86400)
_FIRST_WEEKDAY = const(5)  # 2000-01-01 was a Saturday; Monday is 1
_MONTH_DAYS = b"\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10


def _number(value: int) -> int:
    """The decimal in a BCD byte, or -1."""
    if value & 0x0F > 9 or value >> 4 > 9:
        return -1
    return (value >> 4) * 10 + (value & 0x0F)


def _month_days(year: int, month: int) -> int:
    return 29 if month == 2 and year % 4 == 0 else _MONTH_DAYS[month - 1]


def _weekday(days: int) -> int:
    return (days + _FIRST_WEEKDAY) % 7 + 1


def seconds(registers: "bytes | bytearray") -> int:
    """Seconds since 2000 in the seven time registers, or -1 where they are no time."""
    second = _number(registers[0])  # the bits above the digits are always 0
    minute = _number(registers[1])
    hour = _hour(registers[2])
    day = _number(registers[4])
    month = _number(registers[5])
    year = _number(registers[6])
    if not (0 <= second < 60 and 0 <= minute < 60 and 0 <= hour < 24 and year >= 0):
        return -1
    if not (1 <= month <= 12 and 1 <= day <= _month_days(year, month)):
        return -1
    days = year * 365 + (year + 3) // 4 + day - 1
    for earlier in range(1, month):
        days += _month_days(year, earlier)
    if registers[3] != _weekday(days):
        return -1
    return days * _DAY_S + hour * 3600 + minute * 60 + second


def _hour(register: int) -> int:
    if not register & 0x40:
        return _number(register)
    if register & 0x80:
        return -1
    hour = _number(register & 0x1F)  # somebody else left it in 12-hour mode
    return hour % 12 + (12 if register & 0x20 else 0) if 1 <= hour <= 12 else -1


def fill_registers(registers: bytearray, wall_s: int) -> None:
    """Puts `wall_s` into the seven time registers, 24-hour mode, Monday = 1."""
    days, rest = divmod(wall_s, _DAY_S)
    registers[0] = _bcd(rest % 60)
    registers[1] = _bcd(rest // 60 % 60)
    registers[2] = _bcd(rest // 3600)
    registers[3] = _weekday(days)
    year = 0
    while days >= (366 if year % 4 == 0 else 365):
        days -= 366 if year % 4 == 0 else 365
        year += 1
    month = 1
    while days >= _month_days(year, month):
        days -= _month_days(year, month)
        month += 1
    registers[4] = _bcd(days + 1)
    registers[5] = _bcd(month)
    registers[6] = _bcd(year)


def _follows(later_s: int, earlier_s: int) -> bool:
    return earlier_s >= 0 and 0 <= later_s - earlier_s <= 1


class DS3231:
    """The clock chip on its bus."""

    def __init__(self, i2c: "Registers") -> None:
        self._i2c = i2c
        self._all = bytearray(16)  # time, alarms, control, status
        self._time = bytearray(7)
        self._four = bytearray(4)
        self._one = bytearray(1)
        self._two = bytearray(2)

    def read(self) -> "tuple[int, bool]":
        """(UTC seconds since 2000, lost); lost = it stopped or was never set: (0, True)."""
        first_s = self._read_s()
        second_s = self._read_s()
        if _follows(second_s, first_s):
            return second_s, False
        if first_s < 0 and second_s < 0:
            return 0, True
        third_s = self._read_s()  # one reading was disturbed: two of three
        if _follows(third_s, second_s) or _follows(third_s, first_s):
            return third_s, False
        return 0, True

    def write(self, wall_s: int) -> None:
        """Sets the time; the second begins now. Only then is "lost" taken back.

        OSError also where it does not read back (a disturbed write).
        """
        fill_registers(self._time, wall_s)
        self._i2c.writeto_mem(_ADDRESS, 0, self._time)
        self._i2c.readfrom_mem_into(_ADDRESS, 0, self._all)
        if not _follows(seconds(self._all), wall_s):
            raise OSError(_EIO)
        self._set(_STATUS, _CLEAR_OSF)

    def set_alarm(self, wall_s: int) -> bool:
        """Pulls the interrupt line low at that second, until `clear_alarm`.

        False, and no alarm: that second is here or past, or the clock has lost its time.
        At most 28 days ahead: the chip compares day of month and time.
        """
        fill_registers(self._time, wall_s)
        four = self._four
        for place in range(3):
            four[place] = self._time[place]
        four[3] = self._time[4]
        self._i2c.writeto_mem(_ADDRESS, _ALARM_1, four)
        self._set(_STATUS, _CLEAR_A1F)
        self._set(_CONTROL, _INTCN | _A1IE)
        self._i2c.readfrom_mem_into(_ADDRESS, 0, self._all)
        for place in range(4):
            if self._all[_ALARM_1 + place] != four[place]:
                raise OSError(_EIO)
        # Armed first and looked at afterwards: a second that begins in between is not slept over.
        now_s, lost = self.read()
        if self._all[_STATUS] & _A1F or (not lost and now_s < wall_s):
            return True
        self.clear_alarm()
        return False

    def clear_alarm(self) -> None:
        """Lets go of the interrupt line; no alarm any more."""
        self._set(_CONTROL, _INTCN)
        self._set(_STATUS, _CLEAR_A1F)

    def temperature_c_quarters(self) -> int:
        """The chip's temperature in quarters of a degree Celsius."""
        for _ in range(2):
            two = self._two
            self._i2c.readfrom_mem_into(_ADDRESS, _TEMPERATURE, two)
            whole = two[0] - 256 if two[0] & 0x80 else two[0]
            quarters = whole * 4 + (two[1] >> 6)
            if not two[1] & 0x3F and _COLDEST_C_QUARTERS <= quarters <= _HOTTEST_C_QUARTERS:
                return quarters
        raise OSError(_EIO)

    def _read_s(self) -> int:
        self._i2c.readfrom_mem_into(_ADDRESS, 0, self._all)
        return -1 if self._all[_STATUS] & _OSF else seconds(self._all)

    def _set(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(_ADDRESS, register, self._one)
