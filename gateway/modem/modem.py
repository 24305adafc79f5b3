"""The modem as the gateway uses it: hand a text over, be told of texts and reports, come back.

Knows: the life of a session with the modem (set up, ready, faults, opening again), submitting.
May not know: what texts say or mean, the outbox, incidents.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gateway.modem import (
    NETWORK_TIMEOUT,
    Accepted,
    Lost,
    NotSent,
    ResetLine,
    Seen,
    SubmitResult,
)
from gateway.modem.at import Command, Unsolicited
from gateway.modem.at_lines import tells_restart
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.pdu import PduError, Submit, encode_submit, tpdu_octets
from gateway.modem.pin import PinFile
from gateway.modem.port import OpenPort, Port, PortError
from gateway.modem.receive import OnReport, OnText, Receiver
from gateway.modem.remedy import remedy
from gateway.modem.setup import Patience, set_up
from gateway.modem.text import split
from gateway.modem.ttys import Names, rival
from gateway.modem.watch import Watch
from gateway.together import together

VALIDITY_MIN = 24 * 60
OnState = Callable[[str | None], None]
"""None: ready. Otherwise why texts cannot be sent now, one line for the technician."""


def tell_nobody(_seen: Seen) -> None:
    """For who does not want to know of the network."""


class Clock(Protocol):
    """The gateway's clock, as far as the modem needs it."""

    def now_ms(self) -> int:
        """UTC ms since 1970."""
        ...


class Caller(Protocol):
    """Who makes calls by this modem. Texts come first: it is asked to give way."""

    def news(self, line: str) -> None:
        """The modem says something nobody asked for."""
        ...

    def lost(self, why: str) -> None:
        """The modem is gone, and any call with it."""
        ...

    def usable(self, why: str | None) -> None:
        """What `on_state` is told."""
        ...

    async def give_way(self) -> bool:
        """End a call that is under way; False where there was none."""
        ...


