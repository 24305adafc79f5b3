"""One connection of the simulated air, and what can happen to the pieces on it.

Knows: two ways, pieces, virtual time. May not know: frames, sessions, what is in a piece.

Towards the gateway pieces are notifications: lost, repeated, late. Towards the device they are
writes with response: never lost, always in order, unless an adversary sits between.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.oracle_manners import TO_DEVICE, TO_GATEWAY

Later = Callable[[float, Callable[[], None]], None]  # (in how many ms, what)
MAX_DELAY_MS = 1500


@dataclass(frozen=True)
class Weather:
    """Probabilities per piece; `evil` is what only an adversary does, on either way."""

    loss: float = 0.0
    delay_ms: int = 20
    break_each: float = 0.0
    evil: float = 0.0

    @staticmethod
    def draw(chance: random.Random) -> Weather:
        """The weather of one connection."""
        return Weather(
            loss=chance.choice((0.0, 0.0, 0.02, 0.1, 0.3, 0.6)),
            delay_ms=chance.choice((5, 20, 200, MAX_DELAY_MS)),
            break_each=chance.choice((0.0, 0.0, 0.002, 0.02, 0.1)),
            evil=chance.choice((0.0, 0.0, 0.0, 0.01, 0.05)),
        )


@dataclass
class Connection:
    """Carries pieces between two ends until it breaks."""

    number: int
    room_bytes: int
    weather: Weather
    chance: random.Random
    later: Later
    history: deque[bytes]  # pieces of this and earlier connections, for replays
    ends: dict[str, Callable[[bytes], None]] = field(default_factory=dict)
    alive: bool = True
    _last_at: dict[str, float] = field(default_factory=lambda: {TO_DEVICE: 0.0, TO_GATEWAY: 0.0})
    _dropping: bool = False
    now: Callable[[], float] = lambda: 0.0
    ended: Callable[[], None] = lambda: None

    def send_frame(self, way: str, pieces: list[bytes]) -> None:
        """One end sends a frame in pieces."""
        if way == TO_DEVICE and self._evil(0.2):
            return  # the adversary answers the write and passes nothing on
        for piece in pieces:
            self._send(way, piece)

    def _evil(self, share: float) -> bool:
        return self.weather.evil > 0 and self.chance.random() < self.weather.evil * share

    def _send(self, way: str, piece: bytes) -> None:
        if not self.alive:
            return
        chance, weather = self.chance, self.weather
        self.history.append(piece)
        if chance.random() < weather.break_each:
            self.breaks()
            return
        if way == TO_GATEWAY and chance.random() < weather.loss:
            return
        if self._evil(0.2):
            piece = _flipped(piece, chance)
        elif self._evil(0.2):
            piece = chance.choice(self.history)
        swapped = self._evil(0.2)
        self._deliver(way, piece, swapped=swapped)
        if self._evil(0.2):
            self._deliver(way, piece, swapped=False)

    def _deliver(self, way: str, piece: bytes, *, swapped: bool) -> None:
        delay = self.chance.uniform(1, self.weather.delay_ms)
        at = max(self._last_at[way] + 0.01, self.now() + delay)
        if swapped:
            at += 2 * self.weather.delay_ms  # what is sent next overtakes it
        else:
            self._last_at[way] = at
        self.later(at - self.now(), lambda: self._arrive(way, piece))

    def _arrive(self, way: str, piece: bytes) -> None:
        if self.alive:
            self.ends[way](piece)

    def breaks(self) -> None:
        """The link is gone; nothing that is under way arrives."""
        if self.alive:
            self.alive = False
            self.ended()


def _flipped(piece: bytes, chance: random.Random) -> bytes:
    changed = bytearray(piece)
    changed[chance.randrange(len(piece))] ^= 1 << chance.randrange(8)
    return bytes(changed)
