"""The pill box: builds every part from its board and runs them.

Knows everybody; nobody knows it. Decides nothing about doses (pillbox.box does), shows and writes
nothing itself (pillbox.reactions), touches no chip (board). How it starts: the lids' chips are
asked what moved while nobody looked, the log is read, the schedule loaded; then it says what it
found.
"""

import asyncio
import gc

from micropython import const

import pins
from anbu_device.device import Device
from anbu_device.esp.sleep import Rest
from anbu_wire.gatt import PILL_BOX
from anbu_wire.messages import BOOT, NO_COMPARTMENT, NO_SLOT, Record
from board import Board
from manifest import BOARD
from pillbox.box import Box
from pillbox.health import Health
from pillbox.help_call import HelpCall
from pillbox.inputs import Inputs
from pillbox.power import Power
from pillbox.preferences import Preferences
from pillbox.question import Question
from pillbox.reactions import Reactions
from pillbox.signals import TICK_MS
from pillbox.wants import Wants
from service import Service

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.updates import UpdateHost

_SETTLE_MS = const(15)
_WATCHDOG_MS = const(60_000)  # all loops go round in less, or the chip starts anew
_COLLECT_BYTES = const(8192)  # often, so that what lives long lies close together
_LOOKS = const(0)
_INPUTS = const(1)
_LOOPS = const(3)  # and the radio's
_HELPED = "helped"  # in the store: up to here calls for help had their receipt


class Pillbox(Device):
    """The running box."""

    service: Service

    def __init__(self, board: Board) -> None:
        self.board = board
        moved = board.moved_while_off()  # first of all: whoever reads the lids ends that memory
        self.wake = asyncio.ThreadSafeFlag()
        super().__init__(board, BOARD)
        self.box = Box(pins.COMPARTMENTS)
        self.help = HelpCall()
        self.question = Question()
        self.reactions = Reactions(self, pins.COMPARTMENTS)
        self.health = Health(self)
        self._helped_seq = self._receipts()
        self.log.read_in(self._recall, self.box.log_lost)
        if self.log.lacks:
            self.box.log_lost()
        self.service = Service(self, self.disk)
        clock_effects = self.health.clock_at_start()
        self.box.adopt(self.service.load_schedule(), 0)
        self.log.schedule_version = self.service.version
        self.preferences = Preferences(self._nvs)
        self.box.away(*self.preferences.away)
        self.box.quiet(*self.preferences.quiet)
        self.inputs = Inputs(self, self.wake)
        self.box.resumed(self.inputs.open_mask, moved)
        self.help.resumed(self.clock.wall_s(), self.clock.uptime_ms)
        self.connect(PILL_BOX, "Anbu pill box")
        wants = Wants(self, self.updating)
        self._rest = Rest(board, self.radio, Power(pins.POWER_MODE), wants)
        self.settle_update()
        boot = [(BOOT, NO_SLOT, NO_COMPARTMENT, board.reset_cause)]
        self.write(boot + clock_effects + self.health.schedule_at_start())

    # --- start ---

    def _recall(self, record: Record) -> None:
        self.box.recall(record)
        self.help.recall(record, self._helped_seq)
        self.reactions.recall(record.seq, record.kind)

    # --- receipts of calls for help, kept over restarts ---

    def _receipts(self) -> int:
        """Up to which number of this log calls had their receipt."""
        kept = bytearray(8)
        try:
            self._nvs.get_blob(_HELPED, kept)
        except OSError:
            return 0
        same = int.from_bytes(kept[:4], "little") == self.log.journal.epoch
        return int.from_bytes(kept[4:], "little") if same else 0

    def helped(self, up_to_seq: int) -> None:
        """The gateway has the records up to here; noted where a call was waiting for it."""
        waited = self.help.calling
        self.help.acknowledged(up_to_seq)
        if not waited or self.help.calling:
            return
        epoch = self.log.journal.epoch.to_bytes(4, "little")
        try:
            self._nvs.set_blob(_HELPED, epoch + up_to_seq.to_bytes(4, "little"))
            self._nvs.commit()
        except OSError:
            return  # after a restart the call goes on until its receipt comes again

    # --- what the parts ask of each other ---

    def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
        """Makes effects visible and durable."""
        self.reactions.write(effects)
        self.log.journal.lasts = self.box.emptied != 0

    def show(self) -> None:
        """Brings lights and sound to what the box means now."""
        self.reactions.show()

    def faulty(self) -> bool:
        """Whether anything is wrong that a person should mend."""
        return self.health.faulty()

    def check_clock(self) -> None:
        """A sleep is over, in which ticks drift: what the clock chip says of that."""
        self.health.clock()

    def write_rtc(self, wall_s: int) -> None:
        """Hands the gateway's time to the clock chip."""
        self.board.rtc.write(wall_s)

    def battery_percent(self) -> int:
        """Percent, 255 where the gauge does not answer."""
        return self.board.gauge.percent()

    def vitals(self) -> "tuple[int, ...]":
        """VITALS' fields, in the table's order."""
        return self.told(self.board.gauge.millivolts(), self.board.rtc.temperature_c_quarters())

    def _receive(self, message: bytes) -> "list[bytes]":
        began_ms = self.uptime_ms()
        answers = super()._receive(message)
        self.inputs.was_blind(began_ms)
        return answers

    def update_host(self) -> "UpdateHost":
        """Whoever an update asks: a box has doses."""
        from pillbox.updates import UpdateHost  # noqa: PLC0415 - heap

        return UpdateHost(self)

    # --- tasks ---

    async def watch_inputs(self) -> None:
        """Wakes by interrupt (and by the look task, should an edge be lost) and debounces."""
        while True:
            await self.wake.wait()
            self.inputs.take()
            while not self.inputs.settled():
                await asyncio.sleep_ms(_SETTLE_MS)
                self.inputs.take()
                self.progress(_INPUTS)  # a contact that never rests is no hang
            self.progress(_INPUTS)

    def look_now(self) -> None:
        """What time brings: slots, the question, the box's own health, an update."""
        uptime_ms = self.uptime_ms()
        effects = self.box.look(self.clock.wall_s(), uptime_ms)
        self.write(effects + self.question.look(uptime_ms))
        self.health.look(uptime_ms)
        self.show()
        self.look_update()

    async def look(self) -> None:
        """Looks at every tick of the signals; rests in between where the box may."""
        while True:
            self.look_now()
            self.wake.set()
            self.progress(_LOOKS)
            await self._rest.pause(TICK_MS - self.uptime_ms() % TICK_MS)

    async def run(self) -> None:
        """Runs until the power goes."""
        self.board.on_wake(self.inputs.woken)
        self.watched(_WATCHDOG_MS, _LOOPS)
        gc.collect()
        await asyncio.gather(self.look(), self.watch_inputs(), self.radio.run())


def run() -> None:
    """Builds the box from its board and runs it."""
    gc.threshold(_COLLECT_BYTES)
    asyncio.run(Pillbox(Board()).run())


if __name__ == "__main__":
    run()
