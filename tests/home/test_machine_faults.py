"""Faults of the virtual board: bus, brown-out, amplifier, tilt, against what the parts do."""

from __future__ import annotations

import asyncio
import math
import struct
from array import array
from pathlib import Path

import pytest

from tests.home.box_process import board_at
from tests.home.test_machine_board import client_of
from tools.home.machine.amplifier import Amplifier
from tools.home.machine.board import Board
from tools.home.machine.i2c import DONE, HELD, NACK, STRETCHED, I2cBus
from tools.home.machine.max17048 import Max17048
from tools.home.machine.mcp23017 import Mcp23017
from tools.home.machine.pin_numbers import pin

OPEN_DRAIN, PULL_UP = 2, 2


def test_a_held_bus_hears_nobody_until_it_is_clocked() -> None:
    """Transfers fail until SCL rose as often as the chip waits for; a STOP by hand is seen."""
    bus = I2cBus({0x20: Mcp23017()})
    bus.held_clocks = 2
    assert (bus.transfer(0x20, b"\0", 1), bus.sda()) == ((HELD, b""), 0)
    for scl in (0, 1, 1, 0):
        bus.lines(0, scl)
    assert bus.sda() == 0
    bus.lines(0, 1)
    assert (bus.transfer(0x20, b"\0", 1), bus.sda()) == ((DONE, b"\xff"), None)
    assert bus.stops == 0
    bus.lines(1, 1)
    assert bus.stops == 1


def test_faults_of_one_chip() -> None:
    """NACKs are counted, wrong bits come once each in a reading that has them, slowness is told."""
    chip, other = Mcp23017(), Mcp23017()
    bus = I2cBus({0x20: chip, 0x21: other})
    chip.faults.nacks = 2
    answers = [bus.transfer(0x20, b"\0", 1)[0] for _ in range(3)]
    assert answers == [NACK, NACK, DONE]
    chip.faults.flips.extend(((1, 3), (0, 0)))
    assert [bus.transfer(0x20, b"\0", n)[1] for n in (1, 2, 1, 1)] == [
        b"\xff",
        b"\xff\xf7",
        b"\xfe",
        b"\xff",
    ]
    chip.faults.stretch_us = 700
    assert bus.transfer(0x20, b"\0", 1) == (STRETCHED, struct.pack("<I", 700) + b"\xff")
    assert bus.transfer(0x21, b"\0", 1) == (DONE, b"\xff")
    assert bus.transfer(0x22, b"\0", 1) == (NACK, b"")


def test_a_bus_taken_as_plain_pins(tmp_path: Path) -> None:
    """Pins set up as plain ones are the peripheral's no more until it is made anew.

    A held SDA is low on its pin, and clocks on the other one free it.
    """

    async def story() -> None:
        async with board_at(tmp_path) as board, client_of(tmp_path) as client:
            sda, scl = pin("I2C_SDA"), pin("I2C_SCL")
            assert await client.ask(0x22, bytes((sda,))) == (0xA2, b"\x01")
            board.bus_stuck(1)
            assert await client.ask(0x22, bytes((sda,))) == (0xA2, b"\0")
            assert await client.i2c(0x36, b"\x08", 2) == bytes((HELD,))
            await client.ask(0x20, bytes((scl, OPEN_DRAIN, PULL_UP)))
            for level in (0, 1):
                await client.ask(0x21, bytes((scl, level)))
            assert await client.ask(0x22, bytes((sda,))) == (0xA2, b"\x01")
            assert await client.i2c(0x36, b"\x08", 2) == bytes((NACK,))
            await client.ask(0x25, bytes((0, sda, scl)))
            assert await client.i2c(0x36, b"\x08", 2) == b"\0\0\x12"

    asyncio.run(story())


def test_brown_out_takes_the_expanders_registers(tmp_path: Path) -> None:
    """The cell reads 3 V, the expanders are at their defaults, lids and clock as they were."""
    board = Board(tmp_path / "s")
    board.lid(4, True)
    before_s = board.circuit.clock.calendar_s()
    for chip in board.circuit.expanders:
        chip.transfer(b"\x0c\x7f", 0)
    board.brown_out(True)
    assert [chip.transfer(b"\x0c", 1) for chip in board.circuit.expanders] == [b"\0", b"\0"]
    assert _millivolts(board.circuit.gauge) == 3000
    assert board.circuit.clock.calendar_s() >= before_s
    assert board.picture()["lids"][4]
    board.brown_out(False)
    assert _millivolts(board.circuit.gauge) > 4000


def _millivolts(gauge: Max17048) -> int:
    data = gauge.transfer(b"\x02", 2)
    assert data is not None
    return round(int.from_bytes(data, "big") * 78.125 / 1000)


