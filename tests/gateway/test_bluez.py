"""BlueZ on D-Bus: a bus of its own with a pretended bluetoothd, and the production code on it.

Knows: org.bluez as far as the gateway asks. May not know: bleak, the radio's loop.
The real bluetoothd judges in tests/bluez; here every fault comes at will.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import types
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from dbus_fast import BusType, PropertyAccess, RequestNameReply
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_property, method

from anbu_wire import gatt
from gateway.sources.radio import bluez
from gateway.sources.radio.bluez import BlueZ

PATIENCE_S = 10.0
CONFIG = """<busconfig><type>custom</type><listen>unix:path={path}</listen>
<policy context="default"><allow send_destination="*"/><allow own="*"/>
<allow receive_sender="*"/></policy></busconfig>"""


class FakeAdapter(ServiceInterface):
    """org.bluez.Adapter1; notes every change of its power."""

    def __init__(self, on: bool = True) -> None:
        super().__init__("org.bluez.Adapter1")
        self.on = on
        self.changes: list[bool] = []

    @dbus_property()
    def Powered(self) -> "b":  # type: ignore[name-defined]  # noqa: F821, N802, UP037  # D-Bus's own words
        return self.on

    @Powered.setter
    def set_powered(self, value: "b") -> None:  # type: ignore[name-defined]  # noqa: F821, UP037
        self.on = value
        self.changes.append(value)

    @dbus_property(access=PropertyAccess.READ)
    def Address(self) -> "s":  # type: ignore[name-defined]  # noqa: F821, N802, UP037
        return "B8:27:EB:00:00:01"


class HeldDevice(ServiceInterface):
    """org.bluez.Device1, perhaps connected; `ended` counts Disconnect."""

    def __init__(self, uuid: str, connected: bool) -> None:
        super().__init__("org.bluez.Device1")
        self.uuid = uuid
        self.connected = connected
        self.ended = 0

    @dbus_property(access=PropertyAccess.READ)
    def Connected(self) -> "b":  # type: ignore[name-defined]  # noqa: F821, N802, UP037
        return self.connected

    @dbus_property(access=PropertyAccess.READ)
    def UUIDs(self) -> "as":  # type: ignore[valid-type]  # noqa: F722, N802
        return [self.uuid]

    @method()
    def Disconnect(self):  # type: ignore[no-untyped-def]  # noqa: ANN201, N802  # D-Bus has no None
        self.ended += 1


_started: list[MessageBus] = []


class Bluetoothd:
    """A process of its own on the bus, as far as anybody can see."""

    def __init__(self, bus: MessageBus, adapter: FakeAdapter) -> None:
        self.bus = bus
        self.adapter = adapter

    @classmethod
    async def start(cls, *adapters: str, on: bool = True) -> Bluetoothd:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        adapter = FakeAdapter(on)
        for name in adapters:
            bus.export(f"/org/bluez/{name}", adapter)
        _started.append(bus)
        assert await bus.request_name("org.bluez") is RequestNameReply.PRIMARY_OWNER
        return cls(bus, adapter)

    async def crash(self) -> None:
        self.bus.disconnect()


@contextlib.asynccontextmanager
async def _system_bus(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A D-Bus daemon at which the system bus of this process is."""
    daemon = shutil.which("dbus-daemon")
    assert daemon, "dbus-daemon is missing: apt-get install dbus-daemon"
    (folder / "bus.conf").write_text(CONFIG.format(path=folder / "bus"), encoding="ascii")
    process = await asyncio.create_subprocess_exec(
        daemon, f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile"
    )
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder / 'bus'}")
    async with asyncio.timeout(PATIENCE_S):
        while not await _listens():  # noqa: ASYNC110  # nobody says when
            await asyncio.sleep(0.01)
    try:
        yield process
    finally:
        while _started:
            _started.pop().disconnect()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listens() -> bool:
    """Whether the bus takes connections: its socket is there a moment before it does."""
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
    except OSError:
        return False
    finally:
        bus.disconnect()
    return True


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not what():  # noqa: ASYNC110  # a file, a list: nothing that could be awaited
            await asyncio.sleep(0.01)


