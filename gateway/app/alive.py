"""A file that says when this gateway was last at work: the next process knows since when not.

Knows: one small file beside the database. May not know: facts, what an absence means.

It is rewritten each minute, not appended to, and it is no fact: the log does not grow by it. It is
never newer than the gateway; after a power cut it may be older, and the absence is told longer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

EVERY_S = 60.0

_log = logging.getLogger(__name__)


class Alive:
    """The file of one gateway."""

    def __init__(self, database: Path, now_ms: Callable[[], int]) -> None:
        """`now_ms`: UTC ms by the gateway's clock."""
        self._path = database.with_name(database.name + ".alive")
        self._now_ms = now_ms

    def last_ms(self) -> int | None:
        """When a gateway was last at work here; None: never, or it is not known."""
        try:
            seen_ms = int(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return seen_ms if 0 < seen_ms <= self._now_ms() else None

    def mark(self) -> None:
        """We are at work. A disk that cannot be written stops nothing."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_text(str(self._now_ms()), encoding="ascii")
            new.replace(self._path)
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._path, error.strerror)

    async def run(self) -> None:
        """Mark until cancelled."""
        while True:
            self.mark()
            await asyncio.sleep(EVERY_S)
