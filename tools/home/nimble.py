"""The stand-in for the NimBLE host inside the box's chip: what `bluetooth` asks for, it does.

Knows: the payloads of board-link types 0x10–0x1F (requests) and 0x50–0x5F (irqs), Bumble's GATT
server, what NimBLE does with buffers and notifications.
May not know: Anbu's service, the gateway, chips.

Every answer begins with one byte: 0, or the errno MicroPython raises. All numbers little-endian,
`handle` is a value handle, `conn` a connection handle:

    0x10 ACTIVE      u8 on → address, 6 bytes, most significant first
    0x11 REGISTER    services, see `_read_services` → u16 handle of every value, in order
    0x12 ADVERTISE   u32 interval_us (0 = stop), u8 connectable, u8 length, data,
                     u8 length, scan response
    0x13 WRITE       u16 handle, u8 send_update, value
    0x14 NOTIFY      u16 conn, u16 handle, u8 indicate, value
    0x15 DISCONNECT  u16 conn
    0x16 BUFFER      u16 handle, u16 bytes, u8 append
    0x17 IRQ_DONE    u8 number of the write irq whose handler has run
    0x18 MTU         u16 preferred MTU

    0x50 CONNECT and 0x51 DISCONNECT  u16 conn, u8 address type, address
    0x52 WRITTEN     u8 number, u16 conn, u16 handle, value as stored
    0x53 MTU         u16 conn, u16 mtu
    0x54 INDICATED   u16 conn, u16 handle, u8 status
"""

from __future__ import annotations

import asyncio
import errno
import logging
import struct
from collections.abc import Awaitable, Callable
from typing import Protocol

from bumble import att, core, gatt, hci
from bumble.device import AdvertisingType, Connection, Device, DeviceConfiguration
from bumble.host import Host

from tools.home.ether import AirController

DEFAULT_BUFFER_BYTES = 20  # MicroPython's default: longer writes are cut
MTU_DEFAULT = 256  # what NimBLE prefers unless told otherwise
INDICATE_TIMEOUT_STATUS = 13  # BLE_HS_ETIMEOUT
# A write is answered when the box's handler has run (NimBLE's synchronous events). A box that is
# silent for so long has lost its process; house seconds, so generous.
HANDLER_TIMEOUT_S = 300.0

_log = logging.getLogger(__name__)

SENT, LOST, NO_MEMORY = "sent", "lost", "no memory"


class EventSender(Protocol):
    """What the house's Board offers: send an irq to the box's process."""

    async def event(self, kind: int, payload: bytes) -> bool:
        """False when there is no process to take it."""


class _Value:
    """One characteristic value or descriptor in the chip's attribute table."""

    def __init__(self) -> None:
        self.data = b""
        self.room_bytes = DEFAULT_BUFFER_BYTES
        self.append = False

    def write_remote(self, data: bytes) -> None:
        """A central's write: cut at the buffer, appended where asked for."""
        start = self.data if self.append else b""
        self.data = (start + data)[: self.room_bytes]

    def write_local(self, data: bytes) -> None:
        """The program's write: the buffer grows with it."""
        self.data = data
        self.room_bytes = max(self.room_bytes, len(data))


