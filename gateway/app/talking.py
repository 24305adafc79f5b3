"""One call: what is heard goes to the conversation, what that says is played.

Knows: the line's side and the conversation's side. May not know: who is called when, facts, files.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.calling import BUSY, LINE_DOWN, NO_ANSWER, REFUSED
from gateway.calls.conversation import Answer, Asked, End, Silence, Turn, begin, hear
from gateway.calls.line import (
    Busy,
    Digit,
    Ended,
    Heard,
    LineDown,
    NoAnswer,
    NotOpened,
    OpenCall,
    Played,
    Refused,
)

SENTENCES_MOST_MS = 60_000  # to be heard to the end; a sound that never ends is not waited for
GOODBYE_MOST_MS = 30_000


@dataclass(frozen=True, slots=True)
class Ears:
    """What a call needs from outside. `sounds`: by sentence; `keep` commits before it returns."""

    sounds: Mapping[str, Sequence[str]]
    keep: Callable[[Answer], Awaitable[None]]
    now_ms: Callable[[], int]  # of a clock that only runs forward


def not_opened(how: NotOpened) -> End:
    """What dialling came to, where no call came of it."""
    match how:
        case Busy():
            return End(BUSY)
        case NoAnswer():
            return End(NO_ANSWER)
        case Refused(why):
            return End(REFUSED, why)
        case LineDown(why):
            return End(LINE_DOWN, why)


class Talking:
    """An open call that is being talked in."""

    def __init__(self, call: OpenCall, ears: Ears) -> None:
        self._call = call
        self._ears = ears
        self._said_ms = 0  # when the last sentences began
        self._listen_from_ms: int | None = None  # None: they are still being played

    async def through(self, asked: Asked) -> End:
        """Ask all there is to ask; the call is still to be hung up."""
        turn = begin(asked)
        while True:
            if turn.answer is not None:
                await self._ears.keep(turn.answer)
            if turn.say:
                await self._say(turn.say)
            if turn.end is not None:
                later = await self._goodbye(turn) if turn.say else turn
                if later is turn:
                    return turn.end
                turn = later
                continue
            heard = await self._next(turn.listen_ms)
            turn = hear(turn.talk, heard, self._ears.now_ms() - self._said_ms)

    async def _say(self, keys: Sequence[str]) -> None:
        await self._call.play([path for key in keys for path in self._ears.sounds[key]])
        self._said_ms, self._listen_from_ms = self._ears.now_ms(), None

    async def _next(self, listen_ms: int) -> Heard | Silence:
        """What is heard next; Silence where she was listened to for `listen_ms` after it."""
        if self._listen_from_ms is None:
            heard = await self._call.heard(SENTENCES_MOST_MS) or Played()
            if isinstance(heard, Played):
                self._listen_from_ms = self._ears.now_ms()
            return heard
        left_ms = self._listen_from_ms + listen_ms - self._ears.now_ms()
        heard_then = await self._call.heard(left_ms) if left_ms > 0 else None
        if heard_then is None:
            self._listen_from_ms = self._ears.now_ms()  # where it is not said again, from here on
            return Silence()
        return heard_then

    async def _goodbye(self, turn: Turn) -> Turn:
        """Let her hear it, and what follows: itself, or what a zero makes of it.

        Any other key is too late now, and broke it off: it is said anew.
        """
        until_ms, anew = self._ears.now_ms() + GOODBYE_MOST_MS, True
        while (left_ms := until_ms - self._ears.now_ms()) > 0:
            heard = await self._call.heard(left_ms)
            later = hear(turn.talk, heard, 0) if isinstance(heard, Digit) else turn
            if later.end is not None and later is not turn:
                return later
            if isinstance(heard, Digit) and anew:
                anew = False
                await self._say(turn.say)
            elif heard is None or isinstance(heard, Played | Ended | Digit):
                break
        return turn
