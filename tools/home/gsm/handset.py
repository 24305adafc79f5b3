"""The phones of the people in the story.

Knows: what a phone shows: texts made whole from their parts, in the order they came.
May not know: modems, delays, what the texts mean.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.modem.pdu import Submit
from gateway.modem.text import join

DELIVERED = 0x00
"""TP-Status of a text that is on the phone."""


class Network(Protocol):
    """What a phone needs of its carrier."""

    def now_ms(self) -> int:
        """UTC ms since 1970."""
        ...

    def from_handset(self, sender: str, body: str, to: str | None) -> None:
        """The phone sends a text."""
        ...

    def arrive(self, handset: Handset, arrival: Arrival) -> None:
        """A part that had to wait comes now."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text as it stands on a phone.

    `submitted_ms`: the modem had its first PDU; `at_ms`: whole on the phone. Both UTC ms by the
    process's clock.
    """

    sender: str
    body: str
    parts: int
    at_ms: int
    submitted_ms: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A part on its way to a phone."""

    sender: str
    message: Submit
    reference: int
    submitted_ms: int


class Handset:
    """A person's phone. `inbox` is what the person sees."""

    def __init__(self, number: str, network: Network) -> None:
        """Made by the carrier."""
        self.number = number
        self.inbox: list[ReceivedText] = []
        self.fail_status: int | None = None
        """Set to a TP-Status from 0x40: texts are not shown, and that is reported."""
        self._network = network
        self._on = True
        self._missed: list[Arrival] = []
        self._parts: dict[tuple[str, int, int], dict[int, Arrival]] = {}
        self._waiters: list[tuple[Callable[[ReceivedText], bool], asyncio.Future[ReceivedText]]]
        self._waiters = []

    async def wait(
        self, predicate: Callable[[ReceivedText], bool] = lambda _text: True
    ) -> ReceivedText:
        """The first text, come already or later, that `predicate` is true of."""
        for text in self.inbox:
            if predicate(text):
                return text
        future: asyncio.Future[ReceivedText] = asyncio.get_running_loop().create_future()
        self._waiters.append((predicate, future))
        return await future

    def send(self, body: str, to: str | None = None) -> None:
        """The person writes a text; `to` is the number of the (only) modem if not given."""
        self._network.from_handset(self.number, body, to)

    def switch(self, *, on: bool) -> None:
        """Switch the phone off (texts wait in the network) or on (they come)."""
        self._on = on
        if on:
            missed, self._missed = self._missed, []
            for arrival in missed:
                self._network.arrive(self, arrival)

    def take(self, arrival: Arrival) -> int | None:
        """A part comes: its TP-Status, None while the phone is off."""
        if self.fail_status is not None:
            return self.fail_status
        if not self._on:
            self._missed.append(arrival)
            return None
        place = arrival.message.part.concat
        if place is None:
            self._show([arrival])
            return DELIVERED
        key = (arrival.sender, place.reference, place.total)
        parts = self._parts.setdefault(key, {})
        parts[place.number] = arrival
        if len(parts) == place.total:
            del self._parts[key]
            self._show([parts[number] for number in sorted(parts)])
        return DELIVERED

    def _show(self, arrivals: list[Arrival]) -> None:
        body = join(arrival.message.part.text for arrival in arrivals)
        submitted_ms = min(arrival.submitted_ms for arrival in arrivals)
        text = ReceivedText(
            arrivals[0].sender, body, len(arrivals), self._network.now_ms(), submitted_ms
        )
        self.inbox.append(text)
        for waiter in [w for w in self._waiters if w[0](text)]:
            self._waiters.remove(waiter)
            if not waiter[1].done():
                waiter[1].set_result(text)
