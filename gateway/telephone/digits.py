"""Each key once: what a stack reports of RFC 4733 digits becomes key presses.

Knows: that a digit is reported when it begins and when it ends, and that packets of one press may
be overtaken by its end. May not know: sockets, what a key means. No IO, no clock.

A key counts when it begins, so that a sentence stops at once. A packet that comes after the end of
its press begins it again for the stack: no finger presses the same key twice within TWICE_MS, so
that such a beginning counts only once it has lasted. (A busy computer reads an end and the next
beginning in one instant; the end of a true press comes later all the same.)
"""

from __future__ import annotations

KEYS = "0123456789*#ABCD"
TWICE_MS = 60


class Digits:
    """One call's keys."""

    def __init__(self) -> None:
        """Nothing is pressed."""
        self._down: str | None = None
        self._counted = False
        self._began_ms = 0
        self._last: str | None = None
        self._ended_ms = 0

    def begins(self, key: str, at_ms: int) -> str | None:
        """The stack says that `key` is down: the key, None where it is no new press, or not yet."""
        if key not in KEYS or len(key) != 1 or key == self._down:
            return None
        again = key == self._last and at_ms - self._ended_ms < TWICE_MS
        self._down, self._began_ms, self._counted = key, at_ms, not again
        return None if again else key

    def ends(self, at_ms: int) -> str | None:
        """The stack says that the key is up: the key where it counts only now."""
        key, lasted = self._down, at_ms - self._began_ms >= TWICE_MS
        if key is not None:
            self._last, self._down, self._ended_ms = key, None, at_ms
        return key if lasted and not self._counted else None
