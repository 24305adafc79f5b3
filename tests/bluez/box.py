"""The box before the judge: the real firmware in MicroPython over the virtual chips, a full log.

Knows: how a house provisions and starts a box, how its own logbook is filled, how its flash is
read. May not know: the gateway, the judge.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

from anbu_wire import messages as m
from tools.home import provision
from tools.home.device import HEAP
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import Board
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places

INTERPRETER = str(Path(sys.executable).with_name("micropython"))
LIB = ROOT / "firmware" / "lib"
# Longer than the lids' debounce, shorter than anybody's patience.
LID_S = 0.4

_HEAD = """
import esp32, vfs
p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="log")[0]
"""
# The firmware's own logbook, in no time: a minute of flash that nobody needs to wait for.
_FILL = """
esp32._spend_us = lambda started, duration: None
from anbu_device.core.clock import DeviceClock
from anbu_device.edge.disk import Disk
from anbu_device.edge.logbook import Logbook
from anbu_wire import messages as m
log = Logbook(Disk(p, "/log"), DeviceClock(0, 0), 0)
for i in range({count}):
    log.append(m.OK_PRESSED, value=i & 0x7FFF)
print(log.journal.newest_seq)
"""
# Read without the firmware's journal: a segment's first number and its bytes, one segment a line.
_READ = """
import os
vfs.mount(vfs.VfsLfs2(p, progsize=256, readsize=32), "/log")
for name in sorted(e[0] for e in os.ilistdir("/log") if e[0].endswith(".log")):
    print(int(name[:-4], 16), open("/log/" + name, "rb").read().hex())
"""


class RealBox:
    """One box with `count` records in its log before it is started."""

    def __init__(self, folder: Path, count: int) -> None:
        self._places = Places(folder)
        self._count = count
        self.board = Board(self._places.board)
        self.lines: list[str] = []
        self._child: Child | None = None

    @property
    def key(self) -> bytes:
        """The device key that provisioning drew."""
        return bytes.fromhex(self._places.key.read_text(encoding="ascii"))

    @property
    def device_id(self) -> str:
        """The box's id."""
        return DEVICE_ID

    def prepare(self) -> None:
        """Provision it and fill its log. Raises RuntimeError."""
        provision.provision(self._places, INTERPRETER, SIMULATION)
        filled = self._run(_FILL.format(count=self._count), self._places.flash)
        if filled != str(self._count):
            raise RuntimeError(f"the log holds {filled} records where {self._count} were written")

    def _run(self, script: str, flash: Path) -> str:
        path = f"{SIMULATION}:{LIB}:.frozen"
        done = subprocess.run(
            [INTERPRETER, "-c", _HEAD + script],
            env={"MICROPYPATH": path, "ANBU_FLASH": str(flash)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the flash of the box: {done.stderr or done.stdout}")
        return done.stdout.strip()

    async def start(self) -> None:
        """Start the firmware, compiled as it would be flashed."""
        folder = build("pillbox", ROOT / "build" / "mpy")
        environment = {
            **os.environ,
            "MICROPYPATH": f"{folder}:.frozen",
            "ANBU_BOARD": str(self._places.board),
            "ANBU_FLASH": str(self._places.flash),
        }
        argv = [INTERPRETER, "-X", f"heapsize={HEAP}", str(folder / "start.py")]
        errors = self._places.errors("box")
        self._child = Child(argv, environment, errors, self.lines.append, speed=1)
        await self._child.start()

    async def lids(self, count: int) -> int:
        """Open and close so many lids, one after the other; how many records that makes."""
        for compartment in range(count):
            for is_open in (True, False):
                self.board.lid(compartment, is_open)
                await asyncio.sleep(LID_S)
        return 2 * count

    def records(self) -> dict[int, bytes]:
        """Every record its flash holds now, by sequence number; it may run meanwhile."""
        copy = self._places.root / "flash-now"
        shutil.copytree(self._places.flash, copy, dirs_exist_ok=True)
        found: dict[int, bytes] = {}
        for line in self._run(_READ, copy).splitlines():
            first, _, digits = line.partition(" ")
            data = bytes.fromhex(digits)
            for at in range(0, len(data), m.RECORD_BYTES):
                seq = int(first) + at // m.RECORD_BYTES
                found[seq] = data[at : at + m.RECORD_BYTES]
        return found

    async def close(self) -> None:
        """Leave no process behind."""
        if self._child:
            await self._child.kill()
