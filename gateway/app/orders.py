"""Orders to devices: committed ones are carried out once and answered.

Knows: how a command reaches a device and when to try again. May not know: what an order means
(gateway.orders), how a radio works, Flask.

Every order is one fact before anything is done, and one more when it is over. Between the two a
gateway may stop: the order is then found waiting, and whether it was done already is asked first.
An update is brought in stretches, between which every other order of the device passes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Protocol

from anbu_wire import messages as wire
from gateway.app.hub import Hub
from gateway.app.updates import Updates
from gateway.app.waiting import AFTER_TROUBLE_S, LOOK_AGAIN_MS
from gateway.events import OrderAnswered
from gateway.log import LogUnavailable
from gateway.orders import (
    EXPIRES_MS,
    Answer,
    Kind,
    Order,
    asked_already,
    commands_of,
    kept_already,
)
from gateway.orders.carry import REFILLS
from gateway.sources.radio import NotReached
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command, commands

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


def no_image(_crc: int) -> bytes | None:
    """For a gateway without images."""
    return None


class OrderKeeper:
    """Carries every waiting order out, for each device the oldest first."""

    def __init__(
        self, hub: Hub, command: Radio, image: Callable[[int], bytes | None] = no_image
    ) -> None:
        """`image(crc)`: the update with this checksum, None where there is none."""
        self._hub = hub
        self._command = command
        self.updates = Updates(image)
        # Of these it is not known whether they were done: the process before may have done it.
        self._unsure = set(hub.home.book.waiting)

    async def run(self) -> None:
        """Work until cancelled; a device that comes is served from then on."""
        serving: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                self._hub.progress.beat("orders")
                for device_id in sorted(self._devices() - serving.keys()):
                    serving[device_id] = asyncio.create_task(self._serve(device_id))
                for task in (t for t in serving.values() if t.done()):
                    task.result()  # one that ended has failed: so do we
                await self._wait()
        finally:
            for task in serving.values():
                task.cancel()
            await asyncio.gather(*serving.values(), return_exceptions=True)

    def _devices(self) -> set[str]:
        home = self._hub.home
        devices = {d.id for d in home.household.roster.devices} if home.household.roster else set()
        return devices | {home.book.orders[i].device_id for i in home.book.waiting}

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
            self._answered(order, Answer.EXPIRED, self.updates.why(order) or "not_reached")
            return True
        try:
            if order.kind is Kind.UPDATE:
                return await self._go_on(order)
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

    async def _go_on(self, update: Order) -> bool:
        """One more stretch of an update. Raises NotReached."""
        waiting = self._hub.home.book

        async def send(command: Command) -> DeviceAnswer | None:
            self._hub.progress.beat("orders")
            if waiting.next_for(update.device_id) is not update:
                return None  # something else is waited for
            answer = await self._command(update.device_id, command)
            self._hub.desk.changed()
            return answer

        over = await self.updates.go_on(update, send)
        if over is not None:
            self._answered(update, *over)
        return over is not None

    async def _done_before(self, order: Order) -> bool:
        if order.id not in self._unsure:
            return False
        if order.kind in REFILLS:
            shown = await self._command(order.device_id, commands.READ_PARAMETERS)
            return kept_already(order, shown)
        return asked_already(order, self._hub.home.household)

    def _answered(self, order: Order, answer: Answer, why: str) -> None:
        self.updates.forget(order)
        self._hub.record(OrderAnswered(self._hub.clock.now_ms(), order.id, str(answer), why))
