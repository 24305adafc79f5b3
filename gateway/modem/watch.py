"""Watching over a modem that works: is it there, has it a network, is it as it was set up.

Knows: the questions of a heartbeat and what follows from their answers.
May not know: texts, ports, what is done with a modem that failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from gateway.modem import Seen
from gateway.modem.at import Command, Unsolicited
from gateway.modem.lane import CommandRefusedError, Lane, LaneError
from gateway.modem.receive import Receiver
from gateway.modem.setup import Patience, Ready, restart
from gateway.modem.status import (
    news_setting,
    operator,
    registration_problem,
    signal_dbm,
    worth_telling,
)
from gateway.units import HOUR_MS

BEATS_A_LISTING = 3
"""The storage is listed at every third heartbeat: a lost +CMTI costs a minute, not a text."""
LONGEST_WITHOUT_NETWORK_MS = HOUR_MS
_OF_THE_NETWORK = ("+CREG:", "+CEREG:")


class Watch:
    """Outlives the sessions: what was told last, and how long there is no network."""

    def __init__(
        self,
        patience: Patience,
        say: Callable[[str | None], None],
        on_seen: Callable[[Seen], None],
    ) -> None:
        """`say(why)`: why texts cannot be sent, None if they can; `on_seen`: what is new."""
        self._patience = patience
        self._say = say
        self._on_seen = on_seen
        self._told: Seen | None = None
        self._stir = asyncio.Event()
        self._lost_s: float | None = None  # since when there is no network, on the loop's clock
        self._wait_ms = patience.network_ms

    def news(self, unsolicited: Unsolicited) -> None:
        """The modem speaks of its network: ask it at once."""
        if unsolicited.line.startswith(_OF_THE_NETWORK):
            self._stir.set()

    def forget(self) -> None:
        """The modem was away: what it says next is told again."""
        self._told = None

    async def run(self, lane: Lane, ready: Ready, receiver: Receiver) -> None:
        """Beat for ever: a hang is found so, and a lost network. Raises LaneError."""
        beat = 0
        while True:
            self._stir.clear()
            await self._beat(lane, ready)
            if beat % BEATS_A_LISTING == 0:
                receiver.look_again()
            beat += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.heartbeat_ms / 1000):
                    await self._stir.wait()
            await asyncio.sleep(self._patience.settle_ms / 1000)  # a storm of news is one

    async def _beat(self, lane: Lane, ready: Ready) -> None:
        news = news_setting(await self._answer(lane, "AT+CNMI?"))
        if None not in (news, ready.news) and news != ready.news:
            raise LaneError("the modem restarted by itself; it is set up anew")
        answers = [await self._answer(lane, "AT+CREG?") or ()]
        why = registration_problem(*answers)
        if why is not None:  # it may have a network of the fourth generation alone
            answers.append(await self._answer(lane, "AT+CEREG?") or ())
            why = registration_problem(*answers)
        seen = Seen(
            why is None,
            operator(await self._answer(lane, "AT+COPS?") or ()) if why is None else None,
            signal_dbm(await self._answer(lane, "AT+CSQ") or ()),
        )
        self._say(why)
        if worth_telling(self._told, seen):
            self._told = seen
            self._on_seen(seen)
        await self._mind_the_network(lane, lost=why is not None)

    async def _mind_the_network(self, lane: Lane, *, lost: bool) -> None:
        """A modem that finds no network is restarted, ever less often: it may be the house."""
        now_s = asyncio.get_running_loop().time()
        if not lost:
            self._lost_s, self._wait_ms = None, self._patience.network_ms
        elif self._lost_s is None:
            self._lost_s = now_s
        elif now_s - self._lost_s >= self._wait_ms / 1000:
            self._lost_s = now_s
            self._wait_ms = min(self._wait_ms * 2, LONGEST_WITHOUT_NETWORK_MS)
            await restart(lane, self._patience)

    async def _answer(self, lane: Lane, text: str) -> tuple[str, ...] | None:
        try:
            return await lane.ask(Command(text, self._patience.command_ms))
        except CommandRefusedError:
            return None
