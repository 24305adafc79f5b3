"""Each key once: what a stack reports of RFC 4733 digits becomes key presses.

Knows: that a digit is reported when it begins and when it ends, and that packets of one press may
be overtaken by its end. May not know: sockets, what a key means. No IO, no clock.

A key counts when it begins, so that a sentence stops at once. A packet that comes after the end of
its press begins it again for the stack: no finger presses the same key twice within TWICE_MS, so
that such a beginning counts only once it has lasted. A computer that was held up reads whole
presses in one instant: then times say nothing, and every beginning counts.

A press all of whose ends are lost (RFC 4733 says the end three times) hides the next press of the
same key, whose end the stack then takes for the first one's: that one is asked for again.

An exchange that says a key both by RFC 4733 and by SIP INFO is heard twice where the second word
comes TWICE_MS after the end of the first. Which way a key came is not known here: the stack's
events carry the key alone, it says neither whether telephone-event was agreed on nor lets INFO be
turned off, and its log, which does name the way, names no call. Time cannot tell it either: who
knows the question by heart presses twice as soon. So both count, and the conversation takes a key
within its first second for the question before (gateway.calls.conversation.HASTY_MS).
"""

from __future__ import annotations

KEYS = "0123456789*#ABCD"
TWICE_MS = 30
"""More than a packet lasts (20 ms), less than any press or pause that exchanges pass on (40 ms,
ITU-T Q.24): busy senders shorten both."""
HELD_UP_MS = 100
"""A pulse that comes so late, of one every 40 ms: the computer was held up."""
CATCHES_UP_MS = 1_000
"""So long afterwards what is read may still be old: the stack's own thread comes later."""


class Pulse:
    """Whether this computer keeps time."""

    def __init__(self) -> None:
        """Nothing beats yet."""
        self._beat_ms: int | None = None
        self._held_up_ms: int | None = None

    def beats(self, at_ms: int) -> None:
        """Said again and again, at least every HELD_UP_MS."""
        if self._is_late(at_ms):
            self._held_up_ms = at_ms
        self._beat_ms = at_ms

    def held_up(self, at_ms: int) -> bool:
        """Whether it was, now or a moment ago: what is read now may have come long before."""
        was = self._held_up_ms is not None and at_ms - self._held_up_ms < CATCHES_UP_MS
        return was or self._is_late(at_ms)

    def _is_late(self, at_ms: int) -> bool:
        return self._beat_ms is not None and at_ms - self._beat_ms > HELD_UP_MS


class Digits:
    """One call's keys."""

    def __init__(self) -> None:
        """Nothing is pressed."""
        self._down: str | None = None
        self._counted = False
        self._began_ms = 0
        self._last: str | None = None
        self._lasted_ms = 0
        self._ended_ms = 0

    def begins(self, key: str, at_ms: int, *, held_up: bool = False) -> str | None:
        """The stack says that `key` is down: the key, None where it is no new press, or not yet.

        `held_up`: this computer was, so that the time says nothing.
        """
        if key not in KEYS or len(key) != 1 or key == self._down:
            return None
        soon = key == self._last and at_ms - self._ended_ms < TWICE_MS
        again = soon and self._lasted_ms >= TWICE_MS and not held_up
        self._down, self._began_ms, self._counted = key, at_ms, not again
        return None if again else key

    def ends(self, at_ms: int) -> str | None:
        """The stack says that the key is up: the key where it counts only now."""
        key, lasted_ms = self._down, at_ms - self._began_ms
        if key is not None:
            self._last, self._down, self._ended_ms = key, None, at_ms
            if self._counted:  # else it is the tail of the one before
                self._lasted_ms = lasted_ms
        return key if lasted_ms >= TWICE_MS and not self._counted else None
