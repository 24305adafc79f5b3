"""MCP23017 port expander: fourteen lid sensors with interrupt on change.

Knows: its registers (data sheet DS20001952). May not know: compartments; what a bus error means.
Methods raise OSError as the bus does. GPA7 and GPB7 are outputs only (as inputs they can disturb
SDA) and stay driven low.
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import I2C

_IODIR = const(0x00)
_GPINTEN_B = const(0x05)  # IOCON where BANK is 1
_IOCON = const(0x0A)
_INTF = const(0x0E)
_GPIO = const(0x12)

_MIRROR_ODR = const(0x44)  # INTA = INTB = either port, open drain, active low
_INPUTS = const(0x7F)

# IODIR IPOL GPINTEN DEFVAL INTCON (A, B each); IOCON twice; GPPU. INTCON 0 = on any change.
_SETUP = bytes((_INPUTS, _INPUTS, 0, 0, _INPUTS, _INPUTS, 0, 0, 0, 0))
_KEPT = bytes((_MIRROR_ODR, _MIRROR_ODR, _INPUTS, _INPUTS))


class MCP23017:
    """One expander. `setup()` before anything else, and again after it lost power."""

    def __init__(self, i2c: "I2C", address: int) -> None:
        self._i2c = i2c
        self._address = address
        self._two = bytearray(2)
        self._four = bytearray(4)

    def setup(self) -> None:
        """Inputs with pull-ups, interrupt on change, one open-drain line for both ports."""
        mem = self._i2c.writeto_mem
        # A processor reset in the middle of a write may have left BANK set: 0x05 is IOCON then
        # (and clears BANK), or GPINTENB, which is written below anyway.
        mem(self._address, _GPINTEN_B, b"\0")
        mem(self._address, _IOCON, _KEPT)
        mem(self._address, 0x14, b"\0\0")  # OLAT: GPA7, GPB7 low
        mem(self._address, _IODIR, _SETUP)
        self.read_inputs()  # enabling may have fired: begin with a released line

    def read_inputs(self) -> int:
        """The fourteen levels now: GPA0–6 are bits 0–6, GPB0–6 bits 7–13; 1 = lid open.

        Clears the interrupt; later changes count from here.
        """
        self._i2c.readfrom_mem_into(self._address, _GPIO, self._two)
        return self._two[0] & _INPUTS | (self._two[1] & _INPUTS) << 7

    def captured(self) -> "tuple[int, int]":
        """(which inputs fired, all levels at that moment), as bits like `read_inputs`.

        Reads INTF and INTCAP, which clears the interrupt. A change after the first one is only in
        `read_inputs`: read that next. Levels of a port whose flags are 0 mean nothing.
        """
        four = self._four
        self._i2c.readfrom_mem_into(self._address, _INTF, four)
        flags = four[0] & _INPUTS | (four[1] & _INPUTS) << 7
        return flags, four[2] & _INPUTS | (four[3] & _INPUTS) << 7

    def intact(self) -> bool:
        """Whether IOCON and the pull-ups still are as `setup` left them (False: lost power)."""
        self._i2c.readfrom_mem_into(self._address, _IOCON, self._four)
        return self._four == _KEPT
