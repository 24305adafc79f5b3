"""The whole pill box under CPython: the real main, radio, link and service over a board of toys.

Knows: what the firmware asks of MicroPython and of its board. May not know: what it is fed with.
Made anew for every example, so nothing of one example is left for the next.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

from anbu_wire.session import GATEWAY, Session
from tests.fuzz.source import EPOCH, START_S

KEY = bytes(range(16))
DEVICE_ID = "box-1"
KIND = 1
CONN = 1
_TICKS = 1 << 30
_MTU_EVENT, _CONNECTED, _WRITTEN = 21, 1, 3


class _Flag:
    """asyncio.ThreadSafeFlag, which nobody awaits here."""

    def set(self) -> None:
        """Nothing waits."""


def _module(name: str, **names: object) -> None:
    if name not in sys.modules:
        module = types.ModuleType(name)
        module.__dict__.update(names)
        sys.modules[name] = module


def _firmware() -> types.ModuleType:
    """The firmware's main, with stand-ins for what only the chip has."""
    if not hasattr(asyncio, "ThreadSafeFlag"):
        asyncio.__dict__["ThreadSafeFlag"] = _Flag
    _module("micropython", const=lambda value: value)
    _module("bluetooth", UUID=lambda uuid: uuid, BLE=object)
    _module("vfs")
    _module("esp32")
    _module("machine")
    _module("board", Board=object)
    main = importlib.import_module("main")
    logbook = importlib.import_module("anbu_device.edge.logbook")
    logbook.__dict__["urandom"] = lambda size: EPOCH.to_bytes(size, "little")
    device = importlib.import_module("anbu_device.device")
    device.__dict__["Disk"] = lambda _partition, _path: Disk()
    device.__dict__["sys"] = types.SimpleNamespace(modules={})  # no loader started this box
    device.__dict__["gc"] = types.SimpleNamespace(collect=lambda: None, mem_free=lambda: 100_000)
    return main


class Disk:
    """The log partition as a dictionary."""

    durable = True

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def files(self) -> list[tuple[str, int]]:
        """File names and sizes, sorted."""
        return [(name, len(self._files[name])) for name in sorted(self._files)]

    def append(self, name: str, blob: bytes, fresh: bool = False) -> None:
        """Add to the end."""
        self._files[name] = (b"" if fresh else self._files.get(name, b"")) + blob

    def read(self, name: str, offset_bytes: int, size_bytes: int) -> bytes:
        """A part of a file."""
        if name not in self._files:
            raise OSError(2, name)
        return self._files[name][offset_bytes : offset_bytes + size_bytes]

    def read_or_empty(self, name: str) -> bytes:
        """A whole file."""
        return self._files.get(name, b"")

    def replace(self, name: str, blob: bytes, keep: str = "") -> None:
        """A file written whole."""
        if keep and name in self._files:
            self._files[keep] = self._files[name]
        self._files[name] = bytes(blob)

    def remove(self, name: str) -> None:
        """A file less."""
        del self._files[name]

    def size_blocks(self) -> int:
        """Blocks of 4 KiB."""
        return 256


class Nvs:
    """One name space of the chip's key store."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.blobs = {"device_id": DEVICE_ID.encode(), "device_key": KEY}

    def get_i32(self, key: str) -> int:
        """A number; OSError where there is none."""
        if key not in self.numbers:
            raise OSError(2)
        return self.numbers[key]

    def set_i32(self, key: str, value: int) -> None:
        """Store one; OverflowError as on the chip where it does not fit."""
        if not -(1 << 31) <= value < 1 << 31:
            raise OverflowError(f"{key} = {value} is no i32")
        self.numbers[key] = value

    def get_blob(self, key: str, buffer: bytearray) -> int:
        """Read into `buffer`; its size."""
        if key not in self.blobs:
            raise OSError(2)
        blob = self.blobs[key]
        buffer[: len(blob)] = blob
        return len(blob)

    def set_blob(self, key: str, value: bytes) -> None:
        """Store bytes."""
        self.blobs[key] = value

    def commit(self) -> None:
        """Nothing to do."""


class Rtc:
    """The clock chip: two digits of year and a century bit, as a DS3231 has."""

    def __init__(self) -> None:
        self.wall_s = START_S

    def read(self) -> tuple[int, bool]:
        """(wall_s, whether power was lost)."""
        return self.wall_s, False

    def write(self, wall_s: int) -> bool:
        """Set it. The driver's own calendar is exercised by its tests."""
        self.wall_s = wall_s
        return True

    def temperature_c_quarters(self) -> int:
        """Room temperature."""
        return 84


