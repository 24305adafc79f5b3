"""The MCP23017 model against its data sheet."""

from __future__ import annotations

from tools.home.machine.mcp23017 import Mcp23017

IODIRA, GPINTENA, DEFVALA, INTCONA, IOCON, GPPUA = 0x00, 0x04, 0x06, 0x08, 0x0A, 0x0C
INTFA, INTCAPA, GPIOA, GPIOB, OLATA = 0x0E, 0x10, 0x12, 0x13, 0x14
MIRROR_ODR = 0x44


def read(chip: Mcp23017, register: int, count: int = 1) -> list[int]:
    data = chip.transfer(bytes((register,)), count)
    assert data is not None
    return list(data)


def write(chip: Mcp23017, register: int, *values: int) -> None:
    assert chip.transfer(bytes((register, *values)), 0) == b""


def watching() -> Mcp23017:
    """All pins pulled up and closed, interrupt on change, both ports on one open-drain line."""
    chip = Mcp23017()
    write(chip, IOCON, MIRROR_ODR, MIRROR_ODR, 0x7F, 0x7F)
    write(chip, GPINTENA, 0x7F, 0x7F)
    read(chip, GPIOA, 2)
    return chip


def test_power_on_defaults() -> None:
    """After power-on IODIR is all ones and every other register zero."""
    assert read(Mcp23017(), 0, 22) == [0xFF, 0xFF] + [0] * 20


def test_roll_over() -> None:
    """The pointer rolls over from the last register to the first."""
    assert read(Mcp23017(), 0x15, 3) == [0, 0xFF, 0xFF]


def test_bank_moves_every_register() -> None:
    """With BANK port B begins at 0x10 and 0x05 is IOCON, where a zero brings BANK 0 back."""
    chip = Mcp23017()
    write(chip, IOCON, 0x80)
    write(chip, 0x06, 0x55)
    assert read(chip, 0x10) == [0xFF]
    assert read(chip, 0x06) == [0x55]
    write(chip, 0x05, 0)
    assert read(chip, GPPUA) == [0x55]


def test_byte_mode_toggles_between_ports() -> None:
    """With SEQOP in BANK 0 the pointer toggles inside an A/B pair."""
    chip = Mcp23017()
    write(chip, IOCON, 0x20)
    write(chip, GPPUA, 1, 2, 3)
    assert read(chip, GPPUA, 4) == [3, 2, 3, 2]


def test_pull_up_and_world() -> None:
    """A free pin reads 1 only with its pull-up, a pulled one 0, inverted by IPOL."""
    chip = Mcp23017()
    chip.pull_low(0, False)
    assert read(chip, GPIOA) == [0]
    write(chip, GPPUA, 0xFF)
    assert read(chip, GPIOA) == [1]
    write(chip, 0x02, 0x03)
    assert read(chip, GPIOA) == [0x02]


def test_seventh_pin_is_output_only() -> None:
    """GPA7 reads its latch even where IODIR says input."""
    chip = Mcp23017()
    chip.pull_low(7, False)
    write(chip, GPPUA, 0xFF)
    assert read(chip, GPIOA) == [0]
    write(chip, OLATA, 0x80)
    assert read(chip, GPIOA) == [0x80]
    assert chip.output(7) == 1


def test_writing_gpio_writes_the_latch() -> None:
    """GPIO written goes to OLAT; INTF and INTCAP do not take what is written."""
    chip = Mcp23017()
    write(chip, IODIRA, 0)
    write(chip, GPIOA, 0x5A)
    write(chip, INTFA, 0xFF, 0xFF, 0xFF)
    assert read(chip, INTFA, 3) == [0, 0, 0]
    assert read(chip, OLATA) == [0x5A]
    assert chip.output(1) == 1


def test_first_interrupt_is_captured_and_held() -> None:
    """INTCAP holds the port at the first change until it is read; a second pin waits."""
    chip = watching()
    chip.pull_low(2, False)
    chip.pull_low(3, False)
    assert (chip.interrupt(0), chip.interrupt(1)) == (0, 0)
    assert read(chip, INTFA, 2) == [0x04, 0]
    assert read(chip, INTCAPA) == [0x04]
    assert chip.interrupt(0) is None
    assert read(chip, GPIOA) == [0x0C]


def test_reading_gpio_clears_only_its_port() -> None:
    """Mirrored lines stay low until both ports were read."""
    chip = watching()
    chip.pull_low(0, False)
    chip.pull_low(8, False)
    read(chip, GPIOA)
    assert chip.interrupt(0) == 0
    read(chip, GPIOB)
    assert chip.interrupt(0) is None


def test_a_change_back_is_a_change() -> None:
    """Open, read, close: the closing interrupts again."""
    chip = watching()
    chip.pull_low(5, False)
    read(chip, GPIOA)
    chip.pull_low(5, True)
    assert read(chip, INTFA) == [0x20]


def test_default_value_asserts_again() -> None:
    """Compared with DEFVAL, a condition that still holds interrupts again after the read."""
    chip = watching()
    write(chip, INTCONA, 0x01)
    chip.pull_low(0, False)
    read(chip, INTCAPA)
    assert chip.interrupt(0) == 0
    chip.pull_low(0, True)
    read(chip, INTCAPA)
    assert chip.interrupt(0) is None


def test_polarity_and_open_drain() -> None:
    """Push-pull follows INTPOL; an open drain is low or lets go, whatever INTPOL says."""
    chip = Mcp23017()
    assert (chip.interrupt(0), chip.interrupt(1)) == (1, 1)
    write(chip, IOCON, 0x02)
    assert chip.interrupt(0) == 0
    write(chip, IOCON, 0x06)
    assert chip.interrupt(0) is None


def test_unmirrored_ports_have_their_own_line() -> None:
    """Without MIRROR a change on port B moves INTB only."""
    chip = watching()
    write(chip, IOCON, 0x04)
    chip.pull_low(9, False)
    assert (chip.interrupt(0), chip.interrupt(1)) == (None, 0)


def test_power_on_keeps_the_world() -> None:
    """A power cut resets registers, not lids."""
    chip = watching()
    chip.pull_low(1, False)
    chip.power_on()
    assert read(chip, 0, 22) == [0xFF, 0xFF] + [0] * 20
    write(chip, GPPUA, 0x7F)
    assert read(chip, GPIOA) == [0x02]


def test_broken_chip_does_not_answer() -> None:
    """A broken chip acknowledges nothing."""
    chip = Mcp23017()
    chip.broken = True
    assert chip.transfer(b"\0", 1) is None
