"""Which dead chips, or which power, were told, and what to tell now.

Knows: masks of faults over time. May not know: chips, a board, a log.
What comes and goes is told a few times an hour at most: the log is for people, and a start reads
only so much of it.
"""

from micropython import const

from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, SENSOR_BACK, SENSOR_FAULT

_CHIPS = const(16)
_HOUR_MS = const(3_600_000)
_TOLD_MOST = const(6)  # records of one chip in an hour


class Faults:
    """`look` gives effects as (kind, slot, compartment, which chip).

    `kinds`: that of a fault, that of its end; `most` records of each chip an hour; `told`: what is
    so from the start on.
    """

    def __init__(
        self,
        kinds: "tuple[int, int]" = (SENSOR_FAULT, SENSOR_BACK),
        most: int = _TOLD_MOST,
        told: int = 0,
    ) -> None:
        self._kinds = kinds
        self._most = most
        self._told = told  # as the log has them
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
            if (faults ^ self._told) & bit and self._times[chip] < self._most:
                self._times[chip] += 1
                self._told ^= bit
                kind = self._kinds[not faults & bit]
                effects.append((kind, NO_SLOT, NO_COMPARTMENT, chip))
        return effects
