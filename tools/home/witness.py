"""What the gateway of a house tells, and the house's own time: who waits for what, until when.

Knows: the gateway's events as JSON lines, a story's clock. May not know: devices, processes.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.home.story import Story

Event = dict[str, Any]


class Witness:
    """Hears every event of one story's gateway; what is no event is kept with its errors."""

    def __init__(self, story: Story, errors: Path) -> None:
        self.story = story
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _event: None
        self._errors = errors
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def said(self, text: str) -> None:
        """A line of the gateway's standard output."""
        try:
            event = json.loads(text)
        except ValueError:
            with self._errors.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
            return
        self.events.append(event)
        self.on_event(event)
        task = asyncio.get_running_loop().create_task(self._ring())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def deaf(self) -> None:
        """The end: nobody waits any more."""
        for task in self._tasks:
            task.cancel()

    async def _ring(self) -> None:
        async with self._news:
            self._news.notify_all()

    # --- time ---

    @staticmethod
    def now_ms() -> int:
        """House time, UTC ms since 1970."""
        return time.time_ns() // 1_000_000

    async def pause(self, seconds: float) -> None:
        """Sleeps that long in house time."""
        await asyncio.sleep(seconds)

    def left_s(self, clock: str) -> float:
        """House seconds until that clock."""
        return max(0, self.clock_ms(clock) - self.now_ms()) / 1000

    def clock_ms(self, clock: str) -> int:
        """UTC ms of "HH:MM[:SS]" on the story's first day; "1 07:30" is the day after."""
        return self.story.clock_ms(clock)

    async def until(self, clock: str) -> None:
        """Sleeps until that time of the house."""
        await asyncio.sleep(self.left_s(clock))

    async def heard(self, kind: str, until: str, **fields: object) -> Event | None:
        """The first event of this kind with these fields, waiting until that clock; or None."""
        async with self._news:
            try:
                async with asyncio.timeout(self.left_s(until)):
                    return await self._news.wait_for(lambda: self.event(kind, **fields))
            except TimeoutError:
                return None

    def event(self, kind: str, **fields: object) -> Event | None:
        """The first event of this kind with these fields, None when there is none so far."""
        return next((e for e in self.events if _matches(e, kind, fields)), None)

    def count(self, kind: str, **fields: object) -> int:
        """How many events of this kind with these fields the gateway has told."""
        return sum(_matches(event, kind, fields) for event in self.events)


def _matches(event: Event, kind: str, fields: dict[str, object]) -> bool:
    return event["kind"] == kind and all(event.get(k) == v for k, v in fields.items())
