"""Orders to devices: committed ones are carried out once and answered.

Knows: how a command reaches a device and when to try again. May not know: what an order means
(gateway.orders), how a radio works, Flask.

Every order is one fact before anything is done, and one more when it is over. Between the two a
gateway may stop: the order is then found waiting, and whether it was done already is asked first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Protocol

from anbu_wire import messages as wire
from gateway.app.hub import Hub
from gateway.app.waiting import AFTER_TROUBLE_S, LOOK_AGAIN_MS
from gateway.events import OrderAnswered
from gateway.log import LogUnavailable
from gateway.orders import (
    EXPIRES_MS,
    Answer,
    Order,
    asked_already,
    commands_of,
    kept_already,
)
from gateway.orders.carry import REFILLS
from gateway.sources.radio import NotReached
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command, commands
from gateway.together import together

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
        # Of these it is not known whether they were done: the process before may have done it.
        self._unsure = set(hub.home.book.waiting)

    async def run(self) -> None:
        """Work until cancelled."""
        home = self._hub.home
        devices = {d.id for d in home.household.roster.devices} if home.household.roster else set()
        devices |= {home.book.orders[i].device_id for i in home.book.waiting}
        serving = [self._serve(device_id) for device_id in sorted(devices)]
        await together(*(serving or [self._rest()]))

    async def _rest(self) -> None:
        """Of a home without a device."""
        while True:
            self._hub.progress.beat("orders")
            await self._wait()

    async def _serve(self, device_id: str) -> None:
        """One device's orders, one after the other."""
        while True:
            self._hub.progress.beat("orders")
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
