"""How far long work has come, on standard error.

Knows: a terminal's line. May not know: what is being done.
"""

from __future__ import annotations

import sys

_WIDTH = 30


class Progress:
    """One bar at a time, redrawn on its line; on no terminal only the names of the parts."""

    def __init__(self) -> None:
        self._drawn = False

    def begin(self, name: str) -> None:
        """A new part of the work."""
        self.end()
        if not sys.stderr.isatty():
            print(f"{name} …", file=sys.stderr, flush=True)

    def at(self, name: str, done: int, total: int) -> None:
        """So much of this part is done."""
        if not sys.stderr.isatty() or total <= 0:
            return
        full = min(_WIDTH, _WIDTH * done // total)
        bar = "█" * full + "·" * (_WIDTH - full)
        print(f"\r{name:24} {bar} {done:6}/{total}", end="", file=sys.stderr, flush=True)
        self._drawn = True

    def end(self) -> None:
        """Leave the line."""
        if self._drawn:
            print(file=sys.stderr, flush=True)
        self._drawn = False
