"""Days that a plug lived before the story: its own pure core, run through them at once.

Knows: the core's stimuli (firmware/careplug/careplug/plug.py), how its records and its state are
printed. May not know: chips, flash, what the gateway made of it.

It is the firmware as it would be flashed, in its own interpreter; a minute's mean is given twice,
as the core wants it.
"""

from __future__ import annotations

import subprocess
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anbu_wire.messages import ENERGY, EPOCH_2000_UNIX_S
from gateway.units import MIN_MS
from tools.home import surroundings

if TYPE_CHECKING:
    from pathlib import Path

_SEOUL = (38, 212)  # degrees north, UTC minute of the mean solar noon
_SCRIPT = """
import struct
from careplug.plug import Plug

def told(ms, effects):
    for kind, _slot, _compartment, value in effects:
        print(ms, kind, value)
    return any([effect[0] == {energy} for effect in effects])

plug = Plug(1, 0, {wall_s}, 4400)
plug.place(*{place})
told(0, plug.started(1, True))
state = b""
with open({file!r}, "rb") as file:
    for half in range(2 * {minutes}):
        ms = half * 30000
        if half % 2 == 0:
            mw = struct.unpack("<H", file.read(2))[0] * 100
        wall_s = {wall_s} + ms // 1000
        told(ms, plug.sample(ms, wall_s, 230000, mw))
        if told(ms, plug.look(ms, wall_s)):
            state = plug.state(ms)
print("state", state.hex())
"""


@dataclass(frozen=True, slots=True)
class Lived:
    """What a plug's core told: (ms since the beginning, kind, value), and what it learnt."""

    records: tuple[tuple[int, int, int], ...]
    state: bytes


def with_a_fridge(
    interpreter: str, firmware: Path, scratch: Path, since_ms: int, minutes: int
) -> Lived:
    """So many minutes from `since_ms` (UTC) on with a refrigerator at the plug."""
    first = since_ms // MIN_MS
    watts = (surroundings.fridge_w(first + minute) for minute in range(minutes))
    scratch.write_bytes(array("H", (round(10 * w) for w in watts)).tobytes())
    script = _SCRIPT.format(
        wall_s=since_ms // 1000 - EPOCH_2000_UNIX_S,
        place=_SEOUL,
        file=str(scratch),
        minutes=minutes,
        energy=ENERGY,  # its own constants are written out in the firmware
    )
    done = subprocess.run(
        [interpreter, "-c", script],
        env={"MICROPYPATH": f"{firmware}:.frozen"},
        capture_output=True,
        text=True,
        check=False,
    )
    scratch.unlink()
    if done.returncode:
        raise RuntimeError(f"the plug's past could not be lived: {done.stdout[-500:]}{done.stderr}")
    *lines, last = (line.split() for line in done.stdout.splitlines())
    records = tuple((int(ms), int(kind), int(value)) for ms, kind, value in lines)
    return Lived(records, bytes.fromhex(last[1]) if len(last) > 1 else b"")
