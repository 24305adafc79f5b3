"""The virtual box's circuit board: chips wired as pins.py says, a person's hands on it.

Knows: every chip and the wiring.
May not know: the link to its process, firmware, radio, gateway, stories.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.home.machine.bare_board import BareBoard
from tools.home.machine.circuit import Circuit

PIN_EDGE = 0x40
I2S_TAKEN = 0x41
EPOCH_2000_S = 946684800


class Board(BareBoard[Circuit]):
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
        circuit = Circuit(now_s, self._edge, on_change, battery_percent, self._taken)
        circuit.clock.set_calendar(now_s() - EPOCH_2000_S + rtc_offset_s)
        super().__init__(socket_path, circuit, watchdog_slack)

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

    def picture(self) -> dict[str, Any]:
        """{"lids": [bool], "lights": [[r, g, b]], "sound": {...} | None, "mains", …} as JSON."""
        return self.circuit.picture()

    def _edge(self, pin: int, level: int) -> None:
        self.event_now(PIN_EDGE, bytes((pin, level)))

    def _taken(self, bus: int) -> None:
        self.event_now(I2S_TAKEN, bytes((bus,)))
