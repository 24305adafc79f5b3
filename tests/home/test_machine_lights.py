"""The light sensors' models by their data sheets: times, ranges, modes, and the bus's faults."""

from __future__ import annotations

import pytest

from tools.home.machine.bh1750 import Bh1750
from tools.home.machine.i2c import DONE, NACK, I2cBus
from tools.home.machine.veml7700 import Veml7700, bent, straight


class Clock:
    """Moved by the test."""

    def __init__(self) -> None:
        self.s = 50.0

    def __call__(self) -> float:
        return self.s


def told(chip: Bh1750) -> int:
    data = chip.transfer(b"", 2)
    assert data is not None
    return int.from_bytes(data, "big")


def test_bh1750_as_the_data_sheet_reckons() -> None:
    """28,067 lx is 0x8390 in H mode (its own example); half the step in H2, a quarter in L."""
    clock = Clock()
    chip = Bh1750(clock)
    chip.lux = 0x8390 / 1.2 + 0.1
    for mode, counts in ((0x20, 0x8390), (0x21, 0xFFFF), (0x23, 0x8390)):
        chip.transfer(b"\x01", 0)
        chip.transfer(bytes((mode,)), 0)
        clock.s += 0.181
        assert told(chip) == counts
    chip.lux = 2.5
    for mode, counts in ((0x20, 3), (0x21, 6), (0x23, 0)):
        chip.transfer(b"\x01", 0)
        chip.transfer(bytes((mode,)), 0)
        clock.s += 0.181
        assert told(chip) == counts


def test_bh1750_takes_its_time_and_lies_down() -> None:
    """Read too early it gives what was before; a single measurement ends with power down.

    MTreg makes it slower and finer in proportion; without power on nothing is measured.
    """
    clock = Clock()
    chip = Bh1750(clock)
    chip.lux = 100.0
    chip.transfer(b"\x20", 0)
    clock.s += 1
    assert told(chip) == 0
    for command in (b"\x01", b"\x47", b"\x7e", b"\x20"):
        chip.transfer(command, 0)
    clock.s += 0.66
    assert told(chip) == 0
    clock.s += 0.01
    chip.lux = 5000.0
    assert told(chip) == int(100 * 1.2 * 254 / 69)
    chip.transfer(b"\x21", 0)
    clock.s += 1
    assert told(chip) == int(100 * 1.2 * 254 / 69)
    chip.transfer(b"\x01", 0)
    chip.transfer(b"\x07", 0)
    assert told(chip) == 0


def test_bh1750_goes_on_measuring_when_told_so() -> None:
    """Continuous modes follow the light until power down."""
    clock = Clock()
    chip = Bh1750(clock)
    chip.transfer(b"\x01", 0)
    chip.transfer(b"\x10", 0)
    for lux in (120.0, 240.0):
        chip.lux = lux
        clock.s += 0.2
        assert told(chip) == int(lux * 1.2)
    chip.transfer(b"\x00", 0)
    chip.lux = 5.0
    clock.s += 1
    assert told(chip) == int(240 * 1.2)


def word(chip: Veml7700, code: int) -> int:
    data = chip.transfer(bytes((code,)), 2)
    assert data is not None
    return int.from_bytes(data, "little")


def test_veml7700_ranges_are_the_data_sheets() -> None:
    """0.0042 lx a count at gain 2 and 800 ms up to 2.15 at gain 1/8 and 25 ms; full is 0xFFFF."""
    for configuration, resolution, takes_s in (
        (0b01 << 11 | 0b0011 << 6, 0.0042, 0.8),
        (0b00 << 11 | 0b0000 << 6, 0.0672, 0.1),
        (0b11 << 11 | 0b1000 << 6, 0.5376, 0.05),
        (0b10 << 11 | 0b1100 << 6, 2.1504, 0.025),
    ):
        clock = Clock()
        chip = Veml7700(clock)
        assert chip.shut_down
        chip.lux = 150.0
        chip.transfer(bytes((0,)) + configuration.to_bytes(2, "little"), 0)
        clock.s += takes_s
        assert word(chip, 4) == 0, "2.5 ms more to wake up"
        clock.s += 0.003
        assert word(chip, 4) == pytest.approx(bent(150.0) / resolution, abs=1)
        chip.lux = 150_000.0
        clock.s += takes_s
        assert word(chip, 4) in {0xFFFF, int(bent(150_000.0) / resolution)}


def test_veml7700_bends_as_the_note_says() -> None:
    """The polynomial takes out what the counts put in, from candle light to the sun."""
    for lux in (1.0, 100.0, 1000.0, 20_000.0, 100_000.0):
        assert straight(bent(lux)) == pytest.approx(lux, rel=1e-6)
    assert bent(1000.0) == pytest.approx(934.0, abs=0.1)


def test_veml7700_shut_down_keeps_the_last_word() -> None:
    """At rest it measures nothing; what it is can be asked, not written."""
    clock = Clock()
    chip = Veml7700(clock)
    chip.lux = 50.0
    chip.transfer(b"\x00\x00\x00", 0)
    clock.s += 0.2
    before = word(chip, 4)
    chip.transfer(b"\x00\x01\x00", 0)
    chip.lux = 5000.0
    clock.s += 1
    assert word(chip, 4) == before > 0
    chip.transfer(b"\x07\x00\x00", 0)
    assert word(chip, 7) & 0xFF == 0x81


def test_bus_faults_are_theirs_too() -> None:
    """Refused, missing, and a wrong bit, as every chip on the bus."""
    chip = Bh1750(Clock())
    bus = I2cBus({0x23: chip})
    chip.faults.nacks = 1
    assert bus.transfer(0x23, b"\x01", 0) == (NACK, b"")
    chip.faults.flips.append((1, 2))
    assert bus.transfer(0x23, b"", 2) == (DONE, b"\0\x04")
    chip.broken = True
    assert bus.transfer(0x23, b"", 2) == (NACK, b"")
