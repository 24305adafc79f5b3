"""anbu_wire.bthome under both interpreters: the golden vector, and what is refused."""

from binascii import unhexlify

from anbu_wire import bthome
from anbu_wire.errors import RemoteProtocolError

KEY = unhexlify("231d39c1d7cc1ab1aee224cd096db932")
MAC = unhexlify("5448e68f80a5")
COUNTER = 0x00112233  # on the air 33 22 11 00
OBJECTS = unhexlify("0007" + "05393000" + "0a393000" + "0bc1d202")
# Sealed with another implementation beforehand.
GOLDEN = unhexlify("0201061a16d2fc41e688fff31938a02dfea56e5146af3322110098b6eb0c")
DATA = GOLDEN[7:]


def refused(key: bytes, mac: bytes, data: bytes) -> bool:
    try:
        bthome.open_service_data(key, mac, data)
    except RemoteProtocolError:
        return True
    return False


def test_the_golden_vector() -> None:
    """123.45 lx, 12.345 kWh, 1850.25 W become these 30 bytes and come back."""
    assert bthome.objects(7, 12345, 12345, 185025) == OBJECTS
    assert bthome.advertisement(KEY, MAC, COUNTER, OBJECTS) == GOLDEN
    assert bthome.open_service_data(KEY, MAC, DATA) == (COUNTER, OBJECTS)
    assert bthome.values(OBJECTS) == {0: 7, 5: 12345, 10: 12345, 11: 185025}


def test_another_key_address_or_counter_does_not_open_it() -> None:
    """Everything but the lengths is under the seal: one bit anywhere, and it is refused."""
    assert refused(KEY[:-1] + b"\x33", MAC, DATA)
    assert refused(KEY, MAC[:-1] + b"\xa4", DATA)
    for at in range(len(DATA)):
        bad = bytearray(DATA)
        bad[at] ^= 0x40
        assert refused(KEY, MAC, bytes(bad)), at


def test_cut_and_unencrypted_data_are_refused() -> None:
    """Any beginning of it, and what is not sealed at all."""
    for size in range(len(DATA)):
        assert refused(KEY, MAC, DATA[:size]), size
    assert refused(KEY, MAC, b"\x40" + OBJECTS)


def test_what_a_board_does_not_measure_is_left_out() -> None:
    """The others keep their order, and an advertisement of the packet id alone is one too."""
    assert bthome.objects(1, None, 2, None) == b"\x00\x01\x0a\x02\x00\x00"
    assert bthome.objects(256, None, None, None) == b"\x00\x00"
    data = bthome.advertisement(KEY, MAC, 0, b"\x00\x09")[7:]
    assert bthome.open_service_data(KEY, MAC, data) == (0, b"\x00\x09")


def test_values_out_of_range_are_clamped_or_go_round() -> None:
    """Power and light stop at their ends, the energy counter begins anew as a meter does."""
    told = bthome.values(bthome.objects(0, -1, 0x1000002, -5))
    assert told == {0: 0, 5: 0, 10: 2, 11: 0}
    assert bthome.values(bthome.objects(0, 1 << 25, 0, 1 << 24))[5] == 0xFFFFFF


def test_the_counter_has_an_end() -> None:
    """A used-up counter or too long objects are never sealed."""
    for counter, told in ((-1, b"\x00\x01"), (1 << 32, b"\x00\x01"), (1, OBJECTS + b"\x00\x01")):
        try:
            bthome.advertisement(KEY, MAC, counter, told)
        except ValueError:
            continue
        raise AssertionError(counter)
    assert len(bthome.advertisement(KEY, MAC, bthome.LAST_COUNTER, OBJECTS)) <= 31


def test_objects_nobody_knows_are_refused() -> None:
    """An unknown id has an unknown length: nothing behind it can be read."""
    for told in (b"\x4a\x01\x02", b"\x00", b"\x05\x01\x02", OBJECTS + b"\x0b\x01"):
        try:
            bthome.values(told)
        except RemoteProtocolError:
            continue
        raise AssertionError(told)
