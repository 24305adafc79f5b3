"""The real box in virtual time, with the oracle beside it.

Knows: the pure Box's contract, the log that it is given back at a start, clocks and power.
May not know: what is right; the oracle says so.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Effect, Logged
from tests.firmware.days.judge import Judge
from tests.firmware.days.room import Room
from tests.firmware.days.story import COMPARTMENTS, Story

STEP_MS = 58_000  # a look at least so often while a window runs
BOOT, CLOCK_SET, SCHEDULE_STORED, CLOCK_LOST = 1, 2, 3, 28


class Driven:
    """The box, its clock, its log and its power, and the oracle that hears of each step."""

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
            if self.looks % 16 == 0:
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
