"""A GSM modem on a pty: what any program that speaks to a serial modem can open.

Knows: ptys, the serial conversation (lines, echo, prompt, one command at a time), its own faults.
May not know: who is at the other end, what texts mean.
"""

from __future__ import annotations

import asyncio
import os
import re
import tty
from collections import deque
from enum import StrEnum
from pathlib import Path

from tools.home.gsm.carrier import Carrier, RefusalError
from tools.home.gsm.equipment import (
    INVALID_PARAMETER,
    OPERATION_NOT_ALLOWED,
    CommandError,
    Equipment,
    cms_error,
)

CTRL_Z, ESC, CR = 0x1A, 0x1B, 0x0D
READ_BYTES = 4096
HEARD_LINES = 1000


class HangAt(StrEnum):
    """Where the modem falls silent."""

    COMMAND = "command"  # answers nothing at all, until `recover`
    PROMPT = "prompt"  # loses the next `>`; ESC gets it out
    ANSWER = "answer"  # sends the next text, loses the answer


class VirtualModem:
    """The modem. `link_path` becomes a symlink to the pty, as /dev/serial/by-id is to a tty."""

    def __init__(
        self, link_path: str | Path, carrier: Carrier, number: str = "+821055550100"
    ) -> None:
        """Nothing exists before `start`."""
        self.number = number
        self.equipment = Equipment(self._say, self._room)
        self.heard: deque[str] = deque(maxlen=HEARD_LINES)
        """The last commands and PDUs that came in."""
        self._link = Path(link_path)
        self._carrier = carrier
        self._fds: tuple[int, int] | None = None
        self._line = bytearray()
        self._due: tuple[int, bytes] | None = None  # octets announced by +CMGS, at the prompt
        self._sending: asyncio.Task[None] | None = None
        self._held_back: list[str] = []  # news while at the prompt
        self._hang: HangAt | None = None

    async def start(self) -> None:
        """Switch on: the pty exists, the network knows the modem."""
        self._plug_in()

    async def stop(self) -> None:
        """Switch off: the tty is gone, nothing is left behind."""
        self.vanish()
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)

    def vanish(self) -> None:
        """The USB plug is pulled: the tty is gone."""
        if self._fds is None:
            return
        self._carrier.detach(self.number)
        asyncio.get_running_loop().remove_reader(self._fds[0])
        for fd in self._fds:
            os.close(fd)
        self._fds = None
        self._link.unlink(missing_ok=True)

    def come_back(self) -> None:
        """Plugged in again: a new tty (most likely another one) behind the same link.

        The modem is freshly started, its SIM is as it was.
        """
        storage, pin = self.equipment.storage, self.equipment.pin
        self.equipment = Equipment(self._say, self._room)
        self.equipment.storage, self.equipment.pin = storage, pin
        self._line.clear()
        self._due, self._hang = None, None
        self._plug_in()

    def hang(self, at: HangAt) -> None:
        """Fall silent there, once (COMMAND: until `recover`)."""
        self._hang = at

    def recover(self) -> None:
        """The modem answers again."""
        self._hang = None
        self._line.clear()
        self._due = None

    def say_raw(self, data: bytes) -> None:
        """Put any bytes on the line (garbage, storms of news)."""
        if self._fds is None:
            return
        try:
            os.write(self._fds[0], data)
        except BlockingIOError:  # nobody reads: without flow control a modem loses bytes too
            return

    # --- the network's side

    def deliver(self, pdu: bytes) -> bool:
        """A text from the network."""
        return self._hang is not HangAt.COMMAND and self.equipment.deliver(pdu)

    def report(self, pdu: bytes) -> None:
        """A delivery report from the network."""
        self.equipment.report(pdu)

    # --- the serial side

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._fds = (master, slave)  # our own slave keeps the line up while nobody has it open
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(slave))
        asyncio.get_running_loop().add_reader(master, self._readable)
        self._carrier.attach(self.number, self)

    def _readable(self) -> None:
        if self._fds is None:
            return
        try:
            data = os.read(self._fds[0], READ_BYTES)
        except OSError:  # EIO/EAGAIN: nobody has the other end open just now
            return
        if self._hang is HangAt.COMMAND:
            return
        for byte in data:
            self._byte(byte)

    def _byte(self, byte: int) -> None:
        if self.equipment.echo and byte not in (CTRL_Z, ESC):
            self.say_raw(bytes([byte]))
        if self._due is not None and byte in (CTRL_Z, ESC):
            self._prompt_ends(sent=byte == CTRL_Z)
        elif byte == CR and self._due is None:
            text = self._line.decode("ascii", "replace").strip()
            self._line.clear()
            self._command_line(text)
        elif byte not in (CTRL_Z, ESC):
            self._line.append(byte)

    def _command_line(self, text: str) -> None:
        if text[:2].upper() != "AT":
            return
        self.heard.append(text)
        if self._sending is not None and not self._sending.done():
            return  # busy with the network: a real modem drops or queues, this one drops
        lines: list[str] = []
        try:
            for command in _commands(text[2:]):
                if command.startswith("+CMGS="):
                    self._prompt(command)
                    return
                lines += self.equipment.run(command)
        except CommandError as error:
            self._answer([*lines, error.line])
            return
        self._answer([*lines, "OK"])

    def _prompt(self, command: str) -> None:
        digits = command.partition("=")[2]
        if not digits.isdigit():
            raise cms_error(INVALID_PARAMETER)
        if self.equipment.pin is not None:
            raise cms_error(OPERATION_NOT_ALLOWED)
        self._due = (int(digits), b"")
        if self._hang is HangAt.PROMPT:
            self._hang = None
            return
        self.say_raw(b"\r\n> ")

    def _prompt_ends(self, *, sent: bool) -> None:
        announced = self._due[0] if self._due is not None else 0
        text = self._line.decode("ascii", "replace").strip()
        self._due = None
        self._line.clear()
        if not sent:
            self._answer(["OK"])
            return
        self.heard.append(text)
        pdu = bytes.fromhex(text) if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text) else b"\xff"
        if len(pdu) - 1 - pdu[0] != announced:
            self._answer([f"+CMS ERROR: {INVALID_PARAMETER}"])
            return
        loop = asyncio.get_running_loop()
        self._sending = loop.create_task(self._send(pdu, self._carrier.now_ms()))

    async def _send(self, pdu: bytes, submitted_ms: int) -> None:
        try:
            reference = await self._carrier.submit(self.number, pdu, submitted_ms)
        except RefusalError as refusal:
            answer = [f"+CMS ERROR: {refusal.code}"]
        else:
            answer = [f"+CMGS: {reference}", "OK"]
        self._sending = None
        if self._hang is HangAt.ANSWER:
            self._hang = None
        elif self._hang is None:
            self._answer(answer)

    def _answer(self, lines: list[str]) -> None:
        """The answer, then the news that had to wait for it."""
        self.say_raw("".join(f"\r\n{line}\r\n" for line in lines).encode("ascii"))
        held, self._held_back = self._held_back, []
        for line in held:
            self._say(line)

    def _say(self, line: str) -> None:
        """News: held back while a PDU is being typed in."""
        if self._due is not None or (self._sending is not None and not self._sending.done()):
            self._held_back.append(line)
        else:
            self.say_raw(f"\r\n{line}\r\n".encode("ascii"))

    def _room(self) -> None:
        """A place in the storage is free: the network may offer what it held back.

        But only once the answer to the command that freed it is out.
        """
        asyncio.get_running_loop().call_soon(self._carrier.room, self.number)


def _commands(text: str) -> list[str]:
    """The single commands of a line: `E0V1+CMGF=0;+CMEE=1` holds four."""
    commands: list[str] = []
    for chunk in text.split(";"):
        basic = re.match(r"(?:[EVQX]\d|Z|&F\d?|H\d?|I\d?|S\d+=\d+)*", chunk.upper())
        head = basic[0] if basic is not None else ""
        commands += re.findall(r"[EVQX]\d|Z|&F|H|I|S\d+=\d+", head)
        rest = chunk[len(head) :].strip()
        if rest:
            name, equals, given = rest.partition("=")
            commands.append(name.upper() + equals + given)
    return commands
