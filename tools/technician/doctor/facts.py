"""What the doctor knows of this computer, as plain values.

Knows: shapes. May not know: where they were read, what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port with a bridge of ours. `group`: whose the file is, "" where there is none."""

    path: str
    bridge: str
    usable: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A library of the bench. `found`: its version, None where it is not installed."""

    name: str
    wanted: Version
    found: Version | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One look at the computer.

    `groups`: of this session; `member`: what the computer's list of groups says, which counts from
    the next session on. `serial_group`: whose serial ports are here ("dialout", "uucp", "").
    `rule`: what stands in our udev rule's file, None where there is none. `services`: those that
    run, of the ones that take serial ports. `boards`: USB ids of ours that are plugged in, ports or
    none. `missing`: libraries of the printer. `adapters`: Bluetooth; `blocked`: switched off.
    """

    system: str
    user: str
    python: Version
    wsl: bool = False
    groups: frozenset[str] = frozenset()
    member: frozenset[str] = frozenset()
    serial_group: str = ""
    ports: tuple[Port, ...] = ()
    boards: tuple[str, ...] = ()
    rule: str | None = None
    services: frozenset[str] = frozenset()
    tools: tuple[Tool, ...] = ()
    missing: frozenset[str] = frozenset()
    free_mib: int = 0
    adapters: tuple[str, ...] = ()
    blocked: bool = False
    root: bool = False
