"""Where boards hang: serial ports by their USB identity.

Knows: which USB bridges our boards have, the computer's list of ports. May not know: esptool.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools import list_ports

from tools.technician.said import Exit, Refused

# USB ids of what ESP32 boards hang on
BRIDGES = {
    (0x303A, 0x1001): "ESP32 USB-JTAG",
    (0x303A, 0x4001): "ESP32 USB",
    (0x10C4, 0xEA60): "CP210x",
    (0x1A86, 0x7523): "CH340",
    (0x1A86, 0x55D3): "CH343",
    (0x1A86, 0x55D4): "CH9102",
    (0x0403, 0x6001): "FT232",
    (0x0403, 0x6010): "FT2232",
    (0x0403, 0x6015): "FT231X",
}


class Port(Protocol):
    """What pyserial lists."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A port. `usb` is "10c4:ea60", "" where it is none (a virtual board)."""

    port: str
    usb: str = ""
    bridge: str = ""
    serial: str = ""
    location: str = ""

    @property
    def resets(self) -> bool:
        """Whether the bridge can start the chip's boot loader by itself."""
        return bool(self.usb)

    def __str__(self) -> str:
        about = " ".join(word for word in (self.bridge, self.usb, self.location) if word)
        return f"{self.port} ({about})" if about else self.port


Listed = Callable[[], Iterable[Port]]


def _comports() -> Iterable[Port]:
    return list_ports.comports()


def find(named: Sequence[str], *, every: bool, listed: Listed = _comports) -> list[Place]:
    """The ports meant: those named, or all with a bridge we know; without `every` just one.

    Raises Refused where there is none, or where two could be meant.
    """
    here = {port.device: _place(port) for port in listed()}
    if named:
        missing = [name for name in named if name not in here and not Path(name).exists()]
        if missing:
            raise Refused(f"there is no port {missing[0]}", _those(here.values()), Exit.PORT)
        # A port has more names than one (/dev/serial/by-id/…): it is one board all the same.
        meant = {name if name in here else os.path.realpath(name): name for name in named}
        return [here.get(real, Place(name)) for real, name in meant.items()]
    known = [place for place in here.values() if place.bridge]
    if not known:
        plug = "plug it in with a cable that carries data, or name it with --port"
        raise Refused("no board is plugged in", plug, Exit.PORT)
    if len(known) > 1 and not every:
        ports = ", ".join(str(place) for place in known)
        wanted = "name one with --port, or take --all"
        raise Refused(f"{len(known)} boards could be meant: {ports}", wanted, Exit.PORT)
    return known


def _place(port: Port) -> Place:
    if port.vid is None or port.pid is None:
        return Place(port.device)
    return Place(
        port.device,
        f"{port.vid:04x}:{port.pid:04x}",
        BRIDGES.get((port.vid, port.pid), ""),
        port.serial_number or "",
        port.location or "",
    )


def _those(places: Iterable[Place]) -> str:
    known = [str(place) for place in places if place.bridge]
    return f"there are: {', '.join(known)}" if known else "no board is plugged in"
