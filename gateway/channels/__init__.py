"""Messages → people: what a channel takes, and the four ways a try can end.

Knows: the shape of a text and of an outcome. Every route (modem, HTTP) answers with these.
May not know: which route exists, the outbox, incidents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """One text to one person. `to` is an E.164 number, `body` what the person reads.

    `valid_min`: so long the network may try to reach the phone. `template`: as which of the
    catalogue's texts it may go where those are registered; "": in its own words only.
    """

    text_id: int
    to: str
    body: str
    valid_min: int = 24 * 60
    template: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Every part was taken.

    `references` are the network's (one a part, 0–255, they wrap); `first_pdu_ms` is the gateway's
    clock (UTC ms) when the first PDU was handed over; `handle` is the text's name at a provider.
    """

    references: tuple[int, ...]
    first_pdu_ms: int
    handle: str = ""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not sent, and certainly so; the same text may be tried again. `why` for the technician."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not sent and never will be by this route (number does not exist, barred, bad text)."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It was handed over and the answer got lost: it may have been sent. Resend once, marked."""

    why: str


Outcome = Submitted | TryLater | Refused | Unsure


class Channel(Protocol):
    """A route to people. `send` never raises for anything the route or the network did."""

    async def send(self, text: Text) -> Outcome:
        """Try once to hand `text` over and say how that ended."""
        ...
