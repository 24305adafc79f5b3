"""What a bad radio does to one link: loss, delay, repetition, a break at any packet; seeded.

Knows: what each layer of Bluetooth lets through to the next. May not know: whose link it is, the
bytes of Anbu's frames, the story.

The link layer repeats a packet until it is acknowledged, in order, or until the supervision
timeout ends the link: so there a loss is a delay or a break. Notifications get lost above it, in
the stack of whoever sends them; a receiving stack may hand one on twice. A write with response is
neither lost nor repeated. Being out of range is Air's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_ATT_CHANNEL = b"\x04\x00"  # behind L2CAP's length
_NOTIFICATION = 0x1B


@dataclass(frozen=True, slots=True)
class AirFaults:
    """How bad one link is; the same seed and packets give the same faults.

    `loss`, `repeat`: shares (0 to 1) of notifications lost in the sender's stack and handed on
    twice by the receiver's. `unheard`: share of link-layer packets that must be sent again, each
    time for a connection interval. `delay_s` and up to `jitter_s` more: every packet's way.
    `breaks`: the first link from now on breaks at this packet (counted from 1, both directions
    together), the second at the next, and so on; later ones hold.
    """

    loss: float = 0.0
    repeat: float = 0.0
    unheard: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    interval_s: float = 0.03
    breaks: tuple[int, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes of one packet: how long it takes, how often the host gets it."""

    delay_s: float
    copies: int


class FaultyLink:
    """The faults of one box's links, one after another. `name` makes two boxes' chance differ."""

    def __init__(self, faults: AirFaults, name: str) -> None:
        self.faults = faults
        self._chance = random.Random(f"{faults.seed} {name}")
        self._breaks: Iterator[int] = iter(faults.breaks)
        self._link: object = None
        self._break_at = 0
        self._packets = 0
        self.lost = self.repeated = self.resent = self.broken = 0  # how often it happened

    def loses(self) -> bool:
        """Whether the sender's stack loses the notification it was just given."""
        lost = self._chance.random() < self.faults.loss
        self.lost += lost
        return lost

    def way(self, link: object, data: bytes, supervision_timeout_s: float) -> Way | None:
        """The way of the next packet on `link` (any object that is one link); None = it breaks."""
        if link is not self._link:
            self._link = link
            self._packets, self._break_at = 0, next(self._breaks, 0)
        self._packets += 1
        again_s = self._sent_again_s(supervision_timeout_s)
        if self._packets == self._break_at or again_s >= supervision_timeout_s:
            self.broken += 1
            return None
        twice = is_notification(data) and self._chance.random() < self.faults.repeat
        self.repeated += twice
        jitter_s = self._chance.random() * self.faults.jitter_s
        return Way(self.faults.delay_s + jitter_s + again_s, 2 if twice else 1)

    def _sent_again_s(self, most_s: float) -> float:
        again_s = 0.0
        while again_s < most_s and self._chance.random() < self.faults.unheard:
            again_s += self.faults.interval_s
            self.resent += 1
        return again_s


def is_notification(data: bytes) -> bool:
    """Whether an L2CAP packet carries an ATT notification."""
    return data[2:4] == _ATT_CHANNEL and data[4:5] == bytes((_NOTIFICATION,))
