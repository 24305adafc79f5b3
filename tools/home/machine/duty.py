"""The duty cycle that a box shows: how long each of its parts was in each of its states.

Knows: what the board and the radio's host can see. May not know: milliamperes, why it is so.

Nothing is sampled by time: every request, event and movement is a moment at which a state may have
changed, and the time since the last one belongs to the state that was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.home.machine.sleeping import ASLEEP, WAITING

if TYPE_CHECKING:
    from tools.home.machine.board import Board

FULL = 255
RADIO_OFF, ADVERTISING, CONNECTED = "off", "advertising", "connected"


@dataclass
class Duty:
    """Seconds in each state; `channel_s` are seconds times brightness (1 = a colour fully lit)."""

    total_s: float = 0.0
    asleep_s: float = 0.0
    idle_s: float = 0.0  # awake, nothing to do
    busy_s: float = 0.0
    asleep_radio_s: float = 0.0  # asleep with the radio on: must stay 0
    radio_off_s: float = 0.0
    advertising_s: float = 0.0
    connected_s: float = 0.0
    rail_s: float = 0.0  # the lights have power
    lit_s: float = 0.0  # at least one of them is lit
    channel_s: float = 0.0
    sound_s: float = 0.0
    closed_lid_s: float = 0.0  # seconds times lids
    mains_s: float = 0.0
    naps: int = 0
    wakes_by_pin: int = 0
    radio_on: int = 0  # how often the radio was switched on
    flash_ms: int = 0


class Meter:
    """Adds up a board's Duty. `now_s()` is the house's time, `radio()` the radio's state.

    Call `look` whenever something may have changed; the board's own changes call it by themselves
    when its `on_change` is `meter.board_moved`.
    """

    def __init__(self, board: Board, now_s: Callable[[], float], radio: Callable[[], str]) -> None:
        self.duty = Duty()
        self._board = board
        self._now_s = now_s
        self._radio = radio
        self._since_s = now_s()
        self._sleeping = board.sleeping.state
        self._radio_was = radio()
        self._rail_was = board.circuit.lights.powered
        self._picture = board.picture()
        self._naps = board.sleeping.naps
        self._by_pin = board.sleeping.woken_by_pin
        self._flash_ms = board.sleeping.flash_ms
        board.sleeping.on_change = self.look

    def board_moved(self) -> None:
        """Lights, sound or lids changed."""
        self.look()
        self._picture = self._board.picture()

    def look(self) -> None:
        """The time since the last look belongs to the states of then."""
        now_s = self._now_s()
        self._add(now_s - self._since_s)
        self._since_s = now_s
        sleeping, radio = self._board.sleeping, self._radio()
        if self._radio_was == RADIO_OFF != radio:
            self.duty.radio_on += 1
        self._sleeping, self._radio_was = sleeping.state, radio
        self._rail_was = self._board.circuit.lights.powered
        self.duty.naps = sleeping.naps - self._naps
        self.duty.wakes_by_pin = sleeping.woken_by_pin - self._by_pin
        self.duty.flash_ms = sleeping.flash_ms - self._flash_ms

    def _add(self, seconds: float) -> None:
        duty, seen = self.duty, self._picture
        duty.total_s += seconds
        if self._sleeping == ASLEEP:
            duty.asleep_s += seconds
            duty.asleep_radio_s += seconds if self._radio_was != RADIO_OFF else 0.0
        elif self._sleeping == WAITING:
            duty.idle_s += seconds
        else:
            duty.busy_s += seconds
        if self._radio_was == CONNECTED:
            duty.connected_s += seconds
        elif self._radio_was == ADVERTISING:
            duty.advertising_s += seconds
        else:
            duty.radio_off_s += seconds
        channels = sum(sum(light) for light in seen["lights"]) / FULL
        duty.channel_s += channels * seconds
        duty.lit_s += seconds if channels else 0.0
        duty.rail_s += seconds if self._rail_was else 0.0
        duty.sound_s += seconds if seen["sound"] else 0.0
        duty.closed_lid_s += seconds * sum(not is_open for is_open in seen["lids"])
        duty.mains_s += seconds if seen["mains"] else 0.0
