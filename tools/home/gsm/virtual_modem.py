"""A GSM modem: on a pty any program that speaks to a serial modem can open it.

Knows: the serial conversation (lines, echo, prompt, one command at a time), restarts, its troubles.
May not know: who is at the other end, what texts mean.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Coroutine
from pathlib import Path

from tools.home.gsm.answers import (
    INVALID_PARAMETER,
    NO_NETWORK,
    OPERATION_NOT_ALLOWED,
    CommandError,
    cms_error,
)
from tools.home.gsm.calling import Calling
from tools.home.gsm.carrier import Carrier, RefusalError
from tools.home.gsm.equipment import Equipment
from tools.home.gsm.storage import Sim
from tools.home.gsm.trouble import Cure, HangAt, Trouble
from tools.home.gsm.wire import PtyWire, Wire

CTRL_Z, ESC, CR = 0x1A, 0x1B, 0x0D
HEARD_LINES = 1000
LATE_S = 70.0
"""HangAt.LATE answers so late: longer than any gateway waits."""
LINE_LOOK_S = 0.1
_PROMPTING = ("+CMGS=", "+CMGW=")


class VirtualModem:
    """The modem. A path as `wire` becomes a link to its pty, as /dev/serial/by-id is to a tty."""

    def __init__(
        self,
        wire: str | Path | Wire,
        carrier: Carrier,
        number: str = "+821055550100",
        sound: str | Path | Wire | None = None,
    ) -> None:
        """`sound`: the second tty, of its calls' sound. Nothing exists before `start`."""
        self.number = number
        self.sim = Sim()
        self.refused: set[str] = set()
        """Commands that this modem does not know, without their AT."""
        self.equipment = self._started()
        self.calling = Calling(carrier.telephone, self._say, sound)
        self.texts_in_calls = True
        """It takes texts while it calls; many do not."""
        self.boot_s = 0.0
        """So long a restart takes."""
        self.heard: deque[str] = deque(maxlen=HEARD_LINES)
        """The last commands and PDUs that came in."""
        self._wire = PtyWire(wire) if isinstance(wire, str | Path) else wire
        self._carrier = carrier
        self._trouble = Trouble()
        self._line = bytearray()
        self._due: str | None = None  # the command that prompted
        self._sending: asyncio.Task[None] | None = None
        self._held_back: list[str] = []  # news while at the prompt
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Switch on: the line exists, the network knows the modem."""
        self.equipment = self._started()
        self._plug_in()

    async def stop(self) -> None:
        """Switch off: the line is gone, nothing is left behind."""
        self.vanish()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def vanish(self) -> None:
        """The USB plug is pulled: the tty is gone."""
        self._carrier.detach(self.number)
        self._wire.unplug()
        self.calling.unplug()

    def come_back(self) -> None:
        """Plugged in again: a new tty (most likely another one) behind the same link.

        The modem is freshly started, its SIM is as it was.
        """
        self.equipment = self._started()
        self._forget()
        self._plug_in()

    def reboot(self) -> None:
        """It restarts: deaf while it boots, every setting forgotten; its tty stays."""
        self._carrier.detach(self.number)
        self._forget()
        self._trouble.begin(HangAt.COMMAND)
        self._begin(self._boot())

    def hang(self, at: HangAt, cure: Cure = Cure.NOTHING) -> None:
        """Fall silent there, once (COMMAND: until the cure, or `recover`)."""
        self._trouble.begin(at, cure)
        self._await_line()

    def hang_after(
        self, *, heard: int | None = None, said: int | None = None, cure: Cure = Cure.NOTHING
    ) -> None:
        """Fall silent once so many bytes more came in, or went out."""
        self._trouble.after(heard=heard, said=said, cure=cure)
        self._await_line()

    def recover(self) -> None:
        """The modem answers again."""
        self._trouble.begin(None)
        self._line.clear()
        self._due = None
        self._room()

    def say_raw(self, data: bytes) -> None:
        """Put any bytes on the line (garbage, storms of news)."""
        self._wire.write(data)

    # --- the network's side

    def deliver(self, pdu: bytes) -> bool:
        """A text from the network; False where it cannot be taken now."""
        return not self._trouble.silent and self.equipment.deliver(pdu)

    def report(self, pdu: bytes) -> bool:
        """A delivery report from the network; False where it cannot be taken now."""
        return not self._trouble.silent and self.equipment.report(pdu)

    # --- its life

    def _started(self) -> Equipment:
        return Equipment(self.sim, self.refused, self._say, self._room)

    def _plug_in(self) -> None:
        self._wire.plug(self._bytes)
        self.calling.plug()
        self._carrier.attach(self.number, self)

    def _forget(self) -> None:
        self.calling.forget()
        self._line.clear()
        self._held_back.clear()
        self._due = None
        self._trouble.begin(None)
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    async def _boot(self) -> None:
        await asyncio.sleep(self.boot_s)
        self.equipment = self._started()
        self._forget()
        self._say("RDY")
        self._carrier.attach(self.number, self)

    def _await_line(self) -> None:
        if self._trouble.cure is Cure.LINE:
            self._begin(self._until_line())

    async def _until_line(self) -> None:
        while not self._wire.line_is_low():  # noqa: ASYNC110 - a line has no event
            await asyncio.sleep(LINE_LOOK_S)
        self.reboot()

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    # --- the serial side

    def _bytes(self, data: bytes) -> None:
        for byte in data:
            if self._trouble.hear_one():
                self._byte(byte)
            else:
                self._byte_in_silence(byte)

    def _byte_in_silence(self, byte: int) -> None:
        """Only its cure means anything."""
        if byte == ESC and self._trouble.cure is Cure.ESCAPE:
            self.recover()
        elif byte == CR:
            text = self._line.decode("ascii", "replace").strip(" \x1a\x1b")
            self._line.clear()
            if text.endswith("ATZ") and self._trouble.cure is Cure.RESET:
                self.recover()
                self._answer(["OK"])
            elif text.endswith("AT+CFUN=1,1") and self._trouble.cure is Cure.RESTART:
                self.say_raw(b"\r\nOK\r\n")
                self.reboot()
        else:
            self._line.append(byte)

    def _byte(self, byte: int) -> None:
        if self.equipment.echo and byte not in (CTRL_Z, ESC):
            self._write(bytes([byte]))
        if self._due is not None and byte in (CTRL_Z, ESC):
            self._prompt_ends(self._due, sent=byte == CTRL_Z)
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
                if command.startswith(_PROMPTING):
                    self._prompt(command)
                    return
                lines += self._run(command)
        except CommandError as error:
            self._answer([*lines, error.line])
            return
        self._answer([*lines, "OK"])
        if "+CFUN=1,1" in text:
            self.reboot()

    def _run(self, command: str) -> list[str]:
        if command == "Z":
            registered, signal = self.equipment.registered, self.equipment.signal
            is_open = self.equipment.open
            self.equipment = self._started()
            self.equipment.registered, self.equipment.signal = registered, signal
            self.equipment.open = is_open
        answer = self.calling.run(command) if command not in self.refused else None
        return self.equipment.run(command) if answer is None else answer

    def _prompt(self, command: str) -> None:
        digits = command.partition("=")[2].partition(",")[0]
        if not digits.isdigit():
            raise cms_error(INVALID_PARAMETER)
        if not self.equipment.open:
            raise cms_error(OPERATION_NOT_ALLOWED)
        if command[:6] in self.equipment.refused:
            raise CommandError
        self._due = command
        if not self._trouble.once(HangAt.PROMPT):
            self._write(b"\r\n> ")

    def _prompt_ends(self, command: str, *, sent: bool) -> None:
        name, _, given = command.partition("=")
        text = self._line.decode("ascii", "replace").strip()
        self._due = None
        self._line.clear()
        if not sent:
            self._answer(["OK"])
            return
        self.heard.append(text)
        pdu = bytes.fromhex(text) if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text) else b"\xff"
        if len(pdu) - 1 - pdu[0] != int(given.partition(",")[0]):
            self._answer([f"+CMS ERROR: {INVALID_PARAMETER}"])
        elif name == "+CMGW":
            self._write_down(given.split(","), pdu)
        else:
            self._sending = self._begin(self._send(pdu, self._carrier.now_ms()))

    def _write_down(self, given: list[str], pdu: bytes) -> None:
        try:
            self._answer([*self.equipment.shelf.write(given, pdu), "OK"])
        except CommandError as error:
            self._answer([error.line])

    async def _send(self, pdu: bytes, submitted_ms: int) -> None:
        answer = await self._submitted(pdu, submitted_ms)
        if self._trouble.once(HangAt.LATE):
            await asyncio.sleep(LATE_S)
        self._sending = None
        if self._trouble.once(HangAt.BARE):
            answer = answer[1:]
        if not self._trouble.once(HangAt.ANSWER):
            self._answer(answer)

    async def _submitted(self, pdu: bytes, submitted_ms: int) -> list[str]:
        if not self.equipment.works:
            return [f"+CMS ERROR: {NO_NETWORK}"]
        if self.calling.under_way and not self.texts_in_calls:
            return [f"+CMS ERROR: {OPERATION_NOT_ALLOWED}"]
        try:
            reference = await self._carrier.submit(self.number, pdu, submitted_ms)
        except RefusalError as refusal:
            return [f"+CMS ERROR: {refusal.code}"]
        return [f"+CMGS: {reference}", "OK"]

    def _write(self, data: bytes) -> None:
        """What the modem itself says, as far as its trouble lets it."""
        self._wire.write(self._trouble.may_say(data))

    def _answer(self, lines: list[str]) -> None:
        """The answer, then the news that had to wait for it."""
        self._write("".join(f"\r\n{line}\r\n" for line in lines).encode("ascii"))
        held, self._held_back = self._held_back, []
        for line in held:
            self._say(line)

    def _say(self, line: str) -> None:
        """News: held back while a PDU is being typed in."""
        if self._due is not None or (self._sending is not None and not self._sending.done()):
            self._held_back.append(line)
        else:
            self._write(f"\r\n{line}\r\n".encode("ascii"))

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