def test_a_bluetoothd_that_goes_and_comes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone is told at once; opening fails while it is away and works again afterwards."""

    async def story() -> None:
        async with _system_bus(tmp_path, monkeypatch):
            backend, told = BlueZ(), list[str]()
            backend.on_lost(told.append)
            with pytest.raises(OSError, match="bluetoothd does not run"):
                await backend.open("hci0")
            daemon = await Bluetoothd.start("hci0")
            await backend.open("hci0")
            assert not told
            await daemon.crash()
            await _until(lambda: told == ["bluetoothd is gone"])
            with pytest.raises(OSError, match="bluetoothd does not run"):
                await backend.open("hci0")
            await Bluetoothd.start("hci0")
            await backend.open("hci0")
            await backend.close()
            assert told == ["bluetoothd is gone"]

    asyncio.run(story())


def test_a_bus_that_goes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without D-Bus there is no radio: told, and opening says so."""

    async def story() -> None:
        async with _system_bus(tmp_path, monkeypatch) as process:
            backend, told = BlueZ(), list[str]()
            backend.on_lost(told.append)
            daemon = await Bluetoothd.start("hci0")
            await backend.open("")
            daemon.bus.disconnect()
            process.kill()
            await _until(lambda: told[-1:] == ["D-Bus is gone"])
            with pytest.raises(OSError):  # noqa: PT011  # the socket's own words
                await backend.open("")

    asyncio.run(story())


def test_the_adapter_is_found_switched_on_and_cycled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adapter that is off is switched on; a power cycle is off, then on; another is an error."""
    monkeypatch.setattr(bluez, "OFF_S", 0.01)

    async def story() -> None:
        async with _system_bus(tmp_path, monkeypatch):
            daemon = await Bluetoothd.start("hci1", on=False)
            backend = BlueZ()
            await backend.open("")
            assert daemon.adapter.changes == [True]
            await backend.power_cycle()
            assert daemon.adapter.changes == [True, False, True]
            with pytest.raises(OSError, match="no adapter hci0"):
                await backend.open("hci0")
            await backend.close()

    asyncio.run(story())


def test_reset_uses_the_recovery_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """bluetooth-auto-recovery gets number and address; without it the power is cycled."""
    monkeypatch.setattr(bluez, "OFF_S", 0.01)
    asked: list[tuple[int, str]] = []
    works = True

    async def recover_adapter(number: int, address: str) -> bool:
        asked.append((number, address))
        return works

    async def story() -> None:
        nonlocal works
        async with _system_bus(tmp_path, monkeypatch):
            daemon = await Bluetoothd.start("hci1")
            backend = BlueZ()
            await backend.open("hci1")
            monkeypatch.setitem(sys.modules, "bluetooth_auto_recovery", None)
            await backend.reset()
            assert daemon.adapter.changes == [False, True]
            module = types.ModuleType("bluetooth_auto_recovery")
            module.__dict__["recover_adapter"] = recover_adapter
            monkeypatch.setitem(sys.modules, "bluetooth_auto_recovery", module)
            await backend.reset()
            works = False
            with pytest.raises(OSError, match="could not be reset"):
                await backend.reset()
            assert asked == [(1, "B8:27:EB:00:00:01")] * 2
            assert daemon.adapter.changes == [False, True]
            await backend.close()

    asyncio.run(story())


def test_links_left_behind_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that was killed leaves its links with BlueZ: the next one ends them, only them."""

    async def story() -> None:
        async with _system_bus(tmp_path, monkeypatch):
            daemon = await Bluetoothd.start("hci0")
            ours = HeldDevice(gatt.SERVICE_UUID, connected=True)
            gone = HeldDevice(gatt.SERVICE_UUID, connected=False)
            headphones = HeldDevice("0000110b-0000-1000-8000-00805f9b34fb", connected=True)
            for number, device in enumerate((ours, gone, headphones)):
                daemon.bus.export(f"/org/bluez/hci0/dev_{number}", device)
            backend = BlueZ()
            await backend.open("hci0")
            await backend.close()
            assert [ours.ended, gone.ended, headphones.ended] == [1, 0, 0]

    asyncio.run(story())


def test_every_advertisement_is_wanted() -> None:
    """A box that always says the same must be heard again and again: it is how it is seen."""
    assert BlueZ().scanner_options() == {"filters": {"DuplicateData": True}}