class NimbleHost:
    """The BLE host of one box. `fate(value)` decides what becomes of a notification (tests)."""

    def __init__(self, controller: AirController, board: EventSender) -> None:
        self._controller = controller
        self._board = board
        self._device: Device | None = None
        self._values: dict[int, _Value] = {}
        self._attributes: dict[int, att.Attribute[bytes]] = {}
        self._mtu = MTU_DEFAULT
        self._irqs: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self._irq_number = 0
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.fate: Callable[[bytes], str] = lambda _value: SENT
        self._requests: dict[int, Callable[[bytes], Awaitable[bytes]]] = {
            0x10: self._active,
            0x11: self._register,
            0x12: self._advertise,
            0x13: self._write,
            0x14: self._notify,
            0x15: self._disconnect,
            0x16: self._buffer,
            0x17: self._irq_done,
            0x18: self._set_mtu,
        }
        self._spawn(self._send_irqs())

    @property
    def state(self) -> str:
        """What its radio does: "off", "advertising" or "connected"; on and silent counts as off."""
        if self._device is None:
            return "off"
        if self._device.connections:
            return "connected"
        return "advertising" if self._device.is_advertising else "off"

    async def handle(self, kind: int, payload: bytes) -> bytes:
        """The answer to one request of the box: a status byte, then what the table above says.

        Raises LookupError for a request this host does not know.
        """
        try:
            return b"\0" + await self._requests[kind](payload)
        except OSError as error:
            return bytes((error.errno or errno.EIO,))

    def power_cut(self) -> None:
        """The box's process is gone: no advertising, no links, nothing remembered."""
        self._device = None
        self._controller.power_cut()
        for waiting in self._waiting.values():
            waiting.cancel()
        self._waiting.clear()
        while not self._irqs.empty():
            self._irqs.get_nowait()

    def close(self) -> None:
        """End the host's own tasks."""
        self.power_cut()
        for task in self._tasks:
            task.cancel()

    # --- irqs to the box -------------------------------------------------------------------

    def _spawn(self, work: Awaitable[None]) -> None:
        async def run() -> None:
            await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_irqs(self) -> None:
        while True:
            kind, payload = await self._irqs.get()
            await self._board.event(kind, payload)

    def _irq(self, kind: int, fmt: str, *values: int, tail: bytes = b"") -> None:
        self._irqs.put_nowait((kind, struct.pack(fmt, *values) + tail))

    async def _irq_done(self, payload: bytes) -> bytes:
        waiting = self._waiting.pop(payload[0], None)
        if waiting and not waiting.done():
            waiting.set_result(None)
        return b""

    def _on_connection(self, connection: Connection) -> None:
        peer = connection.peer_address
        tail = bytes(reversed(bytes(peer)))
        self._irq(0x50, "<HB", connection.handle, peer.address_type, tail=tail)

        def on_disconnection(_reason: int) -> None:
            self._irq(0x51, "<HB", connection.handle, peer.address_type, tail=tail)

        def on_mtu() -> None:
            self._irq(0x53, "<HH", connection.handle, connection.att_mtu)

        connection.on(Connection.EVENT_DISCONNECTION, on_disconnection)
        connection.on(Connection.EVENT_CONNECTION_ATT_MTU_UPDATE, on_mtu)

    async def _on_write(self, handle: int, connection: Connection, data: bytes) -> None:
        """A central wrote: the write is answered once the box's handler has run."""
        value = self._values[handle]
        value.write_remote(data)
        self._irq_number = (self._irq_number + 1) & 0xFF
        done = asyncio.get_running_loop().create_future()
        self._waiting[self._irq_number] = done
        self._irq(0x52, "<BHH", self._irq_number, connection.handle, handle, tail=value.data)
        if value.append:
            value.data = b""  # the box's copy holds it until the program reads it
        try:
            await asyncio.wait_for(done, HANDLER_TIMEOUT_S)
        except (TimeoutError, asyncio.CancelledError):
            raise att.ATT_Error(error_code=att.ATT_UNLIKELY_ERROR_ERROR) from None

    # --- requests of the box ---------------------------------------------------------------

    async def _active(self, payload: bytes) -> bytes:
        if payload[0] and self._device is None:
            await self._fresh_stack()
        elif not payload[0]:
            self.power_cut()
        return bytes(reversed(bytes(self._controller.public_address)))

    async def _fresh_stack(self) -> Device:
        """A newly started host: no services, no links, MicroPython's defaults."""
        self.power_cut()
        self._values, self._attributes = {}, {}
        config = DeviceConfiguration(name="", address=self._controller.random_address)
        host = Host(controller_source=self._controller, controller_sink=self._controller)
        device = Device(config=config, host=host)
        await device.power_on()
        device.gatt_server.max_mtu = self._mtu
        device.on(Device.EVENT_CONNECTION, self._on_connection)
        self._device = device
        return device

    def _need(self) -> Device:
        if self._device is None:
            raise OSError(errno.ENODEV, "BLE is not active")
        return self._device

    def _need_connection(self, handle: int) -> Connection:
        connection = self._need().connections.get(handle)
        if connection is None:
            raise OSError(errno.ENOTCONN, "no such connection")
        return connection

    async def _register(self, payload: bytes) -> bytes:
        device = self._need()
        if device.connections:
            raise OSError(errno.EALREADY, "services cannot change while connected")
        if self._attributes:
            device = await self._fresh_stack()
        for service in _read_services(payload):
            device.gatt_server.add_service(service)
            for characteristic in service.characteristics:
                self._adopt(characteristic)
                for descriptor in characteristic.descriptors:
                    self._adopt(descriptor)
        return struct.pack(f"<{len(self._values)}H", *self._values)

    def _adopt(self, attribute: att.Attribute[bytes]) -> None:
        """Let the attribute live in the chip's table, from which centrals read."""
        value = self._values[attribute.handle] = _Value()
        self._attributes[attribute.handle] = attribute
        handle = attribute.handle

        may = attribute.permissions

        def read(_connection: Connection) -> bytes:
            if not may & att.Attribute.READABLE:  # Bumble leaves the check to us
                raise att.ATT_Error(att.ATT_READ_NOT_PERMITTED_ERROR)
            return value.data

        async def write(connection: Connection, data: bytes) -> None:
            if not may & att.Attribute.WRITEABLE:
                raise att.ATT_Error(att.ATT_WRITE_NOT_PERMITTED_ERROR)
            await self._on_write(handle, connection, data)

        attribute.value = gatt.CharacteristicValue(read=read, write=write)

    async def _advertise(self, payload: bytes) -> bytes:
        device = self._need()
        interval_us, connectable, size = struct.unpack_from("<IBB", payload)
        data, rest = payload[6 : 6 + size], payload[6 + size :]
        await device.stop_advertising()
        if not interval_us:
            return b""
        kinds = AdvertisingType
        await device.start_advertising(
            advertising_type=(
                kinds.UNDIRECTED_CONNECTABLE_SCANNABLE if connectable else kinds.UNDIRECTED
            ),
            own_address_type=hci.OwnAddressType.PUBLIC,
            advertising_data=data,
            scan_response_data=rest[1 : 1 + rest[0]],
            advertising_interval_min=interval_us / 1000,
            advertising_interval_max=interval_us / 1000,
        )
        return b""

    async def _write(self, payload: bytes) -> bytes:
        handle, send_update = struct.unpack_from("<HB", payload)
        device = self._need()
        self._value(handle).write_local(payload[3:])
        if send_update:
            attribute = self._attributes[handle]
            await device.gatt_server.notify_subscribers(attribute, payload[3:])
        return b""

    def _value(self, handle: int) -> _Value:
        if handle not in self._values:
            raise OSError(errno.EINVAL, "no such value handle")
        return self._values[handle]

    async def _notify(self, payload: bytes) -> bytes:
        conn, handle, indicate = struct.unpack_from("<HHB", payload)
        connection = self._need_connection(conn)
        self._value(handle)
        value = payload[5:]
        fate = self.fate(value)
        if fate == NO_MEMORY:
            raise OSError(errno.ENOMEM, "out of mbufs")
        if indicate:
            self._spawn(self._indicate(connection, handle, value))
        elif fate == SENT:  # NimBLE sends to a named connection whether it subscribed or not
            server = self._need().gatt_server
            attribute = self._attributes[handle]
            await server.notify_subscriber(connection, attribute, value, force=True)
        return b""

    async def _indicate(self, connection: Connection, handle: int, value: bytes) -> None:
        attribute = self._attributes[handle]
        status = 0
        try:
            server = connection.device.gatt_server
            await server.indicate_subscriber(connection, attribute, value, force=True)
        except (TimeoutError, asyncio.CancelledError):
            status = INDICATE_TIMEOUT_STATUS
        self._irq(0x54, "<HHB", connection.handle, handle, status)

    async def _disconnect(self, payload: bytes) -> bytes:
        connection = self._need_connection(struct.unpack("<H", payload)[0])
        self._spawn(self._end(connection))
        return b""

    async def _end(self, connection: Connection) -> None:
        try:
            await connection.disconnect()
        except core.BaseBumbleError as error:  # it dropped by itself in the same moment
            _log.debug("disconnect: %s", error)

    async def _buffer(self, payload: bytes) -> bytes:
        handle, room_bytes, append = struct.unpack("<HHB", payload)
        value = self._value(handle)
        value.room_bytes, value.append = room_bytes, bool(append)
        return b""

    async def _set_mtu(self, payload: bytes) -> bytes:
        (self._mtu,) = struct.unpack("<H", payload)
        if self._device:
            self._device.gatt_server.max_mtu = self._mtu
        return b""


