"""What the air shows before anybody speaks."""

from anbu_wire import gatt
from anbu_wire.errors import RemoteProtocolError


def test_advertisement_is_small_and_says_nothing_about_a_person() -> None:
    """27 of 31 bytes: flags, one service UUID, version and flags of ours; no name, no counter."""
    data = gatt.advertisement(gatt.CONNECT_PLEASE | gatt.FAULT)
    types = {}
    at = 0
    while at < len(data):
        types[data[at + 1]] = data[at + 2 : at + 1 + data[at]]
        at += 1 + data[at]
    assert len(data) == 27
    assert sorted(types) == [0x01, 0x07, 0xFF]
    assert types[0x07] == gatt.uuid_bytes(gatt.SERVICE_UUID)
    assert types[0xFF] == b"\xff\xff" + bytes((gatt.ADVERTISEMENT_FORMAT, 3))


def test_uuid_goes_on_the_air_backwards() -> None:
    """Least significant byte first, 16 bytes; and all four UUIDs differ."""
    raw = gatt.uuid_bytes(gatt.SERVICE_UUID)
    assert len(raw) == 16
    assert raw[15] == 0xFA
    assert raw[0] == 0x4A
    uuids = {gatt.SERVICE_UUID, gatt.HELLO_UUID, gatt.CONTROL_UUID, gatt.DATA_UUID}
    assert len({gatt.uuid_bytes(u) for u in uuids}) == 4


def test_hello_comes_back_and_fits_one_read() -> None:
    """22 bytes at most: one read at MTU 23."""
    for device_id in ("b", "box-1", "0123456789abcdef"):
        hello = gatt.encode_hello(1, gatt.PILL_BOX, 0xFEDCBA98, device_id)
        assert len(hello) <= 22
        assert gatt.decode_hello(hello) == (1, gatt.PILL_BOX, 0xFEDCBA98, device_id)


def test_a_device_id_that_does_not_fit_is_refused() -> None:
    """Empty, too long, or not ASCII."""
    for device_id in ("", "0123456789abcdefg", "약통"):
        try:
            gatt.encode_hello(1, 1, 1, device_id)
        except ValueError:
            continue
        raise AssertionError(device_id)


def test_a_strange_hello_is_refused() -> None:
    """Cut, without an id, too long, or with bytes that no id has."""
    for hello in (b"", bytes(5), bytes(6), bytes(6) + b"a b", bytes(6) + b"a" * 17):
        try:
            gatt.decode_hello(hello)
        except RemoteProtocolError:
            continue
        raise AssertionError(hello)
