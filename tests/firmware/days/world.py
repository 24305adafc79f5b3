"""A story, happening to the real box in virtual time.

Knows: what each happening does to lids, clock, power and the box. May not know: what is right; the
oracle says so.
"""

from __future__ import annotations

import heapq
from typing import Any

from tests.firmware.days import facts as f
from tests.firmware.days.driven import CLOCK_LOST, CLOCK_SET, Driven
from tests.firmware.days.facts import Effect

_AFTER_OPENING_MS = (1300, 11_500, 60_000, 302_000)


class World(Driven):
    """`World(story, room).run()` gives the findings: none, or what is wrong."""

    def run(self) -> list[str]:
        """The whole story, and two more hours."""
        self._start(0)
        end_ms = self.story.days * f.DAY_S * 1000 + 7_200_000
        while not self.judge.findings and self.events and self.events[0][0] <= end_ms:
            at_ms = self.events[0][0]
            self._wait_until(max(at_ms, self.t_ms))
            if not self.judge.findings and self.events[0][0] <= self.t_ms:
                _at, _n, what, args = heapq.heappop(self.events)
                self._happens(what, args)
        if not self.powered:
            self._start(0)
        self._wait_until(max(end_ms, self.t_ms))
        if not self.judge.findings:
            self.judge.at_rest(self.log, log_whole=self.log_whole)
        return self.judge.findings

    def _wait_until(self, end_ms: int) -> None:
        while self.t_ms < end_ms and not self.judge.findings:
            self.t_ms = min(end_ms, self._next_look_ms()) if self.powered else end_ms
            if self.t_ms < end_ms and not self._look():
                return  # it died, and will start before that

    # --- what happens ----------------------------------------------------------------------

    def _happens(self, what: str, args: tuple[Any, ...]) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        if self.tell:
            self.tell(f"{self.t_ms / 1000:.1f} s wall {self.wall_s()} {what} {args}")
        if what in ("open", "shut"):
            self._lid(args[0], what == "open")
        elif what == "starts":
            self._start(0)
        elif what == "log":
            self.log_works = args[0]
        elif what == "schedule" and (not self.powered or not self._known):
            return  # the gateway tells it when it can
        elif what == "away":
            self._away = args
            if self.powered:
                self._does(what, args)
        elif what in ("jump", "lost", "right", "drift"):
            self._clock_does(what, args)
        elif self.powered:
            self._does(what, args)

    def _does(self, what: str, args: tuple[Any, ...]) -> None:
        if not self._look():
            return
        self._asleep_until_s = 0
        effects = self._told(what, args, self.wall_s(), self.up_ms())
        if self.powered:
            self._after(effects)
            self._look()

    def _told(self, what: str, args: tuple[Any, ...], wall_s: int, up_ms: int) -> list[Effect]:
        """One thing told to the box and to the oracle; what the box answers."""
        effects: list[Effect] = []
        if what == "ok":
            effects = self.box.ok(wall_s, up_ms)
            self.judge.ok(wall_s, up_ms, effects)
        elif what == "word":
            effects = self.box.close(*args)
            self.judge.oracle.word(args[0], args[1], effects)
        elif what == "refill" and wall_s and not (args[0] and self.lids):
            effects = self.box.refill(*args, wall_s, up_ms)
            self.judge.lids.set_refill(args[0], args[1], wall_s, effects)
        elif what == "away":
            self.box.away(*args)
            self.judge.oracle.set_away(*args)
        elif what == "schedule":
            self._stores(args[0], args[1], wall_s)
        else:
            self._happens_to_power(what, args)
        return effects or []

    def _happens_to_power(self, what: str, args: tuple[Any, ...]) -> None:
        if what == "cut":
            self._cuts(args)
        elif what == "nobody looks":
            self._blind_until_ms = self.t_ms + 1000 * args[0]

    def _cuts(self, args: tuple[Any, ...]) -> None:
        if args[1] == -1:
            self._dies(args[0], args[2])
        else:
            self._cut = (args[0], args[1], args[2])

    def _lid(self, c: int, opened: bool) -> None:
        if (c in self.lids) == opened:
            return
        self.lids ^= {c}
        if not self._look():
            self._moved |= 1 << c
            return
        wall_s, up_ms = self.wall_s(), self.up_ms()
        self._known_open ^= {c}
        self._asleep_until_s = 0
        effects = self.box.lid(c, opened, wall_s, up_ms)
        self.judge.lid(c, opened, wall_s, up_ms, effects)
        self._after(effects)
        for after_ms in _AFTER_OPENING_MS if opened else (2300, 3600):
            heapq.heappush(self._looks, self.t_ms + after_ms)
        self._look()

    def _clock_does(self, what: str, args: tuple[Any, ...]) -> None:
        if self.powered:
            self._look()
        if what == "jump" and not self._known:
            return
        right_s = self.story.start_s + self.t_ms / 1000
        wrong_by = abs(self.wall_s() - right_s)
        jumps = True
        if what == "jump":
            self._clock = (self.t_ms, self.wall_s() + args[0], 1.0)
        elif what == "lost":
            self._known = False
        elif what == "right":
            self._known, self._clock = True, (self.t_ms, right_s, 1.0)
            jumps = wrong_by > 5
        else:
            self._clock = (self.t_ms, right_s, args[0])
            jumps = wrong_by > 5
        if not self.powered:
            self._watched = False
        if not self.powered or not jumps:
            return
        self.timeline += 1
        self._asleep_until_s = 0
        self.box.clock_jumped()
        self.judge.clock_jumped()
        self._write([(CLOCK_LOST if what == "lost" else CLOCK_SET, f.NOBODY, 0xFF, 9)])
        self._look()
