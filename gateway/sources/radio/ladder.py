"""What is done when nothing is heard, rung by rung.

Knows: the rungs, their order, how long each is given.
May not know: an adapter, the time (an argument), which device is missing.
"""

from __future__ import annotations

RESTART_SCAN = "restart_scan"
POWER_CYCLE = "power_cycle"
RESET = "reset"
SAY = "say"  # all of it was in vain: a technician should know

# rung: (the next one, the next one while a link stands: then the adapter works, it is left alone)
RUNGS = {
    RESTART_SCAN: (POWER_CYCLE, RESTART_SCAN),
    POWER_CYCLE: (RESET, RESTART_SCAN),
    RESET: (SAY, RESTART_SCAN),
    SAY: (RESTART_SCAN, RESTART_SCAN),
}


class Ladder:
    """Climbs a rung for each `silence_ms` of scanning in vain; rests `rest_ms` after the last.

    A device that is really away must not have the adapter switched off and on for ever.
    """

    def __init__(self, silence_ms: int, rest_ms: int) -> None:
        self._silence_ms = silence_ms
        self._rest_ms = rest_ms
        self._rung = RESTART_SCAN  # the one that comes next
        self._since_ms: int | None = None  # since when nothing was heard; None = nobody listens

    def heard(self, now_ms: int) -> None:
        """An advertisement came in: down to the floor."""
        self._rung = RESTART_SCAN
        self._since_ms = now_ms

    def pause(self) -> None:
        """Nobody is looked for: silence means nothing."""
        self._since_ms = None

    def due_ms(self) -> int | None:
        """When the next rung is climbed if nothing is heard; None while nobody listens."""
        return None if self._since_ms is None else self._since_ms + self._silence_ms

    def climb(self, now_ms: int, *, linked: bool) -> str | None:
        """The rung whose time has come, once. `linked`: a link stands."""
        if self._since_ms is None:
            self._since_ms = now_ms
        due_ms = self.due_ms()
        if due_ms is None or now_ms < due_ms:
            return None
        rung = RESTART_SCAN if linked else self._rung
        self._rung = RUNGS[rung][1 if linked else 0]
        self._since_ms = now_ms + (self._rest_ms if rung == SAY else 0)
        return rung
