"""The adapter behind a backend: opened, scanned with, helped when it is stuck.

Knows: which backend can do more than it must. May not know: devices, links, when to do what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.scanner import AdvertisementDataCallback

from anbu_wire import gatt
from gateway.sources.radio.backends import Backend

Help = Callable[[], Awaitable[None]]


class Adapter:
    """One adapter. Everything raises BleakError, OSError or TimeoutError where it cannot be done.

    `lost(why)` is called when the adapter, or the service that carries it, is gone.
    """

    def __init__(
        self, backend: Backend, hci: str, operation_s: float, lost: Callable[[str], None]
    ) -> None:
        self._backend = backend
        self._hci = hci
        self._operation_s = operation_s
        self._scanner: BleakScanner | None = None
        self._all_of_it = False  # what it scans for
        watch = getattr(backend, "on_lost", None)
        if watch is not None:
            watch(lost)

    async def open(self) -> None:
        """Open it."""
        await self._backend.open(self._hci)

    async def close(self) -> None:
        """Close it; links that still stand drop."""
        self._scanner = None
        await self._backend.close()

    async def scan(self, on_advertisement: AdvertisementDataCallback, *, all_of_it: bool) -> None:
        """Scan for the Anbu service, or for `all_of_it`, if that is not done already.

        BlueZ finds a service only in the lists of services; a broadcast has its data alone.
        """
        if self._scanner is not None and self._all_of_it == all_of_it:
            return
        await self.stop_scan()
        options = getattr(self._backend, "scanner_options", None)
        scanner = BleakScanner(
            on_advertisement,
            None if all_of_it else [gatt.SERVICE_UUID],
            backend=self._backend.scanner_class,
            bluez=cast("BlueZScannerArgs", options() if options else {}),
        )
        async with asyncio.timeout(self._operation_s):
            await scanner.start()
        self._scanner, self._all_of_it = scanner, all_of_it

    async def stop_scan(self) -> None:
        """Stop scanning, if that is done."""
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            async with asyncio.timeout(self._operation_s):
                await scanner.stop()

    async def power_cycle(self) -> None:
        """Off and on again; a backend that cannot is closed and opened."""
        await self._help("power_cycle")

    async def reset(self) -> None:
        """The hardest that can be done."""
        await self._help("reset")

    async def _help(self, name: str) -> None:
        ability: Help | None = getattr(self._backend, name, None)
        if ability is not None:
            await ability()
            return
        await self.close()
        await self.open()