def _read_services(payload: bytes) -> list[gatt.Service]:
    """The definition sent by `bluetooth.py`: counts as bytes, UUIDs with their length, u16 flags.

    n × service (uuid, n × characteristic (uuid, flags, n × descriptor (uuid, flags)))
    """
    at = 0

    def byte() -> int:
        nonlocal at
        at += 1
        return payload[at - 1]

    def uuid() -> core.UUID:
        nonlocal at
        size = byte()
        at += size
        return core.UUID.from_bytes(payload[at - size : at])

    def descriptor() -> gatt.Descriptor:
        kind = uuid()
        byte(), byte()
        return gatt.Descriptor(kind, att.Attribute.READABLE | att.Attribute.WRITEABLE)

    def characteristic() -> gatt.Characteristic[bytes]:
        kind = uuid()
        properties = gatt.Characteristic.Properties(byte() | byte() << 8)
        descriptors = [descriptor() for _ in range(byte())]
        return gatt.Characteristic(kind, properties, _permissions(properties), b"", descriptors)

    def service() -> gatt.Service:
        kind = uuid()
        return gatt.Service(kind, [characteristic() for _ in range(byte())])

    return [service() for _ in range(byte())]


def _permissions(properties: gatt.Characteristic.Properties) -> att.Attribute.Permissions:
    """What a central may do: as NimBLE, whatever the flags of the characteristic say."""
    kinds = gatt.Characteristic.Properties
    may = att.Attribute.Permissions(0)
    if properties & kinds.READ:
        may |= att.Attribute.READABLE
    if properties & (kinds.WRITE | kinds.WRITE_WITHOUT_RESPONSE):
        may |= att.Attribute.WRITEABLE
    return may
