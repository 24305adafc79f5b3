"""The radio's story in a sped-up house: run by test_air.py under faketime, asserts by itself.

Knows: the home of radio_home.py. May not know: how fast its clock runs.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bleak import BleakClient, BleakScanner

from anbu_wire import gatt
from gateway.sources.conversation import RadioTimes
from tests.home import radio_home
from tests.home.radio_home import PATIENCE_S, Home, home
from tools.home import bleak_backend

SILENT_STRANGER_S = 75  # the box gives a minute to prove oneself, looked at every 15 s


async def silent_stranger(h: Home) -> None:
    """Somebody connects and says nothing: after a minute the box makes room."""
    await bleak_backend.open(h.hci)
    device = await BleakScanner.find_device_by_filter(
        lambda _device, adv: gatt.SERVICE_UUID in adv.service_uuids,
        timeout=PATIENCE_S,
        backend=bleak_backend.scanner_class,
    )
    assert device, "the box does not advertise"
    client = BleakClient(device, timeout=PATIENCE_S, backend=bleak_backend.client_class)
    await client.connect()
    loop = asyncio.get_running_loop()
    since_s = loop.time()
    await h.until(lambda: not client.is_connected, "the silent stranger keeps the box")
    assert loop.time() - since_s >= 30, "the box gave less than a minute"
    await bleak_backend.close()


async def main() -> None:
    """Production time-outs, no patience added."""
    radio_home.TIMES = RadioTimes()
    async with home(Path(sys.argv[1]), records=60) as h:
        async with h.gateway():
            await h.until_synced(60)
            h.radio.out_of_range(True)
            await h.until(lambda: h.sink.count("down") == 1, "the break was not told")
            h.box.push(10)
            h.radio.out_of_range(False)
            await h.until_synced(70)
        await silent_stranger(h)
    assert h.sink.seqs == list(range(1, 71))
    print("well")


if __name__ == "__main__":
    asyncio.run(main())
