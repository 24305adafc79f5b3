"""A telephone line that is played by a test: what a number does when it is dialled, what is heard.

Knows: the line's side (gateway.calls.line). May not know: what is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gateway.calls.line import Digit, Ended, Heard, NotOpened, Played


@dataclass
class FakeCall:
    """Somebody who hears each of our sentences and does the next thing of `does` after it.

    None: nothing. What was played is in `said`, in order; `pcm` is what was recorded.
    """

    does: list[Heard | None]
    pcm: bytes = b""
    said: list[tuple[str, ...]] = field(default_factory=list)
    hung_up: int = 0
    _next: list[Heard | None] = field(default_factory=list)

    async def play(self, sounds: Sequence[str]) -> None:
        """See OpenCall."""
        self.said.append(tuple(sounds))
        self._next = [Played(), self.does.pop(0) if self.does else None]

    async def heard(self, patience_ms: int) -> Heard | None:
        """See OpenCall; silence is over at once."""
        await asyncio.sleep(0)
        return self._next.pop(0) if self._next else None

    async def hang_up(self) -> bytes:
        """See OpenCall."""
        self.hung_up += 1
        return self.pcm


def presses(keys: str) -> FakeCall:
    """One key a sentence, and then nothing more."""
    return FakeCall([Digit(key) for key in keys])


def cut_off_after(keys: str, why: str = "") -> FakeCall:
    """Keys, and then the call is over."""
    return FakeCall([*(Digit(key) for key in keys), Ended(why)])


@dataclass
class FakeLine:
    """Each dialling is answered by the next of `answers`; `before` is asked first."""

    answers: list[FakeCall | NotOpened]
    down: str = ""
    dialled: list[tuple[str, bool]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    closed: bool = False

    async def dial(
        self, number: str, ring_ms: int, *, record: bool = False
    ) -> FakeCall | NotOpened:
        """See Line."""
        self.before()
        self.dialled.append((number, record))
        return self.answers.pop(0)

    async def close(self) -> None:
        """See Line."""
        self.closed = True