class Ble:
    """The chip's Bluetooth; what the box notified is in `told`."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.hung_up = False

    def gatts_notify(self, _conn: int, _handle: int, piece: bytes) -> None:
        """A notification."""
        self.told.append(piece)

    def gap_disconnect(self, _conn: int) -> bool:
        """Hang up."""
        self.hung_up = True
        return True

    def gap_advertise(self, *_arguments: object) -> None:
        """On the air."""


class Board:
    """Everything main asks of its board; lids stay shut."""

    reset_cause = 1

    def __init__(self) -> None:
        self.rtc = Rtc()
        self.radio = Ble()
        self._nvs = Nvs()
        nothing: Callable[..., None] = lambda *_arguments: None  # noqa: E731
        self.sound = types.SimpleNamespace(play=nothing, stop=nothing)
        self.gauge = types.SimpleNamespace(percent=lambda: 90, millivolts=lambda: 3900)
        self.wakes = types.SimpleNamespace(bit=lambda _pin: 0)
        self.lid_chips = types.SimpleNamespace(touched=int, blind=int, told=nothing)

    def moved_while_off(self) -> int:
        """Nothing."""
        return 0

    def tilted(self) -> bool:
        """It stands."""
        return False

    def brown_out(self) -> bool:
        """Never."""
        return False

    def lids(self) -> int:
        """All shut."""
        return 0

    def buttons(self) -> tuple[bool, bool]:
        """None pressed."""
        return (False, False)

    def mains(self) -> bool:
        """There."""
        return True

    def faults(self) -> int:
        """None."""
        return 0

    def nvs(self, _space: str) -> Nvs:
        """The key store."""
        return self._nvs

    def ble(self) -> Ble:
        """Bluetooth."""
        return self.radio

    def log_partition(self) -> None:
        """Disk needs none here."""

    def show_lights(self, _rgb: bytearray) -> None:
        """Nobody looks."""


class HostBox:
    """A pill box that has just started, with a central on its radio."""

    def __init__(self) -> None:
        main = _firmware()
        self._ticks_ms = _TICKS - 1000
        for name in ("anbu_device.device", "anbu_device.edge.radio"):
            importlib.import_module(name).__dict__["ticks_ms"] = lambda: self._ticks_ms
        self.board = Board()
        self.box: Any = main.Pillbox(self.board)
        self.radio: Any = self.box.radio
        self._event(_CONNECTED, 0, b"")
        self._event(_MTU_EVENT, 247, b"")

    def _event(self, kind: int, number: int, data: bytes) -> None:
        """One event of the ring, handled to its end: nothing in it waits for long here."""
        handled = self.radio._event((kind, CONN, number, data))
        try:
            while True:
                handled.send(None)
        except StopIteration:
            return

    def write(self, piece: bytes) -> list[bytes]:
        """A piece written to Control; the pieces the box notified for it."""
        self.board.radio.told.clear()
        self._event(_WRITTEN, 0, piece)
        return list(self.board.radio.told)

    @property
    def listening(self) -> bool:
        """Whether it has not hung up."""
        return not self.board.radio.hung_up

    def handshake(self) -> Session:
        """The gateway's end of an established session."""
        gateway = Session(GATEWAY, KEY, DEVICE_ID, KIND)
        (proof,) = self.write(b"\xc0" + gateway.start(bytes(16)))
        confirm = gateway.receive(proof[1:])[0]
        self.write(b"\xc0" + confirm[1])  # type: ignore[misc]  # ("send", frame)
        assert self.radio.established
        return gateway

    def passes(self, ms: int) -> None:
        """So much time goes by, with a look at everything at its end, as main's loops do."""
        self._ticks_ms = (self._ticks_ms + ms) % _TICKS
        self.board.rtc.wall_s += ms // 1000
        self.box.look_now()
        self.box.inputs.take()
