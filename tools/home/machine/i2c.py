"""An I2C bus with chips on it, and what can go wrong between them.

Knows: addresses, acknowledge, the register pointer with its auto-increment, faults that tests and
stories switch on. May not know: what a register means.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

# How a transfer ended, as the board tells the processor (see the package's header).
DONE, NACK, HELD, STRETCHED = range(4)


@dataclass
class Faults:
    """What is wrong with one chip's side of the bus."""

    nacks: int = 0  # so many transfers are not acknowledged
    stretch_us: int = 0  # it holds SCL so long in every transfer
    flips: deque[tuple[int, int]] = field(default_factory=deque)  # (byte, bit) wrong, one a read

    def refuses(self) -> bool:
        """Whether this transfer is not acknowledged."""
        refused = self.nacks > 0
        self.nacks -= refused
        return refused

    def garble(self, answer: bytearray) -> None:
        """Turns the next wrong bit of a reading that is long enough for it."""
        if self.flips and self.flips[0][0] < len(answer):
            place, bit = self.flips.popleft()
            answer[place] ^= 1 << bit


class I2cChip(ABC):
    """A chip at an address. A derived one gives `exchange`: what it does with a transfer."""

    def __init__(self) -> None:
        """Whole, and without faults."""
        self.broken = False
        self.faults = Faults()

    def transfer(self, data: bytes, read_count: int) -> bytes | None:
        """START, write `data`, repeated START, read, STOP. None when not acknowledged."""
        if self.broken or self.faults.refuses():
            return None
        answer = self.exchange(data, read_count)
        self.faults.garble(answer)
        return bytes(answer)

    @abstractmethod
    def exchange(self, data: bytes, read_count: int) -> bytearray:
        """Takes what was written, gives what is read."""


class RegisterChip(I2cChip):
    """A chip with a register pointer: the first byte written sets it, further bytes fill registers.

    A derived chip gives `read_register`, `write_register`, and where it differs `next_register`.
    """

    def __init__(self) -> None:
        """The pointer stands at register 0 after power-on."""
        super().__init__()
        self._pointer = 0

    def exchange(self, data: bytes, read_count: int) -> bytearray:
        """The pointer goes on by itself, in writing and in reading."""
        self.begin()
        if data:
            self._pointer = data[0]
            for value in data[1:]:
                self.write_register(self._pointer, value)
                self._pointer = self.next_register(self._pointer)
        answer = bytearray()
        for _ in range(read_count):
            answer.append(self.read_register(self._pointer) & 0xFF)
            self._pointer = self.next_register(self._pointer)
        self.end()
        return answer

    def begin(self) -> None:
        """START was seen."""

    def end(self) -> None:
        """STOP was seen."""

    def next_register(self, register: int) -> int:
        """Where the pointer goes after one byte."""
        return (register + 1) & 0xFF

    @abstractmethod
    def read_register(self, register: int) -> int:
        """The byte at `register`, with the side effects of reading it."""

    @abstractmethod
    def write_register(self, register: int, value: int) -> None:
        """Stores a byte, with the side effects of writing it."""


class I2cBus:
    """The chips by address, on two lines that a chip can hold.

    A chip that was interrupted while it sent a 0 holds SDA low until it has seen `held_clocks`
    rising edges of SCL; until then nobody hears a START. A broken one may hold SCL itself
    (`scl_held`), and no clock helps.
    """

    def __init__(self, chips: Mapping[int, I2cChip]) -> None:
        """`chips` by 7-bit address; the lines are free."""
        self.chips = dict(chips)
        self.held_clocks = 0
        self.scl_held = False
        self.stops = 0  # STOPs that were made by hand, outside any transfer
        self._scl = self._sda = 1

    def transfer(self, address: int, data: bytes, read_count: int) -> tuple[int, bytes]:
        """(how it ended, the bytes read; after STRETCHED the time in µs as u32 before them)."""
        if self.held_clocks or self.scl_held:
            return HELD, b""
        chip = self.chips.get(address)
        answer = None if chip is None else chip.transfer(data, read_count)
        if chip is None or answer is None:
            return NACK, b""
        if chip.faults.stretch_us:
            return STRETCHED, struct.pack("<I", chip.faults.stretch_us) + answer
        return DONE, answer

    def sda(self) -> int | None:
        """What the chips do to SDA: 0, or None while they let go."""
        return 0 if self.held_clocks else None

    def scl(self) -> int | None:
        """The same of SCL."""
        return 0 if self.scl_held else None

    def lines(self, sda: int, scl: int) -> None:
        """The processor moves the lines as plain pins: clocks are counted, a STOP is seen."""
        if scl and not self._scl and self.held_clocks:
            self.held_clocks -= 1
        if scl and self._scl and sda and not self._sda:
            self.stops += 1
        self._sda, self._scl = sda, scl
