"""A bleak backend over Bumble, so that the gateway's production radio code runs unchanged.

Knows: bleak's client interface, Bumble's GATT client.
May not know: the Anbu service, the house behind the transport.

The gateway names this module in its configuration (`backend`); it offers what a backend module
must: `scanner_class`, `client_class`, `async open(hci)` and `async close()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, cast

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName, gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble import att, gatt_client, hci
from bumble.device import Connection, Device, Peer

from tools.home.bleak_scanner import BumbleScanner, uuid_text
from tools.home.bumble_host import BUMBLE_ERRORS, adapter, run

MTU = 247

_log = logging.getLogger(__name__)


class BumbleClient(BaseBleakClient):
    """bleak's client over Bumble. No pairing: Anbu's trust is in its own sealed session."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        services: set[str] | None = None,
        **kwargs: Any,  # noqa: ANN401  # bleak passes every platform's options
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
            **kwargs,
        )
        self._wanted = services
        self._connection: Connection | None = None
        self._peer: Peer | None = None

    @property
    def name(self) -> str:
        """The address: names are not advertised."""
        return self.address

    @property
    def mtu_size(self) -> int:
        """The ATT MTU in bytes; 23 without a connection."""
        return self._connection.att_mtu if self._connection else att.ATT_DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connection is not None

    async def connect(self, pair: bool, **_kwargs: Any) -> None:  # noqa: ANN401
        """Connect, agree the MTU, discover the wanted services. Raises BleakError."""
        if pair:
            _log.warning("the Bumble backend does not pair; connecting without")
        connection = await self._establish(adapter.need())
        self._connection, self._peer = connection, Peer(connection)
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        try:
            await run("MTU exchange", self._peer.request_mtu(MTU))
            self.services = await run("discovery", self._discover(self._peer))
        except BaseException:
            await self.disconnect()
            raise

    async def _establish(self, device: Device) -> Connection:
        """The link, within the client's time-out; an attempt given up is cancelled on the air."""
        address = hci.Address(self.address, hci.Address.PUBLIC_DEVICE_ADDRESS)
        attempt = asyncio.create_task(
            device.connect_le(address, own_address_type=hci.OwnAddressType.PUBLIC, timeout=None)
        )
        try:
            await asyncio.wait({attempt}, timeout=self._timeout)
        except asyncio.CancelledError:
            await _abandon(device, attempt)
            raise
        if not attempt.done():
            await _abandon(device, attempt)
            raise BleakError(f"connect: no answer from {self.address} in {self._timeout:.0f} s")
        return await run("connect", attempt)

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        """The services the caller asked for (all where it asked for none), as bleak's objects."""
        found = BleakGATTServiceCollection()
        for service in await peer.gatt_client.discover_services():
            uuid = uuid_text(service.uuid)
            if self._wanted is not None and uuid not in self._wanted:
                continue
            own = BleakGATTService(service, service.handle, uuid)
            found.add_service(own)
            for characteristic in await service.discover_characteristics():
                found.add_characteristic(self._characteristic(characteristic, own))
                for descriptor in await characteristic.discover_descriptors():
                    owner = found.characteristics[characteristic.handle]
                    uuid = uuid_text(descriptor.type)
                    found.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, uuid, owner)
                    )
        return found

    def _characteristic(
        self, proxy: gatt_client.CharacteristicProxy[bytes], service: BleakGATTService
    ) -> BleakGATTCharacteristic:
        names = cast(
            "list[CharacteristicPropertyName]", sorted(gatt_char_props_to_strs(proxy.properties))
        )
        return BleakGATTCharacteristic(
            proxy, proxy.handle, uuid_text(proxy.uuid), names, self._room, service
        )

    def _room(self) -> int:
        return self.mtu_size - 3

    def _on_disconnection(self, _reason: int) -> None:
        if self._connection is None:
            return
        self._connection = self._peer = None
        if self._disconnected_callback:
            asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def disconnect(self) -> None:
        """End the link. Nothing happens where there is none."""
        connection = self._connection
        if connection is None:
            return
        with contextlib.suppress(BleakError):  # it dropped by itself meanwhile
            await run("disconnect", connection.disconnect())
        self._on_disconnection(0)

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        """Refused: Anbu's trust is in its own sealed session."""
        raise BleakError("the Bumble backend does not pair")

    async def unpair(self) -> None:
        """Refused: nothing was paired."""
        raise BleakError("the Bumble backend does not pair")

    # --- GATT ------------------------------------------------------------------------------

    def _client(self) -> gatt_client.Client:
        if self._peer is None:
            raise BleakError("not connected")
        return self._peer.gatt_client

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **_kwargs: Any,  # noqa: ANN401
    ) -> bytearray:
        """Read a characteristic from the device; `use_cached` changes nothing."""
        del use_cached
        return bytearray(await run("read", self._client().read_value(characteristic.handle)))

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **_kwargs: Any,  # noqa: ANN401
    ) -> bytearray:
        """Read a descriptor from the device; `use_cached` changes nothing."""
        del use_cached
        return bytearray(await run("read", self._client().read_value(descriptor.handle)))

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,
    ) -> None:
        """Write a characteristic, with or without response."""
        write = self._client().write_value(characteristic.handle, bytes(data), response)
        await run("write", write)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor, with response."""
        client = self._client()
        await run("write", client.write_value(descriptor.handle, bytes(data), with_response=True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **_kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Subscribe to notifications, or to indications where there is nothing else."""

        def on_value(value: bytes) -> None:
            callback(bytearray(value))

        proxy = cast("gatt_client.CharacteristicProxy[bytes]", characteristic.obj)
        await run("subscribe", self._client().subscribe(proxy, on_value))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe all callbacks of this characteristic."""
        proxy = cast("gatt_client.CharacteristicProxy[bytes]", characteristic.obj)
        await run("unsubscribe", self._client().unsubscribe(proxy))


async def _abandon(device: Device, attempt: asyncio.Task[Connection]) -> None:
    """Cancel a connection attempt on the air; one that came true in the meantime is ended."""
    if not attempt.done():
        with contextlib.suppress(*BUMBLE_ERRORS):
            await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
    with contextlib.suppress(BleakError):
        connection = await run("connect", attempt)
        await run("disconnect", connection.disconnect())


open = adapter.open  # noqa: A001  # the names the gateway's plug-in contract has
close = adapter.close
on_lost = adapter.on_lost
scanner_class = BumbleScanner
client_class = BumbleClient
