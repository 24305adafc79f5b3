"""MCP23017 port expander: fourteen lid sensors with interrupt on change.

Knows: its registers (data sheet DS20001952). May not know: compartments; what a bus error means.
Methods raise OSError as the bus does. GPA7 and GPB7 are outputs only (as inputs they can disturb
SDA) and stay driven low.

One reading takes configuration, latches and levels together: a chip that lost its registers is
noticed at once, a lid that moved and moved back between two readings is known by its latch, and no
single wrong bit is believed. INTCON is 0, so DEFVAL does nothing there: it holds, as long as the
chip has power, which levels the processor had dealt with when it was reset (`tell`, `witness`).
"""

from micropython import const

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class Registers(Protocol):
        """edge/bus.py, or anything with machine.I2C's two methods."""

        def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
            """Fills `buffer` from `register` on."""

        def writeto_mem(self, address: int, register: int, buffer: "bytes | bytearray") -> object:
            """Writes `buffer` from `register` on."""


_GPINTEN_B = const(0x05)  # IOCON where BANK is 1
_DEFVAL = const(0x06)
_IOCON = const(0x0A)
_INTF = const(0x0E)
_GPIO = const(0x12)
_OLAT = const(0x14)

_MIRROR_ODR = const(0x44)  # INTA = INTB = either port, open drain, active low
_INPUTS = const(0x7F)
_TOLD = const(0x80)  # in DEFVAL A: `tell` was used
_READINGS = const(3)
_EIO = const(5)

# IODIR IPOL GPINTEN DEFVAL INTCON IOCON GPPU (A, B each) from register 0 on; INTCON 0 = any change
_SETUP = b"\x7f\x7f\0\0\x7f\x7f\0\0\0\0\x44\x44\x7f\x7f"


def _bits(a: int, b: int) -> int:
    return a & _INPUTS | (b & _INPUTS) << 7


class MCP23017:
    """One expander. `setup()` before anything else, unless `witness()` knew it; again after errors.

    Inputs are bits: GPA0–6 are bits 0–6, GPB0–6 bits 7–13; 1 = lid open. `levels` are those of the
    last reading; `touched` gathers inputs that moved and moved back between readings; `lapsed` is
    set when the registers were found lost (whoever uses them clears both).
    """

    def __init__(self, i2c: "Registers", address: int) -> None:
        self._i2c = i2c
        self._address = address
        self._setup = bytearray(_SETUP)
        self._now = bytearray(10)  # IOCON GPPU INTF INTCAP GPIO, A and B each
        self._two = bytearray(2)
        self.levels = 0
        self.touched = 0
        self.lapsed = False

    def setup(self) -> None:
        """Inputs with pull-ups, interrupt on change, one open-drain line for both ports."""
        mem = self._i2c.writeto_mem
        # A processor reset in the middle of a write may have left BANK set: 0x05 is IOCON then
        # (and clears BANK), or GPINTENB, which is written below anyway. IOCON alone comes first,
        # because SEQOP would scatter what follows.
        mem(self._address, _GPINTEN_B, b"\0")
        mem(self._address, _IOCON, b"\x44")
        mem(self._address, 0, self._setup)
        mem(self._address, _OLAT, b"\0\0")  # GPA7, GPB7 low
        self._read()  # enabling may have fired: begin with a released line
        if not self._ours():
            raise OSError(_EIO)
        self.levels = _bits(self._now[8], self._now[9])

    def read_inputs(self) -> int:
        """The fourteen levels now. Releases the interrupt line; later changes count from here."""
        self._read()
        if not self._ours():
            self.setup()
            self.lapsed = True
            return self.levels
        now = self._now
        flags, captured = _bits(now[4], now[5]), _bits(now[6], now[7])
        before = self.levels
        self.levels = self._agreed(_bits(now[8], now[9]))
        self.touched |= flags & (captured ^ before) & ~(self.levels ^ before)
        return self.levels

    def intact(self) -> bool:
        """Whether every register is as `setup` left it."""
        back = bytearray(len(_SETUP))
        self._i2c.readfrom_mem_into(self._address, 0, back)
        back[_DEFVAL : _DEFVAL + 2] = self._setup[_DEFVAL : _DEFVAL + 2]
        return back == self._setup

    def tell(self, levels: int) -> None:
        """Leaves word with the chip that movements up to these levels were dealt with."""
        two = self._two
        two[0] = levels & _INPUTS | _TOLD
        two[1] = levels >> 7
        if two[0] != self._setup[_DEFVAL] or two[1] != self._setup[_DEFVAL + 1]:
            self._i2c.writeto_mem(self._address, _DEFVAL, two)
            self._setup[_DEFVAL] = two[0]
            self._setup[_DEFVAL + 1] = two[1]

    def witness(self) -> int:
        """Which inputs moved while no processor looked, or -1 where this chip cannot know.

        To be called first of all, before `setup`. -1: its registers are not ours (it lost power,
        or was never set up); otherwise it needs no `setup`. An input counts as moved when its
        latch says so, when it is not as it was captured, or not as `tell` left it. Not to be seen:
        an input that moved and moved back after another of its port had latched (a port captures
        once), and what was read before the reset and never told.
        """
        self._i2c.readfrom_mem_into(self._address, _DEFVAL, self._two)
        told_a, told_b = self._two[0], self._two[1]
        if not self.intact():
            return -1
        self._setup[_DEFVAL] = told_a
        self._setup[_DEFVAL + 1] = told_b
        self._read()
        now = self._now
        self.levels = _bits(now[8], now[9])
        moved = _bits(now[4], now[5])
        moved_since = _bits(now[6], now[7]) ^ self.levels
        moved |= moved_since & _bits(_INPUTS if now[4] else 0, _INPUTS if now[5] else 0)
        if told_a & _TOLD:
            moved |= _bits(told_a, told_b) ^ self.levels
            # Until they are told, a second reset must find them again: the latch is spent.
            self.tell(self.levels ^ moved)
        return moved

    def _read(self) -> None:
        self._i2c.readfrom_mem_into(self._address, _IOCON, self._now)

    def _ours(self) -> bool:
        now = self._now
        return now[0] == now[1] == _MIRROR_ODR and now[2] == now[3] == _INPUTS

    def _agreed(self, levels: int) -> int:
        """Levels in which two readings running agree; what does not agree stays as it was."""
        before = self.levels
        if levels == before:
            return levels
        two = self._two
        for _ in range(_READINGS):
            self._i2c.readfrom_mem_into(self._address, _GPIO, two)
            again = _bits(two[0], two[1])
            if again == levels:
                return levels
            same = ~(again ^ levels)
            levels = again
        return before ^ ((levels ^ before) & same)
