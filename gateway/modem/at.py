"""The AT dialogue without IO: bytes from the modem in, what happened out (3GPP TS 27.005, 27.007).

Knows: echo, answers, final codes, the `>` prompt, unsolicited lines, the deadline of a command.
May not know: ports, event loops, what a command is for, what is inside a PDU.

One command at a time. A line nobody asked for never moves a deadline. After a timeout the line is
out of step: whoever drives it starts over with a fresh `Dialogue` and `RESET`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.modem.at_lines import ends_command, is_unsolicited, wants_pdu

CTRL_Z = b"\x1a"
PROMPT = ">"
RESET = b"\x1b\r"
"""Leaves a prompt that may be open (ESC) and ends whatever stood on the line."""
MAX_LINE_BYTES = 1024
MAX_ANSWER_LINES = 1024

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_UNPRINTABLE = re.compile(rb"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `text` is without the final CR.

    With a `pdu` (hex) the modem must prompt within `prompt_ms`; the answer is due `timeout_ms`
    after the command or, then, after the PDU.
    """

    text: str
    timeout_ms: int
    pdu: str | None = None
    prompt_ms: int = 0


@dataclass(frozen=True, slots=True)
class WritePdu:
    """The modem prompted: these bytes must be written now."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The command ended with OK; `lines` stood before it."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The command ended with an error: `kind` ERROR, CMS or CME, `code` where it has one."""

    kind: str
    code: int | None
    line: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The deadline passed; `pdu_written` says whether a PDU was already handed over."""

    command: str
    pdu_written: bool


@dataclass(frozen=True, slots=True)
class Unsolicited:
    """A line nobody asked for, with the PDU (hex) that followed it where it has one."""

    line: str
    pdu: str | None = None


Happening = WritePdu | Answer | Refusal | Silence | Unsolicited


class Dialogue:
    """One end of a serial line with a modem at the other."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self._buffer = b""
        self._command: Command | None = None
        self._lines: list[str] = []
        self._pdu_written = False
        self._head: str | None = None  # an unsolicited line whose PDU comes next
        self.deadline_ms: int | None = None

    @property
    def busy(self) -> bool:
        """A command is under way."""
        return self._command is not None

    def begin(self, command: Command, now_ms: int) -> bytes:
        """The bytes to write. Raises RuntimeError while another command is under way."""
        if self._command is not None:
            why = f"{command.text} while {self._command.text} is under way; wait for its end"
            raise RuntimeError(why)
        self._command, self._lines, self._pdu_written = command, [], False
        wait_ms = command.timeout_ms if command.pdu is None else command.prompt_ms
        self.deadline_ms = now_ms + wait_ms
        return command.text.encode("ascii") + b"\r"

    def feed(self, data: bytes, now_ms: int) -> list[Happening]:
        """What these bytes made happen, in order."""
        self._buffer += data
        out: list[Happening] = []
        while (line := self._next_line()) is not None:
            if line == PROMPT and self._prompt_due():
                out.append(self._prompted(now_ms))
            else:
                out += self._line(line)
        if self._at_prompt():
            out.append(self._prompted(now_ms))
        if len(self._buffer) > MAX_LINE_BYTES:  # noise without an end of line
            self._buffer = b""
        return out

    def tick(self, now_ms: int) -> list[Happening]:
        """Time went by: `Silence` if the command's deadline is past."""
        if self._command is None or self.deadline_ms is None or now_ms < self.deadline_ms:
            return []
        silence = Silence(self._command.text, self._pdu_written)
        self._end()
        return [silence]

    def _next_line(self) -> str | None:
        """The next whole line that is not empty, without control bytes."""
        while (end := re.search(rb"[\r\n]", self._buffer)) is not None:
            raw, self._buffer = self._buffer[: end.start()], self._buffer[end.end() :]
            line = _UNPRINTABLE.sub(b"", raw).decode("ascii").strip()
            if line:
                return line
        return None

    def _at_prompt(self) -> bool:
        """A lone `>` at the start of a line, while one is due."""
        return self._prompt_due() and _UNPRINTABLE.sub(b"", self._buffer).strip() == b">"

    def _prompt_due(self) -> bool:
        command = self._command
        return command is not None and command.pdu is not None and not self._pdu_written

    def _prompted(self, now_ms: int) -> WritePdu:
        command = self._command
        assert command is not None  # noqa: S101 - _at_prompt saw it
        assert command.pdu is not None  # noqa: S101
        if self._at_prompt():
            self._buffer = b""
        self._pdu_written = True
        self.deadline_ms = now_ms + command.timeout_ms
        return WritePdu(command.pdu.encode("ascii") + CTRL_Z)

    def _line(self, line: str) -> list[Happening]:
        if self._head is not None:
            head, self._head = self._head, None
            if _HEX.match(line):
                return [Unsolicited(head, line)]
        asked = self._command.text if self._command is not None else None
        if is_unsolicited(line, asked):
            if wants_pdu(line):
                self._head = line
                return []
            return [Unsolicited(line)]
        if self._command is None or self._is_echo(line, self._command):
            return []  # a late answer to what was given up, or an echo
        return self._answered(line)

    def _answered(self, line: str) -> list[Happening]:
        """A line that belongs to the command under way."""
        final = ends_command(line)
        if final is None:
            if len(self._lines) < MAX_ANSWER_LINES:
                self._lines.append(line)
            return []
        lines = tuple(self._lines)
        self._end()
        if final.kind == "OK":
            return [Answer(lines)]
        return [Refusal(final.kind, final.code, line)]

    def _is_echo(self, line: str, command: Command) -> bool:
        return line == command.text or (command.pdu is not None and line.endswith(command.pdu))

    def _end(self) -> None:
        self._command, self.deadline_ms, self._lines = None, None, []
