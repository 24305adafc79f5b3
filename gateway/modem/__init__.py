"""The GSM modem: AT dialogue ○, PDU codec ○, serial port ●, and the Modem that ties them.

This file knows the results a submit can have. May not know: channels, the outbox, incidents.

For users: `gateway.modem.modem.Modem`, `gateway.modem.pdu`, and the results below.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NETWORK_TIMEOUT = 332
"""+CMS ERROR 332: the network did not answer the modem; the text may be on its way."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The network took every part; one reference (TP-MR, 0–255) a part."""

    references: tuple[int, ...]
    first_pdu_ms: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not sent as a whole.

    `code` is the +CMS ERROR number where there was one; `final`: no later try can succeed (the
    text or number itself is impossible).
    """

    why: str
    code: int | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A PDU was handed over and no answer came: it may have been sent."""

    why: str
    first_pdu_ms: int


SubmitResult = Accepted | NotSent | Lost


class ReportState(StrEnum):
    """What a delivery report says (TP-Status, 3GPP TS 23.040 §9.2.3.15)."""

    DELIVERED = "delivered"
    TRYING = "trying"  # the service centre still tries
    FAILED = "failed"  # it gave up: refused, expired, deleted


@dataclass(frozen=True, slots=True)
class Seen:
    """What the modem says of its network. `signal_dbm`: −113 … −51, None where not known."""

    registered: bool
    operator: str | None
    signal_dbm: int | None


class ResetLine(StrEnum):
    """The line of the serial port that restarts the modem, where one is wired to do so."""

    DTR = "dtr"
    RTS = "rts"
    NONE = "none"
