"""What OwnTracks sends, without where it was: only that the telephone moved, is there, its battery.

Knows: the app's JSON (https://owntracks.org/booklet/tech/json/), as far as it is no place. May not
know: coordinates, regions, networks, other people's cards: of those nothing leaves this file.

A position alone is no sign of life: a telephone on a table is somewhere, too, and its position
jumps. It was moved where it crossed a border (`transition`), goes at walking pace, or says that it
walks; it was used where she sent her place herself (`t` = "u"). Anything else says that it is
switched on. What was written a while ago, without a network, is of then.
"""

from __future__ import annotations

import json
from typing import Any

from gateway.phones.saying import TellHeard, TellUsed
from gateway.units import MIN_MS

WALKS_KMH = 3
LATE_MS = 5 * MIN_MS  # what is newer is of now
MOVING = frozenset({"walking", "running", "cycling", "automotive", "on_foot"})
BY_HAND = "u"
# Of these it is no telephone that speaks, or of another one.
NOTHING = frozenset({"lwt", "card", "cmd", "configuration", "encrypted"})


def told(body: bytes, person_id: str, by: str, now_ms: int) -> TellUsed | TellHeard | None:
    """What one message says; None: nothing. Raises ValueError for what is no message."""
    if not body:
        return None
    message: Any = json.loads(body)  # its errors are ValueErrors
    if not isinstance(message, dict) or not isinstance(message.get("_type"), str):
        raise ValueError("no OwnTracks message")  # noqa: TRY004 - of what it is, not a type of ours
    if message["_type"] in NOTHING:
        return None
    percent = _whole(message.get("batt"))
    how = _how(message)
    if how is None:
        return TellHeard(person_id, percent, by)
    return TellUsed(person_id, how, percent, _when_ms(message, now_ms), by)


def _how(message: dict[str, Any]) -> str | None:
    if message["_type"] == "transition":
        return "moved"
    if message["_type"] == "steps":
        return "steps" if (_whole(message.get("steps")) or 0) > 0 else None
    if message["_type"] != "location":
        return None
    if message.get("t") == BY_HAND:
        return "asked"
    activities = message.get("motionactivities")
    walks = isinstance(activities, list) and any(a in MOVING for a in map(str, activities))
    return "moved" if walks or (_whole(message.get("vel")) or 0) >= WALKS_KMH else None


def _when_ms(message: dict[str, Any], now_ms: int) -> int | None:
    seconds = _whole(message.get("tst"))
    late = seconds is not None and now_ms - seconds * 1000 > LATE_MS
    return seconds * 1000 if seconds is not None and late else None


def _whole(value: object) -> int | None:
    """A number as JSON has them, without its fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 1e15 else None  # noqa: PLR2004 - and no infinity
