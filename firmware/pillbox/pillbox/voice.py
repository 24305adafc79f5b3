"""Whose sound is heard when several want to, and since when it sounds.

Knows: the meanings of sounds, who goes first. May not know: why a meaning sounds, loudspeakers.
"""

from pillbox.signals import (
    ASKS,
    COMING,
    FIND,
    HELP_CALLS,
    NOT_SENT,
    REFILL_OK,
    REFILL_WRONG,
    SENT,
    SHUT,
    SILENT,
    WARN,
    sound_now,
)

# When several want to sound, the first of these that does; a prompt's are below all others.
FOREMOST = (NOT_SENT, HELP_CALLS, SENT, COMING, WARN, REFILL_WRONG, REFILL_OK, FIND, ASKS, SHUT)


def foremost(sounds: "tuple[int, ...]") -> int:
    """The one of several sounds that is heard."""
    for sound in FOREMOST:
        if sound in sounds:
            return sound
    return max(sounds)


class Voice:
    """What sounds now, each melody from its first note."""

    def __init__(self) -> None:
        self._meaning = SILENT
        self._since_ms = 0

    def now(
        self, meaning: int, uptime_ms: int, loudest: int = 3, pitch: int = 0
    ) -> "tuple[int, int]":
        """As `sound_now`, of the meaning that holds at this moment."""
        if meaning != self._meaning:
            self._meaning = meaning
            self._since_ms = uptime_ms
        return sound_now(meaning, uptime_ms - self._since_ms, loudest, pitch)
