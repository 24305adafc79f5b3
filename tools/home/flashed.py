"""A flashed board that has power: real MicroPython boots what stands in its flash.

Knows: what the chip's ROM and MicroPython's port do at a start, that the serial line is a pty, the
NVS in both its shapes (bytes in the flash, files beside it for the simulated chip).
May not know: what was flashed. Its chips are a board of tools.home.machine, started by the caller.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import subprocess
import termios
import threading
import tty
from pathlib import Path

from tools.home.nvs import write_nvs
from tools.technician import nvs_image
from tools.technician import partitions as p

ROOT = Path(__file__).resolve().parents[2]
SIMULATION = ROOT / "tools/home/machine_sim"
HEAP = "512K"  # of the 64-bit build, the simulated chips' sources with it
_RESET_EXIT = 75  # machine.reset()
_BOARD_GONE_EXIT = 76
_SOFT_REBOOT = b"\r\nMPY: soft reboot\r\n"
_RAW, _FRIENDLY = b"\x01", b"\x02"
_STEP_S = 0.05


class FlashedDevice:
    """The device of one flash file. `console`: where mpremote finds its serial line."""

    def __init__(self, flash: Path, folder: Path, board_socket: Path, interpreter: str) -> None:
        """`folder` is its own, and empty; `board_socket`: where its chips answer."""
        self.console = folder / "console.tty"
        self.said = bytearray()  # everything on the serial line
        self._flash = flash
        self._folder = folder
        self._argv = [
            interpreter,
            "-X",
            f"heapsize={HEAP}",
            str(SIMULATION / "boot_flash.py"),
        ]
        self._environment = {
            **os.environ,
            "MICROPYPATH": f"{SIMULATION}:.frozen",
            "ANBU_BOARD": str(board_socket),
            "ANBU_FLASH": f"/host{folder}",
        }
        self._raw = False
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def power_on(self) -> None:
        """The chip starts. Raises ValueError where no partition table of its own is flashed."""
        folder, flash = self._folder, self._flash
        self._table = p.decode(flash.read_bytes()[p.TABLE_AT :])
        link = folder / "flash.bin"
        link.unlink(missing_ok=True)
        link.symlink_to(flash)
        for space, values in nvs_image.decode(self._nvs()).items():
            write_nvs(folder, space, values)
        self._over.clear()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self.console.unlink(missing_ok=True)
        self.console.symlink_to(os.ttyname(self._ends[1]))
        self._thread.start()

    def power_off(self) -> None:
        """No power any more; what its NVS held then stands in the flash's bytes."""
        self._over.set()
        if self._thread is None:
            return
        self._thread.join()
        self._thread = None
        for end in self._ends:
            os.close(end)
        self._store_nvs()

    def _nvs(self) -> bytes:
        row = p.part(self._table, p.NVS)
        return self._flash.read_bytes()[row.offset : row.end]

    def _store_nvs(self) -> None:
        found: dict[str, dict[str, nvs_image.Value]] = {}
        for file in sorted(self._folder.glob("nvs-*.json")):
            values = json.loads(file.read_text(encoding="utf-8"))
            space = file.stem.removeprefix("nvs-")
            found[space] = {
                key: value if isinstance(value, int) else bytes.fromhex(value)
                for key, value in values.items()
            }
        row = p.part(self._table, p.NVS)
        if found != nvs_image.decode(self._nvs()):
            with self._flash.open("r+b") as flash:
                flash.seek(row.offset)
                flash.write(nvs_image.encode(found, row.size))

    # --- the serial line ---

    def _serve(self) -> None:
        repl = False
        while not self._over.is_set():
            code = self._run(repl=repl)
            if code == _BOARD_GONE_EXIT:
                return
            repl = self._raw and code != _RESET_EXIT
            if not self._over.is_set():
                self._tell(_SOFT_REBOOT)

    def _run(self, *, repl: bool) -> int:
        """One life of the interpreter; how it ended."""
        master, slave = os.openpty()
        _as_serial(slave)
        process = subprocess.Popen(
            self._argv,
            env=self._environment | ({"ANBU_REPL": "1"} if repl else {}),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509 - nothing else is done there
        )
        os.close(slave)
        if repl:
            os.write(master, _RAW)
        try:
            self._carry(process, master)
        finally:
            process.kill()
            process.wait()
            os.close(master)
        return process.returncode

    def _carry(self, process: subprocess.Popen[bytes], master: int) -> None:
        client = self._ends[0]
        while not self._over.is_set():
            ready, _, _ = select.select([client, master], [], [], _STEP_S)
            try:
                if master in ready:
                    self._tell(os.read(master, 4096))
                if client in ready:
                    data = os.read(client, 4096)
                    for byte in (data[n : n + 1] for n in range(len(data))):
                        self._raw = byte == _RAW or (self._raw and byte != _FRIENDLY)
                    os.write(master, data)
            except OSError:  # the process closed its end: it is over
                process.wait()
                return

    def _tell(self, data: bytes) -> None:
        self.said += data
        with contextlib.suppress(BlockingIOError):
            os.write(self._ends[0], data)


def _as_serial(terminal: int) -> None:
    """Nothing is echoed, gathered or translated; Ctrl-C still interrupts."""
    mode = termios.tcgetattr(terminal)
    mode[1] &= ~termios.OPOST
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSANOW, mode)


def _own_terminal() -> None:
    """Ctrl-C on this terminal interrupts this process."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
