"""SMS PDUs as a modem takes and gives them: SUBMIT, DELIVER, STATUS-REPORT (3GPP TS 23.040 §9).

Knows: the layout of the three PDUs with the service centre's address in front (27.005 PDU mode).
May not know: AT commands, ports, time of day, who sends what to whom.

Only `PduError` is raised for a PDU from outside, whatever its bytes. Both directions exist for
all three, since the virtual network in the tests speaks the other end.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.modem import ReportState
from gateway.modem.text import GSM7, UCS2, Part, PduError, decode_user_data, encode_user_data
from gateway.modem.tpfields import (
    Reader,
    decode_validity_min,
    encode_address,
    encode_timestamp,
    encode_validity_min,
)

MTI_DELIVER = 0
MTI_SUBMIT = 1
MTI_STATUS_REPORT = 2
NO_MORE_MESSAGES = 0x04
RELATIVE_VALIDITY = 0x10
REPORT_WANTED = 0x20
HAS_HEADER = 0x40
STILL_TRYING_FROM = 0x20
GIVEN_UP_FROM = 0x40
"""TP-Status: below the first delivered, below the second still trying (§9.2.3.15)."""
MAX_TPDU_OCTETS = 164 + 11
"""A TPDU is at most 175 octets with the longest address; anything longer is not a PDU."""


@dataclass(frozen=True, slots=True)
class Submit:
    """A text on its way to the network. `reference` is TP-MR (the modem sets its own)."""

    to: str
    part: Part
    report: bool = False
    validity_min: int | None = None
    reference: int = 0


@dataclass(frozen=True, slots=True)
class Deliver:
    """A text from the network. `sent_ms`: the service centre's stamp, UTC ms since 1970."""

    sender: str
    part: Part
    sent_ms: int


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of the text with `reference`. `status` is the raw TP-ST octet."""

    reference: int
    to: str
    sent_ms: int
    done_ms: int
    status: int

    @property
    def state(self) -> ReportState:
        """Delivered, still trying or given up."""
        if self.status < STILL_TRYING_FROM:
            return ReportState.DELIVERED
        return ReportState.TRYING if self.status < GIVEN_UP_FROM else ReportState.FAILED


def tpdu_octets(pdu: bytes) -> int:
    """The length that AT+CMGS wants: octets without the service centre's address."""
    return len(pdu) - 1 - pdu[0]


def encode_submit(message: Submit) -> bytes:
    """The PDU of a text, service centre as stored in the SIM.

    Raises PduError for a number that is none or a validity out of range.
    """
    has_validity = message.validity_min is not None
    first = MTI_SUBMIT | (RELATIVE_VALIDITY if has_validity else 0)
    first |= (REPORT_WANTED if message.report else 0) | _header_bit(message.part)
    dcs, length, user_data = encode_user_data(message.part)
    validity = (
        bytes([encode_validity_min(message.validity_min)])
        if message.validity_min is not None
        else b""
    )
    head = bytes([0, first, message.reference]) + encode_address(message.to)
    return head + bytes([0, dcs]) + validity + bytes([length]) + user_data


def encode_deliver(message: Deliver, smsc: str = "", offset_quarters: int = 0) -> bytes:
    """The PDU of an incoming text; `offset_quarters` is the stamp's zone in quarter hours."""
    first = MTI_DELIVER | NO_MORE_MESSAGES | _header_bit(message.part)
    dcs, length, user_data = encode_user_data(message.part)
    head = _service_centre(smsc) + bytes([first]) + encode_address(message.sender)
    stamp = encode_timestamp(message.sent_ms, offset_quarters)
    return head + bytes([0, dcs]) + stamp + bytes([length]) + user_data


def encode_report(message: StatusReport, smsc: str = "", offset_quarters: int = 0) -> bytes:
    """The PDU of a delivery report."""
    head = _service_centre(smsc) + bytes([MTI_STATUS_REPORT | NO_MORE_MESSAGES, message.reference])
    stamps = encode_timestamp(message.sent_ms, offset_quarters)
    stamps += encode_timestamp(message.done_ms, offset_quarters)
    return head + encode_address(message.to) + stamps + bytes([message.status])


def decode_incoming(pdu: bytes) -> Deliver | StatusReport:
    """What the modem hands us: a text or a delivery report. Raises PduError."""
    reader, first = _open(pdu)
    if first & 3 == MTI_DELIVER:
        return _deliver(reader, first)
    if first & 3 == MTI_STATUS_REPORT:
        return _report(reader)
    raise PduError(f"the modem handed over a PDU of type {first & 3}; 0 or 2 was due")


def decode_submit(pdu: bytes) -> Submit:
    """A text as the network gets it from a modem. Raises PduError."""
    reader, first = _open(pdu)
    if first & 3 != MTI_SUBMIT:
        raise PduError(f"PDU of type {first & 3} where a SUBMIT (1) was due")
    reference = reader.octet("message reference")
    to = reader.address()
    reader.octet("protocol identifier")
    dcs = reader.octet("data coding")
    validity = _validity(reader, first)
    length = reader.octet("user data length")
    part = decode_user_data(dcs, length, reader.rest(), has_header=bool(first & HAS_HEADER))
    return Submit(to, part, bool(first & REPORT_WANTED), validity, reference)


def _validity(reader: Reader, first: int) -> int | None:
    """Relative validity in minutes; the absolute and enhanced forms are skipped over."""
    form = first & 0x18
    if form == 0:
        return None
    if form == RELATIVE_VALIDITY:
        return decode_validity_min(reader.octet("validity"))
    reader.take(7, "validity")
    return None


def _deliver(reader: Reader, first: int) -> Deliver:
    sender = reader.address()
    reader.octet("protocol identifier")
    dcs = reader.octet("data coding")
    sent_ms = reader.timestamp()
    length = reader.octet("user data length")
    part = decode_user_data(dcs, length, reader.rest(), has_header=bool(first & HAS_HEADER))
    return Deliver(sender, part, sent_ms)


def _report(reader: Reader) -> StatusReport:
    reference = reader.octet("message reference")
    to = reader.address()
    sent_ms, done_ms = reader.timestamp(), reader.timestamp()
    return StatusReport(reference, to, sent_ms, done_ms, reader.octet("status"))


def _open(pdu: bytes) -> tuple[Reader, int]:
    """Past the service centre's address to the first octet of the TPDU."""
    reader = Reader(pdu)
    reader.take(reader.octet("service centre length"), "service centre")
    if reader.left > MAX_TPDU_OCTETS:
        raise PduError(f"{reader.left} octets are too long for a PDU (at most {MAX_TPDU_OCTETS})")
    return reader, reader.octet("first octet")


def _header_bit(part: Part) -> int:
    return HAS_HEADER if part.concat is not None else 0


def _service_centre(smsc: str) -> bytes:
    """The address with its length in octets, unlike every other address (27.005 §3.1)."""
    if not smsc:
        return b"\x00"
    address = encode_address(smsc)[1:]
    return bytes([len(address)]) + address


__all__ = [
    "GSM7",
    "UCS2",
    "Deliver",
    "Part",
    "PduError",
    "StatusReport",
    "Submit",
    "decode_incoming",
    "decode_submit",
    "encode_deliver",
    "encode_report",
    "encode_submit",
    "tpdu_octets",
]
