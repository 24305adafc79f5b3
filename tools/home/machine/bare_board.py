"""What every board of the house has: its process at the other end of a socket, watchdog, power.

Knows: the link and its routes, which chips' requests it answers (by its circuit), why the process
was started last. May not know: which chips these are, firmware, radio (only carries its frames).
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Generic, TypeVar

from tools.home.machine.chips import Chips
from tools.home.machine.requests import ResetCause, answer
from tools.home.machine.server import LinkServer
from tools.home.machine.sleeping import IDLE, SLEEP, Sleeping
from tools.home.machine.watchdog import Watchdog

logger = logging.getLogger(__name__)

Handler = Callable[[int, bytes], Awaitable[bytes]]


C = TypeVar("C", bound=Chips)


class BareBoard(Generic[C]):
    """One device's board with the chips of `circuit`; a device adds hands and faults of its own.

    `watchdog_slack` multiplies the firmware's watchdog time-outs, for hosts that are slow in the
    face of a sped-up house.
    """

    def __init__(self, socket_path: str | Path, circuit: C, watchdog_slack: float = 1.0) -> None:
        """Builds the board; `start()` opens the socket."""
        self.circuit = circuit
        self._server = LinkServer(Path(socket_path), self._answer, self._box)
        self._watchdog = Watchdog(self._bite, watchdog_slack)
        self._routes: list[tuple[range, Handler]] = []
        self._on_box: list[Callable[[bool], None]] = []
        self._cause = ResetCause.POWER_ON
        self.sleeping = Sleeping(circuit.lines, lambda: self._server.events_sent)
        circuit.lines.on_settle = self.sleeping.lines_moved
        self._server.on_sent = self.sleeping.event_sent
        self.route(range(SLEEP, IDLE + 1), self.sleeping.handle)

    async def start(self) -> None:
        """Opens the socket. Raises OSError if the path cannot be bound."""
        await self._server.start()

    async def stop(self) -> None:
        """Closes the socket; a process at the other end ends itself."""
        self._watchdog.disarm()
        self.circuit.stop()
        await self._server.stop()

    def power_cut(self) -> None:
        """All power but a clock's battery is gone: chips at defaults, process dead."""
        self._end_process()
        self._server.drop()
        self._cause = ResetCause.POWER_ON
        self.circuit.power_cut()

    # --- the link, for the radio's part of it ---

    def route(self, types: range, handler: Handler) -> None:
        """Requests of these types (below 0x40) go to `await handler(type, payload) -> bytes`."""
        self._routes.append((types, handler))

    async def event(self, kind: int, payload: bytes) -> bool:
        """Sends an event (0x40–0x5F) to the device's process; False when there is none."""
        return await self._server.event(kind, payload)

    def event_now(self, kind: int, payload: bytes) -> bool:
        """As `event`, without waiting for the socket."""
        return self._server.event_now(kind, payload)

    def on_box(self, handler: Callable[[bool], None]) -> None:
        """`handler(True)` when a device's process has come, `handler(False)` when it is gone."""
        self._on_box.append(handler)

    @property
    def box_connected(self) -> bool:
        """Whether a device's process is at the other end."""
        return self._server.connected

    async def _answer(self, kind: int, payload: bytes) -> bytes:
        for types, handler in self._routes:
            if kind in types:
                return await handler(kind, payload)
        return answer(self, kind, payload)

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
        logger.warning("watchdog: process %d starved it and is ended", self._server.peer_pid)
        self._cause = ResetCause.WATCHDOG
        self._end_process()

    def _end_process(self) -> None:
        pid = self._server.peer_pid
        if pid and pid != os.getpid():  # a test's own client is not a process to be ended
            os.kill(pid, signal.SIGKILL)
