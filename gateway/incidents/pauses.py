"""A pause of telling about one person: it always has an end.

Knows: how long a pause may be. May not know: who asks for it, what it holds (manners.py).
"""

from __future__ import annotations

from gateway.events import TellingPaused
from gateway.units import DAY_MS

MOST_DAYS = 14


class PauseRefused(Exception):  # noqa: N818 - an answer, not an error of this program
    """It cannot be so; `code`: "end" (it has none ahead) or "long"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def paused(person_id: str, until_ms: int | None, by: str, why: str, now_ms: int) -> TellingPaused:
    """The fact of a pause from now on. Raises PauseRefused."""
    if until_ms is None or until_ms <= now_ms or not by:
        raise PauseRefused("end")
    if until_ms > now_ms + MOST_DAYS * DAY_MS:
        raise PauseRefused("long")
    return TellingPaused(now_ms, person_id, until_ms, by, why)


def unpaused(person_id: str, by: str, now_ms: int) -> TellingPaused:
    """The fact that a pause ends now."""
    return TellingPaused(now_ms, person_id, now_ms, by, "")
