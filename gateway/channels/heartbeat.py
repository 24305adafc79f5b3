"""The dead-man switch: something outside the house is told that we live, and misses us if not.

Knows: a Healthchecks-compatible address (ADDRESS/start, ADDRESS, ADDRESS/fail), and whether every
loop makes progress. May not know: what a loop does, incidents, texts; no name leaves the house.

A loop that hangs makes no progress: then nothing is said, and the watch outside notices. A timer
alone would go on saying that all is well.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable, Mapping

from gateway.channels.http import AnswerLost, NotAsked, Request, ask
from gateway.units import MIN_MS

PROGRESS_MS = 3 * MIN_MS  # a loop that has nothing to do looks again each minute
TIMEOUT_S = 20.0
OK_FROM, OK_TO = 200, 300

_log = logging.getLogger(__name__)


class Progress:
    """When each loop was last seen at work. `beat` is called by the loops themselves."""

    def __init__(self, now_ms: Callable[[], int], loops: Iterable[str]) -> None:
        """`now_ms`: a clock that nobody sets (ms); `loops`: all that have to go round."""
        self._now_ms = now_ms
        self._seen = dict.fromkeys(loops, now_ms())

    def beat(self, loop: str) -> None:
        """The loop went round once more. Raises KeyError for one that was not named."""
        if loop not in self._seen:
            raise KeyError(f"no loop is called {loop!r}")
        self._seen[loop] = self._now_ms()

    def hanging(self) -> list[str]:
        """The loops that have not gone round for too long, in order."""
        now_ms = self._now_ms()
        return sorted(name for name, ms in self._seen.items() if now_ms - ms > PROGRESS_MS)

    def ages_s(self) -> Mapping[str, int]:
        """How long ago each loop went round."""
        now_ms = self._now_ms()
        return {name: (now_ms - ms) // 1000 for name, ms in sorted(self._seen.items())}


class Heartbeat:
    """Tells the watch outside at each interval; whatever the network does stops nothing here."""

    def __init__(
        self,
        url: str,
        every_s: float,
        progress: Progress,
        health: Callable[[], tuple[bool, str]],
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`health()`: whether the parts work, and that in a few plain words without any name."""
        self._url = url
        self._every_s = every_s
        self._progress = progress
        self._health = health
        self._context = context

    async def run(self) -> None:
        """Ping until cancelled."""
        await self.ping("/start", "started")
        while True:
            await self.tell()
            await asyncio.sleep(self._every_s)

    async def tell(self) -> bool:
        """Say how it is, once; silence where a loop hangs. Whether the watch took it."""
        if self._progress.hanging():
            _log.warning("no heartbeat: no progress in %s", ", ".join(self._progress.hanging()))
            return False
        good, words = self._health()
        ages = " ".join(f"{name}={age}s" for name, age in self._progress.ages_s().items())
        return await self.ping("" if good else "/fail", f"{words}\n{ages}\n")

    async def ping(self, suffix: str, body: str) -> bool:
        """One request; False where it did not arrive or was not taken."""
        headers = {"content-type": "text/plain; charset=utf-8"}
        request = Request("POST", self._url + suffix, headers, body.encode())
        try:
            answer = await ask(request, timeout_s=TIMEOUT_S, context=self._context)
        except (NotAsked, AnswerLost) as error:
            _log.info("the heartbeat did not arrive: %s", error)
            return False
        return OK_FROM <= answer.status < OK_TO
