"""What both lives of a care plug are made of: log, radio, button, choices.

Knows: a device's parts, a hand. May not know: loads and lamps (living), bundles (updating).
"""

import asyncio
import gc

from micropython import const

from anbu_device.core.choices import Choices
from anbu_device.core.gains import UNITY
from anbu_device.device import Device
from anbu_wire import settings
from anbu_wire.gatt import FAULT
from anbu_wire.messages import NO_BATTERY
from careplug.hand import Hand
from pins import BOARD

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Coroutine

    from board import Board
    from careplug.wish import Wish

    Effects = list[tuple[int, tuple[int, int], int, int]]

_TICK_MS = const(1000)
_BUSY_TICK_MS = const(250)  # while the small light blinks
_SETTLE_MS = const(15)
_MINUTE_MS = const(60_000)
_WATCHDOG_MS = const(60_000)  # all loops go round in less, or the chip starts anew
_LOOKS = const(0)
_HANDS = const(1)
_LOOPS = const(3)  # and the radio's
_TEMPERATURE_UNKNOWN = const(-32768)
PLACE_UNKNOWN = const(0xFFFF)  # told where nobody said where the plug stands
_METER_CHOICES = {
    settings.VOLTAGE_GAIN: UNITY,
    settings.CURRENT_GAIN: UNITY,
    settings.POWER_GAIN: UNITY,
    settings.FACTORY_VOLTAGE_GAIN: UNITY,
    settings.FACTORY_CURRENT_GAIN: UNITY,
    settings.FACTORY_POWER_GAIN: UNITY,
}
_PLACE = {settings.LATITUDE_DEG: PLACE_UNKNOWN, settings.SOLAR_NOON_MIN: PLACE_UNKNOWN}


class Node(Device):
    """A plug, whatever its life is for. Derived: `look_now`, and what else goes round."""

    def __init__(self, board: "Board", wish: "Wish") -> None:
        self.board = board
        self.wish = wish
        self.wake = asyncio.ThreadSafeFlag()
        super().__init__(board, BOARD)
        self.hand = Hand(board)
        choices = dict(_PLACE)
        if board.has_meter:
            choices.update(_METER_CHOICES)
        self.choices = Choices(self._nvs, choices)
        self._flags = -1
        self._minute_ms = 0

    # --- what the parts ask of each other ---

    def write(self, effects: "Effects") -> None:
        """Makes records durable and pushes them."""
        began_ms = self.uptime_ms()
        for effect in effects:
            blob = self.log.append(*effect)
            if blob:
                self.radio.push(self.link.push(blob))
        self.hand.was_blind(self.uptime_ms() - began_ms)

    def chosen(self) -> None:
        """For a life that holds to what somebody chose."""

    def battery_percent(self) -> int:
        """There is none."""
        return NO_BATTERY

    def vitals(self) -> "tuple[int, ...]":
        """VITALS' fields, in the table's order."""
        return self.told(0, _TEMPERATURE_UNKNOWN)

    def session_began(self) -> None:
        """What was pressed before it is not asked for."""
        self.hand.forget()

    # --- tasks ---

    def look_now(self) -> None:
        """What a second brings, whatever life it is."""
        uptime_ms = self.uptime_ms()
        self.hand.show(uptime_ms)
        flags = FAULT if self.log.failed or self.board.faults() else 0
        if flags != self._flags:
            self._flags = flags
            self.radio.flags(flags)
        if uptime_ms - self._minute_ms >= _MINUTE_MS:
            self._minute_ms = uptime_ms
            self.log.tell_lost()
        self.look_update()

    async def between(self) -> None:
        """For a life that has something to do between two looks."""

    async def look(self) -> None:
        """Looks each second."""
        while True:
            self.look_now()
            self.wake.set()
            self.progress(_LOOKS)
            await self.between()
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

    def also(self) -> "list[Coroutine[object, object, None]]":
        """What goes round beside looks, hand and radio."""
        return []

    async def run(self) -> None:
        """Runs until the power goes, or a life is over."""
        self.board.on_button(self.woken)
        self.watched(_WATCHDOG_MS, _LOOPS)
        gc.collect()
        await asyncio.gather(self.look(), self.watch_hand(), self.radio.run(), *self.also())
