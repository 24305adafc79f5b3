"""The DS3231 model against its data sheet."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.home.machine.ds3231 import Ds3231, from_bcd, hour_from_register, hour_to_register

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CENTURY_S = 36525 * 86400


class Hand:
    """A clock's hand moved by the test."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def chip_at(
    year: int, month: int, day: int, hour: int, minute: int, second: int
) -> tuple[Ds3231, Hand]:
    hand = Hand()
    chip = Ds3231(hand)
    chip.set_calendar(
        (datetime(year, month, day, hour, minute, second, tzinfo=UTC) - EPOCH).total_seconds()
    )
    return chip, hand


def read(chip: Ds3231, register: int, count: int) -> list[int]:
    data = chip.transfer(bytes((register,)), count)
    assert data is not None
    return list(data)


def write(chip: Ds3231, register: int, *values: int) -> None:
    assert chip.transfer(bytes((register, *values)), 0) == b""


def test_fresh_chip() -> None:
    """A chip that never had power reads 2000-01-01, weekday 1, control 0x1C, OSF set."""
    chip = Ds3231(Hand())
    assert read(chip, 0, 7) == [0, 0, 0, 1, 1, 1, 0]
    assert read(chip, 0x0E, 2) == [0x1C, 0x88]


@given(st.integers(0, CENTURY_S - 1))
def test_registers_are_the_calendar(wall_s: int) -> None:
    """Any second of 2000–2099 reads as Python's calendar has it."""
    chip = Ds3231(Hand())
    chip.set_calendar(wall_s)
    when = EPOCH + timedelta(seconds=wall_s)
    second, minute, hour, weekday, day, month, year = read(chip, 0, 7)
    assert (from_bcd(year) + 2000, from_bcd(month), from_bcd(day)) == (
        when.year,
        when.month,
        when.day,
    )
    assert (from_bcd(hour), from_bcd(minute), from_bcd(second)) == (
        when.hour,
        when.minute,
        when.second,
    )
    assert weekday == calendar.weekday(when.year, when.month, when.day) + 1


def test_it_runs_with_the_clock_given() -> None:
    """A second before midnight of a leap day the next second is the first of March."""
    chip, hand = chip_at(2028, 2, 29, 23, 59, 59)
    hand.now_s += 1
    assert read(chip, 0, 7) == [0, 0, 0, 3, 1, 3, 0x28]


def test_century_bit() -> None:
    """The century bit is set when the years roll over."""
    chip, hand = chip_at(2099, 12, 31, 23, 59, 59)
    hand.now_s += 1
    assert read(chip, 5, 2) == [0x81, 0]


def test_written_time_begins_at_the_second() -> None:
    """Writing the seconds resets the countdown: the written second lasts a whole second."""
    chip, hand = chip_at(2026, 3, 2, 8, 0, 0)
    hand.now_s += 0.9
    write(chip, 0, 0x30, 0x59, 0x23, 1, 0x31, 0x12, 0x26)
    hand.now_s += 0.9
    assert read(chip, 0, 7) == [0x30, 0x59, 0x23, 1, 0x31, 0x12, 0x26]
    hand.now_s += 0.2
    assert read(chip, 0, 1) == [0x31]


def test_weekday_is_the_users() -> None:
    """The weekday is what was written, and counts on at midnight, 7 to 1."""
    chip, hand = chip_at(2026, 3, 2, 23, 59, 59)
    write(chip, 3, 7)
    hand.now_s += 1
    assert read(chip, 3, 1) == [1]


def test_twelve_hour_mode() -> None:
    """A chip left in 12-hour mode reads so, through noon and midnight."""
    chip, hand = chip_at(2026, 3, 2, 11, 59, 59)
    write(chip, 2, 0x40 | 0x11)
    hand.now_s += 1
    assert read(chip, 2, 1) == [0x60 | 0x12]
    hand.now_s += 12 * 3600
    assert read(chip, 2, 1) == [0x40 | 0x12]


