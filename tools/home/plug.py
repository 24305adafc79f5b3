"""A care plug of the house: what is plugged into it, how bright it is around it, its mains.

Knows: its board's hands, appliances by name. May not know: a story, the gateway.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tools.home import surroundings
from tools.home.device import Device
from tools.home.machine.care_board import CareBoard
from tools.home.nvs import write_nvs
from tools.home.provision import Places
from tools.home.story import ZONE, Plug

if TYPE_CHECKING:
    from tools.home.air import Air

_CHIP_NUMBERS = {"cse7766": 1, "bl0942": 2, "pzem004t": 3}  # of the store's "meter"
_LOOK_S = 60.0
_MINUTE_S = 60


class PlugDevice(Device):
    """One plug. It has no battery: without mains its process is dead."""

    def __init__(
        self,
        plug: Plug,
        places: Places,
        argv: Callable[[Path], list[str]],
        slack: float,
        speed: int,
    ) -> None:
        self.plug = plug
        self.care = CareBoard(places.board, plug.board, meter=plug.meter, watchdog_slack=slack)
        self._draws: dict[str, float] = {"standby": surroundings.STANDBY_W}
        self._lamp_lux = surroundings.LAMP_LUX if plug.lit else 0.0
        self._world: list[asyncio.Task[None]] = []
        super().__init__(plug.device_id, places, self.care, argv, target=plug.board, speed=speed)

    def write_store(self) -> None:
        """What else provisioning says to the plug: which meter an electrician has fitted."""
        values: dict[str, bytes | int] = {"bthome_count": 0}
        if self.plug.meter:
            values["meter"] = _CHIP_NUMBERS[self.plug.meter]
        write_nvs(self.places.flash, "anbu", values)

    async def place(self, air: Air) -> None:
        """As every device; what is around it is there from the start, the sun as it stands."""
        self._shows()
        if self.care.circuit.light is not None:
            self._world.append(asyncio.create_task(self._sees_the_sun()))
        await super().place(air)

    # --- mains ---

    async def unplugged(self) -> None:
        """Pulled out of the wall, or the mains are gone."""
        await self.lose_power()

    async def plugged_in(self) -> None:
        """Power again: the firmware starts."""
        self._shows()
        await self.start()

    async def runs(self) -> None:
        """Its firmware is there: it was switched on, and has begun."""
        while not self.care.box_connected:  # noqa: ASYNC110 - its process makes it so
            await asyncio.sleep(1)

    async def kill(self) -> None:
        """The end of it: nothing around it moves any more."""
        for task in self._world:
            task.cancel()
        self._world.clear()
        await super().kill()

    # --- what hangs on it, what shines on it ---

    def draws(self, appliance: str, watts: float) -> None:
        """This appliance draws so much from now on; 0 = it is off."""
        self._draws[appliance] = watts
        self._shows()

    def lamp(self, on: bool) -> None:
        """The room's lamp."""
        self._lamp_lux = surroundings.LAMP_LUX if on else 0.0
        self._shows()

    async def boils(self, minutes: float = 3) -> None:
        """Somebody makes tea: the kettle is on for so long, and off by itself."""
        self.draws("kettle", surroundings.KETTLE_W)
        await asyncio.sleep(minutes * _MINUTE_S)
        self.draws("kettle", 0.0)

    def feeds_a_fridge(self) -> None:
        """From now on a refrigerator hangs on it."""
        self._world.append(asyncio.create_task(self._runs_a_fridge()))

    async def presses(self, seconds: float = 2) -> None:
        """A finger on its button."""
        self.care.button(pressed=True)
        await asyncio.sleep(seconds)
        self.care.button(pressed=False)

    def _shows(self) -> None:
        circuit = self.care.circuit
        if circuit.meter is not None:
            self.care.watts(sum(self._draws.values()))
        if circuit.light is not None:
            self.care.lux(self._lamp_lux + self._sun_lux)

    @property
    def _sun_lux(self) -> float:
        now = dt.datetime.fromtimestamp(time.time(), ZONE)
        return surroundings.daylight_lux(now.hour * 60 + now.minute + now.second / 60)

    async def _sees_the_sun(self) -> None:
        while True:
            self._shows()
            await asyncio.sleep(_LOOK_S)

    async def _runs_a_fridge(self) -> None:
        while True:
            self.draws("fridge", surroundings.fridge_w(time.time() / _MINUTE_S))
            await asyncio.sleep(_LOOK_S)
