"""What joins the virtual modem to a program: a tty for anybody, or memory within one process.

Knows: ptys and their control lines, callbacks of an event loop.
May not know: what the bytes say.
"""

from __future__ import annotations

import asyncio
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gateway.modem import ResetLine
from gateway.modem.port import PortError

READ_BYTES = 4096
_OUTPUT_SPEED = 5  # its place in what tcgetattr gives
OnBytes = Callable[[bytes], None]


class Wire(Protocol):
    """The modem's end of the line."""

    def plug(self, on_bytes: OnBytes) -> None:
        """From now on there is a line; what comes in goes to `on_bytes`."""
        ...

    def unplug(self) -> None:
        """The line is gone; whoever had it open sees that."""
        ...

    def write(self, data: bytes) -> None:
        """Bytes to the program, if one listens."""
        ...

    def line_is_low(self) -> bool:
        """Whether the program holds the line low that restarts the modem."""
        ...


class PtyWire:
    """A pty behind a symlink, as /dev/serial/by-id leads to a tty. Each plugging is another tty."""

    def __init__(self, link: str | Path) -> None:
        """`link`: where programs open it."""
        self._link = Path(link)
        self._fds: tuple[int, int] | None = None
        self._on_bytes: OnBytes = lambda _data: None

    def plug(self, on_bytes: OnBytes) -> None:
        """Open a pty and let the link lead there."""
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._fds = (master, slave)  # our own slave keeps the line up while nobody has it open
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(slave))
        self._on_bytes = on_bytes
        asyncio.get_running_loop().add_reader(master, self._readable)

    def unplug(self) -> None:
        """Close the pty: readers of the other end get an error."""
        if self._fds is None:
            return
        asyncio.get_running_loop().remove_reader(self._fds[0])
        for fd in self._fds:
            os.close(fd)
        self._fds = None
        self._link.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """What nobody reads is lost, as by a modem without flow control."""
        if self._fds is None:
            return
        try:
            os.write(self._fds[0], data)
        except BlockingIOError:
            return

    def line_is_low(self) -> bool:
        """A pty has no lines, but 0 baud means that they fell."""
        if self._fds is None:
            return False
        return bool(termios.tcgetattr(self._fds[0])[_OUTPUT_SPEED] == termios.B0)

    def _readable(self) -> None:
        if self._fds is None:
            return
        try:
            data = os.read(self._fds[0], READ_BYTES)
        except OSError:  # EIO/EAGAIN: nobody has the other end open just now
            return
        self._on_bytes(data)


class MemoryWire:
    """A line within one event loop: no descriptors, so that the loop's time may be any time."""

    def __init__(self) -> None:
        """Not plugged in."""
        self._modem: OnBytes | None = None
        self._port: MemoryPort | None = None
        self.low = False

    def open(self, path: str, on_bytes: OnBytes, on_lost: Callable[[str], None]) -> MemoryPort:
        """The program's end (a gateway.modem.port.OpenPort). Raises PortError where none is."""
        if self._modem is None:
            raise PortError(f"modem: {path} does not exist; plug the modem in")
        self._port = MemoryPort(self, on_bytes, on_lost)
        return self._port

    def plug(self, on_bytes: OnBytes) -> None:
        """There is a modem."""
        self._modem = on_bytes

    def unplug(self) -> None:
        """There is none; an open port is lost."""
        self._modem, port, self._port = None, self._port, None
        if port is not None:
            port.lose()

    def write(self, data: bytes) -> None:
        """To the open port, soon."""
        if self._port is not None:
            asyncio.get_running_loop().call_soon(self._port.hear, data)

    def line_is_low(self) -> bool:
        """Held low by the port."""
        return self.low

    def from_port(self, port: MemoryPort, data: bytes) -> None:
        """The port's bytes, soon, if it is still the open one."""
        if self._port is port and self._modem is not None:
            asyncio.get_running_loop().call_soon(self._modem, data)


class MemoryPort:
    """The program's end of a MemoryWire."""

    def __init__(self, wire: MemoryWire, on_bytes: OnBytes, on_lost: Callable[[str], None]) -> None:
        """Made by the wire."""
        self._wire = wire
        self._on_bytes = on_bytes
        self._on_lost = on_lost
        self._open = True

    def write(self, data: bytes) -> None:
        """Raises PortError where the line is gone."""
        if not self._open:
            raise PortError("the line went away while writing")
        self._wire.from_port(self, data)

    def hold(self, line: ResetLine, *, low: bool) -> None:
        """Let the line fall, or raise it."""
        if line is not ResetLine.NONE:
            self._wire.low = low

    def close(self) -> None:
        """Hear no more."""
        self._open = False

    def hear(self, data: bytes) -> None:
        """Bytes from the modem."""
        if self._open:
            self._on_bytes(data)

    def lose(self) -> None:
        """The plug was pulled."""
        if self._open:
            self._open = False
            self._on_lost("the line went away")
