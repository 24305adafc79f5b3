"""Simulated `machine` of the ESP32 port: pins, buses, PWM, watchdog, reset, over the board's link.

Knows: the port's API and what each call takes on the wire. May not know: what hangs on a pin.
Requests and their bytes: tools/home/machine/__init__.py. Transfers take at least their bits' time.
"""

import os
import struct
import sys

import utime

import _link
from sleep import lightsleep  # noqa: F401 - part of the port's `machine`

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

RESET_EXIT = 75  # exit code of a process that reset itself

_ENODEV = 19
_ETIMEDOUT = 116
_NACK, _HELD, _STRETCHED = 1, 2, 3
_NO_UNIQUE_ID = "02a1b0000001"  # a locally administered address, for a house that names none


class Pin:
    """One GPIO. The handler of `irq` is a soft interrupt: it is called with the Pin."""

    IN = 0
    OUT = 1
    OPEN_DRAIN = 2
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2

    watched: "dict[int, tuple[Pin, Callable[[Pin], None] | None]]" = {}

    def __init__(
        self, id: int, mode: int = -1, pull: "int | None" = -1, *, value: "int | None" = None
    ) -> None:
        self.number = id
        self.init(mode, pull, value=value)

    def init(self, mode: int = -1, pull: "int | None" = -1, *, value: "int | None" = None) -> None:
        """As the constructor: only what is given changes."""
        if value is not None:  # before the mode: the pin must not show the old level first
            self.value(value)
        if mode != -1:
            pull = 0 if pull is None or pull == -1 else pull
            _link.request(0x20, bytes((self.number, mode, pull)))

    def value(self, value: "int | None" = None) -> "int | None":
        """The level on the pin, or sets its output latch."""
        if value is None:
            return _link.request(0x22, bytes((self.number,)))[0]
        _link.request(0x21, bytes((self.number, 1 if value else 0)))
        return None

    __call__ = value

    def on(self) -> None:
        """Sets the pin to 1."""
        self.value(1)

    def off(self) -> None:
        """Sets the pin to 0."""
        self.value(0)

    def irq(
        self,
        handler: "Callable[[Pin], None] | None" = None,
        trigger: int = 3,
        wake: "object | None" = None,
        hard: bool = False,
    ) -> "Pin":
        """`handler(pin)` at the edges in `trigger` (IRQ_RISING | IRQ_FALLING); None ends it."""
        if handler is None:
            trigger = 0
        if not Pin.watched:
            _link.on_event(0x40, _edge)
        Pin.watched[self.number] = (self, handler)
        _link.request(0x23, bytes((self.number, trigger)))
        return self

    def __repr__(self) -> str:
        return "Pin(%d)" % self.number


def _edge(payload: bytes) -> None:
    watched = Pin.watched.get(payload[0])
    if watched is not None and watched[1] is not None:
        watched[1](watched[0])


