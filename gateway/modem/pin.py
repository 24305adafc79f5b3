"""The SIM's PIN: out of its file, and never given twice, for the third wrong one locks the card.

Knows: AT+CPIN, the PIN's file and the mark beside it. May not know: the rest of the set-up.

The mark is written before the PIN is given and taken away once the SIM is open: neither a restart,
nor a lost answer, nor a service that starts over and over gives the same PIN a second time.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from gateway.modem.lane import LaneError

AskOr = Callable[[str], Awaitable[tuple[str, ...] | None]]
"""A command's answer; None where it was refused."""
_PIN = re.compile(r"\d{4,8}\Z")
_ANSWER = re.compile(r"\+CPIN: *(.+)")


class PinFile:
    """A file that holds the PIN and nothing else; beside it, with .tried, the mark."""

    def __init__(self, path: Path) -> None:
        """The folder must be the gateway's to write in."""
        self.path = path
        self.mark = path.with_name(path.name + ".tried")

    def read(self) -> str:
        """The PIN. Raises LaneError; the PIN itself stands in no message."""
        try:
            text = self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise LaneError(f"modem: {self.path} with the SIM's PIN cannot be read") from error
        if _PIN.match(text) is None:
            raise LaneError(f"modem: {self.path} holds no PIN: write its 4 to 8 digits there")
        return text

    def was_tried(self, pin: str) -> bool:
        """Whether this PIN was given before and the SIM did not open since. Raises LaneError."""
        try:
            return self.mark.read_text(encoding="ascii") == _digest(pin)
        except FileNotFoundError:
            return False
        except (OSError, UnicodeDecodeError) as error:
            why = f"modem: {self.mark} cannot be read, so the PIN is not given: delete it"
            raise LaneError(why) from error

    def begin(self, pin: str) -> None:
        """It is going to be given. Raises LaneError where that cannot be remembered."""
        try:
            self.mark.touch(mode=0o600)
            self.mark.write_text(_digest(pin), encoding="ascii")
        except OSError as error:
            why = f"modem: {self.mark} cannot be written, so the PIN is not given: {error.strerror}"
            raise LaneError(why) from error

    def opened(self) -> None:
        """The SIM is open."""
        with contextlib.suppress(OSError):  # a mark that stays costs a question, not the card
            self.mark.unlink()


async def unlock(ask: AskOr, file: PinFile | None) -> None:
    """Give the SIM its PIN where it wants one. Raises LaneError with what is to be done."""
    answered = [_ANSWER.match(line) for line in await ask("AT+CPIN?") or ()]
    state = next((match[1].strip() for match in answered if match is not None), "no SIM?")
    if state == "SIM PIN":
        await _give(ask, file)
    elif state == "SIM PUK":
        raise LaneError("modem: the SIM is locked and wants its PUK; open it in a telephone")
    elif state != "READY":
        raise LaneError(f"modem: the SIM is not usable ({state}); look at the card")
    if file is not None:
        file.opened()


async def _give(ask: AskOr, file: PinFile | None) -> None:
    if file is None:
        raise LaneError("modem: the SIM wants a PIN and none is configured: set [modem] pin_file")
    pin = file.read()
    if file.was_tried(pin):
        raise LaneError(_refused(file))
    file.begin(pin)
    if await ask(f'AT+CPIN="{pin}"') is None:
        raise LaneError(_refused(file))


def _refused(file: PinFile) -> str:
    return (
        f"modem: the SIM did not open with the PIN in {file.path}; it is not given again: "
        f"correct the file (or, if it is right, delete {file.mark.name})"
    )


def _digest(pin: str) -> str:
    return hashlib.sha256(pin.encode()).hexdigest()
