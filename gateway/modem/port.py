"""The serial port: opens the tty, hands bytes both ways, says when it is gone.

Knows: pyserial, the event loop's readers, the control lines, what a failed open most likely means.
May not know: AT, PDUs, when to open again.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import Callable
from typing import Protocol

import serial

from gateway.modem import ResetLine
from gateway.modem.ttys import STOPPED_BY, rival

READ_BYTES = 4096
BAUD = 115_200
HANG_UP_BAUD = 0
"""POSIX: at 0 baud the control lines fall. For ttys that offer no other way to them."""


class PortError(Exception):
    """The tty cannot be opened or used; the text says whose fault it is and what to do."""


class PortFullError(PortError):
    """The tty took only the first `taken` bytes: the other side does not read, now."""

    def __init__(self, path: str, taken: int) -> None:
        super().__init__(f"{path} takes no more bytes: the modem stopped reading")
        self.taken = taken


class AnyPort(Protocol):
    """What the lane needs of a port."""

    def write(self, data: bytes) -> None:
        """Hand `data` over at once. Raises PortError."""
        ...

    def hold(self, line: ResetLine, *, low: bool) -> None:
        """Let a control line fall, or raise it again."""
        ...

    def close(self) -> None:
        """Give it back; safe to call again."""
        ...


OpenPort = Callable[[str, Callable[[bytes], None], Callable[[str], None]], AnyPort]
"""(path, on_bytes, on_lost) → the open port. Raises PortError; `on_lost` comes at most once."""


class Port:
    """One open serial port under asyncio; reads and writes never block the loop."""

    def __init__(
        self,
        path: str,
        on_bytes: Callable[[bytes], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """Open `path` for this process alone; raises PortError. `on_lost` comes at most once."""
        self._path = path
        self._on_bytes = on_bytes
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        try:
            self._serial = serial.Serial(path, BAUD, timeout=0, write_timeout=0, exclusive=True)
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise PortError(_why_not_open(path, error)) from error
        other = rival(path, known=True)
        if other is not None and other.holds:
            self._serial.close()
            raise PortError(f"modem: {other}")
        self._fd = self._serial.fileno()
        self._loop.add_reader(self._fd, self._readable)

    def write(self, data: bytes) -> None:
        """Hand `data` to the tty at once. Raises PortError where it does not take all of it."""
        try:
            taken = self._serial.write(data)
        except OSError as error:
            raise PortError(f"{self._path} went away while writing: {error}") from error
        if taken != len(data):
            raise PortFullError(self._path, taken or 0)

    def hold(self, line: ResetLine, *, low: bool) -> None:
        """Let a control line fall, or raise it again; a tty without lines is left as it is."""
        if line is ResetLine.NONE:
            return
        try:
            setattr(self._serial, line.value, not low)
        except OSError:  # no such line here
            with contextlib.suppress(OSError):
                self._serial.baudrate = HANG_UP_BAUD if low else BAUD

    def close(self) -> None:
        """Give the tty back; safe to call again."""
        if self._serial.is_open:
            self._loop.remove_reader(self._fd)
            self._serial.close()

    def _readable(self) -> None:
        try:
            data = self._serial.read(READ_BYTES)
        except (OSError, TypeError) as error:  # pyserial: TypeError when closed under our feet
            self._lost(f"{self._path} went away: {error}")
            return
        if data:
            self._on_bytes(data)

    def _lost(self, why: str) -> None:
        self.close()
        self._on_lost(why)


def _why_not_open(path: str, error: Exception) -> str:
    """The likeliest cause of a failed open, with what to do."""
    code = getattr(error, "errno", None)
    if code == errno.ENOENT:
        return f"modem: {path} does not exist; plug the modem in, or correct the configured port"
    if code in (errno.EACCES, errno.EPERM):
        return f"modem: {path} may not be opened; add the gateway's user to the group dialout"
    if code in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error):
        other = rival(path)
        if other is not None:
            return f"modem: {path} is held: {other}"
        return (
            f"modem: {path} is held by a program that cannot be seen, most often ModemManager; "
            f"stop it: {STOPPED_BY['ModemManager']}"
        )
    return f"modem: {path} cannot be opened: {error}"
