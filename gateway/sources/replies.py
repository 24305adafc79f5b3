"""Incoming texts and delivery reports → events.

Knows: how a modem's text or report becomes a fact (TextReceived, TextDelivered, TextFailed), and
which text a report is about.
May not know: what an answer means, who is registered, the database behind the sink.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import phonenumbers

from gateway.events import Event, TextDelivered, TextFailed, TextReceived
from gateway.modem import ReportState
from gateway.modem.pdu import StatusReport
from gateway.units import MIN_MS

EARLY_REPORT_TRIES = 20
EARLY_REPORT_PAUSE_S = 0.5
"""A report can overtake the commit of its own TextSubmitted: look again for a while."""
SURE_TRIES = 4
"""So often only a text that was submitted when the report says; then one without a rival."""
CLOCKS_APART_MS = 30 * MIN_MS
"""So far the service centre's clock and ours may be apart for a report to be a text's own."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A submitted text that bears a reference; `submitted_ms` is our clock at its first PDU."""

    text_id: int
    to: str
    references: tuple[int, ...]
    submitted_ms: int


Lookup = Callable[[int], Sequence[Bearer]]
"""Network reference → the texts of the last days that bear it (references wrap at 256), settled
ones too."""


def meant(
    report: StatusReport, bearers: Sequence[Bearer], region: str, *, sure: bool = True
) -> Bearer | None:
    """The text that a report is about: its reference and its number, and the nearest in time.

    The report says when the service centre took the text. Where its clock tells another time
    than ours (a wrong zone, most likely) a text without a rival is meant: not `sure`.
    """
    to = e164(report.to, region)
    own = [bearer for bearer in bearers if e164(bearer.to, region) == to]
    near = [b for b in own if abs(b.submitted_ms - report.sent_ms) <= CLOCKS_APART_MS]
    if near:
        return min(near, key=lambda bearer: abs(bearer.submitted_ms - report.sent_ms))
    return own[0] if len(own) == 1 and not sure else None


def e164(sender: str, region: str) -> str:
    """`sender` as E.164 where it is a national number of `region`.

    Anything else is unchanged: international numbers, short codes, the names of services.
    """
    if sender.startswith("+"):
        return sender
    try:
        number = phonenumbers.parse(sender, region)
    except phonenumbers.NumberParseException:
        return sender
    if not phonenumbers.is_valid_number(number):
        return sender
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Replies:
    """The modem's `on_text` and `on_report`, handing events to `sink`.

    `sink(event)` returns only after COMMIT: the modem acknowledges when these methods return.
    """

    def __init__(
        self,
        sink: Callable[[Event], None],
        lookup: Lookup,
        now_ms: Callable[[], int],
        region: str = "KR",
    ) -> None:
        """`region` is the country whose national numbers are meant (ISO 3166, "KR")."""
        self._sink = sink
        self._lookup = lookup
        self._now_ms = now_ms
        self._region = region
        self._delivered: dict[int, set[int]] = {}  # text_id → references reported so far
        self._waiting: set[asyncio.Task[None]] = set()

    async def on_text(self, sender: str, body: str, sent_ms: int, key: str) -> None:
        """A text came in: one TextReceived. `sent_ms` is the network's stamp, part of `key`."""
        del sent_ms
        self._sink(TextReceived(self._now_ms(), e164(sender, self._region), body, key))

    async def on_report(self, report: StatusReport) -> None:
        """A delivery report came: TextDelivered once every part is, TextFailed if one never."""
        if report.state is ReportState.TRYING or self._report(report):
            return
        task = asyncio.create_task(self._look_again(report))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _look_again(self, report: StatusReport) -> None:
        for number in range(1, EARLY_REPORT_TRIES + 1):
            await asyncio.sleep(EARLY_REPORT_PAUSE_S)
            if self._report(report, sure=number < SURE_TRIES):
                return

    def _report(self, report: StatusReport, *, sure: bool = True) -> bool:
        """True if the text is known and what follows was said."""
        text = meant(report, self._lookup(report.reference), self._region, sure=sure)
        if text is None:
            return False
        if report.state is ReportState.FAILED:
            why = f"the network gave up on it (status 0x{report.status:02x})"
            self._sink(TextFailed(self._now_ms(), text.text_id, why, final=True))
            return True
        seen = self._delivered.setdefault(text.text_id, set())
        seen.add(report.reference)
        if seen >= set(text.references):
            del self._delivered[text.text_id]
            self._sink(TextDelivered(self._now_ms(), text.text_id))
        return True
