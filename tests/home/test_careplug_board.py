"""A care plug's board as chips: what its firmware can ask, what hangs at which pin, its mains."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.home.machine.care_board import PINS, CareBoard
from tools.home.machine.i2c import DONE, NACK
from tools.home.machine.pin_numbers import read_pins
from tools.home.machine.uart import EVEN, Format

OUT, IN, UP = 1, 0, 2
FALLING = 2
VOLTAGE = bytes.fromhex("5a02b750")  # of every frame: 0x5A, then the coefficient of voltage
CSE_LINE = Format(4800, 8, EVEN, 1)


class Clock:
    """The house's time, set by hand."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def built(name: str, clock: Clock, tmp_path: Path, meter: str | None = None) -> CareBoard:
    """A board that nobody is connected to."""
    return CareBoard(tmp_path / "board.sock", name, meter=meter, now_s=clock)


def number(board: str, name: str) -> int:
    """A pin of that board."""
    found = read_pins(PINS[board])[name]
    assert isinstance(found, int)
    return found


def heard(board: CareBoard, clock: Clock, tx: int, rx: int) -> bytes:
    """What the processor gets in a second at a UART on these pins."""
    board.circuit.uarts.setup(1, tx, rx, CSE_LINE, 512)
    clock.s += 1
    return board.circuit.uarts.read(1, 512)


def test_the_meter_talks_at_its_own_pins_only(tmp_path: Path) -> None:
    """Frames of the CSE7766 come where pins.py says it is; on swapped pins nobody talks."""
    clock = Clock()
    board = built("metering-plug", clock, tmp_path)
    tx, rx = (number("metering-plug", name) for name in ("METER_TX", "METER_RX"))
    assert VOLTAGE in heard(board, clock, tx, rx)
    assert heard(board, clock, rx, tx) == b""


def test_what_is_plugged_in_changes_what_the_meter_says(tmp_path: Path) -> None:
    """A kettle gives other frames than nothing."""
    clock = Clock()
    board = built("metering-plug", clock, tmp_path)
    tx, rx = (number("metering-plug", name) for name in ("METER_TX", "METER_RX"))
    idle = heard(board, clock, tx, rx)[-24:]
    board.watts(1800.0)
    assert heard(board, clock, tx, rx)[-24:] != idle


def test_a_chip_that_is_not_fitted_cannot_be_set(tmp_path: Path) -> None:
    """A metering plug has no light sensor, a care node no meter unless an electrician was there."""
    clock = Clock()
    with pytest.raises(LookupError):
        built("metering-plug", clock, tmp_path).lux(5.0)
    with pytest.raises(LookupError):
        built("care-node", clock, tmp_path).watts(5.0)
    built("care-node", clock, tmp_path, "pzem004t").watts(5.0)


def test_the_light_sensor_answers_on_its_bus(tmp_path: Path) -> None:
    """At the board's bus and address; not before the bus is set up, not on other pins."""
    clock = Clock()
    circuit = built("care-node", clock, tmp_path).circuit
    sda, scl = (number("care-node", name) for name in ("I2C_SDA", "I2C_SCL"))
    assert circuit.transfer(0, 0x23, b"\x01", 0)[0] == NACK
    circuit.i2c_setup(0, scl, sda)
    assert circuit.transfer(0, 0x23, b"\x01", 0)[0] == NACK
    circuit.i2c_setup(0, sda, scl)
    assert circuit.transfer(0, 0x23, b"\x01", 0)[0] == DONE


def test_a_finger_on_the_button_is_an_edge(tmp_path: Path) -> None:
    """Pressed, the line falls: the firmware is told; let go, it is up again."""
    clock = Clock()
    board = built("care-node", clock, tmp_path)
    edges: list[tuple[int, int]] = []
    board.circuit.lines._on_edge = lambda pin, level: edges.append((pin, level))
    button = number("care-node", "BUTTON_OK")
    board.circuit.pin_setup(button, IN, UP)
    board.circuit.lines.irq(button, FALLING)
    board.button(pressed=True)
    assert (edges, board.circuit.lines.level(button)) == ([(button, 0)], 0)
    board.button(pressed=False)
    assert (edges, board.circuit.lines.level(button)) == ([(button, 0)], 1)


def test_the_relay_floats_until_the_firmware_holds_it(tmp_path: Path) -> None:
    """What hangs on a plug with a relay is without power from reset to the firmware's first line.

    That is why it is the first line, and why a board without one is preferred.
    """
    clock = Clock()
    circuit = built("metering-plug", clock, tmp_path).circuit
    relay = number("metering-plug", "RELAY")
    assert circuit.picture()["relay"] is False
    circuit.lines.write(relay, 1)
    circuit.pin_setup(relay, OUT, 0)
    assert circuit.picture()["relay"] is True
    circuit.microcontroller_reset()
    assert circuit.picture()["relay"] is False
    assert built("care-node", clock, tmp_path).picture()["relay"] is None


@pytest.mark.parametrize("name", sorted(PINS))
def test_the_lamp_is_dark_until_it_is_driven(name: str, tmp_path: Path) -> None:
    """Active high or low: at reset it is dark; driven to its level it is lit."""
    circuit = built(name, Clock(), tmp_path).circuit
    assert circuit.picture()["lamp"] is False
    circuit.lines.write(number(name, "LED"), number(name, "LED_ON"))
    circuit.pin_setup(number(name, "LED"), OUT, 0)
    assert circuit.picture()["lamp"] is True


def test_what_is_not_soldered_is_refused(tmp_path: Path) -> None:
    """Lights, loudspeaker, and the bus of a board without one: the process is told."""
    clock = Clock()
    node, plug = (built(n, clock, tmp_path).circuit for n in ("care-node", "metering-plug"))
    for ask in (
        lambda: node.pwm(1, 520, 100),
        lambda: node.stream(1, b"\0"),
        lambda: node.i2s_setup(0, (1, 2, 3), (16, False, 8000, 256)),
        lambda: node.i2s_write(0, b"\0"),
    ):
        with pytest.raises(LookupError):
            ask()
    plug.i2c_setup(0, 6, 7)
    assert plug.transfer(0, 0x23, b"\x01", 0)[0] == NACK
