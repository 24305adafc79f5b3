"""How fresh what is believed is: what a device said can be taken for now, or is old.

Knows: the picture's persons and devices (gateway/picture.py). May not know: who looks at it, words.

Stale news never look fresh: whatever may have changed unnoticed since a device was last heard is
marked, on the page and in the API by the same rule.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# The box is asked every 30 s of its house's time: after six silent turns its news is old.
FRESH_MS = 180_000
UNFINISHED = ("open", "due", "late")
# What may be another state by now where the box is not heard; the others stand for good.
MAY_CHANGE = (*UNFINISHED, "unknown", "doubtful")


def is_fresh(device: Json, now_ms: int) -> bool:
    """Whether what this device said can be taken for now: heard within FRESH_MS.

    A link that blinks for a moment does not make the news old; its own line says it is down. Nor
    does a rest that the device announced: it is heard at once when it has something to tell.
    """
    if device.get("unseen"):
        return False
    if device.get("link") == "resting":
        return True
    heard_ms = device.get("heard_ms")
    return heard_ms is not None and now_ms - int(heard_ms) < FRESH_MS


def person_is_fresh(person: Json, now_ms: int) -> bool:
    """Whether all devices of a person can be taken for now; False where she has none."""
    return bool(person["devices"]) and all(is_fresh(d, now_ms) for d in person["devices"])


def known_ms(person: Json) -> int:
    """Until when all is known that her devices recorded; 0 where that is nothing."""
    return min((d.get("caught_up_ms") or 0 for d in person["devices"]), default=0)
