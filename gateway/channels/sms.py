"""Texts by the GSM modem: what the modem answered, judged as an outcome.

Knows: which of the network's and the modem's error codes are worth another try.
May not know: AT commands, ports, the outbox.
"""

from __future__ import annotations

from typing import Protocol

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from gateway.modem import NETWORK_TIMEOUT, Accepted, Lost, SubmitResult

FINAL_CODES = {
    1: "the number does not exist",
    8: "barred by the operator",
    10: "calls from this SIM are barred",
    28: "the number is not identified",
    30: "the subscriber is unknown",
    50: "texts are not part of this SIM's contract",
    69: "texts are not offered by this network",
    195: "the number is not valid for the service centre",
    196: "the number is barred by the service centre",
    304: "the modem found the PDU invalid",
}
"""+CMS ERROR codes (3GPP TS 27.005 §3.2.5, 24.011 annex E, 23.040 §9.2.3.22) that stay true."""


class Submits(Protocol):
    """What this channel needs of a modem."""

    async def submit(self, to: str, body: str, *, validity_min: int) -> SubmitResult:
        """Hand one text to the network (see `gateway.modem.modem.Modem.submit`)."""
        ...


def judge(result: SubmitResult) -> Outcome:
    """The modem's result as an outcome: is it sent, worth another try, hopeless or unknown."""
    if isinstance(result, Accepted):
        return Submitted(result.references, result.first_pdu_ms)
    if isinstance(result, Lost):
        return Unsure(result.why)
    if result.code == NETWORK_TIMEOUT:
        return Unsure(f"the network did not answer the modem ({result.why})")
    if result.final:
        return Refused(result.why)
    if result.code in FINAL_CODES:
        return Refused(f"{FINAL_CODES[result.code]} ({result.why})")
    return TryLater(result.why)


class SmsChannel:
    """The channel over one modem."""

    def __init__(self, modem: Submits) -> None:
        """Send through `modem`."""
        self._modem = modem

    async def send(self, text: Text) -> Outcome:
        """Try once; never raises for what modem or network did."""
        result = await self._modem.submit(text.to, text.body, validity_min=text.valid_min)
        return judge(result)
