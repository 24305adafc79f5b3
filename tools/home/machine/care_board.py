"""A care plug's board: its circuit over the mains, a finger on its button, faults of its chips.

Knows: which board it is. May not know: the link to its process, firmware, radio, gateway, stories.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.home.machine.bare_board import BareBoard
from tools.home.machine.board import PIN_EDGE
from tools.home.machine.care_circuit import CareCircuit

BOARDS = Path(__file__).parents[3] / "firmware" / "careplug" / "boards"
PINS = {
    "care-node": BOARDS / "care_node" / "pins.py",
    "metering-plug": BOARDS / "metering_plug" / "pins.py",
}


class CareBoard(BareBoard[CareCircuit]):
    """The board of a "care-node" or a "metering-plug"; hands and faults are methods."""

    def __init__(
        self,
        socket_path: str | Path,
        board: str,
        *,
        meter: str | None = None,
        light: str | None = None,
        now_s: Callable[[], float] = time.time,
        watchdog_slack: float = 1.0,
    ) -> None:
        """`meter`, `light`: chips that are fitted in place of those of pins.py. KeyError: board."""
        circuit = CareCircuit(PINS[board], now_s, self._edge, meter, light, watchdog_slack)
        super().__init__(socket_path, circuit, watchdog_slack)

    def watts(self, watts: float) -> None:
        """What is plugged in draws so much from now on."""
        self.circuit.watts(watts)

    def lux(self, lux: float) -> None:
        """It is so bright from now on."""
        self.circuit.lux(lux)

    def button(self, pressed: bool) -> None:
        """Presses or lets go of the button."""
        self.circuit.button(pressed)

    def picture(self) -> dict[str, Any]:
        """{"lamp": bool, "relay": closed | None} as JSON."""
        return self.circuit.picture()

    def _edge(self, pin: int, level: int) -> None:
        self.event_now(PIN_EDGE, bytes((pin, level)))
