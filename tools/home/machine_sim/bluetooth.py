"""MicroPython's `bluetooth` for the simulated box: the chip's radio, over the board link.

Knows: the payloads of the board link's BLE types (written down in tools/home/nimble.py).
May not know: what runs above it.

As on the ESP32, the event handler runs while NimBLE waits: a central's write is answered when the
handler has returned, so `gatts_read` in the handler always finds that write.
"""

import struct

from micropython import const

import _link

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FLAG_READ = const(0x0002)
FLAG_WRITE_NO_RESPONSE = const(0x0004)
FLAG_WRITE = const(0x0008)
FLAG_NOTIFY = const(0x0010)
FLAG_INDICATE = const(0x0020)

_IRQ_CENTRAL_CONNECT = const(1)
_IRQ_CENTRAL_DISCONNECT = const(2)
_IRQ_GATTS_WRITE = const(3)
_IRQ_GATTS_INDICATE_DONE = const(20)
_IRQ_MTU_EXCHANGED = const(21)

_ACTIVE = const(0x10)
_REGISTER = const(0x11)
_ADVERTISE = const(0x12)
_WRITE = const(0x13)
_NOTIFY = const(0x14)
_DISCONNECT = const(0x15)
_BUFFER = const(0x16)
_IRQ_DONE = const(0x17)
_MTU = const(0x18)

_DEFAULT_BUFFER_BYTES = const(20)
_ENOTCONN = const(107)
_ENODEV = const(19)
_EINVAL = const(22)


class UUID:
    """A 16-bit (int) or 128-bit (string or 16 bytes, least significant first) UUID."""

    def __init__(self, value: "int | str | bytes") -> None:
        if isinstance(value, int):
            self.raw = struct.pack("<H", value)
        elif isinstance(value, str):
            digits = value.replace("-", "")
            if len(digits) != 32:
                raise ValueError("invalid UUID")
            self.raw = bytes([int(digits[i : i + 2], 16) for i in range(30, -2, -2)])
        elif len(value) in (2, 16):
            self.raw = bytes(value)
        else:
            raise ValueError("UUID wrong size")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UUID) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return "UUID(%r)" % self.raw


def _request(kind: int, payload: bytes = b"") -> bytes:
    """The answer behind the status byte. Raises OSError(errno) as the chip does."""
    answer = _link.request(kind, payload)
    if answer[0]:
        raise OSError(answer[0])
    return answer[1:]


