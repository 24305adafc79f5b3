"""The pages' figures, and when something owed at an instant could be done at the earliest.

Knows: promises P6, P7, P11. May not know: any file of the gateway.
"""

from __future__ import annotations

from gateway.units import MIN_MS
from tools.bench.told_happened import Span, Story

SLACK_MS = 2_000  # P6: deadline → PDU with faults
NEXT_MS = 5_000  # P11: undelivered → next person
DELIVERED_MS = 5 * MIN_MS  # P6: delivered or next person
RECOVERED_MS = 2 * MIN_MS  # P11: recovered of a fault


def later_than_down(story: Story, at_ms: int) -> int:
    """The instant itself, or the end of the time in which nothing could be sent.

    A gateway that was away first lets the box report, for the same grace as ever: by when it is
    told then is not written anywhere.
    """
    spans = [(span, story.grace_ms) for span in story.gateway_down]
    spans += [(span, 0) for span in story.modem_down]
    for span, more_ms in sorted(spans, key=lambda entry: entry[0].from_ms):
        if span.from_ms - SLACK_MS <= at_ms < span.until_ms + more_ms:
            at_ms = span.until_ms + more_ms
    return at_ms


def troubled(story: Story, at_ms: int) -> bool:
    """Whether something was down just before: what is sent now may have waited for it."""
    spans: list[Span] = story.modem_down + story.gateway_down
    return any(span.from_ms - SLACK_MS <= at_ms <= span.until_ms + RECOVERED_MS for span in spans)
