"""Whether the box itself is well: chips, clock, supply; and that it says so.

Knows: which faults were told, ticks against the clock chip, the battery's filter. May not know:
doses, what a fault looks like, chips (it asks the board).

A chip that comes and goes is told a few times an hour at most: the log is for doses. Ticks are
believed against a clock chip that suddenly says otherwise (they cannot jump while the processor
runs); slow drift is taken from the chip, which is the better clock.
"""

from micropython import const

from anbu_device.core.clock import JUMP_S
from anbu_device.core.faults import Faults
from anbu_wire.gatt import FAULT
from anbu_wire.messages import (
    BATTERY,
    CLOCK_LOST,
    NO_COMPARTMENT,
    NO_SLOT,
    RECORDS_LOST,
    SCHEDULE_LOST,
    TILTED,
)
from pillbox.battery import PERCENT_UNKNOWN, Battery, brown_out
from pillbox.stored import NONE, WELL

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.house import Effects, House

# CLOCK_LOST's values
CLOCK_WITHOUT_POWER = const(0)
CLOCK_DISAGREES = const(1)
CLOCK_DEAD = const(2)

FAULT_CLOCK = const(4)  # of board.faults()
_MINUTE_MS = const(60_000)
_LEANS_LOOKS = const(2)
_STANDS_LOOKS = const(40)  # ten seconds upright end it
_DRIFT_S = const(2)  # the chip counts whole seconds: less is no difference


class Health:
    """`house` is main's Pillbox."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._faults = Faults()
        self._minute_ms = 0
        self._clock_lost = False  # and told
        self._battery = Battery()
        self._flags = -1
        self._weak = False
        self._leans = 0  # looks in a row that found it so

    # --- the start ---

    def clock_at_start(self) -> "Effects":
        """Takes the clock chip's time; what is wrong with it."""
        house = self._house
        wall_s, lost = house.board.rtc.read()
        if not lost:
            house.clock.set_from_rtc(wall_s)
            return []
        self._clock_lost = True
        dead = house.board.faults() & FAULT_CLOCK
        return [_of_box(CLOCK_LOST, CLOCK_DEAD if dead else CLOCK_WITHOUT_POWER)]

    def schedule_at_start(self) -> "Effects":
        """What is wrong with the stored schedule."""
        lost = self._house.service.schedules.lost
        return [] if lost == WELL else [_of_box(SCHEDULE_LOST, lost)]

    # --- what holds now ---

    def faulty(self) -> bool:
        """Whether anything is wrong that a person should mend; an unknown time shows by itself."""
        house = self._house
        no_schedule = house.service.schedules.lost == NONE
        return house.log.failed or no_schedule or house.board.faults() > 0

    def look(self, uptime_ms: int) -> None:
        """At every look; what needs the buses only each minute."""
        house = self._house
        house.write(self._faults.look(uptime_ms, house.board.faults()) + self._tilt())
        flags = FAULT if self.faulty() else 0
        if flags != self._flags:
            self._flags = flags
            house.radio.flags(flags)
        if uptime_ms - self._minute_ms >= _MINUTE_MS:
            self._minute_ms = uptime_ms
            self.minute(uptime_ms)

    def minute(self, uptime_ms: int) -> None:
        """The clock, the supply, the log."""
        house = self._house
        self.clock()
        percent = house.battery_percent()
        mains = house.board.mains()
        self._supply(mains)
        if self._battery.sample(uptime_ms, percent, mains):
            house.write([_of_box(BATTERY, percent)])
        if percent != PERCENT_UNKNOWN:
            house.radio.battery(percent)
        house.log.tell_lost()

    def _supply(self, mains: bool) -> None:
        """Where it is too weak the log halts; its last word is that more may happen than it says.

        A start after that must not prompt a dose that was taken meanwhile.
        """
        house = self._house
        line = house.board.brown_out()
        weak = brown_out(self._weak, house.board.gauge.millivolts(), mains, line)
        if weak and not self._weak:
            house.write([_of_box(RECORDS_LOST, 0)])
        self._weak = house.log.halted = weak

    def clock(self) -> None:
        """Takes the clock chip's small corrections; a large one is a fault, and is told."""
        self._house.write(self._clock())

    def _tilt(self) -> "Effects":
        """Once each time the box leans; the switch's ball rattles, so two looks must agree."""
        if not self._house.board.tilted():
            self._leans = max(0, min(self._leans, _STANDS_LOOKS) - 1)
            return []
        self._leans += 1
        if self._leans != _LEANS_LOOKS:
            return []
        self._leans = _STANDS_LOOKS
        return [_of_box(TILTED, 0)]

    def _clock(self) -> "Effects":
        """The chip's time beside our own."""
        house = self._house
        ours_s = house.clock.wall_s()
        wall_s, lost = house.board.rtc.read()
        if lost:
            return self._lost(ours_s)
        self._clock_lost = False
        if not ours_s:
            return []  # never believed in the middle of a run: the gateway sets it
        ahead_s = wall_s - ours_s
        if -_DRIFT_S <= ahead_s <= _DRIFT_S:
            return []
        if -JUMP_S <= ahead_s <= JUMP_S:
            house.clock.set_from_rtc(wall_s)
            return []
        again_s, lost = house.board.rtc.read()
        if lost or not 0 <= again_s - wall_s <= 1:
            return []  # the reading was wrong, not the clock
        house.clock.disagreed()
        house.box.clock_jumped()
        house.board.rtc.write(ours_s)
        return [_of_box(CLOCK_LOST, CLOCK_DISAGREES)]

    def _lost(self, ours_s: int) -> "Effects":
        """The chip stopped, or is dead (which is told as such); our ticks go on."""
        house = self._house
        if house.board.faults() & FAULT_CLOCK:
            return []
        if ours_s:
            house.board.rtc.write(ours_s)
        if self._clock_lost:
            return []
        self._clock_lost = True
        return [_of_box(CLOCK_LOST, CLOCK_WITHOUT_POWER)]


def _of_box(kind: int, value: int) -> "tuple[int, tuple[int, int], int, int]":
    return (kind, NO_SLOT, NO_COMPARTMENT, value)