@given(st.integers(0, 23), st.booleans())
def test_hours_both_ways(hour: int, twelve: bool) -> None:
    """Every hour survives its register in both modes."""
    assert hour_from_register(hour_to_register(hour, twelve)) == hour


def test_nonsense_written_is_not_kept() -> None:
    """An impossible date leaves no impossible date behind."""
    chip, _hand = chip_at(2026, 3, 2, 8, 0, 0)
    write(chip, 4, 0x31, 0x02)
    assert read(chip, 4, 3) == [1, 1, 0]


def test_status_flags_go_to_zero_only() -> None:
    """OSF cannot be set by writing, and writing 0 clears it."""
    chip = Ds3231(Hand())
    write(chip, 0x0F, 0x7F)
    assert read(chip, 0x0F, 1) == [0x08]
    write(chip, 0x0F, 0x80)
    assert read(chip, 0x0F, 1) == [0]


def test_power() -> None:
    """Without VCC the time runs on from the battery; without both it is lost and says so."""
    chip, hand = chip_at(2026, 3, 2, 8, 0, 0)
    chip.cut_vcc()
    hand.now_s += 60
    assert read(chip, 0, 3) == [0, 1, 8]
    assert read(chip, 0x0F, 1)[0] & 0x80 == 0
    chip.lose_power()
    assert read(chip, 0x0F, 1)[0] & 0x80


def test_stopped_oscillator_is_said() -> None:
    """EOSC stops the oscillator on the battery: OSF afterwards."""
    chip, _hand = chip_at(2026, 3, 2, 8, 0, 0)
    write(chip, 0x0E, 0x84)
    chip.cut_vcc()
    assert read(chip, 0x0F, 1)[0] & 0x80


ALARMS = [
    ((0x80, 0x80, 0x80, 0x80), 1),  # every second
    ((0x30, 0x80, 0x80, 0x80), 30),
    ((0x30, 0x05, 0x80, 0x80), 330),
    ((0x00, 0x00, 0x09, 0x80), 3600),
    ((0x00, 0x00, 0x08, 0x03), 86400),  # the 3rd
    ((0x00, 0x00, 0x08, 0x44), 2 * 86400),  # weekday 4, a Wednesday + 1
]


@pytest.mark.parametrize(("registers", "after_s"), ALARMS)
def test_alarm_1_comes_at_its_second(registers: tuple[int, ...], after_s: int) -> None:
    """Every mask row of the data sheet matches at its second and not before."""
    chip, hand = chip_at(2026, 3, 2, 8, 0, 0)  # a Monday, weekday 1
    write(chip, 7, *registers)
    if registers[3] == 0x44:
        write(chip, 3, 2)  # somebody counts Monday as 2
    write(chip, 0x0E, 0x05)
    write(chip, 0x0F, 0)
    hand.now_s += after_s - 1
    assert chip.interrupt() is None
    hand.now_s += 1
    assert chip.interrupt() == 0
    write(chip, 0x0F, 0)
    assert chip.interrupt() is None


def test_alarm_2_has_no_seconds() -> None:
    """Alarm 2 comes at second 0 of its minute; without A2IE the flag is set, the line is quiet."""
    chip, hand = chip_at(2026, 3, 2, 8, 0, 1)
    write(chip, 0x0B, 0x07, 0x80, 0x80)
    write(chip, 0x0E, 0x04)
    hand.now_s += 7 * 60
    assert read(chip, 0x0F, 1) == [0x08 | 0x02]
    assert chip.interrupt() is None


def test_temperature() -> None:
    """Quarters of a degree, two's complement."""
    chip = Ds3231(Hand())
    assert read(chip, 0x11, 2) == [25, 0]
    chip.temperature_quarters = -1
    assert read(chip, 0x11, 2) == [0xFF, 0xC0]
