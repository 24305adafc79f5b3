"""The virtual box's circuit board: chips wired as pins.py says, a person's hands on it, its link.

Knows: every chip, the wiring, the box's process at the other end of the socket.
May not know: firmware, radio (only carries its frames), gateway, stories.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tools.home.machine.circuit import Circuit
from tools.home.machine.requests import ResetCause, answer
from tools.home.machine.server import LinkServer
from tools.home.machine.sleeping import IDLE, SLEEP, Sleeping
from tools.home.machine.watchdog import Watchdog

logger = logging.getLogger(__name__)

Handler = Callable[[int, bytes], Awaitable[bytes]]
PIN_EDGE = 0x40
I2S_TAKEN = 0x41
EPOCH_2000_S = 946684800


class Board:
    """One box's board. Hands and faults are methods; `picture()` is what a person would see.

    `on_change()` is called (synchronously) after anything in `picture()` changed. The clock chip
    runs with `now_s` and starts set to it plus `rtc_offset_s`. `watchdog_slack` multiplies the
    firmware's watchdog time-outs, for hosts that are slow in the face of a sped-up house.
    """

    def __init__(
        self,
        socket_path: str | Path,
        on_change: Callable[[], None] | None = None,
        *,
        now_s: Callable[[], float] = time.time,
        rtc_offset_s: float = 0.0,
        battery_percent: int = 100,
        watchdog_slack: float = 1.0,
    ) -> None:
        """Builds the board; `start()` opens the socket."""
        self.circuit = Circuit(now_s, self._edge, on_change, battery_percent, self._taken)
        self.circuit.clock.set_calendar(now_s() - EPOCH_2000_S + rtc_offset_s)
        self._server = LinkServer(Path(socket_path), self._answer, self._box)
        self._watchdog = Watchdog(self._bite, watchdog_slack)
        self._routes: list[tuple[range, Handler]] = []
        self._on_box: list[Callable[[bool], None]] = []
        self._cause = ResetCause.POWER_ON
        self.sleeping = Sleeping(self.circuit.lines, lambda: self._server.events_sent)
        self.circuit.lines.on_settle = self.sleeping.lines_moved
        self._server.on_sent = self.sleeping.event_sent
        self.route(range(SLEEP, IDLE + 1), self.sleeping.handle)

    async def start(self) -> None:
        """Opens the socket. Raises OSError if the path cannot be bound."""
        await self._server.start()

    async def stop(self) -> None:
        """Closes the socket; a box's process at the other end ends itself."""
        self._watchdog.disarm()
        self.circuit.stop()
        await self._server.stop()

    # --- hands, mains, faults ---

    def lid(self, compartment: int, is_open: bool) -> None:
        """Opens or closes the lid of compartment 0–27."""
        self.circuit.lid(compartment, is_open)

    def button(self, name: str, pressed: bool) -> None:
        """Presses or lets go of "ok" or "help"."""
        self.circuit.button(name, pressed)

    def mains(self, present: bool) -> None:
        """Plugs the USB supply in or out."""
        self.circuit.mains(present)

    def battery(self, percent: int) -> None:
        """The cell is charged to `percent`."""
        self.circuit.battery(percent)

    def rtc_lose_power(self) -> None:
        """The clock chip loses its battery too: time lost, OSF set."""
        self.circuit.clock.lose_power()
        self.circuit.settle()

    def rtc_shift(self, seconds: float) -> None:
        """The clock chip is wrong by `seconds` more from now on."""
        self.circuit.clock.set_calendar(self.circuit.clock.calendar_s() + seconds)

    def tilt(self, tilted: bool) -> None:
        """Leans the box, or stands it up again. ValueError where no switch is fitted."""
        self.circuit.tilt(tilted)

    def brown_out(self, low: bool) -> None:
        """The supply sags: expanders at their defaults, the cell at 3 V, the processor runs on."""
        self.circuit.brown_out(low)

    def chip_broken(self, name: str, broken: bool) -> None:
        """The chip does not acknowledge: "expander0", "expander1", "clock", "gauge"."""
        self.circuit.chip(name).broken = broken

    def chip_nacks(self, name: str, transfers: int) -> None:
        """The next so many transfers with the chip are not acknowledged."""
        self.circuit.chip(name).faults.nacks = transfers

    def chip_slow(self, name: str, stretch_us: int) -> None:
        """The chip holds SCL so long in every transfer; 0 = as it should be."""
        self.circuit.chip(name).faults.stretch_us = stretch_us

    def bit_flip(self, name: str, place: int = 0, bit: int = 0) -> None:
        """One bit of byte `place` is wrong in the chip's next reading of that length. Adds up."""
        self.circuit.chip(name).faults.flips.append((place, bit))

    def bus_stuck(self, clocks: int) -> None:
        """A chip holds SDA low until it has seen so many clocks (more than nine: for good)."""
        self.circuit.bus.held_clocks = clocks
        self.circuit.settle()

    def bus_clock_held(self, held: bool) -> None:
        """A broken chip holds SCL low."""
        self.circuit.bus.scl_held = held
        self.circuit.settle()

    def power_cut(self) -> None:
        """All power but the clock's battery is gone and back: chips at defaults, process dead."""
        self._end_process()
        self._server.drop()
        self._cause = ResetCause.POWER_ON
        self.circuit.power_cut()

    def picture(self) -> dict[str, Any]:
        """{"lids": [bool], "lights": [[r, g, b]], "sound": {...} | None, "mains", …} as JSON."""
        return self.circuit.picture()

    # --- the link, for the radio's part of it ---

    def route(self, types: range, handler: Handler) -> None:
        """Requests of these types (below 0x40) go to `await handler(type, payload) -> bytes`."""
        self._routes.append((types, handler))

    async def event(self, kind: int, payload: bytes) -> bool:
        """Sends an event (0x40–0x5F) to the box's process; False when there is none."""
        return await self._server.event(kind, payload)

    def on_box(self, handler: Callable[[bool], None]) -> None:
        """`handler(True)` when a box's process has come, `handler(False)` when it is gone."""
        self._on_box.append(handler)

    @property
    def box_connected(self) -> bool:
        """Whether a box's process is at the other end."""
        return self._server.connected

    async def _answer(self, kind: int, payload: bytes) -> bytes:
        for types, handler in self._routes:
            if kind in types:
                return await handler(kind, payload)
        return answer(self, kind, payload)

    def _edge(self, pin: int, level: int) -> None:
        self._server.event_now(PIN_EDGE, bytes((pin, level)))

    def _taken(self, bus: int) -> None:
        self._server.event_now(I2S_TAKEN, bytes((bus,)))

    def _box(self, connected: bool) -> None:
        self._watchdog.disarm()
        self.circuit.microcontroller_reset()
        for handler in self._on_box:
            handler(connected)

    # --- the microcontroller's own peripherals that outlive its program ---

    def feed_watchdog(self, timeout_ms: int) -> None:
        """Arms or feeds the watchdog."""
        self._watchdog.feed(timeout_ms)

    def will_reset(self, cause: ResetCause) -> None:
        """The next process will be told this cause."""
        self._cause = cause

    def take_reset_cause(self) -> ResetCause:
        """Why the present process was started."""
        return self._cause

    def _bite(self) -> None:
        logger.warning("watchdog: box process %d starved it and is ended", self._server.peer_pid)
        self._cause = ResetCause.WATCHDOG
        self._end_process()

    def _end_process(self) -> None:
        pid = self._server.peer_pid
        if pid and pid != os.getpid():  # a test's own client is not a process to be ended
            os.kill(pid, signal.SIGKILL)
