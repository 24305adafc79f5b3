"""A house in virtual time: nobody waits, and a telephone whose people do what was drawn.

Knows: a line, a log, a clock as the gateway has them. May not know: what must hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.calls.line import Busy, Digit, Ended, LineDown, NoAnswer, Played, Refused, Speech
from gateway.events import (
    CallBegun,
    Event,
    from_json,
    to_json,
)
from gateway.log import LogUnavailable
from gateway.voice import Spoken

if TYPE_CHECKING:
    from tests.gateway.call_watch import CallWatch


class VirtualLoop(asyncio.SelectorEventLoop):
    """Nobody waits: what would be slept is added to the time."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def at_once(timeout: float | None = None) -> Any:  # noqa: ANN401
            if timeout:
                self.now_s += timeout
            return select(0)

        self._selector.select = at_once  # type: ignore[attr-defined]

    def time(self) -> float:
        """Seconds since it began."""
        return self.now_s


class Killed(LogUnavailable):
    """Nothing is written any more by a process that is dead."""


@dataclass
class Paper:
    """The log: what is written as it will be read."""

    read: list[Event] = field(default_factory=list)
    full: bool = False

    def append(self, facts: Sequence[Event]) -> list[Event]:
        """See gateway.log.Log."""
        if self.full:
            raise LogUnavailable("the disk is full")
        self.read += [from_json(f.kind, json.loads(json.dumps(to_json(f)))) for f in facts]
        return list(facts)

    def facts(self) -> list[Event]:
        """All, as read."""
        return self.read


@dataclass
class Life:
    """One process over the paper; dead, it writes no more."""

    paper: Paper
    dead: bool = False

    def append(self, facts: Sequence[Event]) -> list[Event]:
        """See gateway.log.Log."""
        if self.dead:
            raise Killed("dead")
        return self.paper.append(facts)


@dataclass
class Kept:
    """Recordings."""

    files: set[str] = field(default_factory=set)

    def keep(self, call_id: str, pcm: bytes, until_day: date) -> None:
        """See Recordings."""
        self.files.add(call_id)

    def delete(self, call_id: str) -> bool:
        """See Recordings."""
        self.files.discard(call_id)
        return True

    def delete_torn(self) -> None:
        """See Recordings."""

    def all(self) -> tuple[str, ...]:
        """See Recordings."""
        return tuple(self.files)


class Voice:
    """Each sentence is a file of its name."""

    def wavs(self, spoken: Spoken) -> tuple[Path, ...]:
        """See Voice."""
        return (Path(spoken.key),)

    def forget(self, person_id: str) -> None:
        """See Voice."""


@dataclass
class Clock:
    """The wall's, which may be set, and the one that runs on."""

    loop: VirtualLoop
    ahead_ms: int

    def now_ms(self) -> int:
        """UTC ms."""
        return int(self.loop.time() * 1000) + self.ahead_ms

    def monotonic_ms(self) -> int:
        """Ms."""
        return int(self.loop.time() * 1000)


class HerCall:
    """She hears sentences of two seconds each and does what she is like."""

    def __init__(self, week: CallWatch, begun: CallBegun | None, like: str, kept: set[str]) -> None:
        self.week, self.begun, self.like, self.kept = week, begun, like, kept
        self.events: asyncio.Queue[Any] = asyncio.Queue()
        self.playing: asyncio.TimerHandle | None = None
        self.digits: list[str] = []
        self.taken = 0  # answers that she heard being taken
        self.over = False
        self.last: tuple[str, ...] = ()

    async def play(self, sounds: Sequence[str]) -> None:
        """See OpenCall."""
        await self.week.trap("play")
        self._stop()
        self._watch(tuple(sounds))
        if not self.over:
            self._react(sounds)

    def _watch(self, sounds: tuple[str, ...]) -> None:
        """What must hold when this is said."""
        if sounds[0] in ("thanks", "promise") and sounds != self.last:
            self.taken += 1
            on_paper = self.week.answers_of(self.begun)
            self.week.check(self.taken <= on_paper, "said before it was written down")
        self.last = sounds
        asked = {"meals", "sleep", "outing", "medication", "pain"} & set(sounds)
        self.week.check(not asked & self.kept, f"asked again: {asked & self.kept}")
        if "promise" in sounds and self.begun is not None:
            self.week.promised.add(self.begun.call_id)

    def _react(self, sounds: Sequence[str]) -> None:
        draw, loop, length = self.week.draw, self.week.loop, 2.0 * len(sounds)
        self.playing = loop.call_later(length, self._put, Played())
        if self.like == "voicemail":
            loop.call_later(draw.uniform(0.1, 5), self._put, Speech())
            return
        roll = draw.random()
        at = length + draw.uniform(0.2, 8) if draw.random() < 0.6 else draw.uniform(0.3, length)
        if "bye" in sounds and roll > 0.1:
            return
        does = draw.choices(
            ("1", "2", "other", "twice", "hang", "die", "speak", ""), (70, 8, 4, 3, 3, 1, 3, 8)
        )[0]
        match does:
            case "1" | "2":
                self._later(at, does)
            case "other":
                self._later(at, draw.choice("03456789*#"))
            case "twice":
                self._later(at, "1")
                self._later(at + 0.3, draw.choice("1120"))
            case "hang" | "die":
                loop.call_later(at, self._end, "" if does == "hang" else "the process died")
            case "speak":
                loop.call_later(at, self._put, Speech())

    def _later(self, at: float, key: str) -> None:
        self.week.loop.call_later(at, self._press, key)

    def _press(self, key: str) -> None:
        if not self.over:
            self._stop()
            self.digits.append(key)
            self._put(Digit(key))

    def _end(self, why: str) -> None:
        if not self.over:
            self._put(Ended(why))
            self._stop()
            self.over = True

    def _put(self, heard: Any) -> None:  # noqa: ANN401
        if not self.over:
            self.events.put_nowait(heard)

    def _stop(self) -> None:
        if self.playing is not None:
            self.playing.cancel()

    async def heard(self, patience_ms: int) -> Any:  # noqa: ANN401
        """See OpenCall."""
        await self.week.trap("heard")
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self.events.get(), patience_ms / 1000)
        return None

    async def hang_up(self) -> bytes:
        """See OpenCall."""
        self.over = True
        self.week.hung_up(self)
        await self.week.trap("hang_up")
        return b"\0\0" * 80


class WeekLine:
    """What the telephone sees."""

    down = ""

    def __init__(self, week: CallWatch) -> None:
        self.week = week

    async def dial(self, number: str, ring_ms: int, *, record: bool = False) -> Any:  # noqa: ANN401
        """See Line."""
        week, draw = self.week, self.week.draw
        if self.down:
            return LineDown(self.down)
        begun = week.rings(number, record)
        await week.trap("dial")
        try:
            await asyncio.sleep(draw.uniform(0.5, 20))
            await week.trap("ringing")
        except asyncio.CancelledError:
            week.ringing.pop(number, None)
            raise
        like = draw.choices(
            ("busy", "no", "refused", "line", "voicemail", "there"), (8, 25, 5, 6, 14, 42)
        )[0]
        if like in ("there", "voicemail"):
            call = HerCall(week, begun, like, week.kept_of(begun))
            week.open[id(call)] = (call, number)
            return call
        week.ringing.pop(number, None)
        return {
            "busy": Busy(), "no": NoAnswer(), "refused": Refused("404"), "line": LineDown("x"),
        }[like]  # fmt: skip

    async def close(self) -> None:
        """See Line."""
