"""The modem as the gateway uses it: hand a text over, be told of texts and reports, come back.

Knows: the life of a session with the modem (set up, ready, faults, opening again), submitting.
May not know: what texts say or mean, the outbox, incidents.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from gateway.modem import Accepted, Lost, NotSent, ReportState, SubmitResult
from gateway.modem.at import Command
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.pdu import PduError, Submit, encode_submit, tpdu_octets
from gateway.modem.port import PortError
from gateway.modem.receive import Receiver
from gateway.modem.setup import (
    Patience,
    WrongPinError,
    registration_problem,
    set_up,
    signal_dbm,
)
from gateway.modem.text import split
from gateway.together import together

VALIDITY_MIN = 24 * 60
BEATS_A_LISTING = 3
"""The storage is listed at every third heartbeat: a lost +CMTI costs a minute, not a text."""

OnText = Callable[[str, str, int, str], Awaitable[None]]
"""(sender, body, sent_ms, key): returns once committed; only then is the modem's copy deleted."""
OnReport = Callable[[int, ReportState, int], Awaitable[None]]
"""(reference, state, at_ms): a delivery report, `at_ms` by the network's clock."""
OnState = Callable[[str | None], None]
"""None: ready. Otherwise why texts cannot be sent now, one line for the technician."""


class Clock(Protocol):
    """The gateway's clock, as far as the modem needs it."""

    def now_ms(self) -> int:
        """UTC ms since 1970."""
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
        pin: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`path`: the tty, best by id (/dev/serial/by-id/…). Nothing is opened before `run`."""
        self._path = path
        self._clock = clock
        self._on_text = on_text
        self._on_report = on_report
        self._on_state = on_state
        self._pin = pin
        self._patience = patience or Patience()
        self._lane: Lane | None = None
        self._why: str | None = "the modem was not opened yet"
        self._ready = asyncio.Event()
        self._submitting = asyncio.Lock()
        self._concat_reference = clock.now_ms() // 1000 & 0xFF
        self.signal_dbm: int | None = None

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
            except WrongPinError as error:
                self._pin = None
                self._say(str(error))
            except (PortError, LaneError) as error:
                self._say(str(error))
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
            lane = self._lane
            if lane is None or self._why is not None:
                return NotSent(self._why or "the modem is being set up")
            return await self._hand_over(lane, pdus)

    def _pdus(self, to: str, body: str, validity_min: int) -> list[bytes]:
        self._concat_reference = (self._concat_reference + 1) & 0xFF
        return [
            encode_submit(Submit(to, part, report=True, validity_min=validity_min))
            for part in split(body, self._concat_reference)
        ]

    async def _hand_over(self, lane: Lane, pdus: list[bytes]) -> SubmitResult:
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
        lane = Lane(self._path, receiver.news)
        try:
            ready = await set_up(lane, self._patience, self._pin)
            self._lane = lane
            await together(
                _until_failed(lane),
                self._heartbeat(lane, receiver),
                receiver.run(lane, ready),
            )
        finally:
            self._lane = None
            lane.close()

    async def _heartbeat(self, lane: Lane, receiver: Receiver) -> None:
        """Ask for the network again and again: it is how a hang is found, and a lost network."""
        for beat in itertools.count():
            try:
                registration = await self._question(lane, "AT+CREG?")
                self._say(registration_problem(registration))
                self.signal_dbm = signal_dbm(await self._question(lane, "AT+CSQ"))
            except CommandRefusedError as refused:
                self._say(str(refused))
            if beat % BEATS_A_LISTING == 0:
                receiver.look_again()
            await asyncio.sleep(self._patience.heartbeat_ms / 1000)

    async def _question(self, lane: Lane, text: str) -> tuple[str, ...]:
        return await lane.ask(Command(text, self._patience.command_ms))

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


async def _until_failed(lane: Lane) -> None:
    await asyncio.shield(lane.failed)


def _reference(lines: tuple[str, ...]) -> int | None:
    for line in lines:
        match = re.match(r"\+CMGS: *(\d+)", line)
        if match is not None:
            return int(match[1]) & 0xFF
    return None
