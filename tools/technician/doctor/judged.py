"""What is wrong with a computer, why that matters, and the line that mends it.

Knows: facts, the traps of serial ports on Linux. May not know: this computer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.technician.doctor.facts import Facts, Tool, Version
from tools.technician.doctor.udev import FILE, rule

PYTHON: Version = (3, 11)
LEAST_MIB = 200  # an image is 8 MiB, and a batch has one of each in its temporary folder
INSTALL = "python3 -m pip install --upgrade"
# libraries that the printer of labels and records opens → Debian's package
PRINTER = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. `stops`: boards cannot be worked on before it is mended; else it will do without.

    `mend` is a line for a shell, or what to do with one's hands.
    """

    part: str
    wrong: str
    mend: str
    stops: bool = True


def judge(facts: Facts) -> tuple[Finding, ...]:
    """Everything that is wrong, what stops the work first."""
    found = [finding for look in _LOOKS for finding in look(facts)]
    return tuple(sorted(found, key=lambda finding: not finding.stops))


def _python(facts: Facts) -> Iterator[Finding]:
    if facts.python < PYTHON:
        wrong = f"this is Python {_dotted(facts.python)}, Anbu wants {_dotted(PYTHON)}"
        yield Finding("python", wrong, f"sudo apt-get install python{_dotted(PYTHON)}")


def _tools(facts: Facts) -> Iterator[Finding]:
    for tool in facts.tools:
        if tool.found is None:
            yield Finding("tool", f"{tool.name} is not installed", _install(tool))
        elif tool.found < tool.wanted:
            old = f"{tool.name} {_dotted(tool.found)} is too old"
            yield Finding("tool", f"{old}, known good from {_dotted(tool.wanted)}", _install(tool))


def _install(tool: Tool) -> str:
    return f"{INSTALL} '{tool.name}>={_dotted(tool.wanted)}'"


def _system(facts: Facts) -> Iterator[Finding]:
    if facts.wsl and not facts.boards:
        wrong = "this Linux runs inside Windows, which keeps the USB ports to itself"
        yield Finding(
            "usb", wrong, "usbipd attach --wsl --busid BUSID   (on Windows; see its list)"
        )
    elif facts.system != "Linux":
        wrong = f"on {facts.system} ports and groups were not looked at"
        yield Finding("usb", wrong, "work on Linux where a board is not found", stops=False)


def _ports(facts: Facts) -> Iterator[Finding]:
    if facts.boards and not facts.ports:
        wrong = f"{facts.boards[0]} is plugged in, but has no serial port"
        yield Finding("port", wrong, _driver(facts))
    closed = [port for port in facts.ports if not port.usable]
    if not closed:
        return
    names = ", ".join(port.path for port in closed)
    wrong = f"{facts.user} may not use {names}"
    group = closed[0].group or facts.serial_group
    if group in facts.member and group not in facts.groups:
        # newgrp: a group that was given counts only in sessions begun after it
        later = f"{wrong}: the group {group} counts from the next login on"
        yield Finding("group", later, f"newgrp {group}")
    elif group and group not in facts.member:
        yield Finding("group", f"{wrong}: not in the group {group}", _join(facts, group))
    else:
        yield Finding("permissions", wrong, _write_rule())


def _driver(facts: Facts) -> str:
    if "brltty" in facts.services:
        return _BRLTTY
    return "sudo modprobe -a cp210x ch341 ftdi_sio cdc_acm"


def _group(facts: Facts) -> Iterator[Finding]:
    """Before a board is plugged in: it will not be usable."""
    group = facts.serial_group
    if facts.ports or not group or facts.root or group in facts.member | facts.groups:
        return
    if facts.rule is None:
        wrong = f"{facts.user} is not in the group {group}, to which serial ports belong"
        yield Finding("group", wrong, _join(facts, group))


def _join(facts: Facts, group: str) -> str:
    return f"sudo usermod -aG {group} {facts.user} && newgrp {group}"


def _rule(facts: Facts) -> Iterator[Finding]:
    if facts.system != "Linux" or facts.wsl:
        return
    if facts.rule is None:
        yield Finding("udev", f"there is no {FILE}", _write_rule(), stops=False)
    elif facts.rule != rule(facts.serial_group):
        yield Finding("udev", f"{FILE} is not the one of this version", _write_rule(), stops=False)


def _write_rule() -> str:
    return f"anbu doctor --rule | sudo tee {FILE} && sudo udevadm control --reload && " + _TRIGGER


_TRIGGER = "sudo udevadm trigger --subsystem-match=tty"
_BRLTTY = "sudo systemctl mask --now brltty-udev.service brltty.service"


def _takers(facts: Facts) -> Iterator[Finding]:
    """Who takes a port before us: ModemManager talks to it, brltty takes it away."""
    good = facts.rule == rule(facts.serial_group)
    if "ModemManager" in facts.services and not good:
        wrong = "ModemManager talks to every new serial port and spoils the first seconds"
        yield Finding("ModemManager", wrong, _write_rule())
    if "brltty" in facts.services:
        wrong = "brltty takes ports with a CH340 for Braille displays (leave it if one is used)"
        yield Finding("brltty", wrong, _BRLTTY)


def _printer(facts: Facts) -> Iterator[Finding]:
    packages = sorted(PRINTER[name] for name in facts.missing)
    if packages:
        wrong = "labels and records cannot be printed: " + ", ".join(sorted(facts.missing))
        yield Finding("printer", wrong, f"sudo apt-get install {' '.join(packages)} fonts-noto-cjk")


def _disk(facts: Facts) -> Iterator[Finding]:
    if facts.free_mib < LEAST_MIB:
        wrong = f"{facts.free_mib} MiB are free here, images want {LEAST_MIB}"
        yield Finding("disk", wrong, "df -h .   (then make room)")


def _bluetooth(facts: Facts) -> Iterator[Finding]:
    if facts.system != "Linux":
        return
    if not facts.adapters:
        wrong = "no Bluetooth adapter: the radio test and care plugs are not reached"
        yield Finding(
            "bluetooth", wrong, "plug one in, then: systemctl start bluetooth", stops=False
        )
    elif facts.blocked:
        wrong = f"Bluetooth ({facts.adapters[0]}) is switched off"
        yield Finding("bluetooth", wrong, "rfkill unblock bluetooth", stops=False)


_LOOKS: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    _python,
    _tools,
    _system,
    _ports,
    _group,
    _takers,
    _rule,
    _printer,
    _disk,
    _bluetooth,
)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
