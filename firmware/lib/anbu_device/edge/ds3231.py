"""DS3231 clock chip: UTC seconds since 2000, and whether they can be believed.

Knows: its registers (data sheet 19-5170), the calendar of 2000–2099. May not know: time zones;
how far the rest of the device trusts a clock. Methods raise OSError as the bus does.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import I2C

_ADDRESS = const(0x68)
_CONTROL = const(0x0E)
_STATUS = const(0x0F)
_TEMPERATURE = const(0x11)

_INTCN = const(0x04)  # oscillator on, no square wave, no alarms
_OSF = const(0x80)
_ALARM_FLAGS = const(0x03)  # writing 1 leaves them as they are

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


def seconds(registers: "bytes | bytearray") -> int:
    """Seconds since 2000 in the seven time registers, or -1 where they are no time."""
    second = _number(registers[0] & 0x7F)
    minute = _number(registers[1] & 0x7F)
    hour = _hour(registers[2])
    day = _number(registers[4] & 0x3F)
    month = _number(registers[5] & 0x1F)
    year = _number(registers[6])
    if not (0 <= second < 60 and 0 <= minute < 60 and 0 <= hour < 24 and year >= 0):
        return -1
    if not (1 <= month <= 12 and 1 <= day <= _month_days(year, month)):
        return -1
    days = year * 365 + (year + 3) // 4 + day - 1
    for earlier in range(1, month):
        days += _month_days(year, earlier)
    return days * _DAY_S + hour * 3600 + minute * 60 + second


def _hour(register: int) -> int:
    if not register & 0x40:
        return _number(register & 0x3F)
    hour = _number(register & 0x1F)  # somebody else left it in 12-hour mode
    return hour % 12 + (12 if register & 0x20 else 0) if 1 <= hour <= 12 else -1


def fill_registers(registers: bytearray, wall_s: int) -> None:
    """Puts `wall_s` into the seven time registers, 24-hour mode, Monday = 1."""
    days, rest = divmod(wall_s, _DAY_S)
    registers[0] = _bcd(rest % 60)
    registers[1] = _bcd(rest // 60 % 60)
    registers[2] = _bcd(rest // 3600)
    registers[3] = (days + _FIRST_WEEKDAY) % 7 + 1
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


class DS3231:
    """The clock chip on its bus."""

    def __init__(self, i2c: "I2C") -> None:
        self._i2c = i2c
        self._all = bytearray(16)  # time, alarms, control, status
        self._time = bytearray(7)
        self._one = bytearray(1)
        self._two = bytearray(2)

    def read(self) -> "tuple[int, bool]":
        """(UTC seconds since 2000, lost); lost = it stopped or was never set: (0, True)."""
        self._i2c.readfrom_mem_into(_ADDRESS, 0, self._all)
        wall_s = seconds(self._all)
        if self._all[_STATUS] & _OSF or wall_s < 0:
            return 0, True
        return wall_s, False

    def write(self, wall_s: int) -> None:
        """Sets the time; the second begins now. Only then is "lost" taken back."""
        fill_registers(self._time, wall_s)
        self._i2c.writeto_mem(_ADDRESS, 0, self._time)
        self._one[0] = _INTCN
        self._i2c.writeto_mem(_ADDRESS, _CONTROL, self._one)
        self._one[0] = _ALARM_FLAGS
        self._i2c.writeto_mem(_ADDRESS, _STATUS, self._one)

    def temperature_c_quarters(self) -> int:
        """The chip's temperature in quarters of a degree Celsius."""
        two = self._two
        self._i2c.readfrom_mem_into(_ADDRESS, _TEMPERATURE, two)
        whole = two[0] - 256 if two[0] & 0x80 else two[0]
        return whole * 4 + (two[1] >> 6)
