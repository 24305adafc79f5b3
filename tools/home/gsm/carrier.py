"""The mobile network behind the virtual modem, to the people's phones.

Knows: SMS service centre work: references, delays, parts, delivery reports, refusals.
May not know: AT commands, ptys, what the texts mean.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

from gateway.modem.pdu import (
    Deliver,
    PduError,
    StatusReport,
    decode_submit,
    encode_deliver,
    encode_report,
)
from gateway.modem.text import split
from tools.home.gsm.handset import Arrival, Handset
from tools.home.gsm.telephone import Telephone

SERVICE_CENTRE = "+821090000001"
KST_QUARTERS = 36
INVALID_PDU = 304


class RefusalError(Exception):
    """The network does not take a text; `code` is what +CMS ERROR will say."""

    def __init__(self, code: int) -> None:
        """`code` as in 27.005 §3.2.5."""
        super().__init__(f"refused by the network with code {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Weather:
    """What the network does to texts and reports: chances 0 to 1, seconds."""

    lost: float = 0.0  # taken, and never heard of again
    refused: float = 0.0
    refusal: int = 38  # +CMS ERROR: network out of order
    report_lost: float = 0.0
    report_twice: float = 0.0
    jitter_s: float = 0.0  # up to so much later: texts and reports overtake one another


class Subscriber(Protocol):
    """A modem as the network sees it."""

    def deliver(self, pdu: bytes) -> bool:
        """Take a text; False where there is no room or no power: it is offered again."""
        ...

    def report(self, pdu: bytes) -> bool:
        """Take a delivery report; False where it cannot: it is offered again."""
        ...


class Carrier:
    """The network: all phones and modems of the home's world. Delays in seconds of its clock."""

    def __init__(
        self,
        *,
        answer_s: float = 0.3,
        delay_s: float = 1.0,
        report_s: float = 0.5,
        now_ms: Callable[[], int] | None = None,
        weather: Weather | None = None,
        seed: int = 0,
    ) -> None:
        """`answer_s`: PDU to +CMGS; `delay_s`: on the way; `report_s`: arrival to report.

        `seed`: of the weather's chances.
        """
        self.weather = weather or Weather()
        self._chance = random.Random(seed)
        self.answer_s = answer_s
        self.delay_s = delay_s
        self.report_s = report_s
        self._now_ms = now_ms
        self._handsets: dict[str, Handset] = {}
        self._telephones: dict[str, Telephone] = {}
        self._modems: dict[str, Subscriber] = {}
        self._held: dict[str, deque[tuple[bool, bytes]]] = {}  # (is a report, PDU)
        self._references: dict[str, int] = {}
        self._refusals: deque[int] = deque()
        self._parts_of_handsets = 0
        self._running: set[asyncio.Task[None]] = set()

    def now_ms(self) -> int:
        """UTC ms since 1970, by the process's clock if none was given."""
        return self._now_ms() if self._now_ms is not None else time.time_ns() // 1_000_000

    def handset(self, number: str) -> Handset:
        """The phone with this number (E.164); the same one for the same number."""
        return self._handsets.setdefault(number, Handset(number, self))

    def telephone(self, number: str) -> Telephone:
        """The telephone that rings when this number is called; the same one for the same."""
        return self._telephones.setdefault(number, Telephone())

    def attach(self, number: str, modem: Subscriber) -> None:
        """A modem is on the network under this number; texts held back for it come now."""
        self._modems[number] = modem
        self.room(number)

    def detach(self, number: str) -> None:
        """The modem is gone; texts for it are held back."""
        self._modems.pop(number, None)

    def refuse(self, code: int, times: int = 1) -> None:
        """The next `times` texts from modems are refused with this +CMS ERROR."""
        self._refusals.extend([code] * times)

    async def stop(self) -> None:
        """Forget what is under way."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def submit(self, number: str, pdu: bytes, submitted_ms: int) -> int:
        """The modem `number` hands a PDU over: its reference. Raises RefusalError."""
        await asyncio.sleep(self.answer_s)
        if self._refusals:
            raise RefusalError(self._refusals.popleft())
        try:
            message = decode_submit(pdu)
        except PduError as error:
            raise RefusalError(INVALID_PDU) from error
        if self._happens(self.weather.refused):
            raise RefusalError(self.weather.refusal)
        reference = (self._references.get(number, -1) + 1) & 0xFF
        self._references[number] = reference
        arrival = Arrival(number, message, reference, submitted_ms)
        if not self._happens(self.weather.lost):
            self._later(self.delay_s, self._carry(arrival))
        return reference

    def from_handset(self, sender: str, body: str, to: str | None) -> None:
        """A phone sends a text to a modem."""
        target = to if to is not None else next(iter(self._modems), None)
        if target is None:
            raise LookupError("no modem is on the network: give the number to send to")
        self._parts_of_handsets = (self._parts_of_handsets + 1) & 0xFF
        for part in split(body, self._parts_of_handsets):
            message = Deliver(sender, part, self.now_ms())
            pdu = encode_deliver(message, SERVICE_CENTRE, KST_QUARTERS)
            self._later(self.delay_s, self._offer(target, pdu, report=False))

    def room(self, number: str) -> None:
        """The modem has room again: offer what was held back."""
        held = self._held.get(number)
        modem = self._modems.get(number)
        while held and modem is not None:
            report, pdu = held[0]
            if not (modem.report(pdu) if report else modem.deliver(pdu)):
                return
            held.popleft()

    def arrive(self, handset: Handset, arrival: Arrival) -> None:
        """A part reaches a phone; report what became of it where that was asked for."""
        status = handset.take(arrival)
        if status is not None and arrival.message.report:
            for _ in range(self._copies_of_report()):
                self._later(self.report_s, self._report(arrival, status))

    def _copies_of_report(self) -> int:
        if self._happens(self.weather.report_lost):
            return 0
        return 2 if self._happens(self.weather.report_twice) else 1

    def _happens(self, chance: float) -> bool:
        return self._chance.random() < chance

    async def _carry(self, arrival: Arrival) -> None:
        self.arrive(self.handset(arrival.message.to), arrival)

    async def _report(self, arrival: Arrival, status: int) -> None:
        report = StatusReport(
            arrival.reference, arrival.message.to, arrival.submitted_ms, self.now_ms(), status
        )
        pdu = encode_report(report, SERVICE_CENTRE, KST_QUARTERS)
        await self._offer(arrival.sender, pdu, report=True)

    async def _offer(self, number: str, pdu: bytes, *, report: bool) -> None:
        self._held.setdefault(number, deque()).append((report, pdu))
        self.room(number)

    def _later(self, delay_s: float, work: Coroutine[None, None, None]) -> None:
        delay_s += self._chance.random() * self.weather.jitter_s
        task = asyncio.get_running_loop().create_task(_after(delay_s, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _after(delay_s: float, work: Coroutine[None, None, None]) -> None:
    try:
        await asyncio.sleep(delay_s)
    except asyncio.CancelledError:
        work.close()
        raise
    await work
