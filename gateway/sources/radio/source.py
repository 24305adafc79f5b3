"""The production radio: finds the home's devices, keeps one conversation with each.

Knows: bleak, when to scan, connect, wait and try again.
May not know: the database, what a record means, whom it concerns.

Manners of the gateway on the air: at most one connection is being made, the scan stops meanwhile,
at most `MAX_LINKS` links are held, a pause after every link, back-off with jitter after a failure.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Mapping

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from anbu_wire import gatt
from gateway.sources.conversation import Conversation, Ended, RadioTimes, Sink
from gateway.sources.radio.backends import Backend
from gateway.sources.radio.link import BleakLink, connect

MAX_LINKS = 4  # what a Raspberry Pi's own radio holds
SEEN_FOR_S = 15.0  # an advertisement older than this says nothing about who is here now
STRANGER_S = 600.0  # a device that is not of this home is not asked again for so long

_log = logging.getLogger(__name__)


class RadioSource:
    """Keeps a conversation with every device of the home; `run` until cancelled.

    `devices`: key of 16 bytes by device id. `hci`: the adapter's name for the backend. Everything
    that happens goes to `sink`; errors become `sink.link_down` or `sink.trouble`, never exceptions.
    """

    def __init__(
        self,
        devices: Mapping[str, bytes],
        backend: Backend,
        sink: Sink,
        *,
        hci: str = "",
        times: RadioTimes | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._devices = dict(devices)
        self._backend = backend
        self._sink = sink
        self._hci = hci
        self._times = times or RadioTimes()
        self._chance = chance or random.Random()  # noqa: S311  # jitter, nothing to guess
        self._seen: dict[str, tuple[BLEDevice, float]] = {}  # by address, with loop time
        self._not_before: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._links: dict[str, asyncio.Task[None]] = {}  # by address
        self._talks: dict[str, Conversation] = {}  # by device id
        self._told: dict[str, str] = {}  # why a device that is not linked is not, as last told
        self._changed = asyncio.Event()

    def schedule_changed(self, device_id: str) -> None:
        """There is a new schedule for this device; without a link it goes with the next one."""
        talk = self._talks.get(device_id)
        if talk:
            talk.schedule_changed()

    async def run(self) -> None:
        """Work until cancelled."""
        failures = 0
        try:
            while True:
                try:
                    await self._backend.open(self._hci)
                    failures = 0
                    await self._work()
                except (BleakError, OSError, TimeoutError) as error:
                    failures += 1
                    self._trouble("", f"adapter: {_words(error)}")
                await asyncio.sleep(self._backoff_s(failures))
        finally:
            await self._close()

    async def _close(self) -> None:
        tasks = list(self._links.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(BleakError, OSError):
            await self._backend.close()

    def _trouble(self, key: str, why: str) -> None:
        """Say it once, not at every try."""
        if self._told.get(key) != why:
            self._told[key] = why
            self._sink.trouble("radio", why)

    def _backoff_s(self, failures: int) -> float:
        longest_s = min(self._times.backoff_max_s, 2.0 ** min(failures, 10))
        return max(1.0, longest_s * self._chance.uniform(0.5, 1.0))

    # --- who is there ----------------------------------------------------------------------

    async def _work(self) -> None:
        """Find and connect, one after the other. Returns when the adapter must be opened anew."""
        silences = 0
        while True:
            found = await self._find()
            if found:
                silences = 0
                self._told.pop("", None)
                await self._connect(found)
                continue
            silences += 1  # the ladder: the scan begins anew; then the adapter; and it is said
            if silences > 1:
                why = f"no device heard for {2 * self._times.silence_s:.0f} s; adapter opened anew"
                self._trouble("", why)
                await self._backend.close()
                return

    async def _find(self) -> BLEDevice | None:
        """Scan until a device may be connected; None after `silence_s` without any of ours."""
        while len(self._talks) >= len(self._devices) or len(self._links) >= MAX_LINKS:
            self._changed.clear()
            await self._changed.wait()
        self._seen.clear()
        scanner = BleakScanner(
            self._on_advertisement, [gatt.SERVICE_UUID], backend=self._backend.scanner_class
        )
        async with asyncio.timeout(self._times.operation_s):
            await scanner.start()
        try:
            return await self._wait_for_candidate()
        finally:
            async with asyncio.timeout(self._times.operation_s):
                await scanner.stop()

    async def _wait_for_candidate(self) -> BLEDevice | None:
        loop = asyncio.get_running_loop()
        last_heard = loop.time()
        while True:
            self._changed.clear()
            now = loop.time()
            here = [(a, d) for a, (d, at) in self._seen.items() if now - at < SEEN_FOR_S]
            here = [(a, d) for a, d in here if a not in self._links]
            for address, device in here:
                if self._not_before.get(address, 0.0) <= now:
                    return device
            last_heard = max([last_heard, *(at for _, at in self._seen.values())])
            if now - last_heard >= self._times.silence_s:
                return None
            until = [self._not_before[a] for a, _ in here] + [last_heard + self._times.silence_s]
            # Not wait_for: in Python 3.11 it can swallow a cancellation that meets a result.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.05, min(until) - now)):
                    await self._changed.wait()

    def _on_advertisement(self, device: BLEDevice, _data: AdvertisementData) -> None:
        self._seen[device.address] = (device, asyncio.get_running_loop().time())
        self._changed.set()

    # --- links -----------------------------------------------------------------------------

    async def _connect(self, device: BLEDevice) -> None:
        """Connect and identify; the conversation then goes on in a task of its own."""
        address = device.address
        talk = Conversation(self._devices, self._sink, self._times)
        link: BleakLink | None = None
        try:
            link = await connect(device, self._backend, self._times, talk.gone)
            self._take(await talk.identify(link), talk)
        except Ended as end:
            self._over(address, talk, end)
        except (BleakError, OSError, TimeoutError) as error:
            self._failed(address, f"connect: {_words(error)}")
        else:
            self._links[address] = asyncio.create_task(self._converse(address, link, talk))
            return
        if link is not None:
            await link.hang_up()

    async def _converse(self, address: str, link: BleakLink, talk: Conversation) -> None:
        """One link from the handshake to its end."""
        try:
            await talk.run(link)
        except Ended as end:
            self._over(address, talk, end)
        except (BleakError, OSError, TimeoutError) as error:
            self._over(address, talk, Ended(_words(error)))
        except Exception as error:  # noqa: BLE001  # one device's fault must not end the others
            _log.exception("the conversation with %s failed", talk.device_id)
            self._over(address, talk, Ended(f"a fault of the gateway: {error!r}"))
        finally:
            del self._talks[talk.device_id]
            await link.hang_up()
            del self._links[address]
            self._changed.set()

    def _take(self, device_id: str, talk: Conversation) -> None:
        if device_id in self._talks:
            raise Ended(f"{device_id} is linked already: two devices have the same id")
        self._talks[device_id] = talk

    def _over(self, address: str, talk: Conversation, end: Ended) -> None:
        """A link ended: say so, and decide when to try again."""
        loop_s = asyncio.get_running_loop().time()
        if end.stranger:
            self._not_before[address] = loop_s + STRANGER_S
            self._trouble(address, f"{address}: {end}")
            return
        if talk.established:
            self._failures.pop(address, None)
            self._told[talk.device_id] = str(end)
            self._not_before[address] = loop_s + self._times.pause_s
            self._sink.link_down(talk.device_id, str(end))
            return
        self._failed(address, str(end), talk.device_id)

    def _failed(self, address: str, why: str, device_id: str = "") -> None:
        failures = self._failures.get(address, 0) + 1
        self._failures[address] = failures
        wait_s = max(self._times.pause_s, self._backoff_s(failures))
        self._not_before[address] = asyncio.get_running_loop().time() + wait_s
        _log.info("%s: %s; again in %.0f s", device_id or address, why, wait_s)
        if device_id and self._told.get(device_id) != why:
            self._told[device_id] = why
            self._sink.link_down(device_id, why)


def _words(error: Exception) -> str:
    """A time-out has no words of its own."""
    return str(error) or "no answer in time"
