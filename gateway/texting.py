"""What became of texts to people and from them: each a fact.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: why a text is sent, by what it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.fact import Event

INVITATION = "invitation"  # the purpose and the reason of a text with the way to an account


@dataclass(frozen=True, slots=True)
class TextDecided(Event):
    """A text to a person was decided; its outbox row is written in the same transaction."""

    kind: ClassVar[str] = "text_decided"
    text_id: int
    incident_id: int | None
    guardian_id: str
    to: str  # E.164
    purpose: str  # catalogue key, e.g. "dose_missed"
    body: str
    reason: str
    step: int
    due_ms: int
    also: tuple[int, ...] = ()  # further incidents that the same text speaks of


@dataclass(frozen=True, slots=True)
class TextClaimed(Event):
    """A text was taken out of the outbox: from here on it may be on its way by this route."""

    kind: ClassVar[str] = "text_claimed"
    text_id: int
    route: str


@dataclass(frozen=True, slots=True)
class TextSubmitted(Event):
    """The modem (or provider) took every part; `references` are the network's."""

    kind: ClassVar[str] = "text_submitted"
    text_id: int
    references: tuple[int, ...]
    first_pdu_ms: int  # when the first PDU was handed to the modem
    marked_repeat: bool
    route: str = "modem"
    handle: str = ""  # by which the route's provider knows it; "" where there is none
    passed: str = ""  # which routes before this one did not take it, and why


@dataclass(frozen=True, slots=True)
class TextFailed(Event):
    """A try failed. `final` = refused for good; otherwise it is tried again."""

    kind: ClassVar[str] = "text_failed"
    text_id: int
    why: str
    final: bool
    route: str = "modem"  # the last one tried


@dataclass(frozen=True, slots=True)
class TextDelivered(Event):
    """The network's delivery report for the whole text."""

    kind: ClassVar[str] = "text_delivered"
    text_id: int


@dataclass(frozen=True, slots=True)
class TextUnreported(Event):
    """A text was taken by its route, and for so long nothing said that it arrived."""

    kind: ClassVar[str] = "text_unreported"
    text_id: int
    after_min: int


@dataclass(frozen=True, slots=True)
class TextWithdrawn(Event):
    """A text that nobody had taken out of the outbox yet is not sent any more, and why."""

    kind: ClassVar[str] = "text_withdrawn"
    text_id: int
    why: str


@dataclass(frozen=True, slots=True)
class TextReceived(Event):
    """A text came in. `message_key` identifies it (modem's time stamp, sender, hash)."""

    kind: ClassVar[str] = "text_received"
    sender: str
    body: str
    message_key: str
