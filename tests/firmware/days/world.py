"""The real box in virtual time, driven through a story, with the oracle beside it.

Knows: the pure Box's contract, the log that it is given back at a start, clocks and power.
May not know: what is right; the oracle says so.
"""

from __future__ import annotations

import heapq
import importlib
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Effect, Logged
from tests.firmware.days.judge import Judge, Meanings
from tests.firmware.days.person import COMPARTMENTS, Story
from tests.simulation.cores import Patch, _own_modules

STEP_MS = 55_000  # a look at least so often while a window runs
BOOT, CLOCK_SET, SCHEDULE_STORED, CLOCK_LOST = 1, 2, 3, 28
_AFTER_OPENING_MS = (1300, 11_500, 60_000, 302_000)


@dataclass(frozen=True)
class Room:
    """The box's modules, freshly loaded together."""

    box: types.ModuleType
    messages: types.ModuleType
    schedule: types.ModuleType
    meanings: Meanings


def load(patch: Patch | None = None) -> Room:
    """The box as it stands, or with one line changed. Raises ValueError where that does not fit."""
    with _own_modules(patch):
        signals = importlib.import_module("pillbox.signals")
        loud = [v for k, v in vars(signals).items() if k == "LOUD" or k.startswith("LOUDER")]
        return Room(
            box=importlib.import_module("pillbox.box"),
            messages=importlib.import_module("anbu_wire.messages"),
            schedule=importlib.import_module("anbu_wire.schedule"),
            meanings=Meanings(
                signals.TAKE, signals.LATE, signals.WRONG_LID, signals.DARK,
                signals.SOFT, signals.SILENT, frozenset((signals.SOFT, *loud)),
            ),
        )  # fmt: skip


