"""A plug on the bench: time that a test moves, a log that a restart reads back.

Knows: the plug's stimuli, the effects it gave, as records with their boot and uptime. Both
interpreters load it.
"""

from anbu_wire.messages import LOAD_OFF, LOAD_ON, NO_COMPARTMENT, NO_SLOT, Record
from careplug.plug import Plug

S = 1000
MIN = 60 * S
HOUR = 60 * MIN
SEOUL = (38, 212)
# 2026-11-02 12:00 in Seoul (UTC+9), seconds since 2000: a Monday, the sun is up
NOON_S = 846_903_600
MIDNIGHT_S = NOON_S + 12 * 3600


class Rig:
    """`said`: all (kind, value) so far; `wall` False: the clock is unknown."""

    def __init__(self, wall_s: int = NOON_S, wall: bool = True) -> None:
        self.wall = wall
        self.began_s = wall_s
        self.up_ms = 0  # since the rig began
        self.boot_ms = 0
        self.boot = 1
        self.log: list[Record] = []
        self.blob = b""
        self.plug = self._plug()

    @property
    def uptime_ms(self) -> int:
        """Of this boot."""
        return self.up_ms - self.boot_ms

    @property
    def wall_s(self) -> int:
        """0 where it is unknown."""
        return self.began_s + self.up_ms // 1000 if self.wall else 0

    @property
    def said(self) -> "list[tuple[int, int]]":
        """Kind and value of all records."""
        return [(record.kind, record.value) for record in self.log]

    def of(self, *kinds: int) -> "list[tuple[int, int]]":
        """Those of some kinds."""
        return [said for said in self.said if said[0] in kinds]

    @property
    def bouts(self) -> "list[tuple[int, int]]":
        """Beginnings and ends of loads."""
        return self.of(LOAD_ON, LOAD_OFF)

    def _plug(self) -> Plug:
        plug = Plug(self.boot, self.uptime_ms, self.wall_s)
        plug.place(*SEOUL)
        return plug

    def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
        """Into the log."""
        for kind, slot, compartment, value in effects:
            assert (slot, compartment) == (NO_SLOT, NO_COMPARTMENT)
            seq = len(self.log) + 1
            now = (self.boot, self.uptime_ms, self.wall_s)
            self.log.append(Record(seq, *now, 0, 0, kind, compartment, slot, 0, value))

    def run(self, watts: int, lasts_ms: int, step_ms: int = S) -> "Rig":
        """The meter says so for so long."""
        for _ in range(lasts_ms // step_ms):
            self.up_ms += step_ms
            now = (self.uptime_ms, self.wall_s)
            self.write(self.plug.sample(*now, 220_000, watts * 1000))
            self.write(self.plug.look(*now))
        return self

    def volts(self, volts: int, lasts_ms: int) -> "Rig":
        """The meter sees no power, but these volts."""
        for _ in range(lasts_ms // S):
            self.up_ms += S
            self.write(self.plug.sample(self.uptime_ms, self.wall_s, volts * 1000, None))
        return self

    def shine(self, lux: int, lasts_ms: int, step_ms: int = 500) -> "Rig":
        """The light sensor says so for so long."""
        for _ in range(lasts_ms // step_ms):
            self.up_ms += step_ms
            self.write(self.plug.light(self.uptime_ms, self.wall_s, lux * 100))
        return self

    def keep(self) -> None:
        """The state is stored, as it is now."""
        self.blob = bytes(self.plug.state(self.uptime_ms))

    def restart(self, power_on: bool = False, cause: int = 5) -> "Rig":
        """Reads back what was kept, then the log."""
        self.boot += 1
        self.boot_ms = self.up_ms
        self.plug = self._plug()
        self.plug.restore(self.blob)
        for record in self.log:
            self.plug.recall(record)
        self.write(self.plug.started(cause, power_on))
        return self
