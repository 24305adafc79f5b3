"""The lane between the gateway and the modem: one command at a time, each with its deadline.

Knows: how to couple the pure dialogue with the port and the event loop.
May not know: which commands exist and why they are given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.modem import ResetLine
from gateway.modem.at import (
    RESET,
    Answer,
    Command,
    Dialogue,
    Happening,
    Refusal,
    Silence,
    Unsolicited,
    WritePdu,
)
from gateway.modem.port import OpenPort, Port, PortError


class LaneError(Exception):
    """The lane is out of step or gone and must be opened anew.

    `pdu_written`: the command under way had handed its PDU over; `silent`: the modem did not
    answer, so that the next session should do more to wake it.
    """

    def __init__(self, why: str, *, pdu_written: bool = False, silent: bool = False) -> None:
        """`why` is one line for the technician."""
        super().__init__(why)
        self.pdu_written = pdu_written
        self.silent = silent


class CommandRefusedError(Exception):
    """The modem answered with an error; the lane is fine."""

    def __init__(self, command: str, refusal: Refusal) -> None:
        """Which command and what the modem said."""
        super().__init__(f"the modem answered {refusal.line!r} to {_shown(command)}")
        self.code = refusal.code
        self.kind = refusal.kind
        self.line = refusal.line


class Lane:
    """An open port with a dialogue on it. `failed` is done (with a LaneError) once it is unfit."""

    def __init__(
        self,
        path: str,
        on_unsolicited: Callable[[Unsolicited], None],
        open_port: OpenPort = Port,
    ) -> None:
        """Open the port; raises PortError."""
        self._loop = asyncio.get_running_loop()
        self._dialogue = Dialogue()
        self._on_unsolicited = on_unsolicited
        self._turn = asyncio.Lock()
        self._ended: asyncio.Future[Answer | Refusal] | None = None
        self._on_pdu: Callable[[], None] | None = None
        self._pdu_written = False
        self._alarm: asyncio.TimerHandle | None = None
        self.failed: asyncio.Future[None] = self._loop.create_future()
        self._port = open_port(path, self._on_bytes, self._fail)

    def reset(self) -> None:
        """Leave a prompt that may still be open from before. Raises LaneError."""
        self._write(RESET)

    async def pulse(self, line: ResetLine, low_ms: int) -> None:
        """Let a control line fall for so long."""
        self._port.hold(line, low=True)
        try:
            await asyncio.sleep(low_ms / 1000)
        finally:
            self._port.hold(line, low=False)

    async def ask(
        self, command: Command, on_pdu: Callable[[], None] | None = None
    ) -> tuple[str, ...]:
        """The answer's lines; `on_pdu` is called when the PDU has been written.

        Raises CommandRefusedError, or LaneError after which the lane is unfit.
        """
        async with self._turn:
            return await self._exchange(command, on_pdu)

    def give_up(self, why: str) -> None:
        """From now on the lane is unfit, for a reason that was seen from outside."""
        self._fail(why)

    def close(self) -> None:
        """Give the port back; whoever still waits gets a LaneError."""
        self._port.close()
        self._fail("the modem's port was closed")
        if not self.failed.cancelled():
            self.failed.exception()  # looked at: no warning when nobody waits for it

    async def _exchange(
        self, command: Command, on_pdu: Callable[[], None] | None
    ) -> tuple[str, ...]:
        if self.failed.done():
            self.failed.result()
        self._on_pdu, self._pdu_written = on_pdu, False
        self._write(self._dialogue.begin(command, self._now_ms()))
        self._ended = self._loop.create_future()
        self._set_alarm()
        try:
            end = await self._ended
        except asyncio.CancelledError:
            self._fail(f"{_shown(command.text)} was given up in the middle")
            raise
        finally:
            self._ended = None
        if isinstance(end, Refusal):
            raise CommandRefusedError(command.text, end)
        return end.lines

    def _on_bytes(self, data: bytes) -> None:
        for happening in self._dialogue.feed(data, self._now_ms()):
            self._happened(happening)
        self._set_alarm()

    def _happened(self, happening: Happening) -> None:
        if isinstance(happening, WritePdu):
            self._write_pdu(happening.data)
        elif isinstance(happening, Unsolicited):
            self._on_unsolicited(happening)
        elif isinstance(happening, Silence):
            self._pdu_written = happening.pdu_written
            self._fail(f"the modem did not answer {_shown(happening.command)} in time", silent=True)
        elif self._ended is not None and not self._ended.done():
            self._ended.set_result(happening)

    def _write_pdu(self, data: bytes) -> None:
        """The one place where a text leaves the gateway."""
        self._pdu_written = True  # before the write: half of it may have got through
        try:
            self._port.write(data)
        except PortError as error:
            self._fail(str(error))
            return
        if self._on_pdu is not None:
            self._on_pdu()

    def _write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except PortError as error:
            self._fail(str(error))
            raise LaneError(str(error)) from error

    def _set_alarm(self) -> None:
        """Wake up at the dialogue's deadline; a later one replaces the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        deadline_ms = self._dialogue.deadline_ms
        if deadline_ms is not None:
            self._alarm = self._loop.call_at(deadline_ms / 1000, self._deadline)

    def _deadline(self) -> None:
        self._alarm = None
        for happening in self._dialogue.tick(self._now_ms() + 1):
            self._happened(happening)
        self._set_alarm()

    def _fail(self, why: str, *, silent: bool = False) -> None:
        """From now on the lane is unfit."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if not self.failed.done():
            self.failed.set_exception(LaneError(why, silent=silent))
        if self._ended is not None and not self._ended.done():
            fault = LaneError(why, pdu_written=self._pdu_written, silent=silent)
            self._ended.set_exception(fault)

    def _now_ms(self) -> int:
        """The loop's own monotonic clock: deadlines must not jump with the time of day."""
        return int(self._loop.time() * 1000)


def _shown(command: str) -> str:
    """The command as it may be told: without the PIN."""
    return command.partition("=")[0] if command.startswith("AT+CPIN=") else command
