"""What every device's main is made of: clock, log, link, radio, updates, watchdog.

Knows: how these parts are put together. May not know: which target it is, doses, loads, pins.
A target's main derives from it, and gives it `service` before `connect`.
"""

import gc
import sys

from anbu_device.core.clock import DeviceClock
from anbu_device.core.link import DeviceLink
from anbu_device.edge.disk import Disk, NoDisk
from anbu_device.edge.logbook import Logbook
from anbu_device.edge.radio import Radio
from anbu_device.edge.ticks import ticks_ms
from anbu_device.esp.keys import identity
from anbu_wire.gatt import encode_hello
from anbu_wire.messages import PROTOCOL_VERSION

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.core.service import Service
    from anbu_device.core.update_host import UpdateHost
    from anbu_device.esp.trial import Trial
    from anbu_device.esp.update import Updater
    from anbu_device.esp.watchdog import Watchdog


class Device:
    """Clock and log are there at once; the rest as it is called for.

    `name`: which board's images it takes. `board` has reset_cause, log_partition(), nvs(name),
    ble(), faults(), watchdog(timeout_ms, loops).
    """

    service: "Service"  # the target's own

    # `board` is the target's own: MicroPython has no Protocol to say so.
    def __init__(self, board, name: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self._parts = board
        self._name = name
        self.clock = DeviceClock(ticks_ms(), 0)
        self._nvs = board.nvs("anbu")
        self._boot = self._count_boot()
        self.disk = self._mount()
        self.log = Logbook(self.disk, self.clock, self._boot)
        self._slots = sys.modules.get("anbu_slots")  # there where the loader started us
        self._updater: "Updater | None" = None
        self._settling: "Trial | None" = None  # the same, or who only sees a trial to its end
        self._watchdog: "Watchdog | None" = None

    def _count_boot(self) -> int:
        """Which start this is; 1 where the store does not say. A store that fails ends nothing."""
        try:
            boot: int = self._nvs.get_i32("boot") + 1
        except OSError:
            boot = 1
        try:
            self._nvs.set_i32("boot", boot)
            self._nvs.commit()
        except OSError:
            return boot
        return boot

    def _mount(self) -> Disk:
        try:
            return Disk(self._parts.log_partition(), "/log")
        except OSError:
            return NoDisk()  # it says FAULT and goes on by what it gets

    def connect(self, kind: int, model: str) -> None:
        """The device's end of the radio language; `kind` as Hello tells it."""
        device_id, key = identity(self._nvs)
        epoch = self.log.journal.epoch
        hello = encode_hello(PROTOCOL_VERSION, kind, epoch, device_id)
        self.link = DeviceLink(self.service)
        self.radio = Radio(self._parts.ble(), key, device_id, hello, (model, "1", "1"))
        self.radio.on_message(self._receive)
        self.radio.on_session(self._session_began)

    def _session_began(self) -> None:
        self.link.begin()
        self.session_began()

    def session_began(self) -> None:
        """For a target that forgets something with the session before."""

    def _receive(self, message: bytes) -> "list[bytes]":
        self.uptime_ms()
        return self.link.receive(message)

    # --- what the parts ask ---

    def uptime_ms(self) -> int:
        """Uptime now."""
        return self.clock.advance(ticks_ms())

    def told(self, millivolts: int, temperature_c_quarters: int) -> "tuple[int, ...]":
        """VITALS' fields in the table's order, with what only some boards measure."""
        gc.collect()
        return (
            self.clock.uptime_ms // 1000,
            gc.mem_free(),
            self._boot & 0xFFFF,
            self._parts.reset_cause & 0xFF,
            millivolts,
            temperature_c_quarters,
            self._parts.faults(),
            self.log.journal.full_percent(),
        )

    # --- updates ---

    def update_host(self) -> "UpdateHost":
        """Whoever an update asks, loaded when one is spoken of; a target may have its own."""
        from anbu_device.core.update_host import UpdateHost  # noqa: PLC0415 - heap

        return UpdateHost(self)

    def updates(self) -> "Updater | None":
        """Whoever takes updates, loaded when first needed; None where no loader started us."""
        if self._updater is None and self._slots is not None:
            gc.collect()
            try:
                from anbu_device.esp.update import Updater  # noqa: PLC0415 - heap

                self._updater = self._settling = Updater(self._name.encode(), self.update_host())
            except (OSError, MemoryError):
                return None  # the device goes on without
        return self._updater

    def update_answer(
        self, kind: int, fields: "dict[str, int]", tail: bytes
    ) -> "tuple[int, ...] | None":
        """The fields of UPDATE_STATE after one of UPDATE_*; None where no update is possible."""
        updater = self.updates()
        return updater.answer(kind, fields, tail) if updater else None

    def restart(self) -> None:
        """Starts the chip anew; everything that was told is on flash."""
        self._parts.reset()

    def settle_update(self) -> None:
        """At the start: an update on trial has something to prove, or to tell."""
        if self._slots is not None and self._slots.unsettled():
            self.updates()

    def updating(self) -> bool:
        """Whether an update is on its way or on trial."""
        return self._settling is not None and self._settling.busy()

    def look_update(self) -> None:
        """At every look."""
        if self._settling is not None:
            self._settling.look(self.clock.uptime_ms)

    # --- the watchdog ---

    def watched(self, timeout_ms: int, loops: int) -> None:
        """From now on `loops` loops report their progress; the last of them is the radio's."""
        self._watchdog = self._parts.watchdog(timeout_ms, loops)
        self._radio_loop = loops - 1
        self.radio.on_progress(self._radio_goes_round)

    def progress(self, loop: int) -> None:
        """Loop number `loop` has gone round once more."""
        if self._watchdog is not None:
            self._watchdog.progress(loop)

    def _radio_goes_round(self) -> None:
        self.progress(self._radio_loop)
