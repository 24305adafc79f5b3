"""The bench's ear: how strongly a name is heard on the air.

Knows: the gateway's own adapter. May not know: boxes, what is strong enough.
"""

from __future__ import annotations

import asyncio
from statistics import median_low

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from gateway.sources.radio.adapter import Adapter
from gateway.sources.radio.backends import Backend
from tools.technician.said import Refused

OPERATION_S = 10.0
ENOUGH = 3  # readings; BlueZ tells an advertisement again only now and then


async def heard(backend: Backend, hci: str, name: str, seconds: float) -> int | None:
    """The median in dBm, None where it is not heard in that time. Raises Refused: no adapter."""
    readings: list[int] = []
    enough = asyncio.Event()

    def on_advertisement(_device: BLEDevice, data: AdvertisementData) -> None:
        if data.local_name == name:
            readings.append(data.rssi)
            if len(readings) >= ENOUGH:
                enough.set()

    adapter = Adapter(backend, hci, OPERATION_S, lambda _why: enough.set())
    try:
        await adapter.open()
        try:
            await adapter.scan(on_advertisement, all_of_it=True)
            async with asyncio.timeout(seconds):
                await enough.wait()
        except TimeoutError:
            pass
        finally:
            await adapter.close()
    except (BleakError, OSError) as why:
        wrong = f"this bench's Bluetooth cannot be used ({why})"
        raise Refused(wrong, "see anbu doctor, or take --no-radio") from why
    return median_low(readings) if readings else None
