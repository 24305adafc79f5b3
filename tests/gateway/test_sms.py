"""The SMS channel's judgement, texts made whole, and modem news turned into events."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from gateway.channels.sms import SmsChannel
from gateway.events import Event, TextDelivered, TextFailed, TextReceived
from gateway.modem import Accepted, Lost, NotSent, ReportState, SubmitResult
from gateway.modem.inbox import PARTIAL_AFTER_MS, Inbox, Slot
from gateway.modem.pdu import Deliver
from gateway.modem.text import join, split
from gateway.sources import replies
from gateway.sources.replies import Replies, e164

LONG = "어머니께서 저녁 약을 드시지 않은 것 같습니다 😀 " * 6


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (Accepted((3, 4), 99), Submitted((3, 4), 99)),
        (Lost("no answer", 99), Unsure("no answer")),
        (NotSent("the modem is away"), TryLater("the modem is away")),
        (NotSent("x", 38), TryLater("x")),
        (NotSent("x", 42), TryLater("x")),
        (NotSent("x", 331), TryLater("x")),
        (NotSent("x", 500), TryLater("x")),
        (NotSent("x", 1), Refused("the number does not exist (x)")),
        (NotSent("x", 8), Refused("barred by the operator (x)")),
        (NotSent("no number", final=True), Refused("no number")),
        (NotSent("x", 332), Unsure("the network did not answer the modem (x)")),
    ],
)
def test_results_are_judged(result: SubmitResult, outcome: Outcome) -> None:
    """Only what can never succeed is Refused; only what may have been sent is Unsure."""

    class FakeModem:
        async def submit(self, to: str, body: str) -> SubmitResult:
            assert (to, body) == ("+821012345678", "네")
            return result

    assert asyncio.run(SmsChannel(FakeModem()).send(Text(1, "+821012345678", "네"))) == outcome


@given(st.permutations(range(len(split(LONG, 1)))), st.lists(st.integers(0, 2), max_size=3))
def test_parts_in_any_order_make_one_text(order: list[int], again: list[int]) -> None:
    """Whatever the order, and whatever comes twice, one whole text comes out.

    It names every place in the modem's storage it lay in, and its key does not depend on the
    order.
    """
    parts = split(LONG, 1)
    inbox = Inbox()
    *first, last = order
    slots = []
    for index, number in enumerate([*first, *(n for n in again if n != last), last]):
        slots.append(Slot("SM", index))
        message = Deliver("+82", parts[number], 1000 * (number + 1))
        arrived = inbox.add(message, slots[-1], 0)
        assert (arrived is not None) == (number == last)
    assert arrived is not None
    assert (arrived.body, arrived.sent_ms, arrived.slots) == (LONG, 1000, tuple(slots))
    assert arrived.key.startswith("1000/+82/")


def test_senders_and_references_are_not_mixed() -> None:
    """Parts with the same reference from two senders, or two references of one, stay apart."""
    parts, others = split(LONG, 1), split(LONG, 2)
    inbox = Inbox()
    assert inbox.add(Deliver("+821", parts[0], 0), None, 0) is None
    assert inbox.add(Deliver("+822", parts[1], 0), None, 0) is None
    assert inbox.add(Deliver("+821", others[1], 0), None, 0) is None


def test_a_part_that_never_comes_is_not_waited_for_for_ever() -> None:
    """After the patience the text is handed on with a mark where it lacks something."""
    parts = split(LONG, 1)
    inbox = Inbox()
    inbox.add(Deliver("+821", parts[0], 0), Slot("SM", 1), 0)
    assert inbox.overdue(PARTIAL_AFTER_MS - 1) == []
    (arrived,) = inbox.overdue(PARTIAL_AFTER_MS)
    assert arrived.body == join([parts[0].text, *"…" * (len(parts) - 1)])
    assert arrived.slots == (Slot("SM", 1),)
    assert inbox.overdue(PARTIAL_AFTER_MS * 2) == []


def _replies(known: dict[int, tuple[int, tuple[int, ...]]]) -> tuple[Replies, list[Event]]:
    events: list[Event] = []
    return Replies(events.append, known.get, lambda: 5), events


def test_a_text_becomes_an_event_with_a_whole_number() -> None:
    """Networks give national numbers too: the event's sender is E.164, names stay names."""
    listener, events = _replies({})
    asyncio.run(listener.on_text("01012345678", "1", 4000, "k"))
    assert events == [TextReceived(5, "+821012345678", "1", "k")]
    assert e164("+821012345678", "KR") == "+821012345678"
    assert e164("KT", "KR") == "KT"
    assert e164("114", "KR") == "114"


def test_delivered_means_every_part() -> None:
    """Two parts: one report says nothing yet, a repeated one neither, the second says it once."""
    listener, events = _replies({7: (1, (7, 8)), 8: (1, (7, 8))})

    async def story() -> None:
        await listener.on_report(7, ReportState.DELIVERED, 0)
        await listener.on_report(7, ReportState.DELIVERED, 0)
        await listener.on_report(8, ReportState.TRYING, 0)
        assert events == []
        await listener.on_report(8, ReportState.DELIVERED, 0)

    asyncio.run(story())
    assert events == [TextDelivered(5, 1)]


def test_a_failed_part_fails_the_text() -> None:
    """The network gave up on one part: the text failed for good, so that the next is told."""
    listener, events = _replies({7: (1, (7, 8))})
    asyncio.run(listener.on_report(7, ReportState.FAILED, 0))
    assert events == [TextFailed(5, 1, "the network gave up on part with reference 7", final=True)]


def test_a_report_that_overtakes_its_text_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report came before the commit of TextSubmitted: it counts once that is there."""
    monkeypatch.setattr(replies, "EARLY_REPORT_PAUSE_S", 0.001)
    known: dict[int, tuple[int, tuple[int, ...]]] = {}
    listener, events = _replies(known)

    async def story() -> None:
        await listener.on_report(7, ReportState.DELIVERED, 0)
        assert events == []
        known[7] = (1, (7,))
        async with asyncio.timeout(20):
            while not events:  # noqa: ASYNC110 - the sink is a plain list
                await asyncio.sleep(0.001)

    asyncio.run(story())
    assert events == [TextDelivered(5, 1)]
