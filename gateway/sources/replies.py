"""Incoming texts and delivery reports → events.

Knows: how a modem's text or report becomes a fact (TextReceived, TextDelivered, TextFailed).
May not know: what an answer means, who is registered, the database behind the sink.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import phonenumbers

from gateway.events import Event, TextDelivered, TextFailed, TextReceived
from gateway.modem import ReportState

EARLY_REPORT_TRIES = 10
EARLY_REPORT_PAUSE_S = 1.0
"""A report can overtake the commit of its own TextSubmitted: look again for a while."""

Lookup = Callable[[int], tuple[int, tuple[int, ...]] | None]
"""Network reference → (text_id, every reference of that text) of the newest text that bears it
and was submitted (references wrap at 256), None where there is none."""


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

    async def on_report(self, reference: int, state: ReportState, at_ms: int) -> None:
        """A delivery report came: TextDelivered once every part is, TextFailed if one never."""
        del at_ms
        if state is ReportState.TRYING or self._report(reference, state):
            return
        task = asyncio.create_task(self._look_again(reference, state))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _look_again(self, reference: int, state: ReportState) -> None:
        for _ in range(EARLY_REPORT_TRIES):
            await asyncio.sleep(EARLY_REPORT_PAUSE_S)
            if self._report(reference, state):
                return

    def _report(self, reference: int, state: ReportState) -> bool:
        """True if the reference is known and what follows was said."""
        found = self._lookup(reference)
        if found is None:
            return False
        text_id, references = found
        if state is ReportState.FAILED:
            why = f"the network gave up on part with reference {reference}"
            self._sink(TextFailed(self._now_ms(), text_id, why, final=True))
            return True
        seen = self._delivered.setdefault(text_id, set())
        seen.add(reference)
        if seen >= set(references):
            del self._delivered[text_id]
            self._sink(TextDelivered(self._now_ms(), text_id))
        return True
