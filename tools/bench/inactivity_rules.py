"""When a person switched something on, and when nobody could have seen it.

Knows: the care plug's own rule for a load, a rule for a whole home's meter, what an outage is.
May not know: files, detectors.

Kettle, and kettle with microwave (a strip: one plug, the sum), go through the firmware's own file.
The mains of a home have refrigerators in them, so the plug's threshold says nothing there: a sign
is a rise of 600 W and more over the lesser of the two minutes before (a hob, a kettle, an iron),
bouts of half an hour merged. A heater that switches itself rises so too; see the README.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from itertools import pairwise

from anbu_wire.messages import LOAD_ON
from gateway.life.spans import Span, united
from gateway.units import MIN_MS
from tools.bench.inactivity_read import Recording
from tools.bench.plug_rooms import room

OUTAGE_MIN = 60
RISE_W = 600.0
BOUT_MIN = 30
COARSEST_MIN = 1  # further apart the samples of a plug do not vouch for one another
SOURCES = {
    "kettle": ("kettle",),
    "kettle+microwave": ("kettle", "microwave"),
    "mains": ("mains",),
}


def power(recording: Recording, source: str) -> array[float] | None:
    """The watts of a source, NaN where a column it needs has no value; None without a column."""
    columns = [recording.watts.get(name) for name in SOURCES[source]]
    if None in columns:
        return None
    kept = [column for column in columns if column is not None]
    if len(kept) == 1:
        return kept[0]
    return array("d", (sum(values) for values in zip(*kept, strict=True)))


def unfit(minutes: array[int], watts: array[float]) -> str:
    """Why nothing can be said from these rows; "" if something can."""
    if all(math.isnan(watt) for watt in watts):
        return "no value in it"
    steps = sorted(then - minute for minute, then in pairwise(minutes))
    if not steps or steps[len(steps) // 2] > COARSEST_MIN:
        apart = f"{steps[len(steps) // 2]} min apart" if steps else "fewer than two"
        return f"rows are {apart}, at most one minute is wanted"
    return ""


def signs(minutes: array[int], watts: array[float], source: str) -> list[int]:
    """The minutes at which a bout began."""
    return _rises(minutes, watts) if source == "mains" else _loads(minutes, watts)


def _loads(minutes: array[int], watts: array[float]) -> list[int]:
    """By the plug's own rule; a minute's mean is given twice, as from a meter twice a minute."""
    load, found = room("load").Load(), []
    for minute, watt in zip(minutes, watts, strict=True):
        if math.isnan(watt):
            continue
        at_ms, mw = minute * MIN_MS, int(watt * 1000)
        events = load.sample(at_ms, mw)
        events += load.sample(at_ms + 30_000, mw)
        if events:
            found += [minute for kind, _value in events if kind == LOAD_ON]
    return found


def _rises(minutes: array[int], watts: array[float]) -> list[int]:
    found: list[int] = []
    last = -(BOUT_MIN + 1)
    for n in range(2, len(minutes)):
        before = min(watts[n - 1], watts[n - 2])
        if watts[n] - before < RISE_W or minutes[n] - minutes[n - 2] > BOUT_MIN:
            continue
        if watts[n] - before >= RISE_W:  # neither is a NaN
            if minutes[n] - last > BOUT_MIN:
                found.append(minutes[n])
            last = minutes[n]
    return found


def outages(recording: Recording, watts: array[float]) -> list[Span]:
    """Minutes without a value, and runs of one value (the meter's last, held), over an hour.

    Runs are looked for in the mains, else in the source itself where it is not off.
    """
    minutes = recording.minutes
    mains = recording.watts.get("mains")
    judged, off = (mains, False) if mains is not None else (watts, True)
    gaps = _gaps(minutes, watts)
    return united([*gaps, *_flat(minutes, judged, but_off=off)])


def _gaps(minutes: array[int], watts: array[float]) -> Iterator[Span]:
    last: int | None = None
    for minute, watt in zip(minutes, watts, strict=True):
        if math.isnan(watt):
            continue
        if last is not None and minute - last > OUTAGE_MIN + 1:
            yield last, minute
        last = minute


def _flat(minutes: array[int], watts: array[float], *, but_off: bool) -> Iterator[Span]:
    begins = 0
    for n in range(1, len(minutes) + 1):
        if n < len(minutes) and watts[n] == watts[begins]:
            continue
        if minutes[n - 1] - minutes[begins] > OUTAGE_MIN and not (but_off and watts[begins] == 0):
            yield minutes[begins], minutes[n - 1]
        begins = n
