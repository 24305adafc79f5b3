"""MCP23017 16-bit port expander at register level (data sheet DS20001952).

Knows: its registers, interrupt latches and pins. May not know: lids.

Truths kept: power-on defaults (IODIR all ones, the rest zero); BANK and SEQOP addressing; the first
interrupt of a port captures it into INTCAP and further ones wait until INTCAP or GPIO is read;
changes count from that read, so enabling interrupts may fire one at once; with DEFVAL a condition
that still holds asserts again after it; MIRROR, ODR, INTPOL; GPA7 and GPB7 are outputs only
(revision D) and read as their latch. A pin nobody drives reads 1 with its pull-up and 0 without
(really: anything), so that a forgotten pull-up shows.
"""

from __future__ import annotations

from tools.home.machine.i2c import RegisterChip

IODIR, IPOL, GPINTEN, DEFVAL, INTCON, IOCON, GPPU, INTF, INTCAP, GPIO, OLAT = range(11)
PORT_REGISTERS = 11

BANK, MIRROR, SEQOP, DISSLW, HAEN, ODR, INTPOL = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02
_IOCON_BITS = 0xFE
_INPUT_BITS = 0x7F
_LAST_REGISTER_BANK_0 = 0x15
_LAST_REGISTER_BANK_1 = 0x1A
_PORT_B_BANK_1 = 0x10


class _Port:
    """Eight pins with their registers, by the row numbers above (IOCON is the chip's)."""

    def __init__(self) -> None:
        self.row = [0] * PORT_REGISTERS
        self.row[IODIR] = 0xFF
        self.driven_low = 0xFF  # what the world does to the pins: 1 = pulled low, 0 = not driven
        self._seen = 0  # value at the last read of GPIO or INTCAP

    def pins(self) -> int:
        """Levels on the eight pins."""
        inputs = self.row[IODIR] & _INPUT_BITS
        outside = self.row[GPPU] & ~self.driven_low
        return (outside & inputs) | (self.row[OLAT] & ~inputs & 0xFF)

    def value(self) -> int:
        """What GPIO reads: the pins, inverted where IPOL says so."""
        inputs = self.row[IODIR] & _INPUT_BITS
        return self.pins() ^ (self.row[IPOL] & inputs)

    def conditions(self) -> int:
        """Pins whose interrupt condition holds now."""
        level = self.value()
        by_default = (level ^ self.row[DEFVAL]) & self.row[INTCON]
        by_change = (level ^ self._seen) & ~self.row[INTCON]
        return (by_default | by_change) & self.row[GPINTEN] & _INPUT_BITS

    def watch(self) -> None:
        """Latches an interrupt if one is due and none is pending."""
        if self.row[INTF]:
            return
        self.row[INTF] = self.conditions()
        if self.row[INTF]:
            self.row[INTCAP] = self.value()

    def serve(self) -> None:
        """INTCAP or GPIO was read: the interrupt is over, changes count from now."""
        self.row[INTF] = 0
        self._seen = self.value()

    def write(self, row: int, value: int) -> None:
        if row in (INTF, INTCAP):
            return  # read only
        if row == GPIO:
            row = OLAT  # writing GPIO writes the latch
        self.row[row] = value


class Mcp23017(RegisterChip):
    """Sixteen pins: 0–7 are GPA0–7, 8–15 are GPB0–7."""

    def __init__(self) -> None:
        """As after power-on."""
        super().__init__()
        self._iocon = 0
        self._ports = (_Port(), _Port())

    def power_on(self) -> None:
        """Every register back to its default; the world's side of the pins stays as it is."""
        low = [port.driven_low for port in self._ports]
        self._pointer = 0
        self._iocon = 0
        self._ports = (_Port(), _Port())
        for port, driven_low in zip(self._ports, low, strict=True):
            port.driven_low = driven_low

    def pull_low(self, pin: int, low: bool) -> None:
        """The world pulls a pin low, or lets go of it."""
        port = self._ports[pin // 8]
        bit = 1 << (pin % 8)
        port.driven_low = port.driven_low | bit if low else port.driven_low & ~bit
        port.watch()

    def output(self, pin: int) -> int | None:
        """The level the chip drives on a pin, None while it is an input."""
        port = self._ports[pin // 8]
        bit = 1 << (pin % 8)
        if port.row[IODIR] & bit & _INPUT_BITS:
            return None
        return int(bool(port.row[OLAT] & bit))

    def interrupt(self, which: int) -> int | None:
        """The level driven on INTA (0) or INTB (1); None where an open drain lets go."""
        pending = bool(self._ports[which].row[INTF])
        if self._iocon & MIRROR:
            pending = any(port.row[INTF] for port in self._ports)
        if self._iocon & ODR:  # wins over INTPOL
            return 0 if pending else None
        return int(pending == bool(self._iocon & INTPOL))

    def next_register(self, register: int) -> int:
        """Auto-increment with roll-over, or with SEQOP the A/B toggle of BANK 0."""
        if self._iocon & SEQOP:
            return register if self._iocon & BANK else register ^ 1
        last = _LAST_REGISTER_BANK_1 if self._iocon & BANK else _LAST_REGISTER_BANK_0
        return 0 if register >= last else register + 1

    def read_register(self, register: int) -> int:
        """Reading INTCAP or GPIO clears that port's interrupt."""
        place = self._place(register)
        if place is None:
            return 0
        port, row = place
        if row == IOCON:
            return self._iocon
        value = port.value() if row == GPIO else port.row[row]
        if row in (GPIO, INTCAP):
            port.serve()
            port.watch()
        return value

    def write_register(self, register: int, value: int) -> None:
        """Stores; GPIO goes to OLAT, INTF and INTCAP are read only, IOCON is one for both."""
        place = self._place(register)
        if place is None:
            return
        port, row = place
        if row == IOCON:
            self._iocon = value & _IOCON_BITS
        else:
            port.write(row, value)
            port.watch()

    def _place(self, register: int) -> tuple[_Port, int] | None:
        if self._iocon & BANK:
            row, port = register & 0x0F, int(bool(register & _PORT_B_BANK_1))
            known = row < PORT_REGISTERS and register <= _LAST_REGISTER_BANK_1
        else:
            row, port = register >> 1, register & 1
            known = register <= _LAST_REGISTER_BANK_0
        return (self._ports[port], row) if known else None