class _BLE:
    def __init__(self) -> None:
        self._on = False
        self._handler: "Callable[[int, tuple[Any, ...]], None] | None" = None
        self._address = bytes(6)
        self._mtu = 256
        self._name: "bytes | int" = b"MPY ESP32"
        self._values: "dict[int, list[Any]]" = {}  # value handle: [data, room in bytes, append]
        for kind, handler in (
            (0x50, self._on_connect),
            (0x51, self._on_disconnect),
            (0x52, self._on_written),
            (0x53, self._on_mtu),
            (0x54, self._on_indicated),
        ):
            _link.on_event(kind, handler)

    def active(self, on: "bool | None" = None) -> bool:
        if on is not None:
            # A new stack knows nothing of an old one's services.
            if bool(on) != self._on:
                self._values = {}
            self._address = _request(_ACTIVE, bytes((1 if on else 0,)))
            self._on = bool(on)
        return self._on

    def config(self, *names: str, **values: int) -> "object":
        if names:
            if names[0] == "mac":
                return (0, self._address)
            if names[0] == "mtu":
                return self._mtu
            if names[0] == "gap_name":
                return self._name
            raise ValueError("unknown config param")
        for name, value in values.items():
            if name == "mtu":
                _request(_MTU, struct.pack("<H", value))
                self._mtu = value
            elif name == "gap_name":
                self._name = value
            elif name != "rxbuf":
                raise ValueError("unknown config param")
        return None

    def irq(self, handler: "Callable[[int, tuple[Any, ...]], None]") -> None:
        self._handler = handler

    # --- GAP ---

    def gap_advertise(
        self,
        interval_us: "int | None",
        adv_data: "bytes | None" = None,
        *,
        resp_data: "bytes | None" = None,
        connectable: bool = True,
    ) -> None:
        adv = bytes(adv_data or b"")
        resp = bytes(resp_data or b"")
        if len(adv) > 31 or len(resp) > 31:
            raise OSError(_EINVAL)
        head = struct.pack("<IB", interval_us or 0, 1 if connectable else 0)
        _request(_ADVERTISE, head + bytes((len(adv),)) + adv + bytes((len(resp),)) + resp)

    def gap_disconnect(self, conn_handle: int) -> bool:
        try:
            _request(_DISCONNECT, struct.pack("<H", conn_handle))
        except OSError as error:
            if error.errno == _ENOTCONN:
                return False
            raise
        return True

    # --- GATT server ---

    def gatts_register_services(self, services: "tuple[Any, ...]") -> "tuple[tuple[int, ...], ...]":
        if not self._on:
            raise OSError(_ENODEV)
        answer = _request(_REGISTER, _definition(services))
        handles = list(struct.unpack("<%dH" % (len(answer) // 2), answer))
        self._values = {}
        for handle in handles:
            self._values[handle] = [b"", _DEFAULT_BUFFER_BYTES, False]
        result = []
        for _uuid, characteristics in services:
            own = []
            for characteristic in characteristics:
                own.append(handles.pop(0))
                descriptors = characteristic[2] if len(characteristic) > 2 else ()
                own.extend([handles.pop(0) for _ in descriptors])
            result.append(tuple(own))
        return tuple(result)

    def _value(self, value_handle: int) -> "list[Any]":
        if value_handle not in self._values:
            raise OSError(_EINVAL)
        return self._values[value_handle]

    def gatts_read(self, value_handle: int) -> bytes:
        value = self._value(value_handle)
        data: bytes = value[0]
        if value[2]:
            value[0] = b""
        return data

    def gatts_write(self, value_handle: int, data: bytes, send_update: bool = False) -> None:
        value = self._value(value_handle)
        value[0] = bytes(data)
        value[1] = max(value[1], len(data))
        _request(_WRITE, struct.pack("<HB", value_handle, 1 if send_update else 0) + value[0])

    def gatts_notify(
        self, conn_handle: int, value_handle: int, data: "bytes | None" = None
    ) -> None:
        self._send(conn_handle, value_handle, data, 0)

    def gatts_indicate(
        self, conn_handle: int, value_handle: int, data: "bytes | None" = None
    ) -> None:
        self._send(conn_handle, value_handle, data, 1)

    def _send(
        self, conn_handle: int, value_handle: int, data: "bytes | None", indicate: int
    ) -> None:
        payload = self._value(value_handle)[0] if data is None else bytes(data)
        _request(_NOTIFY, struct.pack("<HHB", conn_handle, value_handle, indicate) + payload)

    def gatts_set_buffer(self, value_handle: int, len: int, append: bool = False) -> None:
        value = self._value(value_handle)
        value[1] = len
        value[2] = append
        _request(_BUFFER, struct.pack("<HHB", value_handle, len, 1 if append else 0))

    # --- events ---

    def _tell(self, event: int, data: "tuple[Any, ...]") -> None:
        if self._handler is not None:
            self._handler(event, data)

    def _on_connect(self, payload: bytes) -> None:
        self._tell(_IRQ_CENTRAL_CONNECT, _link_end(payload))

    def _on_disconnect(self, payload: bytes) -> None:
        self._tell(_IRQ_CENTRAL_DISCONNECT, _link_end(payload))

    def _on_written(self, payload: bytes) -> None:
        number, conn_handle, value_handle = struct.unpack("<BHH", payload[:5])
        value = self._values.get(value_handle)
        try:
            if value is not None:
                start = value[0] if value[2] else b""
                value[0] = (start + payload[5:])[: value[1]]
                self._tell(_IRQ_GATTS_WRITE, (conn_handle, value_handle))
        finally:
            _request(_IRQ_DONE, bytes((number,)))

    def _on_mtu(self, payload: bytes) -> None:
        self._tell(_IRQ_MTU_EXCHANGED, struct.unpack("<HH", payload))

    def _on_indicated(self, payload: bytes) -> None:
        self._tell(_IRQ_GATTS_INDICATE_DONE, struct.unpack("<HHB", payload))


def _link_end(payload: bytes) -> "tuple[int, int, memoryview]":
    conn_handle, address_type = struct.unpack("<HB", payload[:3])
    return (conn_handle, address_type, memoryview(payload)[3:])


def _definition(services: "tuple[Any, ...]") -> bytes:
    """The services as nimble.py reads them: counts as bytes, UUIDs with their length, u16 flags."""
    out = bytearray((len(services),))
    for uuid, characteristics in services:
        _add_uuid(out, uuid)
        out.append(len(characteristics))
        for characteristic in characteristics:
            _add_uuid(out, characteristic[0])
            out.extend(struct.pack("<H", characteristic[1] & 0xFF))
            descriptors = characteristic[2] if len(characteristic) > 2 else ()
            out.append(len(descriptors))
            for descriptor_uuid, flags in descriptors:
                _add_uuid(out, descriptor_uuid)
                out.extend(struct.pack("<H", flags & 0xFF))
    return bytes(out)


def _add_uuid(out: bytearray, uuid: UUID) -> None:
    raw = uuid.raw
    out.append(len(raw))
    out.extend(raw)


_the_one: "list[_BLE]" = []


def BLE() -> _BLE:
    """The radio: one on a chip, so always the same object."""
    if not _the_one:
        _the_one.append(_BLE())
    return _the_one[0]
