"""A workshop without hardware: boards as files, an order, stations that may be killed.

Knows: the flash's truths a station meets, how a process is killed at a line or by the clock.
May not know: what a test wants of it.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from gateway.roster import CAREPLUG, PILLBOX
from tools.technician import partitions as p
from tools.technician.provisioning.ledger import Ledger, Order
from tools.technician.provisioning.work import provision

TABLE = p.TABLES[4]
TRUSTED = bytes(range(64))
PLUG = Order(CAREPLUG, "care-node", TRUSTED, 1)
BOX = Order(PILLBOX, "pillbox-s3", TRUSTED, 1)
_ROOM = str(Path(sys.modules[provision.__module__].__file__ or "").parent)


class FileFlash:
    """A flashed board whose 4 MiB stand in a file; a block is written, then the next."""

    def __init__(self, folder: Path, mac: str) -> None:
        self.mac = mac
        self.file = folder / mac.replace(":", "")
        if not self.file.exists():
            self.file.write_bytes(b"\xff" * (4 * p.MIB))
            self.write(p.TABLE_AT, p.encode(TABLE))

    def read(self, at: int, size: int) -> bytes:
        with self.file.open("rb") as file:
            file.seek(at)
            return file.read(size)

    def write(self, at: int, data: bytes) -> None:
        with self.file.open("r+b", buffering=0) as file:
            for start in range(0, len(data), p.BLOCK):
                file.seek(at + start)
                file.write(data[start : start + p.BLOCK])

    def erase(self, at: int, size: int) -> None:
        self.write(at, b"\xff" * size)


def made(flash: FileFlash, ledger: Ledger, order: Order = PLUG, *, again: bool = False) -> str:
    """Provisions a board; the step that was taken."""
    decision, _identity = provision(flash, TABLE, ledger, order, again=again)
    return decision.step.value


def life(work: Callable[[], None], *, lines: int = -1, seconds: float = 0) -> int:
    """A station's process: killed after so many lines of its own code, or by the clock.

    Gives its pid; wait for it.
    """
    pid = os.fork()
    if pid:
        return pid
    try:
        if seconds:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds)
        if lines >= 0:
            sys.settrace(_killer(lines))
        work()
    except BaseException:  # noqa: BLE001 - told by the exit code, and seen
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _killer(left: int) -> Callable[[FrameType, str, Any], Any]:
    def trace(frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 - sys's
        nonlocal left
        if not frame.f_code.co_filename.startswith((_ROOM, __file__)):
            return None
        if event == "line":
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def ended(pid: int) -> int:
    """How it ended: 0, a negative signal, or an error's code."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
