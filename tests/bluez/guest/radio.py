"""The gateway's own radio code on a real BlueZ, as a process: bleak, D-Bus, bluetoothd, kernel.

Knows: RadioSource with its backend "bluez", production times; says what it hears and is told.
May not know: the daemons, what the story is about. Runs until killed.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from anbu_wire import gatt
from gateway.sources.radio import RadioSource, load_backend
from gateway.sources.radio.link import BleakLink
from tests.bluez.guest.say import say, say_the_log
from tests.bluez.guest.sink import DATABASE, SayingSink

HEARD_AGAIN_S = 2.0
ORDERS = Path("/srv/anbu/judge.json")


class Watched(RadioSource):
    """The production radio; says whom it hears, once in `HEARD_AGAIN_S`."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  # whatever it takes
        super().__init__(*args, **more)
        self._said: dict[str, float] = {}

    def _on_advertisement(self, device: BLEDevice, data: AdvertisementData) -> None:
        now_s = time.monotonic()
        if now_s - self._said.get(device.address, -HEARD_AGAIN_S) >= HEARD_AGAIN_S:
            self._said[device.address] = now_s
            named = {f"{key:04x}": value.hex() for key, value in data.manufacturer_data.items()}
            uuids = data.service_uuids
            say("heard", address=device.address, rssi=data.rssi, uuids=uuids, manufacturer=named)
        super()._on_advertisement(device, data)


def watch_hello() -> None:
    """Have every Hello said as it is read; the link itself stays the production one."""
    read = BleakLink.hello

    async def hello(link: BleakLink) -> bytes:
        value = await read(link)
        version, kind, epoch, device = gatt.decode_hello(value)
        fields = {"version": version, "kind": kind, "epoch": epoch, "device": device}
        say("hello", **fields, room_bytes=link.room_bytes)
        return value

    BleakLink.hello = hello  # type: ignore[method-assign, assignment]  # looked at, not changed


async def main(orders: dict[str, Any]) -> None:
    """Until SIGTERM; then as the gateway does it, in order."""
    sink = SayingSink(DATABASE, (orders["version"], bytes.fromhex(orders["blob"])), say)
    devices = {orders["device"]: bytes.fromhex(orders["key"])}
    radio = asyncio.create_task(Watched(devices, load_backend("bluez"), sink).run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, radio.cancel)
    await asyncio.wait({radio})
    say("radio ended")


if __name__ == "__main__":
    say_the_log()
    watch_hello()
    asyncio.run(main(json.loads(ORDERS.read_text(encoding="ascii"))))