class Modem:
    """One GSM modem at one tty. `run` keeps it going, `submit` hands texts over."""

    def __init__(
        self,
        path: str,
        clock: Clock,
        on_text: OnText,
        on_report: OnReport,
        on_state: OnState,
        *,
        on_seen: Callable[[Seen], None] = tell_nobody,
        pin_file: Path | None = None,
        reset_line: ResetLine = ResetLine.DTR,
        patience: Patience | None = None,
        open_port: OpenPort = Port,
    ) -> None:
        """`path`: the tty, best by id (/dev/serial/by-id/…). Nothing is opened before `run`."""
        self._names = Names(path)
        self._clock = clock
        self._on_text = on_text
        self._on_report = on_report
        self._on_state = on_state
        self._pin = PinFile(pin_file) if pin_file is not None else None
        self._reset_line = reset_line
        self._open_port = open_port
        self._patience = patience or Patience()
        self._watch = Watch(self._patience, self._say, on_seen)
        self._silences = 0  # sessions in a row that ended because the modem did not answer
        self._lane: Lane | None = None
        self.caller: Caller | None = None
        """Who makes calls by it, if anybody does."""
        self._asking: set[asyncio.Task[tuple[str, ...]]] = set()
        self._why: str | None = "the modem was not opened yet"
        self._ready = asyncio.Event()
        self._submitting = asyncio.Lock()
        self._concat_reference = clock.now_ms() // 1000 & 0xFF

    @property
    def why(self) -> str | None:
        """None while texts can be handed over, else why not."""
        return self._why

    async def wait_ready(self) -> None:
        """Return as soon as texts can be handed over."""
        await self._ready.wait()

    async def run(self) -> None:
        """Keep the modem going for ever; only cancellation ends it."""
        while True:
            try:
                await self._session()
            except PortError as error:
                self._say(str(error))
            except LaneError as error:
                self._silences = self._silences + 1 if error.silent else 0
                self._say(self._explained(error))
            if self.caller is not None:
                self.caller.lost(self._why or "the modem is set up anew")
            self._watch.forget()
            await asyncio.sleep(self._patience.reopen_ms / 1000)

    async def submit(self, to: str, body: str, *, validity_min: int = VALIDITY_MIN) -> SubmitResult:
        """Hand one text to the network, in as many parts as it needs, one text at a time.

        `to` is E.164. Never raises for what modem or network do; see `SubmitResult`.
        """
        try:
            pdus = self._pdus(to, body, validity_min)
        except PduError as error:
            return NotSent(str(error), final=True)
        async with self._submitting:
            result = await self._hand_over(pdus)
            if _may_be_for_a_call(result) and self.caller is not None:
                gave_way = await self.caller.give_way()
                return await self._hand_over(pdus) if gave_way else result
            return result

    async def ask(self, text: str, answer_ms: int) -> tuple[str, ...]:
        """The answer to a command of a call, between two commands of texts.

        Cancelled, it is still asked to its end: a lane that is left in the middle of a command is
        unfit, and texts would have to wait for another. Raises CommandRefusedError; LaneError,
        also where there is no modem now.
        """
        if self._lane is None:
            raise LaneError(self._why or "the modem is being set up")
        asking = asyncio.ensure_future(self._lane.ask(Command(text, answer_ms)))
        self._asking.add(asking)
        asking.add_done_callback(self._asked)
        return await asyncio.shield(asking)

    def _asked(self, asking: asyncio.Task[tuple[str, ...]]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # looked at: no warning where nobody waits for it any more

    def _pdus(self, to: str, body: str, validity_min: int) -> list[bytes]:
        self._concat_reference = (self._concat_reference + 1) & 0xFF
        return [
            encode_submit(Submit(to, part, report=True, validity_min=validity_min))
            for part in split(body, self._concat_reference)
        ]

    async def _hand_over(self, pdus: list[bytes]) -> SubmitResult:
        lane = self._lane
        if lane is None or self._why is not None:
            return NotSent(self._why or "the modem is being set up")
        references: list[int] = []
        written_ms: list[int] = []
        for pdu in pdus:
            try:
                lines = await lane.ask(
                    self._cmgs(pdu), lambda: written_ms.append(self._clock.now_ms())
                )
            except CommandRefusedError as refused:
                return NotSent(str(refused), refused.code)
            except LaneError as fault:
                if fault.pdu_written:
                    now_ms = self._clock.now_ms()
                    return Lost(str(fault), written_ms[0] if written_ms else now_ms)
                return NotSent(str(fault))
            reference = _reference(lines)
            if reference is None:
                return Lost(f"the modem said OK without a reference: {lines}", written_ms[0])
            references.append(reference)
        return Accepted(tuple(references), written_ms[0])

    def _cmgs(self, pdu: bytes) -> Command:
        return Command(
            f"AT+CMGS={tpdu_octets(pdu)}",
            self._patience.submit_ms,
            pdu.hex().upper(),
            self._patience.prompt_ms,
        )

    async def _session(self) -> None:
        """From opening the port until it is unfit; raises PortError or LaneError."""
        receiver = Receiver(self._on_text, self._on_report, self._patience)

        def news(unsolicited: Unsolicited) -> None:
            if tells_restart(unsolicited.line):
                lane.give_up(f"the modem restarted by itself ({unsolicited.line})")
            receiver.news(unsolicited)
            self._watch.news(unsolicited)
            if self.caller is not None:
                self.caller.news(unsolicited.line)

        path = self._names.current()
        lane = Lane(path, news, self._open_port)
        try:
            self._names.opened(path)
            step = remedy(self._silences)
            ready = await set_up(lane, self._patience, self._pin, step, self._reset_line)
            self._silences = 0
            self._lane = lane
            await together(
                _until_failed(lane),
                self._watch.run(lane, ready, receiver),
                receiver.run(lane, ready),
            )
        finally:
            self._lane = None
            lane.close()

    def _explained(self, error: LaneError) -> str:
        """Why the modem failed; if it was silent, with who else may be talking to it."""
        other = rival(self._names.current(), known=True) if error.silent else None
        return f"{error}; {other}" if other is not None else str(error)

    def _say(self, why: str | None) -> None:
        """Tell `on_state` where it is news."""
        if why == self._why:
            return
        self._why = why
        if why is None:
            self._ready.set()
        else:
            self._ready.clear()
        self._on_state(why)
        if self.caller is not None:
            self.caller.usable(why)


def _may_be_for_a_call(result: SubmitResult) -> bool:
    """Certainly not sent: a modem that does not take texts while it calls would say so.

    After a time-out of the network the text may be on its way: it is not handed over again here.
    """
    return isinstance(result, NotSent) and result.code != NETWORK_TIMEOUT


async def _until_failed(lane: Lane) -> None:
    await asyncio.shield(lane.failed)


def _reference(lines: tuple[str, ...]) -> int | None:
    for line in lines:
        match = re.match(r"\+CMGS: *(\d+)", line)
        if match is not None:
            return int(match[1]) & 0xFF
    return None
