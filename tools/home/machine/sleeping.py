"""The chip's sleep seen from the board: what wakes it, how long it waits, whether time may be skipped.

Knows: wake levels on lines, the requests below. May not know: why the box sleeps, what it does awake.

| type | request | payload | answer |
|---|---|---|---|
| 0x2B | SLEEP | u32 ms (0 = for ever), u32 flash ms, u8 n, u8 k, n pins that wake when low, k when high | u64 skipped µs |
| 0x2C | IDLE | u32 ms (0 = for ever), u32 flash ms, u32 events seen | u64 skipped µs |

IDLE is asyncio waiting, in a house that skips time: over at once when the box has not yet seen an
event that was sent, and as soon as one is. "flash ms" is how long its flash was busy so far.
"""  # noqa: E501  # a table's row is a line

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.home.machine.lines import Lines

SLEEP, IDLE = 0x2B, 0x2C
BUSY, ASLEEP, WAITING = "busy", "asleep", "waiting"
_SLEEP_HEAD = struct.Struct("<IIBB")


class Sleeping:
    """What the chip does between two requests: busy, waiting (awake, idle) or asleep.

    `events_sent()` counts the events sent to the box's process. `skipped_s()` is how much of the
    house's time was skipped so far (0 in a house that skips none). `on_change()` is called before
    and after each change of `state`.
    """

    def __init__(self, lines: Lines, events_sent: Callable[[], int]) -> None:
        self._lines = lines
        self._events_sent = events_sent
        self._low: tuple[int, ...] = ()
        self._high: tuple[int, ...] = ()
        self._over: asyncio.Future[None] | None = None
        self.state = BUSY
        self.skipped_s: Callable[[], float] = lambda: 0.0
        self.on_change: Callable[[], None] = lambda: None
        self.naps = 0
        self.woken_by_pin = 0
        self.flash_ms = 0

    async def handle(self, kind: int, payload: bytes) -> bytes:
        """The answer to SLEEP or IDLE, when it is over."""
        began_s = self.skipped_s()
        if kind == SLEEP:
            ms, self.flash_ms, low, high = _SLEEP_HEAD.unpack_from(payload)
            pins = payload[_SLEEP_HEAD.size :]
            self._low, self._high = tuple(pins[:low]), tuple(pins[low : low + high])
            await self._sleep(ms)
        else:
            ms, self.flash_ms, seen = struct.unpack("<III", payload)
            if seen == self._events_sent() & 0xFFFFFFFF:
                await self._wait(WAITING, ms)
        return struct.pack("<Q", round((self.skipped_s() - began_s) * 1e6))

    async def _sleep(self, ms: int) -> None:
        self.naps += 1
        if not self._wakes():
            await self._wait(ASLEEP, ms)
        self.woken_by_pin += self._wakes()
        self._low = self._high = ()

    async def _wait(self, state: str, ms: int) -> None:
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        timer = loop.call_later(ms / 1000, self._end) if ms else None
        self._turn(state)
        try:
            await self._over
        finally:
            if timer is not None:
                timer.cancel()
            self._over = None
            self._turn(BUSY)

    def _turn(self, state: str) -> None:
        self.on_change()
        self.state = state
        self.on_change()

    def _wakes(self) -> bool:
        level = self._lines.level
        return any(not level(pin) for pin in self._low) or any(level(pin) for pin in self._high)

    def _end(self) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    def lines_moved(self) -> None:
        """A level may have changed: a sleeping chip looks at its wake lines."""
        if self.state == ASLEEP and self._wakes():
            self._end()

    def event_sent(self) -> None:
        """An event is on its way: a waiting program takes it, a sleeping one finds it later."""
        if self.state == WAITING:
            self._end()
