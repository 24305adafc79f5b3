"""The care plug: builds every part from its board and runs them.

Knows everybody; nobody knows it. Decides nothing about loads and lamps (careplug.plug does),
touches no chip (board). It measures only: nothing in it switches a load. The board comes first of
all, because it sets the relay's pin where there is one.
"""

# isort: off
from board import Board
# isort: on

import asyncio
import gc

from micropython import const

from anbu_device.core.choices import Choices
from anbu_device.core.counter import NONE, Counter
from anbu_device.core.faults import Faults
from anbu_device.core.gains import UNITY
from anbu_device.device import Device
from anbu_device.edge.beacon import shine
from anbu_wire import bthome, settings
from anbu_wire.gatt import CARE_PLUG, FAULT
from anbu_wire.messages import ENERGY, NO_BATTERY
from careplug.hand import Hand
from careplug.plug import Plug
from careplug.sense import Sense
from pins import BOARD
from service import Service

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

_TICK_MS = const(1000)
_BUSY_TICK_MS = const(250)  # while the small light blinks
_COARSE_MS = const(60)  # a light sensor's coarse range is over by then (bh1750, veml7700)
_SETTLE_MS = const(15)
_MINUTE_MS = const(60_000)
_WATCHDOG_MS = const(60_000)  # all loops go round in less, or the chip starts anew
_COLLECT_BYTES = const(8192)  # often, so that what lives long lies close together
_LOOKS = const(0)
_HANDS = const(1)
_LOOPS = const(3)  # and the radio's
_TEMPERATURE_UNKNOWN = const(-32768)
_PLACE_UNKNOWN = const(0xFFFF)  # told where nobody said where the plug stands
_STATE = "plug"  # the file of what was learnt
_BTHOME_KEY_BYTES = const(16)
_METER_CHOICES = {
    settings.VOLTAGE_GAIN: UNITY,
    settings.CURRENT_GAIN: UNITY,
    settings.POWER_GAIN: UNITY,
    settings.FACTORY_VOLTAGE_GAIN: UNITY,
    settings.FACTORY_CURRENT_GAIN: UNITY,
    settings.FACTORY_POWER_GAIN: UNITY,
}
_PLACE = {settings.LATITUDE_DEG: _PLACE_UNKNOWN, settings.SOLAR_NOON_MIN: _PLACE_UNKNOWN}