def test_gauge_alert_comes_when_the_threshold_is_crossed() -> None:
    """A cell that stays low does not alert again; a new threshold, or charging, arms it."""
    gauge = Max17048(50)
    gauge.charge(3)
    gauge.transfer(b"\x0c\x97\x1c", 0)
    gauge.charge(2)
    assert gauge.alert() is None
    gauge.transfer(b"\x0c\x97\x1d", 0)
    assert gauge.alert() == 0
    gauge.transfer(b"\x0c\x97\x1d", 0)
    gauge.charge(9)
    gauge.charge(1)
    assert gauge.alert() == 0


def test_tilt(tmp_path: Path) -> None:
    """A leaning box closes the switch to ground."""
    board = Board(tmp_path / "s")
    board.circuit.lines.setup(pin("TILT"), 0, PULL_UP)
    levels = []
    for tilted in (False, True, False):
        board.tilt(tilted)
        levels.append(board.circuit.lines.level(pin("TILT")))
    assert levels == [1, 0, 1]


def wave(frequency_hz: int, rate_hz: int, height: int, count: int) -> bytes:
    """A sine, which has no edges to count by."""
    step = 2 * math.pi * frequency_hz / rate_hz
    return array("h", (round(height * math.sin(step * n)) for n in range(count))).tobytes()


@pytest.mark.parametrize(
    ("rate_hz", "frequency_hz", "height", "heard"),
    [
        (16000, 520, 32767, (520, 3)),
        (48000, 520, 16384, (520, 2)),
        (8000, 390, 8192, (390, 1)),
        (16000, 520, 100, None),
        (12000, 520, 32767, None),
        (16000, 0, 32767, None),
    ],
)
def test_amplifier_hears_samples(
    rate_hz: int, frequency_hz: int, height: int, heard: tuple[int, int] | None
) -> None:
    """Frequency and loudness are the samples'; an unknown clock, and no wave, are silence."""

    async def story() -> None:
        amplifier = Amplifier(lambda: None, lambda: None)
        amplifier.setup(16, False, rate_hz, 3200)
        amplifier.write(wave(frequency_hz, rate_hz, height, rate_hz // 10))
        assert amplifier.sound == heard
        amplifier.stop()
        assert amplifier.sound is None

    asyncio.run(story())


def test_amplifier_takes_and_runs_dry() -> None:
    """Samples are taken when the memory has room, and heard until the last one was played."""

    async def story() -> None:
        taken, dry = asyncio.Event(), asyncio.Event()

        def changed() -> None:
            if amplifier.sound is None:
                dry.set()

        amplifier = Amplifier(taken.set, changed)
        with pytest.raises(ValueError, match="before it was set up"):
            amplifier.write(b"\0\0")
        with pytest.raises(ValueError, match="16 bits"):
            amplifier.setup(32, False, 16000, 3200)
        amplifier.setup(16, True, 16000, 1600)
        one = array("h", wave(520, 16000, 30000, 1600))
        both = array("h", (side for sample in one for side in (sample, 0))).tobytes()
        assert amplifier.write(both) == pytest.approx(75000, abs=100)
        assert amplifier.write(both) > 150000
        assert amplifier.sound == (520, 3)
        await asyncio.wait_for(taken.wait(), 10)
        await asyncio.wait_for(dry.wait(), 10)

    asyncio.run(story())


def test_i2s_requests(tmp_path: Path) -> None:
    """Over the link: samples on the board's pins are heard once the amplifier is switched on.

    `taken` comes as an event; on other pins, or after a restart, nobody plays.
    """

    async def story() -> None:
        async with board_at(tmp_path) as board:
            async with client_of(tmp_path) as client:
                pins = (pin("I2S_CLOCK"), pin("I2S_WORD"), pin("I2S_DATA"))
                samples = b"\0" + wave(520, 16000, 32767, 1600)
                for wrong in ((1, 2, 3), pins):
                    setup = struct.pack("<BBBBBBII", 0, *wrong, 16, 0, 16000, 1600)
                    assert await client.ask(0x2D, setup) == (0xAD, b"")
                    kind, answer = await client.ask(0x2E, samples)
                    assert (kind, struct.unpack("<I", answer)[0] > 0) == (0xAE, wrong == pins)
                assert board.picture()["sound"] is None
                await client.ask(0x21, bytes((pin("SOUND_ENABLE"), 1)))
                await client.ask(0x20, bytes((pin("SOUND_ENABLE"), 1, 0)))
                assert board.picture()["sound"] == {"frequency_hz": 520, "loudness": 3}
                assert await client.frame() == (0x41, b"\0")
            async with client_of(tmp_path) as client:
                assert (await client.ask(0x2E, samples))[0] == 0xFF

    asyncio.run(story())
