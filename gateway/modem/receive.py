"""Texts and reports out of the modem: read, handed on, and only then deleted or acknowledged.

Knows: +CMTI/+CMT/+CDS/+CDSI, listing and reading the storage, AT+CMGD, AT+CMGW and AT+CNMA.
May not know: what a text means, who gets it, how the port is opened.

A report that came directly needs nothing of the modem to be understood: it is handed on at once,
even while a text is being submitted, and acknowledged when the line is free.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from typing import TypeVar

from gateway.modem.at import Command, Unsolicited
from gateway.modem.inbox import Arrived, Inbox, Slot
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.pdu import Deliver, PduError, StatusReport, decode_incoming, tpdu_octets
from gateway.modem.setup import Patience, Ready
from gateway.together import together

MAX_WAITING = 256
_STORED = re.compile(r'\+(?:CMTI|CDSI): *"(\w+)", *(\d+)')
_LISTED = re.compile(r"\+CMGL: *(\d+),")
_WRITTEN = re.compile(r"\+CMGW: *(\d+)")
_ROOM = re.compile(r'\+CPMS: *(?:"\w+", *)?(\d+), *(\d+)')
LOOK = "look"
ACKNOWLEDGE = "acknowledge"
"""What waits beside the modem's news: an order to list the storage, or to acknowledge a report."""

OnText = Callable[[str, str, int, str], Awaitable[None]]
"""(sender, body, sent_ms, key): returns once committed; only then is the modem's copy deleted."""
OnReport = Callable[[StatusReport], Awaitable[None]]
"""A delivery report: returns once what follows from it is committed."""


Item = TypeVar("Item")


class Receiver:
    """The receiving side of one session with the modem."""

    def __init__(self, on_text: OnText, on_report: OnReport, patience: Patience) -> None:
        """The callables return only once the fact is committed."""
        self._on_text = on_text
        self._on_report = on_report
        self._patience = patience
        self._inbox = Inbox()
        self._waiting: asyncio.Queue[Unsolicited | str] = asyncio.Queue(MAX_WAITING)
        self._reports: asyncio.Queue[StatusReport] = asyncio.Queue(MAX_WAITING)
        self._read_now = ""  # the storage AT+CMGR reads in now

    def news(self, unsolicited: Unsolicited) -> None:
        """A line nobody asked for; those that carry no text or report are dropped.

        In a storm what does not fit is found by the next listing.
        """
        report = _report_in(unsolicited)
        if report is not None:
            _put(self._reports, report)
        elif unsolicited.pdu is not None or _STORED.match(unsolicited.line):
            _put(self._waiting, unsolicited)

    def look_again(self) -> None:
        """List the storage soon: finds what was never announced."""
        _put(self._waiting, LOOK)

    async def run(self, lane: Lane, ready: Ready) -> None:
        """Work off the news for ever. Raises LaneError."""
        self._read_now = ready.storage
        await together(self._read_news(lane, ready), self._hand_reports_on())

    async def _hand_reports_on(self) -> None:
        while True:
            await self._keep(self._on_report(await self._reports.get()))
            await self._waiting.put(ACKNOWLEDGE)

    async def _read_news(self, lane: Lane, ready: Ready) -> None:
        while True:
            item = await self._waiting.get()
            try:
                await self._work(lane, ready, item)
            except CommandRefusedError as refused:
                if refused.code is None or refused.code not in _GONE:
                    raise LaneError(str(refused)) from refused

    async def _work(self, lane: Lane, ready: Ready, item: Unsolicited | str) -> None:
        if item == LOOK:
            await self._list(lane, ready)
            return
        if isinstance(item, Unsolicited):
            if item.pdu is None:
                await self._stored(lane, item.line)
                return
            await self._direct(lane, item.pdu)
        if ready.acknowledges:
            await self._ask(lane, "AT+CNMA")

    async def _list(self, lane: Lane, ready: Ready) -> None:
        """Everything in the storage, then texts that waited too long for their other parts."""
        await self._read_from(lane, ready.storage)
        lines = await self._ask(lane, "AT+CMGL=4")
        for index, pdu in _listed(lines):
            await self._take(lane, pdu, Slot(ready.storage, index))
        for arrived in self._inbox.overdue(_now_ms()):
            await self._hand_on(lane, arrived)
        await self._make_room(lane)

    async def _make_room(self, lane: Lane) -> None:
        """A storage full of parts whose fellows have no room: the oldest go on as they are."""
        while _is_full(await self._ask(lane, "AT+CPMS?")):
            arrived = self._inbox.oldest()
            if arrived is None:
                return
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

    async def _direct(self, lane: Lane, hex_pdu: str) -> None:
        """A text that the modem kept nowhere: a part of a longer one is stored until it is whole.

        Acknowledged, the network forgets it, and this room does not survive a restart.
        """
        message = _decoded(hex_pdu)
        if not isinstance(message, Deliver):
            return
        slot = await self._write(lane, hex_pdu) if message.part.concat is not None else None
        await self._text(lane, message, slot)

    async def _write(self, lane: Lane, hex_pdu: str) -> Slot | None:
        """Where the modem stored it, as a text that was received; None: it does not do that."""
        patience, octets = self._patience, tpdu_octets(bytes.fromhex(hex_pdu))
        command = Command(f"AT+CMGW={octets},0", patience.command_ms, hex_pdu, patience.prompt_ms)
        try:
            lines = await lane.ask(command)
        except CommandRefusedError:
            return None
        match = next((m for line in lines if (m := _WRITTEN.match(line))), None)
        return Slot(self._read_now, int(match[1])) if match is not None else None

    async def _take(self, lane: Lane, hex_pdu: str, slot: Slot) -> None:
        """One PDU out of the storage.

        What cannot be read is thrown away: it would fill the storage until nothing came in.
        """
        message = _decoded(hex_pdu)
        if isinstance(message, Deliver):
            await self._text(lane, message, slot)
            return
        if message is not None:
            await self._keep(self._on_report(message))
        await self._empty(lane, (slot,))

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


def _is_full(lines: tuple[str, ...]) -> bool:
    """Whether the answer to AT+CPMS? says that the storage texts are read from is full."""
    match = next((m for line in lines if (m := _ROOM.match(line))), None)
    return match is not None and int(match[1]) >= int(match[2]) > 0


def _report_in(unsolicited: Unsolicited) -> StatusReport | None:
    """The delivery report that this news carries, None where it carries none."""
    message = _decoded(unsolicited.pdu) if unsolicited.pdu is not None else None
    return message if isinstance(message, StatusReport) else None


def _decoded(hex_pdu: str) -> Deliver | StatusReport | None:
    try:
        return decode_incoming(bytes.fromhex(hex_pdu))
    except (PduError, ValueError):
        return None


def _put(queue: asyncio.Queue[Item], item: Item) -> None:
    if not queue.full():
        queue.put_nowait(item)


def _now_ms() -> int:
    """Monotonic ms of the running loop."""
    return int(asyncio.get_running_loop().time() * 1000)
