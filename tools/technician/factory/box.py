"""A box on the bench, its own firmware's drivers driven through the REPL.

Knows: what of the firmware can be called, how it is loaded. May not know: what is checked.

The program's slot is mounted as the loader mounts it, and `Board` is built from it: the drivers
tested are the ones that will run. Nothing is written: no log, no NVS, no clock.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from anbu_wire.bundle import Manifest, head_bytes
from anbu_wire.errors import RemoteProtocolError
from tools.technician.console.repl import Crashed, Repl, stopped
from tools.technician.factory.record import About
from tools.technician.said import Exit, Refused

KIND = "pillbox"  # so begin the names of its boards
LIDS = 28
_WATCHDOG_MS = 3_600_000  # the app's own would end the test; ESP32's cannot be switched off
_NAME_TYPE = 9  # "complete local name" of an advertisement
_ADVERTISE_US = 100_000
_FILES_AT_ONCE = 16  # an answer comes within the line's patience
_IDENTITY_BYTES = 12  # a slot's note begins with them (anbu_device.esp.trial.HEAD)

_LOAD = """
import sys, vfs
from binascii import hexlify
import anbu_slots as slots
from esp32 import NVS, Partition
from machine import WDT, unique_id
dog = WDT(timeout=%d)
record = slots.load(NVS(slots.NAMESPACE))
active = record.active if record else 0
path = slots.PATHS[active]
place = Partition.find(Partition.TYPE_DATA, label=slots.LABELS[active])[0]
vfs.mount(vfs.VfsLfs2(place, progsize=32, readsize=32), path)
sys.path.insert(0, path)

def head():
    with open(path + "/head", "rb") as file:
        return hexlify(file.read()).decode()

def digests(names):
    dog.feed()
    return {name: digest(name) for name in names}

def digest(name):
    from hashlib import sha256
    whole, piece = sha256(), bytearray(1024)
    try:
        with open(path + "/" + name, "rb") as file:
            while True:
                size = file.readinto(piece)
                if not size:
                    return hexlify(whole.digest()).decode()
                whole.update(memoryview(piece)[:size])
    except OSError:
        return ""

def name():
    kept = bytearray(32)
    try:
        return bytes(kept[:NVS("anbu").get_blob("device_id", kept)]).decode()
    except OSError:
        return ""
"""
_BOARD = """
import pins
from board import Board
board = Board()

def hands():
    dog.feed()
    ok, help = board.buttons()
    return [board.lids(), board.lid_chips.touched(), ok, help, board.tilted()]

def show(colours):
    board.show_lights(colours)

def chips():
    for _ in range(2):
        board.lids(), board.rtc.read(), board.gauge.millivolts()
    seconds, lost = board.rtc.read()
    return {"faults": board.faults(), "clock_s": seconds, "lost": lost,
            "millivolts": board.gauge.millivolts(), "percent": board.gauge.percent(),
            "mains": board.mains(), "tilt": getattr(pins, "TILT", None) is not None,
            "quarters": board.rtc.temperature_c_quarters()}

def advertise(data):
    from bluetooth import BLE
    BLE().active(True)
    BLE().gap_advertise(%d if data else None, data, connectable=False)
"""

Hands = tuple[int, bool, bool, bool]  # lids open, OK, HELP, leans


class BenchBox:
    """The box; see steps.Box. Raises Refused where it does not answer."""

    def __init__(self, repl: Repl) -> None:
        """Loads the firmware's drivers. Raises Refused where there are none."""
        self._repl = repl
        try:
            repl.run(_LOAD % _WATCHDOG_MS)
            note = bytes.fromhex(repl.ask("head()"))[_IDENTITY_BYTES:]
            self._manifest = Manifest(note[: head_bytes(note)])
            self.about = self._who()
            _refuse_another(self.about.board)
            repl.run(_BOARD % _ADVERTISE_US)
        except (Crashed, RemoteProtocolError, struct.error) as why:
            wrong = f"no pill box's program can be used ({why})"
            raise Refused(wrong, "flash it with anbu flash, then verify it", Exit.BOARD) from why

    def _who(self) -> About:
        name, mac, release = self._repl.ask(
            '[name(), hexlify(unique_id()).decode(), ".".join(map(str, sys.implementation[1][:3]))]'
        )
        manifest = self._manifest
        return About(
            device_id=str(name),
            mac=":".join(mac[n : n + 2] for n in range(0, 12, 2)),
            board=manifest.board.decode(),
            version=manifest.version,
            firmware=hashlib.sha256(manifest.head).hexdigest(),
            micropython=str(release),
        )

    def broken_files(self) -> tuple[int, list[str]]:
        """(how many files the program has, those that are not what was signed)."""
        files = {name: digest.hex() for name, _size, digest in self._manifest.files()}
        found: dict[str, str] = {}
        names = sorted(files)
        for n in range(0, len(names), _FILES_AT_ONCE):
            found |= self._asked(f"digests({names[n : n + _FILES_AT_ONCE]!r})")
        return len(files), [name for name in names if found[name] != files[name]]

    def chips(self) -> Mapping[str, Any]:
        """What they say, by name.

        faults (FAULT_* bits), clock_s, lost, millivolts, percent, mains, tilt (whether there is a
        switch), quarters (of a degree).
        """
        told: Mapping[str, Any] = self._asked("chips()")
        return told

    def hands(self) -> Hands:
        """What a hand does now; a lid that opened and shut between two looks counts as open."""
        lids, touched, ok, help_, tilted = self._asked("hands()")
        return lids | touched, ok, help_, tilted

    def show(self, colours: Mapping[int, tuple[int, int, int]]) -> None:
        """These lids in these colours, every other one dark."""
        buffer = bytearray(3 * LIDS)
        for lid, colour in colours.items():
            buffer[3 * lid : 3 * lid + 3] = bytes(colour)
        self._done(f"show(bytes.fromhex({buffer.hex()!r}))")

    def sound(self, hertz: int, loudness: int) -> None:
        """A tone until the next call; loudness 0 is silence."""
        self._done(f"board.sound.play({hertz}, {loudness})")

    def advertise(self, name: str) -> None:
        """That name on the air, "" for silence."""
        data = bytes((len(name) + 1, _NAME_TYPE)) + name.encode() if name else b""
        self._done(f"advertise({data!r})")

    def _asked(self, expression: str) -> Any:  # noqa: ANN401 - as JSON has it
        try:
            return self._repl.ask(expression)
        except Crashed as why:
            raise Refused(f"the box ended the test: {why}", "anbu shell shows more") from why

    def _done(self, statement: str) -> None:
        try:
            self._repl.run(statement)
        except Crashed as why:
            raise Refused(f"the box ended the test: {why}", "anbu shell shows more") from why


def _refuse_another(board: str) -> None:
    if not board.startswith(KIND):
        raise Refused(f"this is a {board}, no pill box", "see anbu verify --help", Exit.BOARD)


@contextlib.contextmanager
def on_bench(port: str) -> Iterator[BenchBox]:
    """The box at this port; afterwards it is dark and silent, and starts its app."""
    with stopped(port) as repl:
        box = BenchBox(repl)
        try:
            yield box
        finally:
            with contextlib.suppress(Refused):
                box.sound(0, 0)
                box.show({})