class Careplug(Device):
    """The running plug."""

    service: Service

    def __init__(self, board: Board) -> None:
        self.board = board
        self.wake = asyncio.ThreadSafeFlag()
        super().__init__(board, BOARD)
        self.plug = Plug(self._boot, self.uptime_ms(), 0, board.most_w)
        self.sense = Sense(board, self.plug)
        self.hand = Hand(board)
        choices = dict(_PLACE)
        if board.meter is not None:
            choices.update(_METER_CHOICES)
        self.choices = Choices(self._nvs, choices)
        self.chosen()
        self.plug.restore(self.disk.read_or_empty(_STATE))
        self.log.read_in(self.plug.recall)
        self._faults = Faults()
        self._flags = -1
        self._minute_ms = 0
        self.service = Service(self)
        self.connect(CARE_PLUG, "Anbu care plug")
        self._bthome_key = self._key()
        self._counter = Counter(self._nvs, "bthome_count")
        self.settle_update()
        self.write(self.plug.started(board.reset_cause, board.power_on()))

    def _key(self) -> bytes:
        """The key of what is told to everybody, b"" where provisioning drew none."""
        key = bytearray(_BTHOME_KEY_BYTES)
        try:
            size = self._nvs.get_blob("bthome_key", key)
        except OSError:
            return b""
        return bytes(key) if size == _BTHOME_KEY_BYTES else b""

    # --- what the parts ask of each other ---

    def write(self, effects: "Effects") -> None:
        """Makes records durable and pushes them; each hour also what was learnt."""
        if not effects:
            return
        began_ms = self.uptime_ms()
        for effect in effects:
            blob = self.log.append(*effect)
            if blob:
                self.radio.push(self.link.push(blob))
        if ENERGY in [effect[0] for effect in effects]:
            self._keep()
        self.hand.was_blind(self.uptime_ms() - began_ms)

    def _keep(self) -> None:
        try:
            self.disk.replace(_STATE, self.plug.state(self.clock.uptime_ms))
        except OSError:
            return  # the next hour tries again; until then the old state stands

    def chosen(self) -> None:
        """Holds to what somebody chose."""
        values = self.choices.values
        if self.board.meter is not None:
            self.sense.calibrate(values)
        latitude, noon_min = values[settings.LATITUDE_DEG], values[settings.SOLAR_NOON_MIN]
        if _PLACE_UNKNOWN not in (latitude, noon_min):
            self.plug.place(latitude - settings.LATITUDE_ZERO, noon_min)

    def battery_percent(self) -> int:
        """There is none."""
        return NO_BATTERY

    def vitals(self) -> "tuple[int, ...]":
        """VITALS' fields, in the table's order."""
        return self.told(0, _TEMPERATURE_UNKNOWN)

    def session_began(self) -> None:
        """What was pressed before it is not asked for."""
        self.hand.forget()

    def beacon(self, address: bytes) -> bytes:
        """What everybody with the BTHome key may know, sealed; b"" where there is no such key."""
        count = self._counter.next() if self._bthome_key else NONE
        if count == NONE:
            return b""
        lux_centi = self.sense.lux_centi()
        has_meter = self.board.meter is not None
        power_mw = self.plug.power_mw if self.sense.told()[2][2] else -1
        told = bthome.objects(
            count & 0xFF,
            lux_centi if lux_centi >= 0 else None,
            self.plug.energy_wh if has_meter else None,
            power_mw // 10 if power_mw >= 0 else None,
        )
        return bthome.advertisement(self._bthome_key, address, count, told)

    # --- tasks ---

    def look_now(self) -> None:
        """What a second brings: a reading, a load, the hourly summary, a fault, an update."""
        uptime_ms = self.uptime_ms()
        wall_s = self.clock.wall_s()
        effects = self.sense.look(uptime_ms, wall_s)
        effects += self.plug.look(uptime_ms, wall_s)
        self.write(effects + self._faults.look(uptime_ms, self.board.faults()))
        self.hand.show(uptime_ms)
        flags = FAULT if self.log.failed or self.board.faults() else 0
        if flags != self._flags:
            self._flags = flags
            self.radio.flags(flags)
        if uptime_ms - self._minute_ms >= _MINUTE_MS:
            self._minute_ms = uptime_ms
            self.log.tell_lost()
        self.look_update()

    async def look(self) -> None:
        """Looks each second; the light sensor takes a second step in between."""
        while True:
            self.look_now()
            self.wake.set()
            self.progress(_LOOKS)
            if self.board.light is not None:
                await asyncio.sleep_ms(_COARSE_MS)
                self.write(self.sense.light(self.uptime_ms(), self.clock.wall_s()))
            uptime_ms = self.uptime_ms()
            tick_ms = _BUSY_TICK_MS if self.hand.busy(uptime_ms) else _TICK_MS
            await asyncio.sleep_ms(tick_ms - uptime_ms % tick_ms)

    def woken(self, _pin: object) -> None:
        """The interrupt handler: the button moved. It allocates nothing."""
        self.hand.moved()
        self.wake.set()

    async def watch_hand(self) -> None:
        """Wakes by interrupt (and by the look, should an edge be lost) and debounces."""
        while True:
            await self.wake.wait()
            self.write(self.hand.take(self.uptime_ms()))
            while not self.hand.settled():
                await asyncio.sleep_ms(_SETTLE_MS)
                self.write(self.hand.take(self.uptime_ms()))
                self.progress(_HANDS)  # a contact that never rests is no hang
            self.hand.show(self.uptime_ms())
            self.progress(_HANDS)

    async def run(self) -> None:
        """Runs until the power goes."""
        self.board.on_button(self.woken)
        self.watched(_WATCHDOG_MS, _LOOPS)
        gc.collect()
        beacon = shine(self.radio, self.beacon)
        await asyncio.gather(self.look(), self.watch_hand(), beacon, self.radio.run())


def run() -> None:
    """Builds the plug from its board and runs it."""
    gc.threshold(_COLLECT_BYTES)
    asyncio.run(Careplug(Board()).run())


if __name__ == "__main__":
    run()
