"""How Anbu looks on the air before anybody speaks: UUIDs, advertisement, Hello.

Knows: the numbers both ends need to find each other.
May not know: a key, a person, a session, a radio.

An advertisement says nothing about a person, carries no name and no counter, and keeps its pace
after an event: a listener in the stairwell must not learn who is at home.
"""

import struct

from anbu_wire.errors import RemoteProtocolError

SERVICE_UUID = "faa88fe6-451e-4a3b-9acd-164e9a746b4a"
HELLO_UUID = "faa88fe7-451e-4a3b-9acd-164e9a746b4a"  # READ
CONTROL_UUID = "faa88fe8-451e-4a3b-9acd-164e9a746b4a"  # WRITE with response
DATA_UUID = "faa88fe9-451e-4a3b-9acd-164e9a746b4a"  # NOTIFY + INDICATE

DEVICE_INFORMATION = 0x180A
MODEL_NUMBER = 0x2A24
SERIAL_NUMBER = 0x2A25
FIRMWARE_REVISION = 0x2A26
HARDWARE_REVISION = 0x2A27
BATTERY_SERVICE = 0x180F
BATTERY_LEVEL = 0x2A19

MTU = 247  # asked for; everything works at 23 too
ATT_HEADER_BYTES = 3  # a notification or write carries MTU - 3 bytes
BUFFER_BYTES = 247  # for gatts_set_buffer: MicroPython's default cuts writes at 20 bytes

COMPANY_ID = 0xFFFF  # Bluetooth SIG: no company; tells others not to read meaning into the rest
ADVERTISEMENT_FORMAT = 1
CONNECT_PLEASE = 0x01
FAULT = 0x02
PROVISIONING = 0x04

# device kinds
PILL_BOX = 1
CARE_PLUG = 2

DEVICE_ID_MAX_BYTES = 16  # so that Hello fits one read at MTU 23
_HELLO = "<BBI"
_HELLO_BYTES = 6


def uuid_bytes(uuid: str) -> bytes:
    """The 16 bytes of a UUID string as they go on the air (least significant first)."""
    digits = uuid.replace("-", "")
    return bytes([int(digits[i : i + 2], 16) for i in range(30, -2, -2)])


def manufacturer_data(flags: int) -> bytes:
    """What follows the company id in the manufacturer data: format version, flags."""
    return bytes((ADVERTISEMENT_FORMAT, flags))


def advertisement(flags: int) -> bytes:
    """The advertising payload, 27 of the 31 bytes there are.

    `flags` are CONNECT_PLEASE | FAULT | PROVISIONING.
    """
    manufacturer = struct.pack("<H", COMPANY_ID) + manufacturer_data(flags)
    return (
        b"\x02\x01\x06"  # general discoverable, no classic Bluetooth
        b"\x11\x07"  # one 128-bit service
        + uuid_bytes(SERVICE_UUID)
        + bytes((len(manufacturer) + 1, 0xFF))
        + manufacturer
    )


def encode_hello(version: int, kind: int, epoch: int, device_id: str) -> bytes:
    """The value of Hello: protocol version, device kind, log epoch, device id (ASCII, 1–16).

    Raises ValueError for a device id that does not fit.
    """
    name = device_id.encode()
    if not 1 <= len(name) <= DEVICE_ID_MAX_BYTES or len(name) != len(device_id):
        raise ValueError("device id %r: 1 to 16 ASCII characters are allowed" % device_id)
    return struct.pack(_HELLO, version, kind, epoch) + name


def decode_hello(data: bytes) -> "tuple[int, int, int, str]":
    """(protocol version, device kind, log epoch, device id). Raises RemoteProtocolError."""
    name = bytes(data[_HELLO_BYTES:])
    if not 1 <= len(name) <= DEVICE_ID_MAX_BYTES or any(not 0x20 < c < 0x7F for c in name):
        raise RemoteProtocolError("hello of %d bytes is not one" % len(data))
    version, kind, epoch = struct.unpack(_HELLO, data[:_HELLO_BYTES])
    return version, kind, epoch, name.decode()
