"""The one Bumble host of this process, on the HCI transport the configuration names.

Knows: Bumble's host and transports, how its operations fail.
May not know: bleak's classes, the Anbu service, the house behind the transport.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import bumble.gatt_client
from bleak.exc import BleakError
from bumble import att, core, hci
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.transport import open_transport
from bumble.transport.common import Transport

# Bumble's own time-outs would fire in a house that runs sixty times faster than its processor:
# the caller's time-outs (RadioSource) decide, these only end what nobody waits for any more.
PATIENCE_S = 3600.0
ADDRESS = "F0:00:00:00:00:01"  # a random static address nobody uses: links use the public one

BUMBLE_ERRORS = (core.BaseBumbleError, att.ATT_Error, hci.HCI_Error, asyncio.InvalidStateError)

T = TypeVar("T")


class Adapter:
    """The HCI transport of this process and the Bumble host on it; closed at first."""

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._device: Device | None = None
        self._lost: Callable[[str], None] | None = None

    def on_lost(self, handler: Callable[[str], None]) -> None:
        """`handler(why)` is called when the transport ends without having been closed."""
        self._lost = handler

    def _ended(self, transport: Transport) -> None:
        if self._transport is transport and self._lost is not None:
            self._lost("the HCI transport ended")

    async def open(self, hci_spec: str) -> None:
        """Open `hci_spec` (bumble's names); raises OSError when nobody listens there."""
        await self.close()
        bumble.gatt_client.__dict__["GATT_REQUEST_TIMEOUT"] = PATIENCE_S
        transport = await open_transport(hci_spec)
        config = DeviceConfiguration(name="anbu-gateway", address=hci.Address(ADDRESS))
        host = Host(controller_source=transport.source, controller_sink=transport.sink)
        device = Device(config=config, host=host)
        device.command_timeout = PATIENCE_S
        self._transport, self._device = transport, device
        transport.source.terminated.add_done_callback(lambda _ended: self._ended(transport))
        try:
            await device.power_on()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the transport; links drop."""
        transport, self._transport, self._device = self._transport, None, None
        if transport is not None:
            await transport.close()

    def need(self) -> Device:
        """The host, or BleakError while the adapter is closed or its transport was lost."""
        transport, device = self._transport, self._device
        if device is None or transport is None or transport.source.terminated.done():
            raise BleakError("radio: the HCI transport is closed; open it again")
        return device


adapter = Adapter()


async def run(what: str, operation: Awaitable[T]) -> T:
    """The operation's result; every way it fails is a BleakError.

    Bumble cancels a waiting request when its link drops: that must not look as if the caller had
    been cancelled, so the operation runs in a task of its own.
    """
    task = asyncio.ensure_future(operation)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        raise
    if task.cancelled():
        raise BleakError(f"{what}: the link was lost")
    error = task.exception()
    if isinstance(error, (*BUMBLE_ERRORS, TimeoutError)):
        raise BleakError(f"{what}: {type(error).__name__} {error}".rstrip()) from error
    return task.result()
