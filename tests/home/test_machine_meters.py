"""The three meters' models against frames from outside, and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.firmware.meter_frames import bl_sum, read_bl, read_cse, read_pzem
from tools.home.machine.bl0942 import AC_FREQ_60_HZ, Bl0942
from tools.home.machine.cse7766 import Cse7766
from tools.home.machine.load import Load, MeterChip
from tools.home.machine.pzem004t import Pzem004t

ASK_BELLING = b"\x58\xaa"
ASK_PZEM = bytes.fromhex("01040000000A700D")


class Clock:
    """The home's clock, moved by the test."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def later(chip: MeterChip, clock: Clock, seconds: float) -> bytes:
    """What the line brought after so long."""
    clock.s += seconds
    return chip.take()


def test_cse_says_the_real_plugs_frame() -> None:
    """The frame of a real plug, byte by byte, from its load: 7.28 s after the last pulse."""
    clock = Clock()
    chip = Cse7766(clock)
    volts = 0x02B750 / 763
    chip.load = Load(volts, 122.4 * 5.01)
    clock.s += 1
    chip.load = Load(volts, 2.0)
    chip.frame(clock.s)
    amperes, watts = 0x3D36 / 284305.4, 0.001
    chip.load = Load(volts, watts, watts / volts / amperes)
    clock.s += 7.280760
    assert chip.frame(clock.s).hex() == "555a02b7500002fb003d360456914c72506f187861007a4c"


@given(
    volts=st.floats(100, 260),
    watts=st.floats(2, 3000),
    factor=st.floats(0.5, 1),
    spike=st.booleans(),
)
def test_every_meter_says_its_load(volts: float, watts: float, factor: float, spike: bool) -> None:
    """Read by the data sheets' formulas, each frame is the load within a third of a percent."""
    load = Load(volts, watts, factor)
    for make, ask, read, size in (
        (Cse7766, b"", read_cse, 24),
        (Bl0942, ASK_BELLING, read_bl, 23),
        (Pzem004t, ASK_PZEM, read_pzem, 25),
    ):
        clock = Clock()
        chip: MeterChip = make(clock)
        chip.load = load
        if spike:
            chip.faults.spikes.append(9000.0)
        chip.hear(ask)
        value = read(later(chip, clock, 0.12)[:size])
        assert value is not None
        assert value.millivolts == pytest.approx(volts * 1000, rel=3e-3)
        assert value.milliamperes == pytest.approx(load.current_a * 1000, rel=3e-3, abs=1)
        shown = 9000.0 if spike else watts
        assert value.milliwatts == pytest.approx(shown * 1000, rel=3e-3, abs=50)
        assert not chip.faults.spikes


def test_pzem_says_the_real_ones_answer() -> None:
    """225.7 V, 0.108 A, 24.4 W, 38 Wh, 50.0 Hz, byte by byte; energy outlives its power."""
    clock = Clock()
    chip = Pzem004t(clock)
    chip.frequency_hz = 50.0
    chip.load = Load(225.7, 24.4)
    clock.s += 38.5 * 3600 / 24.4
    chip.power_on()
    chip.hear(ASK_PZEM)
    answer = later(chip, clock, 0.1)
    assert answer.hex() == "01041408d1006c000000f400000026000001f4006400005134"


def test_pzem_refuses_and_is_silent() -> None:
    """Another function and other registers are exceptions.

    Another address, a broken CRC and no mains are answered by silence.
    """
    clock = Clock()
    chip = Pzem004t(clock)
    for asked, answered in (
        ("01030000000AC5CD", "018301"),
        ("01040000000B b1cd", "018402"),
        ("02040000000A703E", ""),
        ("01040000000A700E", ""),
    ):
        chip.hear(bytes.fromhex(asked))
        assert later(chip, clock, 0.2)[:-2].hex() == answered
    chip.load = Load(0.0)
    chip.hear(ASK_PZEM)
    assert later(chip, clock, 0.2) == b""


def test_cse_flags_and_faults() -> None:
    """Stale power lacks its flag, no load is over range, no calibration is 0xAA; hurt frames."""
    clock = Clock()
    chip = Cse7766(clock)
    assert chip.frame(clock.s)[0] == 0xF0 | 2 | 4
    chip.load = Load(230.0, 60.0)
    fresh = chip.frame(clock.s)
    chip.stale = True
    stale = chip.frame(clock.s + 0.001)
    assert (fresh[0], fresh[20], stale[20]) == (0x55, 0x71, 0x61)
    decaying = [int.from_bytes(chip.frame(clock.s + s)[17:20], "big") for s in (0, 1, 5)]
    assert decaying == sorted(set(decaying))
    chip.stale, chip.uncalibrated = False, True
    assert chip.frame(clock.s)[0] == 0xAA
    chip.uncalibrated = False
    chip.load = Load(0.0)
    assert chip.frame(clock.s)[0] & 8
    chip.load = Load(230.0, 60.0)
    later(chip, clock, 0.2)
    chip.faults.bad_checksums = chip.faults.cuts = 1
    chip.faults.garbage.append(b"noise")
    said = later(chip, clock, 0.3)
    assert b"noise" in said
    whole = [n for n in range(len(said) - 23) if read_cse(said[n : n + 24])]
    assert len(whole) < len(said) // 24