class World:
    """`World(story, room).run()` gives the findings: none, or what is wrong."""

    def __init__(
        self,
        story: Story,
        room: Room,
        tell: Callable[[str], None] | None = None,
        cut_at: int = -1,
        cut: tuple[float, int, bool] = (5.0, 0, False),
    ) -> None:
        """`cut_at`: the power goes within that write (counted from 0), as `cut` says.

        `cut`: off for so many seconds, so many of its records kept, lids watched meanwhile.
        """
        self.story, self.room, self.tell = story, room, tell
        self._cut_at, self._cut_as = cut_at, cut
        self.writes = 0
        self.judge = Judge(room.meanings)
        self.t_ms = 0
        self.events = [(t, n, what, args) for n, (t, what, args) in enumerate(story.happenings)]
        heapq.heapify(self.events)
        self._looks: list[int] = []
        self._clock = (0, float(story.start_s), 1.0)  # true ms, its wall s, its rate
        self._known = True
        self.log: list[Logged] = []
        self.log_works = self.log_whole = True
        self._torn = False
        self.lids: set[int] = set()
        self._known_open: set[int] = set()
        self._moved = 0
        self._watched = False
        self.boot = self.timeline = self.looks = 0
        self._up_from_ms = 0
        self.powered = True
        self._cut: tuple[float, int, bool] | None = None
        self._blind_until_ms = 0
        self._asleep_until_s = 0  # the box said that until then time brings nothing
        self._schedule = (story.entries, story.zone)
        self._away = (0, 0)
        self.counts: dict[str, int] = {}

    # --- time ------------------------------------------------------------------------------

    def wall_s(self) -> int:
        """What the box's clock says, 0 = it does not know."""
        at_ms, wall_s, rate = self._clock
        return int(wall_s + (self.t_ms - at_ms) * rate / 1000) if self._known else 0

    def up_ms(self) -> int:
        return self.t_ms - self._up_from_ms

    def _when_ms(self, wall_s: int) -> int:
        """The true time at which the box's clock will say so."""
        at_ms, from_s, rate = self._clock
        return int(at_ms + (wall_s - from_s) * 1000 / rate) + 1

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

    def _next_look_ms(self) -> int:
        o, now = self.judge.oracle, self.t_ms
        while self._looks and self._looks[0] <= now:
            heapq.heappop(self._looks)
        if self._blind_until_ms > now:
            return self._blind_until_ms
        at = now + STEP_MS
        if self._known and o.now_s:
            due_ms = max(now + 1, self._when_ms(o.next_s)) if o.next_s else at
            calm = not o.busy() and not self.lids and not self.judge.lids.refill
            # Before something begins somebody has to have looked within a minute.
            at = (due_ms - 30_000 if due_ms > now + 31_000 else due_ms) if calm else min(at, due_ms)
        return min(at, self._looks[0]) if self._looks else at

    # --- the box ---------------------------------------------------------------------------

    def _look(self) -> bool:
        """One look; whether the box is still on afterwards."""
        if not self.powered:
            return False
        self.looks += 1
        wall_s, up_ms = self.wall_s(), self.up_ms()
        effects = self.box.look(wall_s, up_ms)
        came = [e for e in effects if e[0] in f.JUDGED]
        if came and self._asleep_until_s > wall_s + 1 and wall_s:
            text = f"nothing was to come before {self._asleep_until_s}, at {wall_s}: {came}"
            self.judge.findings.append(text)
        self.judge.look(wall_s, up_ms, effects)
        self._after(effects)
        self._asleep_until_s = 0
        if wall_s and self._clock[2] == 1.0:
            self._asleep_until_s = self.box.next_look_s(wall_s) or wall_s + f.DAY_S
        return self.powered

    def _after(self, effects: list[Effect]) -> None:
        """As the device does: show what turned off, write, then let it begin to speak."""
        if not effects:
            if self.looks % 8 == 0:
                self._shows()
            return
        if self.tell:
            self.tell(f"{self.t_ms / 1000:.1f} s wall {self.wall_s()} box: {effects}")
        self._shows()
        self.writes += 1
        if self.writes - 1 == self._cut_at:
            self._cut = self._cut_as
        if self._cut:
            off_s, kept, watched = self._cut
            self._torn = self._torn or kept < len(effects)
            self._write(effects[:kept])
            self._dies(off_s, watched)
            return
        self._write(effects)
        self.box.flushed()
        self.judge.oracle.flushed()
        self._shows()

    def _shows(self) -> None:
        wall_s = self.wall_s()
        lights = self.box.show(wall_s, False)
        self.judge.shown(lights, self.box.sound(wall_s, self.up_ms()))
        if self.tell:
            self.tell(f"    lights {bytes(lights).hex()}")

    def _write(self, effects: list[Effect]) -> None:
        for kind, slot, compartment, value in effects:
            if self.log_works:
                now = (self.wall_s(), self.up_ms(), self.boot, self.timeline)
                self.log.append((kind, slot, compartment, value, *now))
            else:
                self.log_whole, self._torn = False, True

    def _record(self, n: int, r: Logged) -> object:
        kind, slot, compartment, value, wall_s, up_ms, boot, timeline = r
        quality = 2 if wall_s else 0
        told = (timeline, quality, kind, compartment, slot, 1, value)
        return self.room.messages.Record(n + 1, boot, up_ms, wall_s, *told)

    # --- power -----------------------------------------------------------------------------

    def _dies(self, off_s: float, watched: bool) -> None:
        self.powered, self._cut = False, None
        self._moved, self._watched = 0, watched
        at_ms = self.t_ms + int(off_s * 1000)
        heapq.heappush(self.events, (at_ms, 10**6, "starts", ()))

    def _start(self, _n: int) -> None:
        first = not self.boot
        self.powered, self.boot = True, self.boot + 1
        self._up_from_ms = self.t_ms - 400
        self._looks, self._blind_until_ms, self._asleep_until_s = [], 0, 0
        self.box = self.room.box.Box(COMPARTMENTS)
        for n, record in enumerate(self.log):
            self.box.recall(self._record(n, record))
        self.box.quiet(*self.story.quiet_min)
        self.box.away(*self._away)
        self.judge.oracle.set_away(*self._away)
        if first:
            self._stores(*self._schedule, self.wall_s())
            self.box.resumed(0, 0)
        else:
            self._resumes()
        self._write([(BOOT, f.NOBODY, 0xFF, 0)])
        self._look()

    def _resumes(self) -> None:
        entries, zone = self._schedule
        moved = self._moved if self._watched else None
        open_mask = sum(1 << c for c in self.lids)
        self.box.adopt(self._wire(entries, zone), 0)
        self.judge.schedule(entries, zone, 0)
        self.judge.restart(self.log, watched=moved == 0, torn=self._torn)
        self._torn = not self.log_works
        self.box.resumed(open_mask, moved)
        self.judge.resumed(open_mask, moved, self._known_open)
        self._known_open = set(self.lids)

    def _wire(self, entries: list[f.PlainEntry], zone: f.Zone) -> object:
        s = self.room.schedule
        return s.Schedule(s.Zone(*zone), [s.Entry(*e) for e in entries])

    def _stores(self, entries: list[f.PlainEntry], zone: f.Zone, wall_s: int) -> None:
        self._schedule = (entries, zone)
        self.box.adopt(self._wire(entries, zone), wall_s)
        self._write([(SCHEDULE_STORED, f.NOBODY, 0xFF, 1)])
        self.judge.schedule(entries, zone, wall_s)

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
