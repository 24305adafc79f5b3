"""The pill box: builds every part from its board and runs them.

Knows everybody; nobody knows it. Decides nothing about doses (pillbox.box does) and touches no
chip itself (board does). The order of a reaction: what turns off is shown first, then the records
are flushed, then what turns on is shown, then the records are pushed over the radio.
"""

import asyncio
import gc
import sys

from micropython import const

import pins
from anbu_device.core.clock import DeviceClock
from anbu_device.core.debounce import Debounce
from anbu_device.core.link import DeviceLink
from anbu_device.edge.disk import Disk, NoDisk
from anbu_device.edge.logbook import Logbook
from anbu_device.edge.radio import Radio
from anbu_device.edge.ticks import ticks_ms
from anbu_device.esp.keys import identity
from anbu_wire.gatt import PILL_BOX, encode_hello
from anbu_wire.messages import (
    BOOT,
    HELP_PRESSED,
    MAINS_BACK,
    MAINS_LOST,
    NO_COMPARTMENT,
    NO_SLOT,
    PROTOCOL_VERSION,
)
from board import Board
from pillbox import signals
from pillbox.box import Box
from pillbox.preferences import Preferences
from service import Service

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.esp.update import Updater

_LOOK_MS = const(250)
_SETTLE_MS = const(15)
_TEST_LIGHT_MS = const(5000)
_WATCHDOG_MS = const(60_000)  # both loops go round in less, or the chip starts anew
_COLLECT_BYTES = const(8192)  # often, so that what lives long lies close together
_LOOKS = const(0)
_INPUTS = const(1)
_LOOPS = const(2)