def test_cse_counts_pulses_with_a_carry() -> None:
    """5.01 J a pulse; after 65,536 of them bit 7 turns and the counter begins anew."""
    clock = Clock()
    chip = Cse7766(clock)
    chip.load = Load(230.0, 5010.0)
    for seconds, measured, pulses in (
        (1.0001, 0x71, 1000),
        (65.5001, 0x71, 65500),
        (65.6001, 0xF1, 64),
    ):
        frame = chip.frame(1000 + seconds)
        assert (frame[20], int.from_bytes(frame[21:23], "big")) == (measured, pulses)


def test_cse_is_lazy() -> None:
    """After a year without a look its line holds a kilobyte, and goes on from there."""
    clock = Clock()
    chip = Cse7766(clock)
    chip.load = Load(230.0, 60.0)
    assert 900 < len(later(chip, clock, 366 * 86400.0)) < 1100
    said = later(chip, clock, 1.0)
    assert 15 * 24 <= len(said) <= 18 * 24
    assert any(read_cse(said[n : n + 24]) for n in range(25))


def test_a_load_changes_what_is_said_from_then_on() -> None:
    """Frames from before it, not yet read, say the load before; energy is counted in parts."""
    clock = Clock()
    chip = Cse7766(clock)
    chip.load = Load(230.0, 100.0)
    clock.s += 0.5
    chip.load = Load(230.0, 1000.0)
    clock.s += 0.5
    said = chip.take()
    watts = [
        v.milliwatts / 1000 for n in range(len(said) - 23) if (v := read_cse(said[n : n + 24]))
    ]
    assert [round(w, -1) for w in watts] == [100] * 8 + [1000] * 7
    assert chip.joules(clock.s) == pytest.approx(550)


def test_belling_is_full_at_24_bits() -> None:
    """66.8 A is the most it can say; more is not little."""
    clock = Clock()
    chip = Bl0942(clock)
    chip.load = Load(100.0, 9000.0)
    chip.hear(ASK_BELLING)
    value = read_bl(later(chip, clock, 0.1))
    assert value is not None
    assert value.milliamperes == pytest.approx(66_800, rel=1e-3)


def belling_register(chip: Bl0942, clock: Clock, register: int) -> int:
    chip.hear(bytes((0x58, register)))
    answer = later(chip, clock, 0.05)
    assert sum((0x58, register, *answer)) % 256 == 255
    return int.from_bytes(answer[:3], "little")


def test_belling_protects_its_registers() -> None:
    """Written only when unlocked and with the right sum; a soft reset gives the defaults back."""
    clock = Clock()
    chip = Bl0942(clock)

    def write(register: int, value: int) -> None:
        body = bytes((0xA8, register)) + value.to_bytes(3, "little")
        chip.hear(body + bytes((255 - sum(body) % 256,)))
        clock.s += 0.05

    write(0x19, 0xA7)
    assert chip.mode == 0x87
    write(0x1D, 0x55)
    chip.hear(bytes.fromhex("A819A7000098"))
    clock.s += 0.05
    assert chip.mode == 0x87
    write(0x19, 0xA7)
    assert chip.mode & AC_FREQ_60_HZ
    assert belling_register(chip, clock, 0x19) == 0xA7
    write(0x1C, 0x5A5A5A)
    assert chip.mode == 0x87
    assert belling_register(chip, clock, 0x1D) == 0


def test_belling_forgets_half_a_command_and_other_addresses() -> None:
    """A command that stopped half-way is not completed later; another chip's is not answered."""
    clock = Clock()
    chip = Bl0942(clock)
    chip.hear(b"\x58")
    clock.s += 0.1
    chip.hear(b"\xaa")
    chip.hear(b"\x59\xaa")
    assert later(chip, clock, 0.1) == b""
    chip.hear(ASK_BELLING)
    assert later(chip, clock, 0.02) != b""
    rest = later(chip, clock, 0.1)
    assert len(rest) < 23


def test_belling_flows_back_and_counts() -> None:
    """Watts below 0 are two's complement; 5,347 pulses are a kilowatt-hour, whichever way."""
    clock = Clock()
    chip = Bl0942(clock)
    chip.load = Load(230.0, -1000.0)
    clock.s += 3600
    chip.hear(ASK_BELLING)
    packet = later(chip, clock, 0.1)
    value = read_bl(packet)
    assert value is not None
    assert value.milliwatts == pytest.approx(-1_000_000, rel=1e-3)
    assert int.from_bytes(packet[13:16], "little") == pytest.approx(5347, rel=1e-3)
    assert bl_sum(packet[:22]) == packet


@pytest.mark.parametrize("make", [Cse7766, Bl0942, Pzem004t])
def test_a_broken_one_is_silent(make: Callable[[Clock], MeterChip]) -> None:
    """Cut off, nothing comes; whole again, it talks."""
    clock = Clock()
    chip = make(clock)
    chip.broken = True
    chip.hear(ASK_BELLING + ASK_PZEM)
    assert later(chip, clock, 0.3) == b""
    chip.broken = False
    chip.hear(ASK_PZEM if make is Pzem004t else ASK_BELLING)
    assert later(chip, clock, 0.3) != b""
