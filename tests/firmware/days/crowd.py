"""Many residents, each of them a seed, in as many processes as there are processors.

Knows: how a share of seeds is run and summed up. May not know: what is right.
"""

from __future__ import annotations

import os
import sys
import types
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.firmware.days.person import live
from tests.firmware.days.room import Room, load
from tests.firmware.days.world import World
from tests.simulation.cores import ROOT

DAYS = 7
SHARE = 50  # residents a worker takes at a time


@dataclass
class Summary:
    """What a share of residents went through."""

    person_days: int = 0
    looks: int = 0
    restarts: int = 0
    doses: int = 0
    loose: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Summary) -> None:
        """Take another share's sums too."""
        self.person_days += other.person_days
        self.looks += other.looks
        self.restarts += other.restarts
        self.doses += other.doses
        self.loose += other.loose
        self.ends += other.ends
        self.happened += other.happened
        self.findings += other.findings


def resident(seed: int, room: Room, days: int = DAYS) -> World:
    """The world of one seed, run to its end."""
    world = World(live(seed, days), room)
    world.run()
    return world


def replay(seed: int, room: Room, tell: Callable[[str], None]) -> list[str]:
    """One seed again, told line by line."""
    world = World(live(seed, DAYS), room, tell)
    return world.run()


def share(first: int, count: int) -> Summary:
    """The residents first … first + count − 1, in this process."""
    ready()
    room, sums = load(), Summary()
    for seed in range(first, first + count):
        world = resident(seed, room)
        doses = world.judge.oracle.doses.values()
        sums.person_days += DAYS
        sums.looks += world.looks
        sums.restarts += world.boot - 1
        sums.doses += len(doses)
        sums.loose += sum(d.loose for d in doses)
        sums.ends += Counter(str(d.state) for d in doses)
        sums.happened += Counter(world.counts)
        sums.findings += [(seed, text) for text in world.judge.findings]
    return sums


def ready() -> None:
    """A fresh process finds the firmware, and the one thing it takes from MicroPython."""
    for folder in (ROOT, ROOT / "firmware" / "lib", ROOT / "firmware" / "pillbox"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    shim = types.ModuleType("micropython")
    shim.__dict__["const"] = lambda value: value
    sys.modules.setdefault("micropython", shim)


def crowd(first: int, residents: int) -> Summary:
    """That many residents, spread over the processors."""
    sums = Summary()
    firsts = range(first, first + residents, SHARE)
    counts = [min(SHARE, first + residents - f) for f in firsts]
    workers = min(os.cpu_count() or 1, 8)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(share, firsts, counts):
            sums.add(part)
    return sums
