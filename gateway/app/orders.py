"""Orders to devices: taken from the page's threads, committed, carried out once, answered.

Knows: how a command reaches a device and when to try again. May not know: what an order means
(gateway.orders), how a radio works, Flask.

Every order is one fact before anything is done, and one more when it is over. Between the two a
gateway may stop: the order is then found waiting, and whether it was done already is asked first.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
from typing import Protocol

from anbu_wire import messages as wire
from gateway.app.hub import Hub
from gateway.app.loops import AFTER_TROUBLE_S, LOOK_AGAIN_MS
from gateway.desk import DeskClosed
from gateway.events import OrderAnswered
from gateway.log import LogUnavailable
from gateway.orders import (
    EXPIRES_MS,
    Answer,
    Order,
    Wish,
    asked_already,
    commands_of,
    kept_already,
)
from gateway.orders.carry import REFILLS
from gateway.sources.radio import NotReached
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command, commands
from gateway.together import together

COMMIT_S = 20.0  # of the gateway's clock, for a wish to become a fact

REFUSED = {
    wire.REFUSED_OLDER_VERSION: "older_version",
    wire.REFUSED_RANGE: "range",
    wire.REFUSED_CRC: "crc",
    wire.REFUSED_STATE: "state",
    wire.REFUSED_UNKNOWN: "unknown",
    wire.REFUSED_STORAGE: "storage",
}

_log = logging.getLogger(__name__)


class Radio(Protocol):
    """RadioSource.command."""

    async def __call__(self, device_id: str, command: Command) -> DeviceAnswer:
        """Have a device do something; its answer. Raises NotReached."""


class OrderKeeper:
    """Carries every waiting order out, for each device the oldest first."""

    def __init__(self, hub: Hub, command: Radio) -> None:
        self._hub = hub
        self._command = command
        self._loop: asyncio.AbstractEventLoop | None = None
        # Of these it is not known whether they were done: the process before may have done it.
        self._unsure = set(hub.home.book.waiting)

    def take_from_thread(self, wish: Wish) -> None:
        """Make a wish an order; returns when it is committed. Not for the loop's own thread.

        Raises orders.WishRefused, or DeskClosed where nothing can be written now.
        """
        if self._loop is None:
            raise DeskClosed("the gateway is not running")
        taking = asyncio.run_coroutine_threadsafe(self._take(wish), self._loop)
        try:
            taking.result(COMMIT_S)
        except LogUnavailable as error:
            raise DeskClosed(str(error)) from error
        except (TimeoutError, concurrent.futures.CancelledError) as error:
            taking.cancel()
            raise DeskClosed("the gateway does not answer") from error

    async def _take(self, wish: Wish) -> None:
        self._hub.record(*self._hub.home.order(wish, self._hub.clock.now_ms()))

    async def run(self) -> None:
        """Work until cancelled."""
        self._loop = asyncio.get_running_loop()
        home = self._hub.home
        devices = {d.id for d in home.household.roster.devices} if home.household.roster else set()
        devices |= {home.book.orders[i].device_id for i in home.book.waiting}
        try:
            if not devices:
                await asyncio.Event().wait()
            await together(*(self._serve(device_id) for device_id in sorted(devices)))
        finally:
            self._loop = None

    async def _serve(self, device_id: str) -> None:
        """One device's orders, one after the other."""
        while True:
            order = self._hub.home.book.next_for(device_id)
            try:
                if order is None:
                    await self._wait()
                elif not await self._try(order):
                    await asyncio.sleep(AFTER_TROUBLE_S)
            except LogUnavailable as error:
                _log.warning("%s; tried again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)

    async def _wait(self) -> None:
        self._hub.orders.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_MS / 1000):
                await self._hub.orders.wait()

    async def _try(self, order: Order) -> bool:
        """Whether the order is over now. Raises LogUnavailable: it is not."""
        now_ms = self._hub.clock.now_ms()
        if now_ms >= order.at_ms + EXPIRES_MS[order.kind]:
            self._answered(order, Answer.EXPIRED, "not_reached")
            return True
        try:
            refused = await self._carry_out(order)
        except NotReached as why:
            _log.info("order %d: %s", order.id, why)
            self._unsure.add(order.id)
            return False
        except ValueError as error:  # a stranger, or a value that no device takes
            self._answered(order, Answer.REFUSED, str(error))
            return True
        self._answered(order, Answer.REFUSED if refused else Answer.DONE, refused)
        return True

    async def _carry_out(self, order: Order) -> str:
        """Why the device refused it, "" where it did it. Raises NotReached."""
        if await self._done_before(order):
            return ""
        for command in commands_of(order):
            self._unsure.add(order.id)
            answer = await self._command(order.device_id, command)
            if not answer.ok:
                return REFUSED.get(answer.code, f"code {answer.code}")
        return ""

    async def _done_before(self, order: Order) -> bool:
        if order.id not in self._unsure:
            return False
        if order.kind in REFILLS:
            shown = await self._command(order.device_id, commands.READ_PARAMETERS)
            return kept_already(order, shown)
        return asked_already(order, self._hub.home.household)

    def _answered(self, order: Order, answer: Answer, why: str) -> None:
        self._hub.record(OrderAnswered(self._hub.clock.now_ms(), order.id, str(answer), why))
