"""Serial lines: the processor's UARTs with their buffers, and what a chip at one may do wrong.

Knows: which pins are wired to which chip, formats, when a byte has arrived, a full buffer, faults
that tests and stories switch on. May not know: what a frame means.

Nothing runs by itself: bytes arrive when the processor looks, as many as the time since allows. So
an hour without a look costs nothing, in a house of any speed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

EVEN, ODD, NO_PARITY = 0, 1, 255
NOT_CONNECTED = 255  # a pin's number in a request
_MOST_WAITING = 1024  # bytes a chip has sent that nobody has looked for


@dataclass(frozen=True)
class Format:
    """How bits follow one another on a line."""

    baud: int
    bits: int = 8
    parity: int = NO_PARITY
    stop: int = 1

    @property
    def byte_s(self) -> float:
        """How long one byte lasts."""
        return (1 + self.bits + (self.parity != NO_PARITY) + self.stop) / self.baud


@dataclass
class LineFaults:
    """What is wrong with a chip's frames, each fault for one frame."""

    bad_checksums: int = 0
    cuts: int = 0  # the second half is missing
    garbage: deque[bytes] = field(default_factory=deque)  # sent before a frame
    spikes: deque[float] = field(default_factory=deque)  # watts that nobody uses, checksum right

    def hurt(self, frame: bytes) -> bytes:
        """The frame as it is sent: its last byte is the checksum's."""
        before = self.garbage.popleft() if self.garbage else b""
        if self.bad_checksums:
            self.bad_checksums -= 1
            frame = frame[:-1] + bytes((frame[-1] ^ 0x01,))
        if self.cuts:
            self.cuts -= 1
            frame = frame[: len(frame) // 2]
        return before + frame


class SerialChip:
    """A chip at the end of a line. A derived one gives FORMAT, `hear` or `speak`, and `send`s."""

    FORMAT: ClassVar[Format]

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Whole, and silent so far."""
        self.now_s = now_s
        self.broken = False
        self.faults = LineFaults()
        self._sent: deque[tuple[float, bytes]] = deque()

    def hear(self, data: bytes) -> None:
        """Bytes that came from the processor."""

    def speak(self) -> None:
        """Sends what became due since it was called last, with the times of then."""

    @property
    def waiting(self) -> int:
        """How many bytes were sent and not yet taken."""
        return sum(len(data) for _start, data in self._sent)

    def send(self, frame: bytes, start_s: float) -> None:
        """The frame begins at that time. What nobody takes is lost, the newest first."""
        frame = self.faults.hurt(frame)
        if not self.broken and self.waiting < _MOST_WAITING:
            self._sent.append((start_s, frame))

    def take(self) -> bytes:
        """The bytes that have arrived by now."""
        self.speak()
        arrived = bytearray()
        now_s = self.now_s()
        while self._sent:
            start_s, data = self._sent[0]
            count = min(int((now_s - start_s) / self.FORMAT.byte_s + 1e-6), len(data))
            if count <= 0:
                break
            arrived += data[:count]
            self._sent.popleft()
            if count < len(data):
                rest = (start_s + count * self.FORMAT.byte_s, data[count:])
                self._sent.appendleft(rest)
                break
        return bytes(arrived)

    def silence(self) -> None:
        """Nothing is on the line any more: the chip lost its power."""
        self._sent.clear()


def garbled(data: bytes) -> bytes:
    """What a line of another format reads as: the same bytes always, but others."""
    return bytes((value * 89 + 0x2B) & 0xFF for value in data)


@dataclass
class _Uart:
    """The processor's side of one line."""

    chip: SerialChip | None
    format: Format
    rxbuf: int
    buffer: bytearray = field(default_factory=bytearray)

    def listen(self) -> bytearray:
        """What is in the buffer; full, it takes nothing more."""
        if self.chip is not None:
            data = self.chip.take()
            if self.format != self.chip.FORMAT:
                data = garbled(data)
            self.buffer += data[: self.rxbuf - len(self.buffer)]
        return self.buffer


class Uarts:
    """The processor's UARTs by number; `wired` says which chip is at which of its (tx, rx) pins.

    A tx of None is not connected: that chip only talks.
    """

    def __init__(self, wired: Mapping[tuple[int | None, int], SerialChip]) -> None:
        """None is set up."""
        self._wired = dict(wired)
        self._uarts: dict[int, _Uart] = {}

    def reset(self) -> None:
        """The processor was reset: buffers and set-up are gone."""
        self._uarts = {}

    def setup(self, number: int, tx: int, rx: int, line: Format, rxbuf: int) -> None:
        """A UART at these pins (255: none); at others than the board's nobody is heard."""
        chip = self._wired.get((tx, rx)) or self._wired.get((None, rx))
        if chip is not None:
            chip.take()  # what was sent before is past
        self._uarts[number] = _Uart(chip, line, rxbuf)

    def waiting(self, number: int) -> int:
        """How many bytes can be read. KeyError where it was not set up; so below."""
        return len(self._uarts[number].listen())

    def read(self, number: int, most: int) -> bytes:
        """Takes so many bytes at the most."""
        buffer = self._uarts[number].listen()
        data = bytes(buffer[:most])
        del buffer[:most]
        return data

    def write(self, number: int, data: bytes) -> int:
        """Sends bytes; how many µs they take."""
        uart = self._uarts[number]
        if uart.chip is not None and not uart.chip.broken:
            uart.chip.hear(data if uart.format == uart.chip.FORMAT else garbled(data))
        return int(len(data) * uart.format.byte_s * 1_000_000)
