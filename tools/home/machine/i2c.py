"""An I2C bus with register chips on it.

Knows: addresses, acknowledge, the register pointer with its auto-increment.
May not know: what a register means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod


class RegisterChip(ABC):
    """A chip with a register pointer: the first byte written sets it, further bytes fill registers.

    A derived chip gives `read_register`, `write_register`, and where it differs `next_register`.
    """

    def __init__(self) -> None:
        """The pointer stands at register 0 after power-on."""
        self._pointer = 0
        self.broken = False

    def transfer(self, data: bytes, read_count: int) -> bytes | None:
        """START, write `data`, repeated START, read, STOP. None when not acknowledged."""
        if self.broken:
            return None
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
        return bytes(answer)

    def begin(self) -> None:  # noqa: B027 - most chips have nothing to do then
        """START was seen."""

    def end(self) -> None:  # noqa: B027 - same
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
    """The chips by address; a transfer to an address nobody answers gives None (NACK)."""

    def __init__(self, chips: dict[int, RegisterChip]) -> None:
        """`chips` by 7-bit address."""
        self.chips = chips

    def transfer(self, address: int, data: bytes, read_count: int) -> bytes | None:
        """The bytes read, or None when nobody acknowledged."""
        chip = self.chips.get(address)
        return None if chip is None else chip.transfer(data, read_count)
