"""A bare board that can be plugged in and pulled out: its flash is a file, its port a pty.

Knows: how the boot loader's process is started and ended. May not know: what is flashed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class VirtualBoard:
    """A board of a chip ("esp32", "esp32s3", "esp32c3") with 4 or 8 MiB; MAC "24:0a:c4:00:00:01".

    Its files stand in `folder`, so that boards want folders of their own, or different MACs.
    """

    def __init__(self, folder: Path, chip: str, flash_mib: int, mac: str) -> None:
        self.chip = chip
        self.flash_mib = flash_mib
        self.mac = mac
        name = mac.replace(":", "")
        self.file = folder / f"{name}.flash"
        self.port = folder / f"{name}.tty"
        self._process: subprocess.Popen[str] | None = None

    def start(self, unplug_after: int = -1, stuck_at: int = -1) -> None:
        """It is being plugged in, and pulled out after so many bytes were programmed (-1: not).

        The byte of its flash at `stuck_at` is worn out (-1: none is).
        """
        self.unplug()
        about = (self.chip, self.flash_mib, self.mac, self.file, self.port)
        words = (*about, unplug_after, stuck_at)
        argv = [sys.executable, "-m", "tools.home.bootloader", *map(str, words)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)

    def plug_in(self, unplug_after: int = -1, stuck_at: int = -1) -> None:
        """As `start`; on return its port is there."""
        self.start(unplug_after, stuck_at)
        self.wait()

    def wait(self) -> None:
        """Until its port is there. Raises RuntimeError where it never comes."""
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("the board is not plugged in")
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("the boot loader's process ended before it was ready")

    def unplug(self) -> None:
        """It is pulled out: its port is gone, its flash stays as it is."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for end in (process.stdin, process.stdout):
                if end is not None:
                    end.close()
        self.port.unlink(missing_ok=True)

    @property
    def flash(self) -> bytes:
        """What stands in its flash now."""
        return self.file.read_bytes()

    def __enter__(self) -> Self:
        self.plug_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unplug()
