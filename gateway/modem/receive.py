"""Texts and reports out of the modem: read, handed on, and only then deleted or acknowledged.

Knows: +CMTI/+CMT/+CDS/+CDSI, listing and reading the storage, AT+CMGD and AT+CNMA.
May not know: what a text means, who gets it, how the port is opened.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise

from gateway.modem import ReportState
from gateway.modem.at import Command, Unsolicited
from gateway.modem.inbox import Arrived, Inbox, Slot
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.pdu import Deliver, PduError, StatusReport, decode_incoming
from gateway.modem.setup import Patience, Ready

MAX_WAITING = 256
_STORED = re.compile(r'\+(?:CMTI|CDSI): *"(\w+)", *(\d+)')
_LISTED = re.compile(r"\+CMGL: *(\d+),")
LOOK = "look"
"""What waits beside the modem's news: an order to list the whole storage."""

OnText = Callable[[str, str, int, str], Awaitable[None]]
OnReport = Callable[[int, ReportState, int], Awaitable[None]]


class Receiver:
    """The receiving side of one session with the modem."""

    def __init__(self, on_text: OnText, on_report: OnReport, patience: Patience) -> None:
        """The callables return only once the fact is committed."""
        self._on_text = on_text
        self._on_report = on_report
        self._patience = patience
        self._inbox = Inbox()
        self._waiting: asyncio.Queue[Unsolicited | str] = asyncio.Queue(MAX_WAITING)
        self._read_now = ""  # the storage AT+CMGR reads in now

    def news(self, unsolicited: Unsolicited) -> None:
        """A line nobody asked for; those that carry no text or report are dropped.

        In a storm what does not fit is found by the next listing.
        """
        if unsolicited.pdu is not None or _STORED.match(unsolicited.line):
            self._put(unsolicited)

    def look_again(self) -> None:
        """List the storage soon: finds what was never announced."""
        self._put(LOOK)

    async def run(self, lane: Lane, ready: Ready) -> None:
        """Work off the news for ever. Raises LaneError."""
        self._read_now = ready.storage
        while True:
            item = await self._waiting.get()
            try:
                await self._work(lane, ready, item)
            except CommandRefusedError as refused:
                if refused.code is None or refused.code not in _GONE:
                    raise LaneError(str(refused)) from refused

    def _put(self, item: Unsolicited | str) -> None:
        if not self._waiting.full():
            self._waiting.put_nowait(item)

    async def _work(self, lane: Lane, ready: Ready, item: Unsolicited | str) -> None:
        if isinstance(item, str):
            await self._list(lane, ready)
        elif item.pdu is not None:
            await self._take(lane, item.pdu, None)
            if ready.acknowledges:
                await self._ask(lane, "AT+CNMA")
        else:
            await self._stored(lane, item.line)

    async def _list(self, lane: Lane, ready: Ready) -> None:
        """Everything in the storage, then texts that waited too long for their other parts."""
        await self._read_from(lane, ready.storage)
        lines = await self._ask(lane, "AT+CMGL=4")
        for index, pdu in _listed(lines):
            await self._take(lane, pdu, Slot(ready.storage, index))
        for arrived in self._inbox.overdue(_now_ms()):
            await self._hand_on(lane, arrived)

    async def _stored(self, lane: Lane, line: str) -> None:
        """One announced place in a storage."""
        match = _STORED.match(line)
        if match is None:
            return
        slot = Slot(match[1], int(match[2]))
        await self._read_from(lane, slot.storage)
        lines = await self._ask(lane, f"AT+CMGR={slot.index}")
        for _head, pdu in pairwise(lines):  # none: the listing was quicker
            await self._take(lane, pdu, slot)

    async def _take(self, lane: Lane, hex_pdu: str, slot: Slot | None) -> None:
        """One PDU, from wherever it came.

        What cannot be read is thrown away: it would fill the storage until nothing came in.
        """
        try:
            message = decode_incoming(bytes.fromhex(hex_pdu))
        except (PduError, ValueError):
            await self._empty(lane, (slot,) if slot is not None else ())
            return
        if isinstance(message, StatusReport):
            await self._keep(self._on_report(message.reference, message.state, message.done_ms))
            await self._empty(lane, (slot,) if slot is not None else ())
        else:
            await self._text(lane, message, slot)

    async def _text(self, lane: Lane, message: Deliver, slot: Slot | None) -> None:
        arrived = self._inbox.add(message, slot, _now_ms())
        if arrived is not None:
            await self._hand_on(lane, arrived)

    async def _hand_on(self, lane: Lane, arrived: Arrived) -> None:
        """Commit first, delete afterwards."""
        await self._keep(self._on_text(arrived.sender, arrived.body, arrived.sent_ms, arrived.key))
        await self._empty(lane, arrived.slots)

    async def _keep(self, committing: Awaitable[None]) -> None:
        """A text that could not be kept stays in the modem; the session starts again later."""
        try:
            await committing
        except Exception as error:
            why = f"gateway: an incoming text could not be kept ({error!r}); it is tried again"
            raise LaneError(why) from error

    async def _empty(self, lane: Lane, slots: tuple[Slot, ...]) -> None:
        for slot in slots:
            await self._read_from(lane, slot.storage)
            await self._ask(lane, f"AT+CMGD={slot.index}")

    async def _read_from(self, lane: Lane, storage: str) -> None:
        if storage != self._read_now:
            await self._ask(lane, f'AT+CPMS="{storage}"')
            self._read_now = storage

    async def _ask(self, lane: Lane, text: str) -> tuple[str, ...]:
        return await lane.ask(Command(text, self._patience.command_ms))


_GONE = frozenset({302, 321, 340})
"""+CMS ERROR: not allowed now, no such index, nothing to acknowledge: harmless, go on."""


def _listed(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """(index, PDU) of each entry of a listing."""
    for head, pdu in pairwise(lines):
        match = _LISTED.match(head)
        if match is not None:
            yield int(match[1]), pdu


def _now_ms() -> int:
    """Monotonic ms of the running loop."""
    return int(asyncio.get_running_loop().time() * 1000)