class Pillbox:
    """The running box."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.wake = asyncio.ThreadSafeFlag()
        self.clock = DeviceClock(ticks_ms(), 0)
        self._boot = self._count_boot()
        disk = self._mount()
        self.log = Logbook(disk, self.clock, self._boot)
        self.box = Box(pins.COMPARTMENTS)
        self.log.read_in(self.box.recall)
        self.service = Service(self, disk)
        self._set_clock_from_rtc()
        self.box.adopt(self.service.load_schedule(), 0)
        self.log.schedule_version = self.service.version
        self.lids = Debounce(board.lids())
        self.box.found_open(self.lids.mask)
        self._buttons = board.buttons()
        self._mains = board.mains()
        self._rgb = bytearray(pins.COMPARTMENTS * 3)
        self._sound = (0, 0)
        self._test_light = (NO_COMPARTMENT, 0)
        self._located_until_ms = 0
        self.preferences = Preferences(board.nvs("anbu"))
        self.box.away(*self.preferences.away)
        device_id, key = identity(board.nvs("anbu"))
        self.link = DeviceLink(self.service)
        self.radio = Radio(
            board.ble(),
            key,
            device_id,
            encode_hello(PROTOCOL_VERSION, PILL_BOX, self.log.journal.epoch, device_id),
        )
        self.radio.on_message(self.link.receive)
        self.radio.on_session(self.link.begin)
        self._slots = sys.modules.get("anbu_slots")  # there where the loader started us
        self._updater: "Updater | None" = None
        if self._slots is not None and self._slots.unsettled():
            self.updates()
        self.write([(BOOT, NO_SLOT, NO_COMPARTMENT, board.reset_cause)])

    # --- start ---

    def _count_boot(self) -> int:
        nvs = self.board.nvs("anbu")
        try:
            boot = nvs.get_i32("boot") + 1
        except OSError:
            boot = 1
        nvs.set_i32("boot", boot)
        nvs.commit()
        return boot

    def _mount(self) -> Disk:
        try:
            return Disk(self.board.log_partition(), "/log")
        except OSError:
            return NoDisk()  # the box says FAULT and goes on reminding by what it gets

    def _set_clock_from_rtc(self) -> None:
        wall_s, lost = self.board.rtc.read()
        if not lost:
            self.clock.set_from_rtc(wall_s)

    # --- effects ---

    def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
        """Shows what went dark, makes records durable, shows what lit up, pushes the records."""
        if not effects:
            return
        self.show()
        blobs = [self.log.append(*effect) for effect in effects]
        self.box.flushed()
        self.show()
        for blob in blobs:
            if blob:
                self.radio.push(self.link.push(blob))

    def show(self) -> None:
        """Brings lights and sound to what the box means now."""
        uptime_ms = self.clock.advance(ticks_ms())
        wall_s = self.clock.wall_s()
        meanings = self.box.show(wall_s, self.log.failed)
        if uptime_ms < self._test_light[1]:
            meanings[self._test_light[0]] = signals.TAKE
        sound_meaning = self.box.sound(wall_s)
        if uptime_ms < self._located_until_ms:
            signals.locate(meanings)
            sound_meaning = sound_meaning or signals.FIND
        if signals.render(meanings, uptime_ms, self._rgb):
            self.board.show_lights(self._rgb)
        chosen = self.preferences
        sound = signals.sound_now(sound_meaning, uptime_ms, chosen.loudness, chosen.pitch)
        if sound != self._sound:
            self._sound = sound
            if sound[1]:
                self.board.sound.play(*sound)
            else:
                self.board.sound.stop()

    def test_light(self, compartment: int) -> None:
        """Lights one compartment for a few seconds."""
        self._test_light = (compartment, self.clock.uptime_ms + _TEST_LIGHT_MS)

    def locate(self, seconds: int) -> None:
        """Blinks and beeps so long, or until OK is pressed; 0 ends it."""
        self._located_until_ms = self.clock.uptime_ms + seconds * 1000

    def vitals(self) -> "tuple[int, ...]":
        """VITALS' fields, in the table's order."""
        gc.collect()
        board = self.board
        return (
            self.clock.uptime_ms // 1000,
            gc.mem_free(),
            self._boot & 0xFFFF,
            board.reset_cause & 0xFF,
            board.gauge.millivolts(),
            board.rtc.temperature_c_quarters(),
            board.faults(),
            self.log.journal.full_percent(),
        )

    def write_rtc(self, wall_s: int) -> None:
        """Hands the gateway's time to the clock chip."""
        self.board.rtc.write(wall_s)

    def battery_percent(self) -> int:
        """Percent, 255 where the gauge does not answer."""
        return self.board.gauge.percent()

    # --- updates ---

    def updates(self) -> "Updater | None":
        """Whoever takes updates, loaded when first needed; None where no loader started us."""
        if self._updater is None and self._slots is not None:
            gc.collect()
            try:
                from anbu_device.esp.update import Updater  # noqa: PLC0415 - heap
                from manifest import BOARD  # noqa: PLC0415 - same
                from pillbox.updates import UpdateHost  # noqa: PLC0415 - same

                self._updater = Updater(BOARD.encode(), UpdateHost(self))
            except (OSError, MemoryError):
                return None  # reminding goes on without
        return self._updater

    # --- tasks ---

    def take_inputs(self) -> None:
        """One look at lids, buttons and mains."""
        uptime_ms = self.clock.advance(ticks_ms())
        changed = self.lids.sample(self.board.lids(), uptime_ms)
        compartment = 0
        while changed:
            if changed & 1:
                opened = bool(self.lids.mask >> compartment & 1)
                self.write(self.box.lid(compartment, opened, self.clock.wall_s()))
            changed >>= 1
            compartment += 1
        self._take_buttons()
        mains = self.board.mains()
        if mains != self._mains:
            self._mains = mains
            self.write([(MAINS_BACK if mains else MAINS_LOST, NO_SLOT, NO_COMPARTMENT, 0)])

    def _take_buttons(self) -> None:
        before, self._buttons = self._buttons, self.board.buttons()
        if self._buttons[0] and not before[0]:
            self._located_until_ms = 0
            self.write(self.box.ok(self.clock.wall_s()))
        if self._buttons[1] and not before[1]:
            self.write([(HELP_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)])

    async def watch_inputs(self) -> None:
        """Wakes by interrupt (and by the look task, should an edge be lost) and debounces."""
        while True:
            await self.wake.wait()
            self.take_inputs()
            while not self.lids.settled():
                await asyncio.sleep_ms(_SETTLE_MS)
                self.take_inputs()
                self._watchdog.progress(_INPUTS)  # a contact that never rests is no hang
            self._watchdog.progress(_INPUTS)

    async def look(self) -> None:
        """Advances the slots with time, renders, feeds the watchdog while every task moves."""
        while True:
            self.clock.advance(ticks_ms())
            self.write(self.box.look(self.clock.wall_s()))
            self.show()
            if self._updater is not None:
                self._updater.look(self.clock.uptime_ms)
            self.wake.set()
            self._watchdog.progress(_LOOKS)
            await asyncio.sleep_ms(_LOOK_MS)

    async def run(self) -> None:
        """Runs until the power goes."""
        self.board.on_wake(lambda _pin: self.wake.set())
        self._watchdog = self.board.watchdog(_WATCHDOG_MS, _LOOPS)
        gc.collect()
        await asyncio.gather(self.look(), self.watch_inputs(), self.radio.run())


def run() -> None:
    """Builds the box from its board and runs it."""
    gc.threshold(_COLLECT_BYTES)
    asyncio.run(Pillbox(Board()).run())


if __name__ == "__main__":
    run()
