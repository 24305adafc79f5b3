"""Who pretends on the air: a gateway and a box that have everything but the key.

Knows: everything public: Bluetooth, Anbu's UUIDs, Hello, pieces of frames.
May not know: a device key, what a message means.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import bumble.gatt_client
from bumble import att, core, gatt, hci
from bumble.device import AdvertisingType, Connection, Device, DeviceConfiguration, Peer
from bumble.host import Host

from anbu_wire import gatt as anbu_gatt
from anbu_wire.frame import Reassembler, fragment
from tools.home.ether import AirController

MTU = anbu_gatt.MTU
PATIENCE_S = 3600.0  # of the stack, in house seconds: whoever calls decides how long to wait
HANG_UP_S = 60.0

BUMBLE_ERRORS = (core.BaseBumbleError, att.ATT_Error, hci.HCI_Error, asyncio.InvalidStateError)


# --- a gateway without the key -------------------------------------------------------------


async def _power_on(radio: AirController) -> Device:
    bumble.gatt_client.__dict__["GATT_REQUEST_TIMEOUT"] = PATIENCE_S
    config = DeviceConfiguration(name="", address=radio.random_address)
    device = Device(config=config, host=Host(controller_source=radio, controller_sink=radio))
    device.command_timeout = PATIENCE_S
    await device.power_on()
    return device


def _only_the_link_ended() -> None:
    """Bumble cancels what waits when a link drops; whoever cancels us is obeyed."""
    task = asyncio.current_task()
    if task is None or task.cancelling():
        raise asyncio.CancelledError


class Stranger:
    """A central without the key. `frames`: what the box notified on the present link."""

    def __init__(self, radio: AirController, box: str) -> None:
        self._radio = radio
        self._box = hci.Address(box, hci.Address.PUBLIC_DEVICE_ADDRESS)
        self._device: Device | None = None
        self._peer: Peer | None = None
        self._control = 0
        self._subscription = 0
        self._reassembler = Reassembler(lossy=True)
        self.frames: list[bytes] = []
        self.gone = asyncio.Event()
        self.links = 0

    async def connect(self, timeout_s: float = PATIENCE_S) -> bool:
        """A link with pieces of full length and notifications; False when there was none."""
        if self._device is None:
            self._device = await _power_on(self._radio)
        self.gone.clear()
        self.frames.clear()
        try:
            async with asyncio.timeout(timeout_s):
                connection = await self._establish(self._device)
                connection.on(Connection.EVENT_DISCONNECTION, lambda _reason: self.gone.set())
                self.links += 1
                self._peer = Peer(connection)
                await self._look_around(self._peer)
        except (*BUMBLE_ERRORS, TimeoutError):
            return False
        except asyncio.CancelledError:
            _only_the_link_ended()
            return False
        return not self.gone.is_set()

    async def _establish(self, device: Device) -> Connection:
        """The link; an attempt given up is cancelled on the air."""
        attempt = asyncio.create_task(
            device.connect_le(self._box, own_address_type=hci.OwnAddressType.PUBLIC, timeout=None)
        )
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            with contextlib.suppress(*BUMBLE_ERRORS, asyncio.CancelledError):
                if not attempt.done():
                    await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
                await (await attempt).disconnect()
            raise

    async def _look_around(self, peer: Peer) -> None:
        """Agree the MTU, find the two characteristics (once), ask for notifications."""
        await peer.request_mtu(MTU)
        if not self._control:
            for service in await peer.discover_service(core.UUID(anbu_gatt.SERVICE_UUID)):
                for found in await service.discover_characteristics():
                    if found.uuid == core.UUID(anbu_gatt.CONTROL_UUID):
                        self._control = found.handle
                    if found.uuid == core.UUID(anbu_gatt.DATA_UUID):
                        self._subscription = found.handle + 1
        peer.gatt_client.notification_subscribers[self._subscription - 1] = {self._heard}
        await peer.write_value(self._subscription, b"\x01\x00", with_response=True)

    def _heard(self, piece: bytes) -> None:
        frame = self._reassembler.feed(piece)
        if frame:
            self.frames.append(frame)

    async def read(self, uuid: str) -> bytes:
        """One characteristic's value, empty where it may not be read."""
        if self._peer is None:
            raise core.InvalidStateError("not connected")
        values = await self._peer.read_characteristics_by_uuid(core.UUID(uuid))
        return bytes(values[0]) if values else b""

    async def say(self, frame: bytes) -> bool:
        """Write a frame, cut into pieces; False when the link ended meanwhile."""
        return all([await self.write(p) for p in fragment(frame, MTU - 3)])

    async def write(self, piece: bytes, *, response: bool = True, handle: int = 0) -> bool:
        """Write one piece to Control (or to another handle); False when the link is over."""
        if self.gone.is_set() or self._peer is None:
            return False
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._peer.write_value(handle or self._control, piece, response)
        except (*BUMBLE_ERRORS, TimeoutError):
            return False
        except asyncio.CancelledError:
            _only_the_link_ended()
            return False
        return not self.gone.is_set()

    async def answered(self, count: int = 1, timeout_s: float = 5.0) -> bool:
        """Whether so many frames came before the link ended or the time was over."""
        end = asyncio.get_running_loop().time() + timeout_s
        while len(self.frames) < count and not self.gone.is_set():
            if asyncio.get_running_loop().time() > end:
                break
            await asyncio.sleep(0.01)
        return len(self.frames) >= count

    async def sent_away(self, timeout_s: float = PATIENCE_S) -> bool:
        """Whether the box ends the link within that time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.gone.wait(), timeout_s)
        return self.gone.is_set()

    async def leave(self) -> None:
        """Hang up."""
        if self._peer is None or self.gone.is_set():
            return
        waits = {
            asyncio.create_task(self._hang_up(self._peer.connection)),
            asyncio.create_task(self.gone.wait()),
        }
        await asyncio.wait(waits, timeout=HANG_UP_S, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()

    async def _hang_up(self, connection: Connection) -> bool:
        with contextlib.suppress(*BUMBLE_ERRORS):
            await connection.disconnect()
        return True


# --- a box without the key -----------------------------------------------------------------


class FalseBox:
    """Looks on the air like the box; `answer(frame) -> frames` is what it says."""

    def __init__(
        self, radio: AirController, hello: bytes, answer: Callable[[bytes], list[bytes]]
    ) -> None:
        self._radio = radio
        self._hello = hello
        self._answer = answer
        self._reassembler = Reassembler(lossy=True)
        self._data: gatt.Characteristic[bytes] | None = None
        self._device: Device | None = None
        self.asked: list[bytes] = []  # frames a gateway wrote

    async def open(self, advertisement: bytes) -> None:
        """Appear."""
        device = self._device = await _power_on(self._radio)
        device.gatt_server.max_mtu = MTU
        kinds, may = gatt.Characteristic.Properties, att.Attribute
        control = gatt.CharacteristicValue[bytes](write=self._written)
        self._data = gatt.Characteristic(
            anbu_gatt.DATA_UUID, kinds.NOTIFY | kinds.INDICATE, may.Permissions(0), b""
        )
        device.add_service(
            gatt.Service(
                anbu_gatt.SERVICE_UUID,
                [
                    gatt.Characteristic(
                        anbu_gatt.HELLO_UUID, kinds.READ, may.READABLE, self._hello
                    ),
                    gatt.Characteristic(
                        anbu_gatt.CONTROL_UUID, kinds.WRITE, may.WRITEABLE, control
                    ),
                    self._data,
                ],
            )
        )
        await device.start_advertising(
            advertising_type=AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE,
            own_address_type=hci.OwnAddressType.PUBLIC,
            advertising_data=advertisement,
            auto_restart=True,
            advertising_interval_min=100,
            advertising_interval_max=100,
        )

    async def _written(self, connection: Connection, piece: bytes) -> None:
        frame = self._reassembler.feed(piece)
        if frame is None or self._device is None or self._data is None:
            return
        self.asked.append(frame)
        for answer in self._answer(frame):
            for part in fragment(answer, connection.att_mtu - 3):
                server = self._device.gatt_server
                await server.notify_subscriber(connection, self._data, part, force=True)

    async def close(self) -> None:
        """Disappear."""
        if self._device is not None:
            await self._device.stop_advertising()
            self._radio.power_cut()
