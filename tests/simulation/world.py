"""One seeded run: a device, a gateway, the air between them, faults, then calm.

Knows: virtual time, the script of a run, how restarts and repairs are made.
May not know: what is right; the oracle says so.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation import oracle as o
from tests.simulation import oracle_manners as om
from tests.simulation.air import MAX_DELAY_MS, Connection, Weather
from tests.simulation.cores import Cores
from tests.simulation.device import ORIGIN_S, DeviceNode
from tests.simulation.flash import PowerCutError
from tests.simulation.gateway import GatewayCrashError, GatewayNode
from tests.simulation.troubles import Troubles

SETTLE_MS = 300_000  # after the faults: at most so long until all is at rest
_ROOMS_BYTES = (2, 7, 17, 20, 20, 20, 23, 49, 100, 244, 244, 244, 0, 0)  # of a run; 0: any
_CLOCK_SLACK_MS = 15_000  # corrections up to 5 s are drift, SET_TIME travels, RTCs count seconds


@dataclass
class Judge:
    """The oracle, whole."""

    findings: o.Findings
    records: o.RecordsOracle
    session: om.SessionOracle
    commands: om.CommandsOracle
    time: om.TimeOracle


def _judge(*, gateway_right: bool) -> Judge:
    findings = o.Findings()
    return Judge(
        findings,
        o.RecordsOracle(findings, 2000 + 1000 + 2 * MAX_DELAY_MS),
        om.SessionOracle(findings),
        om.CommandsOracle(findings),
        om.TimeOracle(findings, ORIGIN_S, gateway_right, _CLOCK_SLACK_MS),
    )


class World:
    """`World(seed, cores).run()` gives the findings of one run: none, or what is wrong."""

    def __init__(self, seed: int, cores: Cores, bursts: int = 1) -> None:
        self.cores = cores
        self.chance = random.Random(seed)
        self.now_ms = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self.connections = 0
        self._pieces: deque[bytes] = deque(maxlen=64)
        self._stormy = True
        self.in_reach = True
        self.gateway_right = self.chance.random() < 0.7
        self._room_bytes = self.chance.choice(_ROOMS_BYTES)
        self.judge = _judge(gateway_right=self.gateway_right)
        self.device = DeviceNode(self)
        self.gateway = GatewayNode(self)
        self.troubles = Troubles(self, bursts)

    # --- virtual time ------------------------------------------------------------------------

    def later(self, in_ms: float, what: Callable[[], None]) -> None:
        """Do `what` then."""
        self._count += 1
        heapq.heappush(self._events, (self.now_ms + in_ms, self._count, what))

    def _run_until(self, end_ms: float, done: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass; whether `done` came true."""
        while self._events and self._events[0][0] <= end_ms and not self.judge.findings:
            self.now_ms, _, what = heapq.heappop(self._events)
            self._do(what)
            if done():
                return True
        self.now_ms = max(self.now_ms, end_ms)
        return done()

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except PowerCutError:
            self.device_dies()
        except GatewayCrashError:
            self.gateway_dies()
        except Exception as error:  # noqa: BLE001  # whatever leaves a core is a finding
            self.judge.findings.say(o.CRASHED, repr(error))

    def claim_ms(self, wall_s: int) -> int | None:
        """A wall time on this world's clock, None where it proves nothing."""
        return (wall_s - ORIGIN_S) * 1000 if wall_s and self.gateway_right else None

    # --- the two ends and the link -----------------------------------------------------------

    def _tick(self) -> None:
        self.later(1000, self._tick)
        if self.gateway.running:
            self.gateway.tick()
        device, gateway = self.device, self.gateway
        free = device.powered and gateway.running and device.conn is None and gateway.conn is None
        if free and self.in_reach and self.now_ms >= gateway.connect_at_ms:
            self._connect()

    def _connect(self) -> None:
        self.connections += 1
        weather = Weather.draw(self.chance) if self._stormy else Weather()
        room = self._room_bytes or self.chance.randrange(9, 245)
        conn = Connection(
            self.connections,
            room,
            weather,
            self.chance,
            self.later,
            self._pieces,
        )
        conn.now = lambda: self.now_ms
        conn.ended = lambda: self._ended(conn)
        device, gateway = self.device, self.gateway
        conn.ends = {
            om.TO_DEVICE: lambda piece: device.piece(conn, piece),
            om.TO_GATEWAY: lambda piece: gateway.piece(conn, piece),
        }
        self.judge.session.connected()
        device.connected(conn)
        gateway.connected(conn)

    def _ended(self, conn: Connection) -> None:
        def tell(node: DeviceNode | GatewayNode) -> None:
            if node.conn is conn:
                node.disconnected()

        self.later(self.chance.uniform(0, 3000), lambda: tell(self.device))
        self.later(self.chance.uniform(0, 3000), lambda: tell(self.gateway))

    def device_dies(self) -> None:
        """The device loses its power, for a while."""
        if self.device.powered:
            self.device.die()
            self.later(self.chance.uniform(100, 15_000), self._device_starts)

    def _device_starts(self) -> None:
        if not self.device.powered:
            self.device.power_on()

    def gateway_dies(self) -> None:
        """The gateway's process is killed and started again later."""
        if self.gateway.running:
            self.gateway.die()
            self.later(self.chance.uniform(100, 15_000), self._gateway_starts)

    def _gateway_starts(self) -> None:
        if not self.gateway.running:
            self.gateway.start()

    # --- the script --------------------------------------------------------------------------

    def run(self) -> o.Findings:
        """Storm, perhaps a log that goes back, calm, rest."""
        self.later(0, self._device_starts)
        self.later(0, self._gateway_starts)
        self.later(10, self._tick)
        self._storm()
        self._calm()
        if not self.judge.findings and self.chance.random() < 0.1:
            self._log_goes_back()
        if not self.judge.findings:
            self.judge.records.at_rest()
            self.judge.time.at_rest(int(self.now_ms), self.device.wall_s())
        return self.judge.findings

    def _storm(self) -> None:
        length_ms = self.chance.uniform(60_000, 400_000)
        for what, most in (
            (self.troubles.say, 40),
            (self.troubles.fault, 16),
            (self.troubles.new_schedule, 4),
        ):
            for _ in range(self.chance.randrange(most + 1)):
                self.later(self.chance.uniform(0, length_ms), what)
        for _ in range(self.chance.randrange(4)):
            self.later(self.chance.uniform(0, length_ms), self._prompt_test)
        self._run_until(length_ms)

    def _prompt_test(self) -> None:
        self.gateway.prompt_test(self.chance.randrange(28))

    def _calm(self) -> None:
        """The faults end; everything must come to rest by itself."""
        self._stormy = False
        self.in_reach = True
        self.device.flash.cut_in = self.device.flash.fails_in = self.gateway.crash_in = None
        self.device.cut_at_set_time = False
        if self.gateway.clock_ahead_ms != 0:
            self.gateway_dies()
            self.gateway.clock_ahead_ms = 0
        if self.device.conn:
            self.device.conn.breaks()
        newest = max((version for version, _ in self.judge.commands.given), default=0)
        self._do(lambda: self.troubles.new_schedule(newest + 1))
        self.later(20_000, lambda: self.troubles.say(3))
        self._run_until(self.now_ms + 25_000)
        self._settle()

    def _settle(self) -> None:
        if not self._run_until(self.now_ms + SETTLE_MS, self._at_rest):
            self.judge.findings.say(
                o.NOT_LIVE,
                f"claim {self.gateway.claim}, confirmed {self.gateway.confirmed is not None}",
            )

    def _at_rest(self) -> bool:
        if not self.device.powered or self.gateway.sync is None:
            return False
        journal = self.device.log.journal
        return (
            self.gateway.claim == (journal.epoch, journal.newest_seq)
            and journal.acknowledged_seq == journal.newest_seq
            and self.gateway.confirmed == self.gateway.wanted
        )

    def _log_goes_back(self) -> None:
        """Somebody puts an older copy of the log back; after the alarm it is created anew."""
        flash, records = self.device.flash, self.judge.records
        files, kept = flash.copy(), set(self.device.held())
        schedule = self.judge.commands.stored
        self._do(lambda: self.troubles.say(6))
        self._settle()
        if self.judge.findings:
            return
        self.device_dies()
        flash.held = files
        records.store_rolled_back(kept)
        self.judge.commands.store_changed(schedule)
        self.judge.time.store_created()
        if not self._run_until(self.now_ms + 60_000, lambda: self.gateway.alarmed):
            self.judge.findings.say(o.STEP_BACK_UNNOTICED, "a minute after the log went back")
            return
        self.troubles.restart_with(self.device.wipe)
        self._run_until(self.now_ms + 20_000)
        self._settle()