class I2C:
    """One bus. Raises OSError: ENODEV where nobody acknowledges, ETIMEDOUT on a held line."""

    def __init__(
        self, id: int, *, scl: "Pin", sda: "Pin", freq: int = 400000, timeout: int = 50000
    ) -> None:
        self._id = id
        self._freq = freq
        self._timeout = timeout
        # The hardware sets both pins to open drain with the chip's weak pull-ups.
        _link.request(0x25, bytes((id, sda.number, scl.number)))

    def scan(self) -> "list[int]":
        """Addresses that acknowledge."""
        found = []
        for address in range(8, 0x78):
            try:
                self._transfer(address, b"", 0)
            except OSError:
                continue
            found.append(address)
        return found

    def writeto(self, addr: int, buf: "bytes | bytearray | memoryview", stop: bool = True) -> int:
        """Writes bytes; how many were acknowledged."""
        self._transfer(addr, buf, 0)
        return len(buf)

    def readfrom(self, addr: int, nbytes: int, stop: bool = True) -> bytes:
        """Reads bytes."""
        return self._transfer(addr, b"", nbytes)

    def readfrom_into(self, addr: int, buf: bytearray, stop: bool = True) -> None:
        """Reads as many bytes as fit."""
        buf[:] = self._transfer(addr, b"", len(buf))

    def readfrom_mem(self, addr: int, memaddr: int, nbytes: int, *, addrsize: int = 8) -> bytes:
        """Reads from a register on."""
        return self._transfer(addr, self._memory(memaddr, addrsize), nbytes)

    def readfrom_mem_into(
        self, addr: int, memaddr: int, buf: bytearray, *, addrsize: int = 8
    ) -> None:
        """Reads from a register on, as many bytes as fit."""
        buf[:] = self._transfer(addr, self._memory(memaddr, addrsize), len(buf))

    def writeto_mem(
        self, addr: int, memaddr: int, buf: "bytes | bytearray | memoryview", *, addrsize: int = 8
    ) -> None:
        """Writes from a register on."""
        self._transfer(addr, self._memory(memaddr, addrsize) + bytes(buf), 0)

    @staticmethod
    def _memory(memaddr: int, addrsize: int) -> bytes:
        return memaddr.to_bytes(addrsize // 8, "big")

    def _transfer(self, addr: int, data: "bytes | bytearray | memoryview", count: int) -> bytes:
        started = utime.ticks_us()
        answer = _link.request(0x24, struct.pack("<BBH", self._id, addr, count) + data)
        # START, STOP and nine bits a byte; a read after a write has a second address byte.
        size = len(data) + count + (2 if data and count else 1)
        _spend_us(started, (9 * size + 2) * 1000000 // self._freq)
        if answer[0] == _NACK:
            raise OSError(_ENODEV)
        held_us = self._timeout if answer[0] == _HELD else 0
        if answer[0] == _STRETCHED:
            held_us = struct.unpack_from("<I", answer, 1)[0]
        utime.sleep_us(min(held_us, self._timeout))
        if answer[0] == _HELD or held_us > self._timeout:
            raise OSError(_ETIMEDOUT)
        return answer[5:] if held_us else answer[1:]


def _spend_us(started: int, duration: int) -> None:
    left = duration - utime.ticks_diff(utime.ticks_us(), started)
    if left > 0:
        utime.sleep_us(left)


class PWM:
    """A pulse wave on a pin."""

    def __init__(self, dest: "Pin", freq: int = 5000, duty_u16: int = 32768) -> None:
        self._pin = dest
        self._freq = freq
        self._duty = duty_u16
        self.init(freq=freq, duty_u16=duty_u16)

    def init(self, *, freq: "int | None" = None, duty_u16: "int | None" = None) -> None:
        """As the constructor: only what is given changes."""
        self._freq = self._freq if freq is None else freq
        self._duty = self._duty if duty_u16 is None else duty_u16
        if not 1 <= self._freq <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        if not 0 <= self._duty <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self._send(self._freq, self._duty)

    def freq(self, value: "int | None" = None) -> "int | None":
        """The frequency in Hz, or sets it."""
        if value is None:
            return self._freq
        self.init(freq=value)
        return None

    def duty_u16(self, value: "int | None" = None) -> "int | None":
        """The duty (0–65535), or sets it."""
        if value is None:
            return self._duty
        self.init(duty_u16=value)
        return None

    def deinit(self) -> None:
        """Ends the wave."""
        self._send(0, 0)

    def _send(self, frequency: int, duty: int) -> None:
        _link.request(0x26, struct.pack("<BIH", self._pin.number, frequency, duty))


class WDT:
    """The watchdog: the board ends this process when it is not fed in time."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        self._frame = struct.pack("<I", timeout)
        self.feed()

    def feed(self) -> None:
        """Begins the time-out anew."""
        _link.request(0x28, self._frame)


def bitstream(
    pin: "Pin",
    encoding: int,
    timing: "tuple[int, int, int, int]",
    buf: "bytes | bytearray | memoryview",
) -> None:
    """WS2812 bits: `timing` is (high 0, low 0, high 1, low 1) in ns."""
    started = utime.ticks_us()
    _link.request(0x27, bytes((pin.number,)) + bytes(buf))
    _spend_us(started, 8 * len(buf) * (timing[0] + timing[1]) // 1000)


_AT_FIRST_USE = {"I2S": "_i2s", "UART": "_uart"}


def __getattr__(name: str) -> object:
    """What not every device uses is loaded when asked for: on the chip it takes no heap at all."""
    if name not in _AT_FIRST_USE:
        raise AttributeError(name)
    return getattr(__import__(_AT_FIRST_USE[name]), name)


def reset() -> None:
    """Ends the process; the house starts it again."""
    _link.request(0x29)
    sys.exit(RESET_EXIT)


def reset_cause() -> int:
    """PWRON_RESET, HARD_RESET or WDT_RESET."""
    return _link.request(0x2A)[0]


def unique_id() -> bytes:
    """Six bytes, the chip's MAC: hex in ANBU_UNIQUE_ID."""
    text = os.getenv("ANBU_UNIQUE_ID") or _NO_UNIQUE_ID
    return bytes(int(text[i : i + 2], 16) for i in range(0, 12, 2))
