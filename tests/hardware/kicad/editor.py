"""KiCad's board editor on a screen that nobody sees, and the hands that import a netlist there.

Knows: where Debian 12's KiCad 6.0.11 has its buttons on a screen of 1400 × 1000, X11's tools.
KiCad 6 has no command that reads a netlist, and its Python module has no function for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SCREEN = "1400x1000x24"
TEMPLATE = Path("/usr/share/kicad/template/fp-lib-table")
SETTINGS = '{"meta": {"filename": "kicad_common.json", "version": 1}}'
# The main window fills the screen, the dialog stands in its middle.
NET_BUTTON, UPDATE_BUTTON, CLOSE_BUTTON = (859, 63), (754, 729), (858, 729)
CANVAS = (500, 500)
WAIT_S = 60.0


def wait(what: str, seen: Callable[[], bool]) -> None:
    """Until `seen`; TimeoutError after a minute."""
    end = time.monotonic() + WAIT_S
    while not seen():
        if time.monotonic() > end:
            raise TimeoutError(f"KiCad: no {what} within {WAIT_S:.0f} s")
        time.sleep(0.3)


class Editor:
    """One board editor; `home` is its home folder, `display` its screen."""

    def __init__(self, home: Path, display: str) -> None:
        self._home = home
        self._environment = os.environ | {
            "HOME": str(home),
            "DISPLAY": display,
            "KICAD6_FOOTPRINT_DIR": "/usr/share/kicad/footprints",
        }

    def prepare(self) -> None:
        """The settings that KiCad would ask a person for at its first start."""
        folder = self._home / ".config/kicad/6.0"
        folder.mkdir(parents=True)
        shutil.copy(TEMPLATE, folder / "fp-lib-table")
        (folder / "kicad_common.json").write_text(SETTINGS, encoding="utf-8")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A program on that screen."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self._environment, stdout=quiet, stderr=quiet)

    def run(self, *command: str) -> str:
        """A program's words; its error code is not asked."""
        done = subprocess.run(command, env=self._environment, capture_output=True, check=False)
        return done.stdout.decode()

    def window(self, title: str) -> str:
        """The window of that title, "" for none."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).strip()

    def click(self, x: int, y: int) -> None:
        """A click there on the screen."""
        self.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def take(self, netlist: Path, board: Path) -> None:
        """Imports a netlist into a board file, as a person would, and saves it."""
        empty = board.stat().st_mtime_ns
        program = self.start("pcbnew", str(board))
        try:
            wait("editor", lambda: bool(self.window("PCB Editor")))
            time.sleep(5)  # it draws its toolbars after its window
            self.click(*NET_BUTTON)
            wait("dialog", lambda: bool(self.window("Import Netlist")))
            time.sleep(1)
            self.run("xdotool", "type", "--delay", "20", str(netlist))
            self.click(*UPDATE_BUTTON)
            wait("change", lambda: bool(self.window(r"^\*")))  # the star of what is not saved yet
            time.sleep(2)
            self.click(*CLOSE_BUTTON)
            wait("end of the dialog", lambda: not self.window("Import Netlist"))
            self.click(*CANVAS)
            self.run("xdotool", "key", "ctrl+s")
            wait("saved file", lambda: board.stat().st_mtime_ns != empty)
            time.sleep(1)
        finally:
            program.kill()
            program.wait()


@contextmanager
def editor(home: Path) -> Iterator[Editor]:
    """A screen with a window manager, and KiCad's settings; all of it ends with the block."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as said:
        hands = Editor(home, f":{said.readline().strip()}")
    hands.prepare()
    manager = hands.start("openbox")
    try:
        yield hands
    finally:
        for program in (manager, screen):
            program.kill()
            program.wait()
