"""A person who is called three times a week, for the pages: answers, attempts, a recording.

Knows: the facts of calls. May not know: pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    CallsPlanned,
    Event,
    RecordingKept,
)
from tests.gateway.home_facts import at
from tests.web import lived

PLAN = {
    "weekdays": ["mon", "wed", "fri"],
    "from": "10:00",
    "until": "12:00",
    "number": "+821055550123",
    "language": "ko",
}
_WEEKS = 4
_TRIES = ("no_answer", "busy", "voicemail")


def calls_made() -> Iterator[Event]:
    """Four weeks: mostly answered, now and then not well, once nobody."""
    yield CallsPlanned(at("09:00", "2026-02-01"), lived.PERSON, "wellbeing", PLAN, "이지은")
    call_id = 0
    for n in range(7 * _WEEKS, 0, -1):
        day = lived.TODAY - timedelta(days=n)
        if day.weekday() not in (0, 2, 4):
            continue
        outcomes = _TRIES if n % 7 == 0 else ("answered",)
        for attempt, outcome in enumerate(outcomes, 1):
            call_id += 1
            begun_ms = at(f"{9 + attempt:02}:03", day.isoformat())
            yield CallBegun(
                begun_ms, call_id, lived.PERSON, "wellbeing", day.isoformat(), attempt, "sip"
            )
            if outcome == "answered":
                yield from _answers(call_id, begun_ms, well=n % 3 > 0)
            yield CallEnded(begun_ms + 90_000, call_id, lived.PERSON, outcome, "")
    yield CallsConsent(lived.NOW_MS - 86_400_000, lived.PERSON, given=True, by="이지은")
    yield RecordingKept(lived.NOW_MS - 3_600_000, call_id, lived.PERSON, "2026-04-03")


def _answers(call_id: int, begun_ms: int, *, well: bool) -> Iterator[Event]:
    said = [("here", "here", "1"), ("meals", "yes", "1")]
    said += [("sleep", "well", "1") if well else ("sleep", "badly", "2"), ("outing", "out", "1")]
    said += [("medication", "taken", "1"), ("pain", "none", "1"), ("worry", "none", "1")]
    for n, answer in enumerate(said, 1):
        yield CallAnswered(begun_ms + 9_000 * n, call_id, lived.PERSON, *answer)
