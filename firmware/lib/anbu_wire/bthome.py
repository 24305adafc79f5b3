"""BTHome v2 (bthome.io/format), encrypted: what a plug says to everybody who has its BTHome key.

Knows: the bytes of the service data and of these few objects.
May not know: sessions, the device key, a radio, a clock, where a counter is kept.

The nonce is the radio's address, the UUID, the device information and the counter: one counter is
never used twice with a key, also not after a restart. A listener refuses one that goes back.
"""

import struct

from anbu_wire import seal
from anbu_wire.errors import RemoteProtocolError

UUID = "0000fcd2-0000-1000-8000-00805f9b34fb"
ADVERTISEMENT_BYTES = 31
LAST_COUNTER = 0xFFFFFFFF

# object ids, in the order the format asks for
PACKET_ID = 0x00  # 0 to 255, another one for another content
LUX_CENTI = 0x05
ENERGY_WH = 0x0A  # goes round at 2^24
POWER_CW = 0x0B  # 0.01 W
_SIZES = {PACKET_ID: 1, LUX_CENTI: 3, ENERGY_WH: 3, POWER_CW: 3}
_U24 = 0xFFFFFF

_UUID_ON_AIR = b"\xd2\xfc"
_FLAGS = b"\x02\x01\x06"  # general discoverable, no classic Bluetooth
_SERVICE_DATA = 0x16
_INFORMATION = b"\x41"  # encrypted, at regular intervals, version 2
_TAG_BYTES = 4
_TRAILER_BYTES = 8  # counter and tag


def objects(
    packet_id: int, lux_centi: "int | None", energy_wh: "int | None", power_cw: "int | None"
) -> bytes:
    """The objects of one broadcast, at most 14 bytes; None for what this board does not measure.

    Power below 0 is told as 0; more than fits 24 bits as the most that fits.
    """
    told = bytes((PACKET_ID, packet_id & 0xFF))
    if lux_centi is not None:
        told += _u24(LUX_CENTI, _clamped(lux_centi))
    if energy_wh is not None:
        told += _u24(ENERGY_WH, energy_wh & _U24)
    if power_cw is not None:
        told += _u24(POWER_CW, _clamped(power_cw))
    return told


def values(told: bytes) -> "dict[int, int]":
    """Values by object id, of what `objects` writes. Raises RemoteProtocolError on other bytes."""
    found = {}
    at = 0
    while at < len(told):
        size = _SIZES.get(told[at], 0)
        if not size or at + 1 + size > len(told):
            raise RemoteProtocolError("BTHome object 0x%02x at %d" % (told[at], at))
        found[told[at]] = int.from_bytes(told[at + 1 : at + 1 + size], "little")
        at += 1 + size
    return found


def advertisement(key: bytes, mac: bytes, counter: int, told: bytes) -> bytes:
    """The advertising payload for `objects`, at most 31 bytes.

    `mac`: the radio's address, its six bytes as they are printed. Raises ValueError where the
    counter is used up or the objects are too long.
    """
    if not 0 <= counter <= LAST_COUNTER:
        raise ValueError("BTHome counter %d" % counter)
    count = struct.pack("<I", counter)
    sealed = seal.ccm_seal(key, _nonce(mac, count), b"", told, _TAG_BYTES)
    split = len(told)
    body = _UUID_ON_AIR + _INFORMATION + sealed[:split] + count + sealed[split:]
    payload = _FLAGS + bytes((len(body) + 1, _SERVICE_DATA)) + body
    if len(payload) > ADVERTISEMENT_BYTES:
        raise ValueError("BTHome objects of %d bytes" % len(told))
    return payload


def open_service_data(key: bytes, mac: bytes, data: bytes) -> "tuple[int, bytes]":
    """(counter, objects) of the service data, without its UUID.

    Raises RemoteProtocolError for what was not sealed with this key by this address.
    """
    end = len(data) - _TRAILER_BYTES
    if end < 1 or data[:1] != _INFORMATION:
        raise RemoteProtocolError("BTHome data of %d bytes, not encrypted version 2" % len(data))
    count = bytes(data[end : end + 4])
    sealed = bytes(data[1:end]) + bytes(data[end + 4 :])
    told = seal.ccm_open(key, _nonce(mac, count), b"", sealed, _TAG_BYTES)
    return struct.unpack("<I", count)[0], told


def _nonce(mac: bytes, count: bytes) -> bytes:
    if len(mac) != 6:
        raise ValueError("an address has 6 bytes")
    return bytes(mac) + _UUID_ON_AIR + _INFORMATION + count


def _u24(name: int, value: int) -> bytes:
    return bytes((name, value & 0xFF, value >> 8 & 0xFF, value >> 16))


def _clamped(value: int) -> int:
    return min(max(value, 0), _U24)
