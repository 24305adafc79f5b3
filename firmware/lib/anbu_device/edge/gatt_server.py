"""The device on the air, through MicroPython's `bluetooth`: services, advertisement, events.

Knows: NimBLE's ways (buffers, irqs, out of memory), the UUIDs and the advertisement.
May not know: sessions, frames, what a message means.

The interrupt handler copies into a ring and sets a flag, nothing else: on the ESP32 NimBLE waits
for it before it answers a write.
"""

import asyncio

from micropython import const

import bluetooth
from anbu_device.edge.ring import EventRing
from anbu_wire import gatt

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from bluetooth import BLE

# kinds of events in the ring
CONNECTED = 1
DISCONNECTED = 2
WRITTEN = 3  # data = one piece written to Control
MTU = 21  # number = the MTU

SENT = 0
NO_ROOM = 1  # NimBLE has no buffer now: try again
GONE = 2  # no such link

_FLAG_READ = const(0x02)
_FLAG_WRITE = const(0x08)
_FLAG_NOTIFY = const(0x10)
_FLAG_INDICATE = const(0x20)
_SLOTS = const(17)  # 16 pieces may wait: a whole frame at the smallest MTU
_ADVERTISE_US = const(500_000)  # always the same pace: a change would tell who is at home
_ENOMEM = const(12)
_LINKS = const(30)  # connection handles are small; a bit each in one small int


class GattServer:
    """Anbu's service, Device Information, Battery. `start` first; then read `events`.

    `flag` is set whenever `events` has something. `about` = (model, firmware, hardware, serial).
    """

    def __init__(self, ble: "BLE", hello: bytes, about: "tuple[str, ...]") -> None:
        self._ble = ble
        self._hello = hello
        self._about = about
        self._battery_percent = 0
        self._control = -1  # value handles
        self._data = -1
        self._battery = -1
        self.refused = 0  # how often the stack would not advertise
        self.events = EventRing(_SLOTS, gatt.BUFFER_BYTES)
        self._links = 0  # bit n: link n stands; beside the ring, so that no overflow loses it
        self.flag = asyncio.ThreadSafeFlag()

    def start(self, flags: int) -> None:
        """Switches the radio on, registers the services, advertises with these gatt flags."""
        ble = self._ble
        ble.active(True)
        ble.config(mtu=gatt.MTU)
        ble.irq(self._irq)  # type: ignore[arg-type]  # handles are ints, not memoryviews
        handles = ble.gatts_register_services(_services())
        (hello, self._control, self._data), told, (self._battery,) = handles  # type: ignore[assignment]  # handles are ints
        ble.gatts_set_buffer(self._control, gatt.BUFFER_BYTES)  # type: ignore[arg-type]  # same
        ble.gatts_write(hello, self._hello)
        for handle, text in zip(told, self._about):
            ble.gatts_write(handle, text.encode())
        self.battery(self._battery_percent)
        self.advertise(flags)

    def stop(self) -> None:
        """Switches the radio off; links and what was received are forgotten. `start` again."""
        self.hush()
        self._ble.active(False)
        self._battery = -1
        self._links = 0
        while self.events.get() is not None:
            pass
        self.events.overflow = False

    def _irq(self, event: int, data: "tuple[int, ...]") -> None:
        if event == WRITTEN:
            conn, handle = data
            if handle != self._control:
                return
            self.events.put(event, conn, 0, self._ble.gatts_read(handle))  # type: ignore[arg-type]  # same
        elif event == CONNECTED or event == DISCONNECTED:  # noqa: PLR1714, SIM109 - a tuple is made anew
            if data[0] < _LINKS:
                bit = 1 << data[0]
                self._links = self._links | bit if event == CONNECTED else self._links & ~bit
            self.events.put(event, data[0], 0, b"")
        elif event == MTU:
            self.events.put(event, data[0], data[1], b"")
        self.flag.set()

    def advertise(self, flags: int) -> None:
        """Advertises with these gatt flags; the radio's watch asks a stack that refuses again."""
        try:
            self._ble.gap_advertise(_ADVERTISE_US, gatt.advertisement(flags))
        except OSError:
            self.refused += 1

    def broadcast(self, payload: bytes, connectable: bool) -> None:
        """Puts this payload on the air in the advertisement's place, at the same pace."""
        try:
            self._ble.gap_advertise(_ADVERTISE_US, payload, connectable=connectable)
        except OSError:
            self.refused += 1

    def hush(self) -> None:
        """Advertises nothing."""
        try:
            self._ble.gap_advertise(None)  # type: ignore[arg-type]  # None stops it
        except OSError:
            self.refused += 1

    def address(self) -> bytes:
        """The six bytes of the radio's address, as they are printed; from `start` on."""
        mac: "tuple[int, bytes]" = self._ble.config("mac")
        return bytes(mac[1])

    def battery(self, percent: int) -> None:
        """Shows this charge in the Battery service, from `start` on."""
        self._battery_percent = percent
        if self._battery >= 0:
            self._ble.gatts_write(self._battery, bytes((percent,)), True)  # type: ignore[arg-type]  # same

    def notify(self, conn: int, piece: bytes) -> int:
        """Sends one notification of Data: SENT, NO_ROOM or GONE. SENT is no proof of arrival."""
        try:
            self._ble.gatts_notify(conn, self._data, piece)  # type: ignore[call-arg, arg-type]  # the stub lacks conn
        except OSError as error:
            return NO_ROOM if error.errno == _ENOMEM else GONE
        return SENT

    def disconnect(self, conn: int) -> bool:
        """Asks for the link's end. False when there is none: no event will come."""
        try:
            return self._ble.gap_disconnect(conn)  # type: ignore[arg-type]  # same
        except OSError:
            return False

    def stands(self, conn: int) -> bool:
        """Whether the stack holds this link, whatever the ring has lost."""
        return 0 <= conn < _LINKS and bool(self._links >> conn & 1)

    def keep_only(self, conn: int) -> None:
        """Asks for the end of every link but this one."""
        for other in range(_LINKS):
            if other != conn and self.stands(other):
                self.disconnect(other)


def _services() -> "tuple[tuple[bluetooth.UUID, tuple[tuple[bluetooth.UUID, int], ...]], ...]":
    uuid = bluetooth.UUID
    told = (
        gatt.MODEL_NUMBER,
        gatt.FIRMWARE_REVISION,
        gatt.HARDWARE_REVISION,
        gatt.SERIAL_NUMBER,
    )
    anbu = (
        (uuid(gatt.HELLO_UUID), _FLAG_READ),
        (uuid(gatt.CONTROL_UUID), _FLAG_WRITE),
        (uuid(gatt.DATA_UUID), _FLAG_NOTIFY | _FLAG_INDICATE),
    )
    return (
        (uuid(gatt.SERVICE_UUID), anbu),
        (uuid(gatt.DEVICE_INFORMATION), tuple((uuid(number), _FLAG_READ) for number in told)),
        (
            uuid(gatt.BATTERY_SERVICE),
            ((uuid(gatt.BATTERY_LEVEL), _FLAG_READ | _FLAG_NOTIFY),),
        ),
    )
