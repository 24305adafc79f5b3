"""One bleak link to one device, as the conversation needs it.

Knows: bleak's client, the UUIDs. May not know: sessions, when to connect.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from anbu_wire import gatt
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio.backends import Backend

Measure = Callable[[BleakGATTCharacteristic], Awaitable[int]]

_SERVICES = [gatt.SERVICE_UUID, f"{gatt.BATTERY_SERVICE:04x}"]


class BleakLink:
    """A connected device. Every operation raises BleakError, OSError or TimeoutError."""

    def __init__(
        self, client: BleakClient, times: RadioTimes, measure: Measure | None = None
    ) -> None:
        self._client = client
        self._times = times
        self._measure = measure
        self._mtu = 0  # 0: as bleak knows it

    @property
    def room_bytes(self) -> int:
        """How long a piece may be: MTU - 3."""
        if self._mtu:
            return self._mtu - gatt.ATT_HEADER_BYTES
        return self._control().max_write_without_response_size

    def _control(self) -> BleakGATTCharacteristic:
        control = self._client.services.get_characteristic(gatt.CONTROL_UUID)
        if control is None:
            raise BleakError("the device has no Control characteristic: its firmware is another")
        return control

    async def hello(self) -> bytes:
        """Read Hello; from then on it is known how long a piece may be."""
        async with asyncio.timeout(self._times.operation_s):
            hello = bytes(await self._client.read_gatt_char(gatt.HELLO_UUID))
            # Not before: requests are answered in order, and the first asked for the MTU.
            if self._measure is not None:
                self._mtu = await self._measure(self._control())
            return hello

    async def listen(self, on_piece: Callable[[bytes], None]) -> None:
        """Have every notification of Data given to `on_piece`."""

        def on_data(_characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
            on_piece(bytes(data))

        async with asyncio.timeout(self._times.operation_s):
            await self._client.start_notify(gatt.DATA_UUID, on_data)

    async def write(self, piece: bytes) -> None:
        """Write one piece to Control, with response."""
        async with asyncio.timeout(self._times.operation_s):
            await self._client.write_gatt_char(self._control(), piece, response=True)

    async def hang_up(self) -> None:
        """End the link; one that is gone already is no error."""
        with contextlib.suppress(BleakError, OSError, TimeoutError):
            async with asyncio.timeout(self._times.operation_s):
                await self._client.disconnect()


async def connect(
    device: BLEDevice, backend: Backend, times: RadioTimes, gone: Callable[[], None]
) -> BleakLink:
    """A new link. `gone()` is called when it ends. Raises BleakError, OSError or TimeoutError."""
    established = False

    def on_gone(_client: BleakClient) -> None:
        if established:  # the end of an attempt is not the end of the link that came of the next
            gone()

    async with asyncio.timeout(times.connect_s):
        if backend.client_class is None:
            # BlueZ fails a first attempt now and then: its retries are known best there.
            from bleak_retry_connector import establish_connection  # noqa: PLC0415  # Linux only

            client = await establish_connection(
                BleakClient, device, device.address, on_gone, services=_SERVICES
            )
        else:
            client = BleakClient(
                device, on_gone, _SERVICES, timeout=times.connect_s, backend=backend.client_class
            )
            await client.connect()
    established = True
    link = BleakLink(client, times, getattr(backend, "mtu", None))
    if not client.is_connected:  # it ended before anybody listened for that
        gone()
    return link
