"""Gauge, lights, loudspeaker and lines against their data sheets."""

from __future__ import annotations

import pytest

from tools.home.machine.light_chain import LightChain
from tools.home.machine.lines import FALLING, IN, OPEN_DRAIN, OUT, PULL_UP, RISING, Lines
from tools.home.machine.loudspeaker import heard, loudness
from tools.home.machine.max17048 import Max17048, cell_mv
from tools.home.machine.pin_numbers import pin, read_pins


def word(chip: Max17048, register: int) -> int:
    data = chip.transfer(bytes((register,)), 2)
    assert data is not None
    return int.from_bytes(data, "big")


def test_gauge_words() -> None:
    """SOC counts 1/256 %, VCELL 78.125 µV, defaults are the data sheet's."""
    chip = Max17048(50)
    assert word(chip, 0x04) == 50 * 256
    assert abs(word(chip, 0x02) * 78.125 / 1000 - cell_mv(50)) < 0.1
    assert [word(chip, r) for r in (0x08, 0x0C, 0x14, 0x18)] == [0x0012, 0x971C, 0x00FF, 0x9600]


def test_gauge_words_take_both_bytes() -> None:
    """A word takes effect with its low byte; VERSION is read only."""
    chip = Max17048(50)
    chip.transfer(b"\x0c\x12", 0)
    assert word(chip, 0x0C) == 0x971C
    chip.transfer(b"\x0c\x12\x1c", 0)
    chip.transfer(b"\x08\xff\xff", 0)
    assert (word(chip, 0x0C), word(chip, 0x08)) == (0x121C, 0x0012)


def test_gauge_alert_stays_until_cleared() -> None:
    """Below the threshold ALRT is low, and stays low when charged, until software clears it."""
    chip = Max17048(4)
    assert chip.alert() is None
    chip.charge(3)
    assert chip.alert() == 0
    assert word(chip, 0x1A) & 0x1000
    chip.charge(80)
    assert chip.alert() == 0
    chip.transfer(b"\x0c\x97\x1c", 0)
    assert chip.alert() is None


def test_gauge_reset_command() -> None:
    """0x5400 to CMD is a power-on reset."""
    chip = Max17048(60)
    chip.transfer(b"\x0c\x12\x1c", 0)
    chip.transfer(b"\xfe\x54\x00", 0)
    assert word(chip, 0x0C) == 0x971C


def test_lights_need_their_rail() -> None:
    """Without the rail data is lost; when it goes, the colours go."""
    chain = LightChain(2)
    assert not chain.stream(bytes(range(6)))
    chain.rail(True)
    assert chain.colours() == [[0, 0, 0]] * 2
    assert chain.stream(bytes((1, 2, 3, 4, 5, 6)))
    assert chain.colours() == [[2, 1, 3], [5, 4, 6]]
    assert chain.rail(False)
    chain.rail(True)
    assert chain.colours() == [[0, 0, 0]] * 2


def test_chain_takes_whole_lights() -> None:
    """Data past the end is lost, a light that got fewer than 24 bits keeps its colour."""
    chain = LightChain(2)
    chain.rail(True)
    chain.stream(bytes((1, 2, 3, 4, 5, 6, 7, 8, 9)))
    chain.stream(bytes((9, 9, 9, 8)))
    assert chain.colours() == [[9, 9, 9], [5, 4, 6]]


def test_loudness_follows_the_pulse_width() -> None:
    """Half is loudest, nothing and everything are silent, the shutdown pin wins."""
    assert [loudness(d) for d in (0, 5041, 10923, 32768, 65535)] == [0, 1, 2, 3, 0]
    assert heard(520, 32768, enabled=True) == {"frequency_hz": 520, "loudness": 3}
    assert heard(520, 32768, enabled=False) is None
    assert heard(0, 32768, enabled=True) is None


def test_lines_tell_the_edges_asked_for() -> None:
    """Only asked edges are told, and only once."""
    world: dict[int, int | None] = {1: None}
    told: list[tuple[int, int]] = []
    lines = Lines({1: lambda: world[1]}, {}, lambda p, level: told.append((p, level)))
    lines.setup(1, IN, PULL_UP)
    lines.irq(1, FALLING)
    for level in (0, 0, None, 0):
        world[1] = level
        lines.settle()
    assert told == [(1, 0), (1, 0)]
    lines.irq(1, RISING)
    lines.settle()
    assert told == [(1, 0), (1, 0)]
    world[1] = None
    lines.settle()
    assert told[-1] == (1, 1)


def test_lines_levels() -> None:
    """Outputs drive, open drains pull or let go, resistors hold, nobody reads 0."""
    lines = Lines({2: lambda: None}, {3: 1}, lambda _p, _l: None)
    assert [lines.level(n) for n in (1, 2, 3)] == [0, 0, 1]
    lines.setup(3, OUT, 0)
    assert lines.level(3) == 0
    lines.setup(2, OPEN_DRAIN, PULL_UP)
    assert lines.level(2) == 0
    lines.write(2, 1)
    assert lines.level(2) == 1
    lines.reset()
    assert [lines.level(n) for n in (2, 3)] == [0, 1]
    with pytest.raises(ValueError, match="mode 9"):
        lines.setup(1, 9, 0)


def test_wiring_is_the_firmwares() -> None:
    """Pin numbers come from pins.py, addresses as a tuple, and no pin is used twice."""
    pins = read_pins()
    assert pins["EXPANDER_ADDRESSES"] == (0x20, 0x21)
    with pytest.raises(TypeError, match="EXPANDER_ADDRESSES"):
        pin("EXPANDER_ADDRESSES")
    limits = ("COMPARTMENTS", "LIDS_PER_EXPANDER", "EXPANDER_ADDRESSES", "I2C_FREQUENCY_HZ")
    gpios = [v for k, v in pins.items() if k not in limits and not k.endswith("_ADDRESS")]
    assert len(set(gpios)) == len(gpios)
