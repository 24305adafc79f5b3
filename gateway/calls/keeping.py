"""How long a recording of a call is kept, and because of what it is deleted.

Knows: consent, the last day of each recording. May not know: files, seals, who may listen, the
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.calling import RecordingDeleted
from gateway.calls.believed import Calls
from gateway.roster import Roster

OVER, WITHDRAWN, GONE = "over", "withdrawn", "person_gone"


def kept_until(calls: Calls, person_id: str, today: date, keep_days: int) -> date | None:
    """The last day of what is recorded of her today; None: she does not consent (any more)."""
    consent = calls.consent.get(person_id)
    if consent is None or not consent.given:
        return None
    return today + timedelta(days=keep_days)


def to_delete(calls: Calls, roster: Roster, today: date, now_ms: int) -> Iterator[RecordingDeleted]:
    """The facts that follow once each of these is away."""
    for call_id, kept in list(calls.recordings.items()):
        consent = calls.consent.get(kept.person_id)
        why = OVER if kept.until_day < today.isoformat() else ""
        why = WITHDRAWN if consent is None or not consent.given else why
        why = GONE if roster.person(kept.person_id) is None else why
        if why:
            yield RecordingDeleted(now_ms, call_id, kept.person_id, why)


def gone(calls: Calls, roster: Roster) -> list[str]:
    """Who was called once and is not looked after here any more."""
    called = dict.fromkeys([*calls.plans, *calls.by_person])
    return [person_id for person_id in called if roster.person(person_id) is None]
