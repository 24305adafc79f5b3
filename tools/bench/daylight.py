"""`anbu bench daylight`: lamps told from daylight, on a room in which nobody was for four days.

Knows: UCI's occupancy recording (Candanedo and Feldheim 2016, an office in Mons, Belgium), its
empty days, both rules. May not know: how the firmware tells a lamp.

The firmware's own rule sees every minute's light twice, as from a sensor read twice a minute (its
third way, a step within a second, never comes up in means of a minute). Beside it the naive rule:
a change of 50 lx and more from one minute to the next is a sign of life.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from anbu_wire.messages import EPOCH_2000_UNIX_S
from tools.bench.plug_rooms import room

EMPTY_DAYS = ("2015-02-07", "2015-02-08", "2015-02-14", "2015-02-15")
LATITUDE_DEG, SOLAR_NOON_MIN = 50, 704  # Mons, UTC
AHEAD_OF_UTC = timedelta(hours=1)  # Belgium's winter time
NAIVE_LUX = 50.0
LEAST_OCCUPIED = 20
EXIT_OK, EXIT_FAILED, EXIT_NOTHING = 0, 1, 2
Light = list[tuple[datetime, float]]


def run(folder: Path, *, as_json: bool) -> int:
    """Measures and prints; 0 when the rule held, 1 when not, 2 where there is nothing to read."""
    try:
        light = read(folder)
    except (OSError, KeyError, ValueError) as error:
        print(f"bench: {folder}: no occupancy recording there: {error}", file=sys.stderr)
        return EXIT_NOTHING
    report = measure(light)
    print(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _text(report))
    for line in report["missed"]:
        print(f"bench: did not hold: {line}", file=sys.stderr)
    return EXIT_FAILED if report["missed"] else EXIT_OK


def read(folder: Path) -> Light:
    """Local minutes and lux of all files `*.txt`, ascending."""
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise FileNotFoundError("no file *.txt")
    found: dict[datetime, float] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
            # rows are numbered, the header has no name for that
            at, lux = header.index("date") - len(header), header.index("Light") - len(header)
            for row in rows:
                there = datetime.fromisoformat(row[at]).replace(tzinfo=UTC) + timedelta(seconds=30)
                found[there.replace(second=0)] = float(row[lux])
    return sorted(found.items())


def measure(light: Light) -> dict[str, Any]:
    """Events of both rules by empty and other days; the longest silence of the empty days."""
    rules = {"firmware": lamp_steps(light), "naive": jumps(light)}
    report: dict[str, Any] = {
        "bench": "daylight",
        "days": len({there.date() for there, _lux in light}),
        "empty_days": sorted({day for there, _lux in light if (day := _day(there)) in EMPTY_DAYS}),
        "rules": {name: _counted(events, light) for name, events in rules.items()},
    }
    found = report["rules"]["firmware"]
    missed = []
    if found["empty"]:
        missed.append(f"{found['empty']} events in the empty room, 0 wanted")
    if found["occupied"] < LEAST_OCCUPIED:
        missed.append(f"{found['occupied']} events in the occupied one, {LEAST_OCCUPIED} wanted")
    if not report["empty_days"]:
        missed.append("none of the empty days is in the recording")
    return report | {"missed": missed}


def lamp_steps(light: Light) -> list[datetime]:
    """The minutes in which the firmware believes a lamp was switched."""
    lamp = room("lamp").Lamp()
    lamp.place(LATITUDE_DEG, SOLAR_NOON_MIN)
    found = []
    for there, lux in light:
        unix_s = int((there - AHEAD_OF_UTC).timestamp())
        for half_s in (0, 30):
            wall_s = unix_s + half_s - EPOCH_2000_UNIX_S
            if lamp.sample((unix_s + half_s) * 1000, wall_s, round(lux * 100)):
                found.append(there)
    return found


def jumps(light: Light) -> list[datetime]:
    """The minutes in which the light changed by as much as the naive rule wants."""
    return [
        there for (_, before), (there, lux) in pairwise(light) if abs(lux - before) >= NAIVE_LUX
    ]


def _counted(events: list[datetime], light: Light) -> dict[str, Any]:
    empty = [at for at in events if _day(at) in EMPTY_DAYS]
    edges = {there for there, _lux in light if _day(there) in EMPTY_DAYS}
    longest = max((_silence(day, empty, edges) for day in EMPTY_DAYS[::2]), default=0.0)
    return {
        "occupied": len(events) - len(empty),
        "empty": len(empty),
        "longest_silence_h_in_the_empty_room": round(longest, 1),
    }


def _silence(first: str, events: list[datetime], seen: set[datetime]) -> float:
    """The longest time without an event in two empty days, `first` and the one after."""
    begin = datetime.fromisoformat(first).replace(tzinfo=UTC)
    two = timedelta(days=2)
    inside = sorted(at for at in seen if begin <= at < begin + two)
    if not inside:
        return 0.0
    marks = [inside[0], *(at for at in events if begin <= at < begin + two), inside[-1]]
    return max((then - at).total_seconds() for at, then in pairwise(marks)) / 3600


def _day(there: datetime) -> str:
    return there.date().isoformat()


def _text(report: dict[str, Any]) -> str:
    rows = [f"{report['days']} days, of which nobody was there on {', '.join(EMPTY_DAYS)}"]
    for name, found in report["rules"].items():
        silent = f"longest silence there {found['longest_silence_h_in_the_empty_room']} h"
        counts = f"occupied room {found['occupied']} events, empty room {found['empty']}"
        rows.append(f"{name:9} {counts}; {silent}")
    return "\n".join(rows)
