"""What happens in the simulated home: events, changes of the schedule, faults.

Knows: how each fault is brought about. May not know: when (world), what is right (oracle).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.simulation import oracle as o
from tests.simulation.device import ORIGIN_S

if TYPE_CHECKING:
    from tests.simulation.world import World

_FIRST_DAY = 9000
_KINDS = (4, 5, 6, 8, 9, 10, 13, 14, 15, 16)  # kinds of records that boxes write most


class Troubles:
    """The events and faults of one world; `bursts` makes its logs that much longer."""

    def __init__(self, world: World, bursts: int) -> None:
        self.world = world
        self._bursts = bursts
        self._said = 0
        self._a_day = world.chance.choice((2, 3, 9, 27))  # records
        self._copy: tuple[dict[o.Identity, o.Payload], tuple[int, bytes]] = ({}, (0, b""))

    def say(self, count: int = 0) -> None:
        """The box has something to write down."""
        for _ in range(count or self._bursts * self.world.chance.choice((1, 1, 2, 3, 12, 30))):
            if self.world.device.powered:
                self._said += 1
                slot = (_FIRST_DAY + self._said // self._a_day, self.world.chance.randrange(4))
                kind = self.world.chance.choice(_KINDS)
                self.world.device.write([(kind, slot, self._said % 28, self._said)])

    def new_schedule(self, version: int = 0) -> None:
        """A person changes the schedule."""
        s = self.world.cores.schedule
        version = version or self.world.gateway.wanted[0] + 1
        entries = [
            s.once(
                (ORIGIN_S // s.DAY_S + i, self.world.chance.randrange(4)),
                i % 28,
                ORIGIN_S + s.DAY_S * i,
                (30, 60, 60),
            )
            for i in range(self.world.chance.choice((1, 4, 9, 40)))
        ]
        self.world.gateway.want(version, s.encode_schedule(s.Schedule(s.UTC, entries)))

    def fault(self) -> None:
        """Something breaks."""
        chance, device, gateway = self.world.chance, self.world.device, self.world.gateway
        faults: dict[str, tuple[int, Callable[[], None]]] = {
            "cut": (6, lambda: setattr(device.flash, "cut_in", chance.randrange(1, 7))),
            "off": (2, self.world.device_dies),
            "rtc": (1, lambda: self.restart_with(lambda: setattr(device.rtc, "ahead_ms", None))),
            "wipe": (1, lambda: self.restart_with(device.wipe)),
            "flash": (1, lambda: setattr(device.flash, "fails_in", chance.randrange(1, 4))),
            "crash": (6, lambda: setattr(gateway, "crash_in", chance.randrange(1, 12))),
            "break": (4, lambda: device.conn.breaks() if device.conn else None),
            "away": (2, self._out_of_reach),
            "copy": (3, self._copy_database),
            "restore": (3, self._restore_database),
            "clock": (0 if self.world.gateway_right else 9, self._gateway_clock),
        }
        names = list(faults)
        name = chance.choices(names, [faults[n][0] for n in names])[0]
        faults[name][1]()

    def restart_with(self, repair: Callable[[], None]) -> None:
        """The device is off for a while; meanwhile `repair` is done to it."""
        if self.world.device.powered:
            self.world.device_dies()
            repair()

    def _out_of_reach(self) -> None:
        self.world.in_reach = False
        if self.world.device.conn:
            self.world.device.conn.breaks()
        self.world.later(
            self.world.chance.uniform(5_000, 90_000), lambda: setattr(self.world, "in_reach", True)
        )

    def _copy_database(self) -> None:
        self._copy = (dict(self.world.gateway.database), self.world.gateway.wanted)

    def _restore_database(self) -> None:
        if not self.world.device.powered:
            return  # what a cut left of the log is known only after the device's start
        self.world.gateway_dies()
        self.world.gateway.database = dict(self._copy[0])
        self.world.gateway.wanted = self._copy[1]
        self.world.gateway.confirmed = None
        self.world.judge.records.database_restored(self._copy[0])
        self.say(self.world.chance.choice((1, 20)))

    def _gateway_clock(self) -> None:
        """The gateway restarts with a clock that is wrong or not known."""
        self.world.gateway_dies()
        self.world.gateway.clock_ahead_ms = self.world.chance.choice(
            (None, 0, -3_600_000, 60_000, 31_536_000_000)
        )
        self.world.device.cut_at_set_time = self.world.chance.random() < 0.5
