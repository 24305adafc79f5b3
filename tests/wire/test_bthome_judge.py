"""The library `bthome-ble`, which Home Assistant reads with, judges anbu_wire.bthome.

Knows: both. May not know: a plug, a gateway.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from bthome_ble import parser
from hypothesis import example, given
from hypothesis import strategies as st

from anbu_wire import bthome
from anbu_wire.errors import RemoteProtocolError

KEYS = st.binary(min_size=16, max_size=16)
MACS = st.binary(min_size=6, max_size=6)
COUNTERS = st.integers(0, bthome.LAST_COUNTER)
VALUES = st.none() | st.integers(0, 0xFFFFFF)


def heard(mac: bytes, advertisement: bytes, at_s: float) -> Any:  # noqa: ANN401  # untyped library
    """An advertisement as Home Assistant gets it."""
    address = ":".join(f"{byte:02X}" for byte in mac)
    return SimpleNamespace(
        name="",
        address=address,
        rssi=-60,
        manufacturer_data={},
        service_data={bthome.UUID: advertisement[7:]},
        service_uuids=[],
        source="local",
        time=at_s,
    )


def measured(judge: Any, told: Any) -> dict[str, Any]:  # noqa: ANN401  # same
    """Value by name, as the judge read them; empty where it took nothing."""
    values = judge.update(told).entity_values
    return {key.key: v.native_value for key, v in values.items()} if judge.bindkey_verified else {}


@given(KEYS, MACS, COUNTERS, st.integers(0, 255), VALUES, VALUES, VALUES)
@example(bytes(16), bytes(6), 0, 0, 0, 0, 0)
def test_home_assistant_reads_what_a_plug_says(
    key: bytes,
    mac: bytes,
    counter: int,
    packet: int,
    lux: int | None,
    energy: int | None,
    power: int | None,
) -> None:
    """Light, energy and power come out as they were put in, whatever the key, address, counter."""
    sealed = bthome.advertisement(key, mac, counter, bthome.objects(packet, lux, energy, power))
    told = measured(parser.BTHomeBluetoothDeviceData(bindkey=key), heard(mac, sealed, 1.0))
    assert told.pop("packet_id") == packet
    told.pop("signal_strength", None)
    wanted = {"illuminance": (lux, 100), "energy": (energy, 1000), "power": (power, 100)}
    assert set(told) == {name for name, (value, _parts) in wanted.items() if value is not None}
    for name, value in told.items():
        raw, parts = wanted[name]
        assert value * parts == pytest.approx(raw)


@given(KEYS, KEYS, MACS, COUNTERS)
def test_home_assistant_reads_nothing_with_another_key(
    key: bytes, other: bytes, mac: bytes, counter: int
) -> None:
    """What it refuses we refuse, and the other way round."""
    sealed = bthome.advertisement(key, mac, counter, bthome.objects(1, 2, 3, 4))
    judge = parser.BTHomeBluetoothDeviceData(bindkey=other)
    told = measured(judge, heard(mac, sealed, 1.0))
    assert ("power" in told) == (key == other)
    if key != other:
        with pytest.raises(RemoteProtocolError):
            bthome.open_service_data(other, mac, sealed[7:])


@given(KEYS, MACS, COUNTERS, VALUES, VALUES, VALUES)
def test_what_is_sealed_is_opened(
    key: bytes, mac: bytes, counter: int, lux: int | None, energy: int | None, power: int | None
) -> None:
    """Our own listener gets counter and objects back, in at most 31 bytes on the air."""
    told = bthome.objects(9, lux, energy, power)
    sealed = bthome.advertisement(key, mac, counter, told)
    assert len(sealed) <= bthome.ADVERTISEMENT_BYTES
    assert bthome.open_service_data(key, mac, sealed[7:]) == (counter, told)


@given(st.binary(max_size=40))
def test_any_bytes_are_refused_in_order(data: bytes) -> None:
    """Nothing but RemoteProtocolError comes of noise."""
    with pytest.raises(RemoteProtocolError):
        bthome.open_service_data(bytes(16), bytes(6), data)
    try:
        bthome.values(data)
    except RemoteProtocolError:
        return
