"""What the system says about a tty: its lasting name, and who else has it open.

Knows: /dev/serial/by-id, /proc. May not know: AT, when a port is opened.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BY_ID = Path("/dev/serial/by-id")
"""The links that udev keeps for serial adapters: what they are, not in which order they came."""
PROC = Path("/proc")
STOPPED_BY = {
    "ModemManager": "systemctl disable --now ModemManager",
    "gammu-smsd": "systemctl disable --now gammu-smsd",
    "smsd": "systemctl disable --now smstools",
}
"""Programs that talk to a modem without being asked, and how each is stopped for good."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another process at the same tty; `holds` None: it runs, but we may not see what it holds."""

    name: str
    process: int
    holds: bool | None

    def __str__(self) -> str:
        stop = STOPPED_BY.get(self.name, "end it")
        doing = "talks to the modem too" if self.holds else "is running and may talk to the modem"
        return f"{self.name} (process {self.process}) {doing}; stop it: {stop}"


class Names:
    """The names of one tty: the configured one, and the link by id that led to the same."""

    def __init__(self, configured: str) -> None:
        """`configured`: as the configuration names it."""
        self._configured = configured
        self._lasting: str | None = None

    def current(self) -> str:
        """Where to open it now: its lasting name, once known; another may bear the configured."""
        if self._lasting is not None and Path(self._lasting).exists():
            return self._lasting
        return self._configured

    def opened(self, path: str) -> None:
        """It was opened there: remember the link that leads to it, for when it is renumbered."""
        real = os.path.realpath(path)
        links = sorted(BY_ID.iterdir()) if BY_ID.is_dir() else []
        self._lasting = next((str(li) for li in links if os.path.realpath(li) == real), None)


def rival(path: str, *, known: bool = False, proc: Path = PROC) -> Rival | None:
    """Who is in the way at this tty: whoever holds it for sure, else a known program that runs.

    `known`: only the programs of the table, which is quicker and never a false alarm.
    """
    found = sorted(_others(path, proc, known), key=lambda other: other.holds is None)
    return found[0] if found else None


def _others(path: str, proc: Path, known: bool) -> Iterator[Rival]:
    real = os.path.realpath(path)
    for folder in proc.iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:  # it ended meanwhile
            continue
        if known and name not in STOPPED_BY:
            continue
        holds = _holds(folder / "fd", real)
        if holds or (holds is None and name in STOPPED_BY):
            yield Rival(name, int(folder.name), holds)


def _holds(descriptors: Path, real: str) -> bool | None:
    """Whether a process has the tty open; None where we may not look."""
    try:
        return any(_leads_to(one) == real for one in descriptors.iterdir())
    except PermissionError:
        return None
    except OSError:
        return False


def _leads_to(link: Path) -> str | None:
    try:
        return str(link.readlink())
    except OSError:  # closed meanwhile
        return None
