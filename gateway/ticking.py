"""Many homes on one clock: at each look only those decide where something happened or came due.

Knows: homes by their deadlines, what changed since the last look.
May not know: what a home is or decides; the time is an argument.

    ticking.add(home_id, home)
    ticking.fold(home_id, event)      the only way a fact comes to a home
    while decided := ticking.decide(now_ms):
        …commit…, then ticking.fold(home_id, event) each

`decide` gives what a look at every home would, in the same order: a home that had nothing to decide
has nothing to decide before its next deadline, unless a fact comes or the clock is set back.
A look at which nothing is due costs the same for ten homes and for ten thousand.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from gateway.events import Event


class Decides(Protocol):
    """What is asked of a home (gateway.home)."""

    def fold(self, event: Event) -> None:
        """Take in one more fact."""

    def decide(self, now_ms: int) -> list[Event]:
        """The facts that follow now."""

    def next_deadline(self, now_ms: int) -> int | None:
        """When to decide again though nothing happened."""


H = TypeVar("H", bound=Decides)


class Ticking(Generic[H]):
    """Homes in the order they were added; owned by one thread."""

    def __init__(self) -> None:
        self.homes: dict[str, H] = {}
        self._ids: list[str] = []  # by place
        self._places: dict[str, int] = {}
        self._restless: set[int] = set()  # places of those to be asked at the next look
        self._deadlines: list[int | None] = []  # by place
        self._queue: list[tuple[int, int]] = []  # (deadline, place); some are out of date
        self._looked_ms: int | None = None

    def add(self, home_id: str, home: H) -> None:
        """One more home. Raises ValueError where there is one of that name."""
        if home_id in self.homes:
            raise ValueError(f"two homes with the id {home_id!r}")
        place = len(self._ids)
        self.homes[home_id] = home
        self._ids.append(home_id)
        self._places[home_id] = place
        self._deadlines.append(None)
        self._restless.add(place)

    def fold(self, home_id: str, event: Event) -> None:
        """A home takes in one more fact. Raises KeyError for a home there is not."""
        place = self._places[home_id]
        self._restless.add(place)  # first: also a fold that fails may have changed something
        self.homes[home_id].fold(event)

    def stir(self) -> None:
        """Every home is asked at the next look, whatever it said of its deadline."""
        self._restless.update(range(len(self._ids)))

    def decide(self, now_ms: int) -> list[tuple[str, list[Event]]]:
        """What follows now, by home; a home stays restless until nothing follows any more."""
        if self._looked_ms is not None and now_ms < self._looked_ms:
            self.stir()  # the clock was set back
        self._looked_ms = now_ms
        self._restless.update(self._came_due(now_ms))
        decided: list[tuple[str, list[Event]]] = []
        restless: set[int] = set()  # a new one: to walk through one that was large costs as before
        for place in sorted(self._restless):
            home = self.homes[self._ids[place]]
            follows = home.decide(now_ms)
            if follows:
                decided.append((self._ids[place], follows))
                restless.add(place)
            else:
                self._rest(place, home.next_deadline(now_ms))
        self._restless = restless
        return decided

    def next_deadline(self) -> int | None:
        """When the first home comes due by time alone; None: none does."""
        while self._queue and self._out_of_date(*self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def _rest(self, place: int, deadline_ms: int | None) -> None:
        if deadline_ms is not None and deadline_ms != self._deadlines[place]:
            heapq.heappush(self._queue, (deadline_ms, place))
        self._deadlines[place] = deadline_ms

    def _came_due(self, now_ms: int) -> Iterator[int]:
        while self._queue and self._queue[0][0] <= now_ms:
            deadline_ms, place = heapq.heappop(self._queue)
            if not self._out_of_date(deadline_ms, place):
                self._deadlines[place] = None
                yield place

    def _out_of_date(self, deadline_ms: int, place: int) -> bool:
        return self._deadlines[place] != deadline_ms
