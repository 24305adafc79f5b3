"""The production radio: finds the home's devices, keeps a conversation with each.

Knows: how a plan of the manners is carried out with bleak; whom to tell what came of it.
May not know: the database, what a record means, whom it concerns, whose turn it is (manners).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Mapping

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from anbu_wire import bthome, gatt
from gateway.sources.conversation import Conversation, RadioTimes, Sink
from gateway.sources.orders import Ended
from gateway.sources.radio import ladder, manners
from gateway.sources.radio.adapter import Adapter
from gateway.sources.radio.backends import Backend
from gateway.sources.radio.broadcasts import Broadcasts
from gateway.sources.radio.heard import Heard
from gateway.sources.radio.link import BleakLink, connect
from gateway.sources.radio.manners import Limits, Manners
from gateway.sync import Answer, Command

_ADAPTER = "adapter"  # told under this key
COMMAND_S = 90.0  # a device whose turn it is not needs one first

_log = logging.getLogger(__name__)


class NotReached(Exception):  # noqa: N818  # an outcome, not an error of this program
    """A command got no answer; the reason says whether it may have been done all the same."""


class RadioSource:
    """Keeps a conversation with every device of the home; `run` until cancelled.

    `devices`: key of 16 bytes by device id. `hci`: the adapter's name for the backend. Everything
    that happens goes to `sink`; errors become `sink.link_down` or `sink.trouble`, never exceptions.
    `broadcasts`: those of care plugs, heard while the scan runs; nothing waits for one.
    """

    def __init__(
        self,
        devices: Mapping[str, bytes],
        backend: Backend,
        sink: Sink,
        *,
        hci: str = "",
        times: RadioTimes | None = None,
        limits: Limits | None = None,
        chance: random.Random | None = None,
        broadcasts: Broadcasts | None = None,
    ) -> None:
        self._broadcasts = broadcasts
        self._devices = dict(devices)
        self._sink = sink
        self._times = times or RadioTimes()
        chance = chance or random.Random()  # noqa: S311  # jitter, nothing to guess
        self._manners = Manners(
            self._devices, chance.random, limits or _limits(self._times, Limits())
        )
        self._backend = backend
        self._adapter = Adapter(backend, hci, self._times.operation_s, self._on_lost)
        self._lost_why = ""  # the adapter is gone; everything is built anew
        self._failures = 0  # of the adapter, since something was heard
        self._heard = Heard()
        self._turns: dict[str, _Turn] = {}  # by address, from connecting to the link's end
        self._links: dict[str, asyncio.Task[None]] = {}  # by address
        self._talks: dict[str, Conversation] = {}  # by device id
        self._told: dict[str, str] = {}  # why a device that is not linked is not, as last told
        self._callers: dict[str, list[asyncio.Future[Conversation]]] = {}  # waiting for a session
        self._changed = asyncio.Event()

    # --- what others may ask ---------------------------------------------------------------

    def schedule_changed(self, device_id: str) -> None:
        """There is a new schedule for this device; without a link its turn comes sooner."""
        talk = self._talks.get(device_id)
        if talk:
            talk.schedule_changed()
        else:
            self._want(device_id)

    def know(self, devices: Mapping[str, bytes], bthome: Mapping[str, bytes] | None = None) -> None:
        """These are the devices of this home from now on; `bthome`: the keys of broadcasts.

        A device that is not among them any more is revoked: its link ends, its radio is not
        connected to again, and should it come with another one, its Hello is refused.
        """
        rekeyed = [d for d in self._talks if d in devices and devices[d] != self._devices[d]]
        self._devices.clear()
        self._devices.update(devices)
        self._manners.know(self._devices)
        if self._broadcasts is not None and bthome is not None:
            self._broadcasts.know(bthome)
        for device_id in rekeyed:
            self._talks[device_id].leave("it has another key now")
        self._changed.set()

    def signals(self, now_s: float) -> dict[str, tuple[int, int]]:
        """How each device was heard last: (dBm, how many ms ago). A linked one does not call.

        `now_s`: by the loop's clock; from any thread.
        """
        return self._heard.signals(int(now_s * 1000))

    async def command(
        self, device_id: str, command: Command, timeout_s: float = COMMAND_S
    ) -> Answer:
        """Have a device do something; its answer. Raises NotReached, ValueError for a stranger."""
        if device_id not in self._devices:
            raise ValueError(f"{device_id} is no device of this home")
        try:
            async with asyncio.timeout(timeout_s):
                talk = await self._session_with(device_id)
                return await talk.command(command)
        except Ended as end:
            raise NotReached(f"{end}; it may have been done") from end
        except TimeoutError as error:
            raise NotReached(f"no answer in {timeout_s:.0f} s; it may have been done") from error

    async def _session_with(self, device_id: str) -> Conversation:
        talk = self._talks.get(device_id)
        if talk is not None and talk.established:
            return talk
        self._want(device_id)
        caller: asyncio.Future[Conversation] = asyncio.get_running_loop().create_future()
        self._callers.setdefault(device_id, []).append(caller)
        return await caller

    def _want(self, device_id: str) -> None:
        self._manners.want(device_id)
        self._changed.set()

    # --- the loop --------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until cancelled."""
        opened = False
        try:
            while True:
                try:
                    if not opened:
                        self._lost_why = ""
                        await self._adapter.open()
                        opened = True
                    await self._work()
                except (BleakError, OSError, TimeoutError) as error:
                    self._failures += 1
                    self._trouble(_ADAPTER, f"adapter: {_words(error)}")
                except Exception as error:  # noqa: BLE001  # the radio goes on, whatever it was
                    _log.exception("the radio failed")
                    self._failures += 1
                    self._lost_why = f"a fault of the gateway: {error!r}"
                    self._trouble(_ADAPTER, self._lost_why)
                if self._lost_why or not self._links:
                    opened = False  # while links stand, only the scan is tried again
                    await self._all_anew(self._lost_why or "the adapter was opened anew")
                await asyncio.sleep(self._manners.backoff_ms(self._failures) / 1000)
        finally:
            await self._end_links()
            await self._close_adapter()

    async def _work(self) -> None:
        """Carry out plan after plan. Raises what the adapter raises."""
        while not self._lost_why:
            self._changed.clear()
            plan = self._manners.plan(self._now_ms())
            for address in plan.end:
                self._send_away(address)
            if plan.connect:
                await self._connect(plan.connect)
                continue
            if plan.rung:
                await self._climb(plan.rung)
            if plan.scan:
                all_of_it = self._broadcasts is not None and self._broadcasts.wanted
                await self._adapter.scan(self._on_advertisement, all_of_it=all_of_it)
            else:
                await self._adapter.stop_scan()
            await self._wait(plan.wake_ms)
        raise OSError(self._lost_why)

    async def _wait(self, wake_ms: int | None) -> None:
        # Not wait_for: in Python 3.11 it can swallow a cancellation that meets a result.
        wait_s = None if wake_ms is None else max(0.02, (wake_ms - self._now_ms()) / 1000)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._changed.wait()

    def _now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)

    def _on_advertisement(self, device: BLEDevice, data: AdvertisementData) -> None:
        told = data.service_data.get(bthome.UUID)
        if told is not None and self._broadcasts is not None:
            self._broadcasts.take(device.address, told)
        if gatt.SERVICE_UUID not in data.service_uuids:
            return
        self._heard.note(device, data.rssi, self._now_ms())
        self._failures = 0
        self._told.pop("ladder", None)
        self._told.pop(_ADAPTER, None)
        self._manners.heard(device.address, self._now_ms())
        self._changed.set()

    def _on_lost(self, why: str) -> None:
        self._lost_why = why
        self._changed.set()

    async def _climb(self, rung: str) -> None:
        """Do what stands on this rung of the ladder."""
        _log.warning("no device heard for %.0f s: %s", self._times.silence_s, rung)
        match rung:
            case ladder.RESTART_SCAN:
                await self._adapter.stop_scan()
            case ladder.POWER_CYCLE:
                await self._adapter.stop_scan()
                await self._adapter.power_cycle()
            case ladder.RESET:
                await self._adapter.stop_scan()
                await self._adapter.reset()
            case ladder.SAY:
                why = f"no device heard for {4 * self._times.silence_s:.0f} s"
                self._trouble("ladder", f"{why}, though scan and adapter were begun anew")

    # --- the adapter's end -----------------------------------------------------------------

    async def _all_anew(self, why: str) -> None:
        """Every link ends and is told; the adapter is closed."""
        for device_id, talk in list(self._talks.items()):
            if talk.established:
                self._told[device_id] = why
                self._sink.link_down(device_id, why)
        await self._end_links()
        await self._close_adapter()
        self._manners.all_lost(self._now_ms())
        self._heard.forget()

    async def _end_links(self) -> None:
        tasks = list(self._links.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for kept in (self._links, self._turns, self._talks):
            kept.clear()  # a task that was cancelled before it began forgot nothing by itself

    async def _close_adapter(self) -> None:
        # It is given up anyway; what it says to that helps nobody.
        for step in (self._adapter.stop_scan, self._adapter.close):
            with contextlib.suppress(BleakError, OSError, TimeoutError):
                await step()

    def _trouble(self, key: str, why: str) -> None:
        """Say it once, not at every try: of the adapter, or of what is on the air, or is not."""
        if self._told.get(key) != why:
            self._told[key] = why
            self._sink.trouble("radio" if key == _ADAPTER else "air", why)

    # --- links -----------------------------------------------------------------------------

    def _send_away(self, address: str) -> None:
        talk = self._turns[address].talk
        ours = talk.device_id in self._devices
        talk.leave("it made room for another device" if ours else "the device was revoked")

    async def _connect(self, address: str) -> None:
        """Connect and identify; the conversation then goes on in a task of its own."""
        turn = self._turns[address] = _Turn(self, address)
        link: BleakLink | None = None
        try:
            await self._adapter.stop_scan()
            link = await connect(
                self._heard.device(address), self._backend, self._times, turn.talk.gone
            )
            self._take(address, await turn.talk.identify(link), turn.talk)
        except Ended as end:
            self._over(address, turn.talk, end)
        except (BleakError, OSError, TimeoutError) as error:
            self._over(address, turn.talk, Ended(f"connect: {_words(error)}"))
        except Exception as error:  # noqa: BLE001  # one device's fault must not end the others
            _log.exception("connecting to %s failed", address)
            self._over(address, turn.talk, Ended(f"a fault of the gateway: {error!r}"))
        else:
            self._manners.identified(address, turn.talk.device_id, self._now_ms())
            self._links[address] = asyncio.create_task(self._converse(address, link, turn.talk))
        finally:
            if address not in self._links:
                del self._turns[address]
                if link is not None:
                    await link.hang_up()

    async def _converse(self, address: str, link: BleakLink, talk: Conversation) -> None:
        """One link from the handshake to its end."""
        end = Ended("the gateway ends")
        try:
            await talk.run(link)
        except Ended as how:
            end = how
        except (BleakError, OSError, TimeoutError) as error:
            end = Ended(_words(error))
        except Exception as error:  # noqa: BLE001  # one device's fault must not end the others
            _log.exception("the conversation with %s failed", talk.device_id)
            end = Ended(f"a fault of the gateway: {error!r}")
        finally:
            await link.hang_up()
            del self._talks[talk.device_id], self._links[address], self._turns[address]
        self._over(address, talk, end)  # not where it was cancelled
        self._changed.set()

    def _take(self, address: str, device_id: str, talk: Conversation) -> None:
        if device_id in self._talks:
            raise Ended(f"{device_id} is linked already: two devices have the same id")
        self._talks[device_id] = talk
        self._heard.named(address, device_id)

    def _over(self, address: str, talk: Conversation, end: Ended) -> None:
        """A link ended, or did not come to be: say so; the manners decide what follows."""
        device_id, why = talk.device_id, str(end)
        if end.stranger:
            self._manners.happened(address, manners.STRANGER, self._now_ms())
            self._trouble(address, f"{address}: {why}")
            return
        if talk.established:
            self._manners.happened(address, manners.ENDED, self._now_ms())
            if end.rests_s is not None:
                self._manners.rests(device_id, self._now_ms() + end.rests_s * 1000)
                self._told[device_id] = why
                return
            self._told[device_id] = why
            self._sink.link_down(device_id, why)
            return
        what = manners.UNPROVEN if end.unproven else manners.FAILED
        doubted = self._manners.happened(address, what, self._now_ms())
        _log.info("%s: %s", device_id or address, why)
        if device_id in self._talks:  # by another radio: that link stands
            self._trouble(address, f"{address}: {why}")
        elif device_id and self._told.get(device_id) != why:
            self._told[device_id] = why
            self._sink.link_down(device_id, why)
        if doubted:
            why = f"{address} says it is {device_id} and could not prove it twice"
            self._sink.trouble(device_id, f"{why}: another key, or another device; look at it")

    # --- told by a conversation ------------------------------------------------------------

    def _proved(self, address: str, talk: Conversation) -> None:
        self._manners.happened(address, manners.PROVED, self._now_ms())
        for caller in self._callers.pop(talk.device_id, ()):
            if not caller.done():
                caller.set_result(talk)

    def _rests(self, address: str, *, resting: bool) -> None:
        what = manners.RESTS if resting else manners.WORKS
        self._manners.happened(address, what, self._now_ms())
        self._changed.set()


class _Turn:
    """One device's turn: its conversation, and who watches it."""

    def __init__(self, source: RadioSource, address: str) -> None:
        self._source = source
        self._address = address
        self.talk = Conversation(source._devices, source._sink, source._times, self)  # noqa: SLF001  # half of RadioSource, by address

    def proved(self) -> None:
        """A session stands."""
        self._source._proved(self._address, self.talk)  # noqa: SLF001

    def rests(self, *, resting: bool) -> None:
        """Nothing is left to do, or something is again."""
        self._source._rests(self._address, resting=resting)  # noqa: SLF001


def _limits(times: RadioTimes, usual: Limits) -> Limits:
    """The limits that follow from the radio's times."""
    return Limits(
        usual.links,
        pause_ms=round(times.pause_s * 1000),
        backoff_max_ms=round(times.backoff_max_s * 1000),
        silence_ms=round(times.silence_s * 1000),
    )


def _words(error: Exception) -> str:
    """A time-out has no words of its own; some of bleak's errors show code and words as a tuple."""
    if str(error) == str(error.args):
        return next((part for part in error.args if isinstance(part, str)), str(error))
    return str(error) or "no answer in time"
