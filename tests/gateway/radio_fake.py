"""A radio without a radio: bleak's classes over a device in this process, every call written down.

Knows: the device's end of the language (session and link, the firmware's own files).
May not know: Bumble, MicroPython, the gateway.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError

from anbu_device.core.link import DeviceLink
from anbu_wire import bthome, gatt, metering, settings
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.frame import Reassembler, fragment
from anbu_wire.session import DEVICE, Session

EPOCH = 0xABCD0001


class FakeDevice:
    """A device with a log; `vanish` makes it fall silent."""

    KIND = gatt.PILL_BOX

    def __init__(self, device_id: str, key: bytes, address: str, records: int = 0) -> None:
        self.device_id = device_id
        self.key = key
        self.address = address
        self.acknowledged: list[int] = []
        self.blobs = [self._record(seq) for seq in range(1, records + 1)]
        self.hello = gatt.encode_hello(m.PROTOCOL_VERSION, self.KIND, EPOCH, device_id)
        self.refuses = False  # connecting fails
        self.client: FakeClient | None = None
        self.link = DeviceLink(self)
        self._wall_s = 0

    @staticmethod
    def _record(seq: int) -> bytes:
        return m.encode_record(m.Record(seq, 1, seq, 0, 0, 0, m.BOOT, 255, m.NO_SLOT, 0, 0))

    def state(self) -> tuple[int, ...]:
        quality = m.SYNCED if self._wall_s else m.UNKNOWN
        return (EPOCH, 1, len(self.blobs), self._wall_s, 0, 0, quality, 80, 1, 0)

    def records(self, first: int, last: int) -> list[bytes]:
        return self.blobs[first - 1 : last]

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        self.acknowledged.append(up_to_seq)
        return m.OK

    def set_time(self, fields: dict[str, int]) -> int:
        self._wall_s = fields["wall_s"]
        return m.OK

    def store_schedule(self, version: int, blob: bytes) -> int:
        return m.REFUSED_STORAGE

    def schedule_blob(self) -> tuple[int, bytes]:
        return 0, b""

    def prompt_test(self, compartment: int) -> int:
        return m.OK

    def vanish(self) -> None:
        """The link drops."""
        if self.client:
            self.client.drop()


class FakePlug(FakeDevice):
    """A care plug: `raw` is what its meter says before any gain; `broadcast` its service data."""

    KIND = gatt.CARE_PLUG

    def __init__(self, device_id: str, key: bytes, address: str, records: int = 0) -> None:
        super().__init__(device_id, key, address, records)
        self.raw = (231_000, 4_400, 1_016_000)  # mV, mA, mW
        self.flags = metering.VOLTAGE | metering.CURRENT | metering.POWER | metering.HAS_METER
        self.lux_centi = 0
        self.values = {
            **dict.fromkeys(range(settings.VOLTAGE_GAIN, settings.LATITUDE_DEG), settings.GAIN_ONE),
            settings.LATITUDE_DEG: 0,
            settings.SOLAR_NOON_MIN: 0,
        }
        self.store_code = m.OK
        self.asked: list[str] = []
        self.broadcast: bytes | None = None
        self.only_broadcasts = False

    def state(self) -> tuple[int, ...]:
        state = super().state()
        return (*state[:7], m.NO_BATTERY, *state[8:])

    def store_schedule(self, version: int, blob: bytes) -> int:
        self.asked.append("schedule")
        return m.REFUSED_UNKNOWN

    def parameters(self) -> list[tuple[int, int]]:
        return sorted(self.values.items())

    def set_parameter(self, parameter: int, value: int) -> int:
        self.asked.append(settings.PARAMETERS[parameter][0])
        if self.store_code == m.OK:
            self.values[parameter] = value
        return self.store_code

    def meter(self) -> tuple[int, ...]:
        gains = [self.values[parameter] for parameter in range(settings.VOLTAGE_GAIN, 15)]
        told = [
            round(raw * user / settings.GAIN_ONE * factory / settings.GAIN_ONE)
            for raw, user, factory in zip(self.raw, gains[:3], gains[3:], strict=True)
        ]
        return (*told, *self.raw, 12_345, self.lux_centi, 3, 8, self.flags)


class FakeAir:
    """A backend for RadioSource: `devices` in range, `calls` = what bleak was asked, in order."""

    def __init__(self, *devices: FakeDevice) -> None:
        self.devices = {device.address: device for device in devices}
        self.calls: list[str] = []
        self.open_fails = 0
        self.scan_fails = 0
        air = self

        class Scanner(FakeScanner):
            AIR = air

        class Client(FakeClient):
            AIR = air

        self.scanner_class = Scanner
        self.client_class = Client

    async def open(self, hci: str) -> None:
        self.calls.append("open")
        if self.open_fails:
            self.open_fails -= 1
            raise OSError("no such adapter")

    async def close(self) -> None:
        self.calls.append("close")


class FakeScanner(BaseBleakScanner):
    """Reports every device in range ten times a second."""

    AIR: FakeAir

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        _mode: str,
        **_kwargs: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self.AIR.scan_fails:
            self.AIR.scan_fails -= 1
            raise BleakError("scan in progress")
        self.AIR.calls.append("scan")
        self._task = asyncio.create_task(self._report())

    async def stop(self) -> None:
        self.AIR.calls.append("stop scan")
        if self._task:
            self._task.cancel()

    async def _report(self) -> None:
        data = AdvertisementData(None, {}, {}, [gatt.SERVICE_UUID], None, -50, ())
        while True:
            for device in list(self.AIR.devices.values()):
                radio = BLEDevice(device.address, None, None)
                if not getattr(device, "only_broadcasts", False):
                    self.call_detection_callbacks(radio, data)
                told = getattr(device, "broadcast", None)
                if told and not self._service_uuids:  # a filter for services does not find it
                    alone = AdvertisementData(None, {}, {bthome.UUID: told}, [], None, -50, ())
                    self.call_detection_callbacks(radio, alone)
            await asyncio.sleep(0.1)


class FakeClient(BaseBleakClient):
    """A link to one FakeDevice, which answers as the firmware does."""

    AIR: FakeAir

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: object,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._device = self.AIR.devices[self.address]
        self._session = Session(DEVICE, self._device.key, self._device.device_id, self._device.KIND)
        self._reassembler = Reassembler()
        self._notify: NotifyCallback | None = None
        self._linked = False

    @property
    def mtu_size(self) -> int:
        return 247

    @property
    def is_connected(self) -> bool:
        return self._linked

    async def connect(self, pair: bool, **kwargs: object) -> None:
        self.AIR.calls.append(f"connect {self.address}")
        await asyncio.sleep(0)
        if self._device.refuses:
            raise BleakError("connection refused")
        self._linked = True
        self._device.client = self
        self._device.link.begin()
        self.services = BleakGATTServiceCollection()
        service = BleakGATTService(None, 1, gatt.SERVICE_UUID)
        self.services.add_service(service)
        for handle, uuid in enumerate((gatt.HELLO_UUID, gatt.CONTROL_UUID, gatt.DATA_UUID), 2):
            own = BleakGATTCharacteristic(None, handle, uuid, ["write"], lambda: 244, service)
            self.services.add_characteristic(own)

    async def disconnect(self) -> None:
        self.drop()

    def drop(self) -> None:
        if self._linked:
            self._linked = False
            self.AIR.calls.append(f"end {self.address}")
            if self._disconnected_callback:
                asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def pair(self, *args: object, **kwargs: object) -> None:
        raise BleakError("no pairing here")

    async def unpair(self) -> None:
        raise BleakError("no pairing here")

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **kwargs: object
    ) -> bytearray:
        return bytearray(self._device.hello)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **kwargs: object
    ) -> bytearray:
        raise BleakError("no descriptors here")

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        if not self._linked:
            raise BleakError("not connected")
        try:
            frame = self._reassembler.feed(bytes(data))
            for step in self._session.receive(frame, os.urandom(16)) if frame else ():
                match step:
                    case ("send", answer):
                        self.say(answer)
                    case ("message", message):
                        for reply in self._device.link.receive(message):
                            self.say(self._session.seal(reply))
        except RemoteProtocolError:
            self.drop()

    def say(self, frame: bytes) -> None:
        """Notify the gateway of a frame."""
        for piece in fragment(frame, 244):
            if self._notify:
                self._notify(bytearray(piece))

    def seal_and_lose(self, message: bytes) -> None:
        """A notification that the stack below lost."""
        self._session.seal(message)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise BleakError("no descriptors here")

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: object
    ) -> None:
        self._notify = callback

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._notify = None
