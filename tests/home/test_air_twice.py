"""A device that advertises twice: connectable for its gateway, and open data for everybody.

Knows: the chip's radio by its requests, bleak over the air. Uses no process.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from tools.home import bleak_backend
from tools.home.air import Air, BoxRadio

UUID = "0000fcd2-0000-1000-8000-00805f9b34fb"
TOLD = bytes.fromhex("41e688fff31938a02dfea56e5146af3322110098b6eb0c")  # careplug.md's vector
OPEN = bytes.fromhex("0201061a16d2fc") + TOLD
CONNECT_ME = bytes.fromhex("0201060303aafe")
INTERVAL_US = 20_000
PATIENCE_S = 20.0


class Nobody:
    """A board whose process is not there."""

    def route(self, types: range, handler: Callable[[int, bytes], Awaitable[bytes]]) -> None:
        """No process asks."""

    async def event(self, kind: int, payload: bytes) -> bool:
        return False

    def on_box(self, handler: Callable[[bool], None]) -> None:
        """No process comes."""


async def advertise(radio: BoxRadio, data: bytes, *, connectable: bool) -> None:
    """What gap_advertise asks of the chip."""
    head = struct.pack("<IBB", INTERVAL_US, connectable, len(data))
    assert await radio.nimble.handle(0x12, head + data + b"\0") == b"\0"


@contextlib.asynccontextmanager
async def plug(folder: Path) -> AsyncIterator[tuple[Air, BoxRadio]]:
    """A plug's radio on the air, switched on; the gateway's adapter is open."""
    air = Air(supervision_timeout_s=0.5)
    hci = await air.start(folder / "hci")
    radio = air.add_box(Nobody())
    await radio.nimble.handle(0x10, b"\1")
    await bleak_backend.open(hci)
    try:
        yield air, radio
    finally:
        await bleak_backend.close()
        await air.stop()


async def hears(found: Callable[[BLEDevice, AdvertisementData], bool]) -> BLEDevice | None:
    """The device of which that is true, heard within the patience."""
    scanner = bleak_backend.scanner_class
    return await BleakScanner.find_device_by_filter(found, timeout=PATIENCE_S, backend=scanner)


def says_openly(_device: BLEDevice, advertisement: AdvertisementData) -> bool:
    """Whether this is the open data, byte for byte."""
    return advertisement.service_data == {UUID: TOLD}


def test_open_data_is_heard_as_it_was_said(tmp_path: Path) -> None:
    """Service data of a non-connectable advertiser reaches the scanner, with its address."""

    async def story() -> None:
        async with plug(tmp_path) as (_air, radio):
            await advertise(radio, OPEN, connectable=False)
            device = await hears(says_openly)
            assert device is not None
            assert device.address == str(radio.controller.public_address).split("/")[0]

    asyncio.run(story())


def test_open_data_goes_on_while_connected(tmp_path: Path) -> None:
    """A linked device still tells everybody; its link stands, and ends only when it is ended."""

    async def story() -> None:
        async with plug(tmp_path) as (_air, radio):
            await advertise(radio, CONNECT_ME, connectable=True)
            device = await hears(lambda d, adv: not adv.service_data)
            assert device is not None
            client = BleakClient(device, timeout=PATIENCE_S, backend=bleak_backend.client_class)
            await client.connect()
            await advertise(radio, OPEN, connectable=False)
            assert await hears(says_openly) is not None
            assert client.is_connected
            assert radio.nimble.state == "connected"
            await client.disconnect()

    asyncio.run(story())


def test_both_are_reported_and_neither_hides_the_other(tmp_path: Path) -> None:
    """Changing from one advertising to the other, the scanner hears both of them."""

    async def story() -> None:
        async with plug(tmp_path) as (_air, radio):
            await advertise(radio, CONNECT_ME, connectable=True)
            assert await hears(lambda d, adv: bool(adv.service_uuids)) is not None
            await advertise(radio, OPEN, connectable=False)
            assert await hears(says_openly) is not None
            await advertise(radio, CONNECT_ME, connectable=True)
            assert await hears(lambda d, adv: bool(adv.service_uuids)) is not None

    asyncio.run(story())


def test_nobody_connects_to_open_data(tmp_path: Path) -> None:
    """A device that only tells cannot be connected to: the attempt ends without a link."""

    async def story() -> None:
        async with plug(tmp_path) as (_air, radio):
            await advertise(radio, OPEN, connectable=False)
            device = await hears(says_openly)
            assert device is not None
            client = BleakClient(device, timeout=1.0, backend=bleak_backend.client_class)
            with pytest.raises((BleakError, TimeoutError)):
                await client.connect()
            assert radio.nimble.state == "advertising"

    asyncio.run(story())


def test_several_devices_are_linked_at_once(tmp_path: Path) -> None:
    """Two plugs hold a link to one gateway, and one that goes takes the other not along."""

    async def story() -> None:
        async with plug(tmp_path) as (air, first):
            second = air.add_box(Nobody())
            await second.nimble.handle(0x10, b"\1")
            clients = []
            for radio in (first, second):
                await advertise(radio, CONNECT_ME, connectable=True)
                mine = str(radio.controller.public_address).split("/")[0]
                device = await hears(lambda d, adv, mine=mine: d.address == mine)  # type: ignore[misc]
                assert device is not None
                client = BleakClient(device, timeout=PATIENCE_S, backend=bleak_backend.client_class)
                await client.connect()
                clients.append(client)
            assert [client.is_connected for client in clients] == [True, True]
            first.nimble.power_cut()
            async with asyncio.timeout(PATIENCE_S):
                while clients[0].is_connected:  # noqa: ASYNC110 - the radio makes it so
                    await asyncio.sleep(0.02)
            assert clients[1].is_connected
            await clients[1].disconnect()

    asyncio.run(story())
