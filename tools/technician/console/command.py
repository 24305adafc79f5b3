"""`anbu monitor` and `anbu shell`: what a device says, and a REPL beside its own parts.

Knows: the commands' words, serial ports, mpremote as a program. May not know: what lines mean
(decoded), what stands in a device (vitals).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import serial

from tools.technician.console.decoded import lines_of, meaning
from tools.technician.console.repl import Crashed, stopped
from tools.technician.console.vitals import look, named, unix_s
from tools.technician.flashing.places import find
from tools.technician.said import Exit, Refused, Said, Told, hold

MPREMOTE = "1.29.0"  # what the shell was tried with
BAUD = 115_200
_PERIOD_S = 0.2
_BACK_S = 30.0  # a board that starts anew by its own USB is gone for a moment
_SHOWN = 12  # records
_PLUG = "A care plug only off the mains, on the isolated bench supply. 돌봄 플러그는 전원을 뽑고."


def main(arguments: argparse.Namespace) -> int:
    """Monitor or shell; returns the exit code."""
    work = _monitored if arguments.part == "monitor" else _shell
    return hold(arguments, lambda said: work(arguments, said))


# --- monitor -------------------------------------------------------------------------------


def _monitored(arguments: argparse.Namespace, said: Said) -> Told:
    port = find(arguments.port, every=False)[0].port
    said.say(_PLUG)
    told: Told = {"port": port}
    if arguments.vitals:
        told |= _vitals(port, said)
    if not arguments.no_listen:
        said.say(f"{port}: listening; Ctrl-C ends it, the device goes on")
        told |= _listened(port, arguments.seconds, said)
    return told


def _vitals(port: str, said: Said) -> Told:
    said.say(f"{port}: its app is stopped for a moment")
    with stopped(port) as repl:
        found = look(repl)
    slot, version, state, failed = found.slot
    said.say(f"{found.device_id or 'no serial'}: {found.starts} starts, slot {slot}, program "
             f"{version} {state}, {found.heap_free_bytes} bytes free")  # fmt: skip
    if failed:
        said.say(f"program {failed} was rolled back here")
    counted = dict(Counter(found.causes))
    why = ", ".join(f"{cause} {count}" for cause, count in counted.items())
    said.say(f"starts in its newest {len(found.records)} records: {why or 'none'}")
    for record in found.records[-_SHOWN:]:
        at = datetime.fromtimestamp(unix_s(record), UTC).isoformat() if record.wall_s else "no time"
        said.say(f"  {at}  {named(record)}")
    return {
        "device_id": found.device_id,
        "starts": found.starts,
        "slot": {"slot": slot, "version": version, "state": state, "failed_version": failed},
        "heap_free_bytes": found.heap_free_bytes,
        "causes": counted,
        "records": [named(record) for record in found.records[-_SHOWN:]],
    }


def _listened(port: str, seconds: float, said: Said) -> Told:
    """Until Ctrl-C, or so many seconds (0: no end)."""
    until_s = time.monotonic() + seconds if seconds else float("inf")
    lines: list[Told] = []
    try:
        for line in _lines(port, until_s, said):
            found = meaning(line)
            said.say(f"{datetime.now(UTC):%H:%M:%S}  {line}")
            if found is not None:
                then = f"; {found.then}" if found.then else ""
                said.say(f"          {found.kind.upper()}: {found.text}{then}")
                lines.append({"line": line, "kind": found.kind, "cause": found.cause or None})
    except KeyboardInterrupt:
        said.say("")
    return {"heard": lines}


def _lines(port: str, until_s: float, said: Said) -> Iterator[str]:
    held = b""
    while time.monotonic() < until_s:
        with _opened(port, until_s) as line:
            try:
                while time.monotonic() < until_s:
                    found, held = lines_of(held, line.read(line.in_waiting or 1))
                    yield from found
            except OSError:
                said.say(f"{port}: gone; waiting until it is back")


def _opened(port: str, until_s: float) -> serial.Serial:
    """The port, without starting the board anew. Raises Refused where it does not come back."""
    until_s = min(until_s, time.monotonic() + _BACK_S)
    while True:
        line = serial.Serial(baudrate=BAUD, timeout=_PERIOD_S)
        line.port, line.dtr, line.rts = port, False, False
        try:
            line.open()
        except OSError as why:
            busy = Path(port).exists()
            if busy or time.monotonic() >= until_s:
                then = "another program has it, or see anbu doctor" if busy else "look at its cable"
                raise Refused(f"{port} cannot be opened", then, Exit.PORT) from why
            time.sleep(_PERIOD_S)
        else:
            return line


# --- shell ---------------------------------------------------------------------------------


def _shell(arguments: argparse.Namespace, said: Said) -> Told:
    _known()
    port = find(arguments.port, every=False)[0].port
    said.say(_PLUG)
    said.left = f"the device at {port} starts its app again; if it does not: plug it anew"
    with stopped(port) as repl:
        slot = repl.run(_SERVICE).strip()
        if arguments.run:
            try:
                printed = repl.run(arguments.run)
            except Crashed as why:
                raise Refused(f"the device raised {why}") from why
            said.say(printed, end="")
            return {"port": port, "printed": printed}
        said.say(f"{port}: the app of slot {slot} is stopped; `import board` finds its drivers.")
        said.say("Ctrl-] ends the shell; then the device starts its app again.")
        with repl.lent():
            code = subprocess.call(
                [sys.executable, "-m", "mpremote", "connect", port, "resume", "repl"]
            )
    if code:
        raise Refused(f"mpremote ended with {code}", "look at its cable", Exit.PORT)
    return {"port": port}


# The app's files are found as the loader lets them be found; no watchdog bites while she types.
_SERVICE = """
import sys, vfs
import anbu_slots as slots
from esp32 import NVS, Partition
from machine import WDT
WDT(timeout=86400000)
_record = slots.load(NVS(slots.NAMESPACE))
_slot = _record.active if _record else 0
_place = Partition.find(Partition.TYPE_DATA, label=slots.LABELS[_slot])[0]
try:
    vfs.mount(vfs.VfsLfs2(_place, progsize=32, readsize=32), slots.PATHS[_slot])
    sys.path.insert(0, slots.PATHS[_slot])
except OSError:
    pass
print("ab"[_slot])
"""


def _known() -> None:
    found = metadata.version("mpremote")
    if found != MPREMOTE:
        wrong = f"mpremote {found} was never tried with this"
        raise Refused(wrong, f"python3 -m pip install 'mpremote=={MPREMOTE}'")
