"""Which dead chips were told, and which to tell now.

Knows: masks of faults over time. May not know: chips, a board, a log.
A chip that comes and goes is told a few times an hour at most: the log is for people.
"""

from micropython import const

from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, SENSOR_BACK, SENSOR_FAULT

_CHIPS = const(16)
_HOUR_MS = const(3_600_000)
_TOLD_MOST = const(6)  # records of one chip in an hour


class Faults:
    """`look` gives effects as (kind, slot, compartment, which chip)."""

    def __init__(self) -> None:
        self._told = 0  # as the log has them
        self._times = bytearray(_CHIPS)  # so often this hour
        self._hour_ms = 0

    def look(self, uptime_ms: int, faults: int) -> "list[tuple[int, tuple[int, int], int, int]]":
        """Bit n of `faults`: chip n is dead."""
        if uptime_ms - self._hour_ms >= _HOUR_MS:
            self._hour_ms = uptime_ms
            for chip in range(_CHIPS):
                self._times[chip] = 0
        effects = []
        for chip in range(_CHIPS if faults != self._told else 0):
            bit = 1 << chip
            if (faults ^ self._told) & bit and self._times[chip] < _TOLD_MOST:
                self._times[chip] += 1
                self._told ^= bit
                kind = SENSOR_FAULT if faults & bit else SENSOR_BACK
                effects.append((kind, NO_SLOT, NO_COMPARTMENT, chip))
        return effects
