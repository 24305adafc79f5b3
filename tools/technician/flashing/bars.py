"""Progress of many boards at one terminal: a line each, drawn over where it is a screen.

Knows: terminals. May not know: boards, images.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

_WIDTH = 24
_QUARTERS = 4
_UP = "\x1b[{}A\r\x1b[K"


class Bars:
    """A bar a row. `show(text, end)` prints; `screen`: lines may be drawn over."""

    def __init__(
        self, rows: Sequence[str], show: Callable[[str, str], None], *, screen: bool
    ) -> None:
        self._rows = list(rows)
        self._show = show
        self._screen = screen
        self._told = dict.fromkeys(self._rows, -1)
        self._lock = threading.Lock()
        if screen:
            for row in self._rows:
                show(f"{row}  waiting", "\n")

    def tell(self, row: str, share: float, what: str = "") -> None:
        """The share of a row, 0 to 1; `what` stands behind it. From any thread."""
        with self._lock:
            line = f"{row}  [{'#' * int(share * _WIDTH):<{_WIDTH}}] {share:4.0%} {what}".rstrip()
            if self._screen:
                up = len(self._rows) - self._rows.index(row)
                self._show(_UP.format(up) + line + f"\x1b[{up}B\r", "")
            elif int(share * _QUARTERS) > self._told[row]:
                self._told[row] = int(share * _QUARTERS)
                self._show(line, "\n")
