"""The desk: what the web page gets to see of the running gateway, safe to ask from any thread.

Knows: how to hand out the picture and how to wait for a change.
May not know: Flask, the database, how the picture is made.

    desk.picture() -> dict            a new picture as of now, JSON-able (gateway/picture.py)
    desk.version -> int               rises with every change
    desk.wait_change(last, timeout_s) -> int
    desk.box_window -> str | None     path of the virtual home's window socket, if there is one
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Picture = dict[str, Any]


class Desk:
    """Between one writer (the gateway's loop) and many readers (the page's threads)."""

    def __init__(self, draw: Callable[[], Picture], box_window: str | None = None) -> None:
        self.box_window = box_window
        self._draw = draw
        self._changed = threading.Condition()
        self._lock = threading.RLock()
        self._version = 1
        self._closed = False

    @property
    def lock(self) -> threading.RLock:
        """Held by the loop while it folds facts, by `picture` while it draws."""
        return self._lock

    @property
    def version(self) -> int:
        """The number of the newest change."""
        return self._version

    def picture(self) -> Picture:
        """Draw the picture as of now (gateway/picture.py has its shape)."""
        with self._lock:
            return self._draw()

    def changed(self) -> None:
        """Wake everybody who waits: something in the picture is different now."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait_change(self, last_version: int, timeout_s: float) -> int:
        """Block until the version is not `last_version`, at most `timeout_s`; the version then.

        The same number coming back means: nothing changed, say "still alive" to the browser.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._version != last_version, timeout=timeout_s
            )
            return self._version

    def close(self) -> None:
        """The gateway stops: nobody waits any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
