"""The gateway's own loops: decide, keep the schedules.

Knows: when to look again. May not know: what is decided (gateway.home), what a schedule holds
(gateway.prescription).

A database that cannot be written stops no loop: it is tried again, what was not committed has not
happened.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from gateway.app.hub import Hub
from gateway.app.waiting import AFTER_TROUBLE_S, LOOK_AGAIN_MS, at_each, until_set
from gateway.log import LogUnavailable
from gateway.prescription.schedule import make_schedule
from gateway.units import HOUR_MS
from gateway.zones import instant_ms, local

MAX_ROUNDS = 100
SCHEDULE_LOOK_MS = HOUR_MS

_log = logging.getLogger(__name__)


class Decider:
    """Decides at every fact and at every deadline."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def run(self) -> None:
        """Decide until cancelled."""
        while True:
            self._hub.progress.beat("decide")
            self._hub.news.clear()
            try:
                self.settle()
            except LogUnavailable as error:
                _log.warning("%s; decided again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
                continue
            now_ms = self._hub.clock.now_ms()
            deadline_ms = self._hub.ticking.next_deadline()
            wait_ms = LOOK_AGAIN_MS if deadline_ms is None else deadline_ms - now_ms
            await until_set(self._hub.news, min(wait_ms, LOOK_AGAIN_MS))
            if not self._hub.news.is_set():
                self._hub.ticking.stir()  # one home can be asked each minute, come what may
            if deadline_ms is not None and self._hub.clock.now_ms() >= deadline_ms:
                self._hub.desk.changed()  # a slot's state went on with the time alone

    def settle(self) -> None:
        """Decide until nothing follows any more. Raises RuntimeError where that does not end."""
        for _ in range(MAX_ROUNDS):
            decided = self._hub.ticking.decide(self._hub.clock.now_ms())
            if not decided:
                return
            for _home_id, follows in decided:
                self._hub.record(*follows)
        raise RuntimeError(f"decisions follow from decisions without end: {decided}")


class ScheduleKeeper:
    """Every box has its schedule for the coming days, from the start and anew each day."""

    def __init__(self, hub: Hub, changed: Callable[[str], None]) -> None:
        """`changed(device_id)`: there is a new schedule to bring to the box."""
        self._hub = hub
        self._changed = changed

    def keep(self) -> None:
        """Make what is missing. Raises LogUnavailable."""
        household = self._hub.home.household
        at_home = [device.id for device in household.roster.devices] if household.roster else []
        for device_id in dict.fromkeys([*at_home, *household.made]):  # and boxes of nobody
            self._make(device_id, anew=False)

    def make_anew(self, device_id: str) -> None:
        """A new version above the one the box says it runs."""
        self._make(device_id, anew=True)

    def _make(self, device_id: str, *, anew: bool) -> None:
        now_ms = self._hub.clock.now_ms()
        made = make_schedule(self._hub.home.household, device_id, now_ms, anew=anew)
        if made is not None:
            self._hub.record(made)
            self._changed(device_id)

    async def run(self) -> None:
        """Look when a plan was confirmed, at every local midnight, and each hour.

        Each hour, because the clock may have been set.
        """
        await at_each(self._hub.plans, self.keep, self._wait_ms)

    def _wait_ms(self) -> int:
        roster, now_ms = self._hub.home.household.roster, self._hub.clock.now_ms()
        if roster is None:
            return SCHEDULE_LOOK_MS
        tomorrow = local(now_ms, roster.zone).date() + timedelta(days=1)
        midnight_ms = instant_ms(tomorrow, "00:00", roster.zone)
        return min(max(1000, midnight_ms - now_ms), SCHEDULE_LOOK_MS)
