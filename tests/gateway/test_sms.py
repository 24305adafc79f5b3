"""The SMS channel's judgement, texts made whole, and modem news turned into events."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import Outcome, Refused, Submitted, Text, TryLater, Unsure
from gateway.channels.sms import SmsChannel
from gateway.events import Event, TextDelivered, TextFailed, TextReceived
from gateway.modem import Accepted, Lost, NotSent, SubmitResult
from gateway.modem.inbox import PARTIAL_AFTER_MS, Inbox, Slot
from gateway.modem.pdu import Deliver, StatusReport
from gateway.modem.text import join, split
from gateway.sources import replies
from gateway.sources.replies import Bearer, Replies, e164, meant

GUARDIAN = "+821012345678"
STILL_TRYING, GIVEN_UP = 0x30, 0x46  # TP-Status
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
        async def submit(self, to: str, body: str, *, validity_min: int) -> SubmitResult:
            assert (to, body, validity_min) == (GUARDIAN, "네", 90)
            return result

    text = Text(1, GUARDIAN, "네", valid_min=90)
    assert asyncio.run(SmsChannel(FakeModem()).send(text)) == outcome


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


def test_a_full_storage_gives_up_the_oldest() -> None:
    """The text that waits longest goes on as far as it came; none waits: there is none."""
    inbox = Inbox()
    assert inbox.oldest() is None
    for reference, now_ms in ((1, 5), (2, 3)):
        inbox.add(Deliver("+821", split(LONG, reference)[0], 0), Slot("SM", reference), now_ms)
    first = inbox.oldest()
    assert first is not None
    assert first.slots == (Slot("SM", 2),)


def _bearer(text_id: int, submitted_ms: int, *references: int, to: str = GUARDIAN) -> Bearer:
    return Bearer(text_id, to, references, submitted_ms)


def _report(reference: int, status: int = 0, sent_ms: int = 0, to: str = GUARDIAN) -> StatusReport:
    return StatusReport(reference, to, sent_ms, sent_ms, status)


def _replies(known: list[Bearer]) -> tuple[Replies, list[Event]]:
    events: list[Event] = []

    def lookup(reference: int) -> list[Bearer]:
        return [bearer for bearer in known if reference in bearer.references]

    return Replies(events.append, lookup, lambda: 5), events


def test_a_text_becomes_an_event_with_a_whole_number() -> None:
    """Networks give national numbers too: the event's sender is E.164, names stay names."""
    listener, events = _replies([])
    asyncio.run(listener.on_text("01012345678", "1", 4000, "k"))
    assert events == [TextReceived(5, GUARDIAN, "1", "k")]
    assert e164(GUARDIAN, "KR") == GUARDIAN
    assert e164("KT", "KR") == "KT"
    assert e164("114", "KR") == "114"


def test_delivered_means_every_part() -> None:
    """Two parts: one report says nothing yet, a repeated one neither, the second says it once."""
    listener, events = _replies([_bearer(1, 0, 7, 8)])

    async def story() -> None:
        await listener.on_report(_report(7))
        await listener.on_report(_report(7))
        await listener.on_report(_report(8, STILL_TRYING))
        assert events == []
        await listener.on_report(_report(8))

    asyncio.run(story())
    assert events == [TextDelivered(5, 1)]


def test_a_failed_part_fails_the_text() -> None:
    """The network gave up on one part: the text failed for good, so that the next is told."""
    listener, events = _replies([_bearer(1, 0, 7, 8)])
    asyncio.run(listener.on_report(_report(7, GIVEN_UP)))
    assert events == [TextFailed(5, 1, "the network gave up on it (status 0x46)", final=True)]


HOUR_MS = 3_600_000
TODAY, LAST_WEEK, NEIGHBOURS = (
    _bearer(3, 100 * HOUR_MS, 7),
    _bearer(1, 2 * HOUR_MS, 7),
    _bearer(2, 100 * HOUR_MS + 1, 7, to="+821099998888"),
)


@pytest.mark.parametrize(
    ("sent_ms", "to", "expected"),
    [
        (100 * HOUR_MS + 9_000, GUARDIAN, TODAY),
        (100 * HOUR_MS - 60_000, "01012345678", TODAY),  # the centre's clock is behind
        (2 * HOUR_MS + 9_000, GUARDIAN, LAST_WEEK),
        (100 * HOUR_MS, "+821099998888", NEIGHBOURS),
        (100 * HOUR_MS, "+821000000000", None),
        (50 * HOUR_MS, GUARDIAN, None),
    ],
)
def test_reports_mean_their_text(sent_ms: int, to: str, expected: Bearer | None) -> None:
    """Three texts with one reference: number and time say which is meant; else none is."""
    bearers = [TODAY, NEIGHBOURS, LAST_WEEK]
    for sure in (True, False):
        assert meant(_report(7, sent_ms=sent_ms, to=to), bearers, "KR", sure=sure) == expected


def test_a_centre_in_another_zone_is_believed_where_nothing_else_can_be_meant() -> None:
    """Nine hours off: the only text that bears the reference is meant, once we are patient."""
    report = _report(7, sent_ms=91 * HOUR_MS)
    assert meant(report, [TODAY], "KR", sure=True) is None
    assert meant(report, [TODAY], "KR", sure=False) == TODAY
    assert meant(report, [TODAY, LAST_WEEK], "KR", sure=False) is None


def test_a_report_that_overtakes_its_text_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report came before the commit of TextSubmitted: it counts once that is there.

    An older text of the same reference is not taken for it meanwhile.
    """
    monkeypatch.setattr(replies, "EARLY_REPORT_PAUSE_S", 0.001)
    monkeypatch.setattr(replies, "SURE_TRIES", 1_000)
    monkeypatch.setattr(replies, "EARLY_REPORT_TRIES", 1_000)
    known = [LAST_WEEK]
    listener, events = _replies(known)

    async def story() -> None:
        await listener.on_report(_report(7, sent_ms=TODAY.submitted_ms))
        await asyncio.sleep(0.01)
        assert events == []
        known.append(TODAY)
        async with asyncio.timeout(20):
            while not events:  # noqa: ASYNC110 - the sink is a plain list
                await asyncio.sleep(0.001)

    asyncio.run(story())
    assert events == [TextDelivered(5, TODAY.text_id)]
