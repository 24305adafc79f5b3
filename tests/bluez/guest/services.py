"""The daemons of the judge's computer: D-Bus, btattach, bluetoothd, the gateway's radio.

Knows: how they are started, ended and heard, when the adapter is there.
May not know: what the radio says.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from dbus_fast import BusType, Message, Variant
from dbus_fast.aio import MessageBus

DBUS = ["dbus-daemon", "--system", "--nofork", "--nopidfile"]
ATTACH = ["btattach", "-B", "/dev/ttyS1", "-P", "h4"]
BLUETOOTHD = ["/usr/libexec/bluetooth/bluetoothd", "--nodetach"]
RADIO = [sys.executable, "-m", "tests.bluez.guest.radio"]
LOOK_S = 0.1


class Service:
    """One daemon; `on_line(text)` gets what it prints, `on_end(code)` is for an end by itself."""

    def __init__(
        self, argv: list[str], on_line: Callable[[str], None], on_end: Callable[[int], None]
    ) -> None:
        self._argv = argv
        self._on_line = on_line
        self._on_end = on_end
        self._ending = False
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it."""
        self._ending = False
        self._process = await asyncio.create_subprocess_exec(
            *self._argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self._on_line(line.decode(errors="replace").rstrip())
        code = await process.wait()
        if not self._ending:
            self._on_end(code)

    async def stop(self, *, crash: bool = False) -> None:
        """End it in order, or as a crash would."""
        assert self._process
        self._ending = True
        if crash:
            self._process.kill()
        else:
            self._process.terminate()
        await self._process.wait()
        if self._reader:
            await self._reader


async def system_bus(limit_s: float) -> MessageBus:
    """The system bus, as soon as its daemon serves it. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        while True:
            try:
                return await MessageBus(bus_type=BusType.SYSTEM).connect()
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(LOOK_S)


async def adapter(bus: MessageBus, limit_s: float) -> dict[str, object]:
    """Properties of the adapter once it is powered. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        while True:
            properties = await _properties(bus)
            if properties.get("Powered"):
                return properties
            await asyncio.sleep(LOOK_S)


async def _properties(bus: MessageBus) -> dict[str, object]:
    reply = await bus.call(
        Message(
            destination="org.bluez",
            path="/org/bluez/hci0",
            interface="org.freedesktop.DBus.Properties",
            member="GetAll",
            signature="s",
            body=["org.bluez.Adapter1"],
        )
    )
    # Nobody owns the name yet, or there is no adapter yet: an error message without properties.
    found = reply.body[0] if reply.body and isinstance(reply.body[0], dict) else {}
    return {key: value.value for key, value in found.items() if isinstance(value, Variant)}
