"""BlueZ on the system's D-Bus: is bluetoothd there, and how to help an adapter that is stuck.

Knows: org.bluez, its adapters' power, links nobody holds any more, who tells when it goes.
May not know: scans, links that are held (bleak does those).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Callable
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from anbu_wire import gatt

SERVICE = "org.bluez"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
DBUS = "org.freedesktop.DBus"
OFF_S = 2.0  # what a chip needs to forget


class BlueZ:
    """The platform's own stack. bluetoothd owns the adapter; here it is only looked after."""

    scanner_class: type[BaseBleakScanner] | None = None
    client_class: type[BaseBleakClient] | None = None

    def __init__(self) -> None:
        self._hci = ""
        self._bus: MessageBus | None = None
        self._watch: asyncio.Task[None] | None = None
        self._lost: Callable[[str], None] = lambda _why: None

    def on_lost(self, handler: Callable[[str], None]) -> None:
        """`handler(why)` is called when bluetoothd or the bus goes."""
        self._lost = handler

    def scanner_options(self) -> dict[str, object]:
        """What bleak needs for this adapter: every advertisement counts, not only the first."""
        adapter = {"adapter": self._hci} if self._hci else {}
        return {**adapter, "filters": {"DuplicateData": True}}

    async def open(self, hci: str) -> None:
        """Find bluetoothd and the adapter (`hci0`; "" = the first); switch it on.

        Raises OSError where one of them is missing.
        """
        await self.close()
        self._hci = hci
        try:
            self._bus = bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
            await self._greet(bus)
        except FileNotFoundError as error:
            raise OSError("D-Bus does not run: systemctl start dbus bluetooth") from error
        except (AuthError, InvalidAddressError, EOFError) as error:
            raise OSError(f"D-Bus: {str(error) or 'closed'}") from error
        finally:
            if self._watch is None:
                await self.close()

    async def _greet(self, bus: MessageBus) -> None:
        """Find everybody on the bus, then watch that they stay."""
        rule = f"type='signal',sender='{DBUS}',member='NameOwnerChanged',arg0='{SERVICE}'"
        await self._call(DBUS, "/org/freedesktop/DBus", DBUS, "AddMatch", rule)
        (there,) = await self._call(DBUS, "/org/freedesktop/DBus", DBUS, "NameHasOwner", SERVICE)
        if not there:
            raise OSError("bluetoothd does not run: systemctl start bluetooth")
        adapter = await self._adapter()
        await self._power(adapter, on=True)
        await self._drop_links(adapter)
        bus.add_message_handler(self._heard)
        self._watch = asyncio.create_task(self._watch_bus(bus))

    async def _drop_links(self, adapter: str) -> None:
        """End links a gateway left behind that was killed: BlueZ keeps them, the box is silent."""
        for path, interfaces in (await self._objects()).items():
            device = interfaces.get(DEVICE, {})
            held = "Connected" in device and device["Connected"].value
            if held and path.startswith(adapter) and gatt.SERVICE_UUID in device["UUIDs"].value:
                await self._call(SERVICE, path, DEVICE, "Disconnect")

    async def close(self) -> None:
        """Let go of the bus."""
        watch, self._watch = self._watch, None
        bus, self._bus = self._bus, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        if bus is not None:
            bus.disconnect()

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _old, new = message.body
            if name == SERVICE:
                self._lost("bluetoothd began anew" if new else "bluetoothd is gone")

    async def _watch_bus(self, bus: MessageBus) -> None:
        # However it goes, with or without an error, it is gone.
        with contextlib.suppress(OSError, EOFError):
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self._lost("D-Bus is gone")

    async def mtu(self, characteristic: BleakGATTCharacteristic) -> int:
        """The MTU of the link as it is now. Raises OSError.

        bleak keeps the one it read first: 23 for a device that bluetoothd knew before this program
        began, and pieces of 20 bytes ever after.
        """
        path = str(characteristic.obj[0])
        (value,) = await self._call(SERVICE, path, PROPERTIES, "Get", CHARACTERISTIC, "MTU")
        return int(value.value)

    # --- helping ---------------------------------------------------------------------------

    async def power_cycle(self) -> None:
        """Switch the adapter off and on. Raises OSError."""
        adapter = await self._adapter()
        await self._power(adapter, on=False)
        await asyncio.sleep(OFF_S)
        await self._power(adapter, on=True)

    async def reset(self) -> None:
        """Reset the adapter with bluetooth-auto-recovery where that is installed. Raises OSError.

        It is no dependency of ours: one of its own is under the GPL. Without it: off and on.
        """
        adapter = await self._adapter()
        try:
            recovery: Any = importlib.import_module("bluetooth_auto_recovery")
        except ImportError:
            await self.power_cycle()
            return
        number = int("".join(c for c in adapter.rpartition("/")[2] if c.isdigit()) or "0")
        if not await recovery.recover_adapter(number, await self._address(adapter)):
            raise OSError(f"{adapter} could not be reset")

    async def _adapter(self) -> str:
        """The object path of the adapter."""
        found = await self._objects()
        paths = sorted(path for path, interfaces in found.items() if ADAPTER in interfaces)
        wanted = [p for p in paths if not self._hci or p.endswith(f"/{self._hci}")]
        if not wanted:
            raise OSError(f"no adapter {self._hci}".rstrip())
        return str(wanted[0])

    async def _objects(self) -> dict[str, dict[str, Any]]:
        """Every object of bluetoothd: path → interface → property."""
        (found,) = await self._call(SERVICE, "/", OBJECTS, "GetManagedObjects")
        return dict(found)

    async def _address(self, adapter: str) -> str:
        (value,) = await self._call(SERVICE, adapter, PROPERTIES, "Get", ADAPTER, "Address")
        return str(value.value)

    async def _power(self, adapter: str, *, on: bool) -> None:
        (now,) = await self._call(SERVICE, adapter, PROPERTIES, "Get", ADAPTER, "Powered")
        if bool(now.value) != on:
            wish = Variant("b", on)
            await self._call(SERVICE, adapter, PROPERTIES, "Set", ADAPTER, "Powered", wish)

    async def _call(
        self, who: str, path: str, interface: str, member: str, *body: str | Variant
    ) -> list[Any]:
        """The reply's body. Raises OSError."""
        if self._bus is None:
            raise OSError("D-Bus is closed")
        reply = await self._bus.call(
            Message(
                destination=who,
                path=path,
                interface=interface,
                member=member,
                signature="".join("v" if isinstance(value, Variant) else "s" for value in body),
                body=list(body),
            )
        )
        if reply.message_type is MessageType.ERROR:
            raise OSError(f"{who} {member}: {reply.body[0] if reply.body else reply.error_name}")
        return list(reply.body)
