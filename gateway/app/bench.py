"""The technician's bench at the house: what gateway.workshop promises, by the parts of one gateway.

Knows: keys, images, the radio, the orders, the computer. May not know: Flask, who asks.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from gateway.app.keys import Keys
from gateway.app.orders import OrderKeeper
from gateway.clock import SystemClock
from gateway.enrolment import EnrolmentRefused, Unit, opened
from gateway.image import Image, ImageRefused
from gateway.images import Images
from gateway.keyring import Keyring, KeyringError
from gateway.label import Label
from gateway.sources.radio import RadioSource
from gateway.workshop import Health, Progress, Signal, WorkshopRefused

CANNOT_KEEP = "keys"  # the disk, or a mode that is too open


class Bench:
    """Implements gateway.workshop.Workshop."""

    def __init__(
        self,
        database: Path,
        clock: SystemClock,
        keyring: Keyring,
        keys: Keys,
        images: Images,
        radio: RadioSource,
        orders: OrderKeeper,
        changed: Callable[[], None],
    ) -> None:
        """`changed()`: other keys are here; called on the loop's thread."""
        self._folder = database.parent
        self._clock = clock
        self._keyring, self._keys, self._images = keyring, keys, images
        self._radio, self._orders = radio, orders
        self._changed = changed
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Take what the page's threads bring until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.Event().wait()
        finally:
            self._loop = None

    def recipient(self) -> str:
        """For whom a workshop seals."""
        try:
            return self._keyring.recipient()
        except KeyringError:
            raise WorkshopRefused(CANNOT_KEEP) from None

    def opened(self, sealed: bytes) -> tuple[Unit, ...]:
        """The devices of an enrolment file."""
        try:
            return opened(sealed, self._keyring.identity())
        except KeyringError:
            raise WorkshopRefused(CANNOT_KEEP) from None
        except EnrolmentRefused as why:
            raise WorkshopRefused(f"file_{why.code}", why.line) from None

    def keep(self, labels: tuple[Label, ...]) -> None:
        """Have their keys."""
        self._do(lambda: self._keys.keep(labels))

    def forget(self, device_id: str) -> None:
        """Have its key no more."""
        self._do(lambda: self._keys.forget(device_id))

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except KeyringError:
            raise WorkshopRefused(CANNOT_KEEP) from None
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._changed)

    def kept(self) -> dict[str, str]:
        """Kind by id of every device whose key is here."""
        return self._keys.kinds()

    def signals(self) -> dict[str, Signal]:
        """How each device was heard last."""
        if self._loop is None:
            return {}
        return {d: Signal(*heard) for d, heard in self._radio.signals(self._loop.time()).items()}

    def images(self) -> tuple[Image, ...]:
        """Updates that lie here."""
        return self._images.every()

    def take_image(self, data: bytes) -> Image:
        """Lay one more there."""
        try:
            return self._images.take(data)
        except ImageRefused as why:
            raise WorkshopRefused(why.code) from None

    def progress(self) -> dict[int, Progress]:
        """Of each update that is under way."""
        return {i: Progress(*far) for i, far in self._orders.updates.progress().items()}

    def health(self) -> Health:
        """As of now."""
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:
            return Health(0, 0, self._clock.right())
        return Health(disk.free, disk.total, self._clock.right())
