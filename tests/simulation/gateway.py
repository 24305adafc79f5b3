"""The simulated gateway: the real Sync above the real session, a model of its database.

Knows: how gateway/sources/conversation joins them; the taps through which the oracle sees.
May not know: the device.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.simulation.device import DEVICE_ID, KEY, KIND, ORIGIN_S
from tests.simulation.oracle import Identity, Payload
from tests.simulation.oracle_manners import TO_DEVICE, TO_GATEWAY
from tests.simulation.taps import payload

if TYPE_CHECKING:
    from tests.simulation.air import Connection
    from tests.simulation.world import World

HANDSHAKE_MS, ANSWER_MS, POLL_MS, PAUSE_MS = 20_000, 10_000, 30_000, 3_000
_OWN_IDS = 0x8000  # request ids of one-shot commands, which Sync does not send


class GatewayCrashError(Exception):
    """The gateway's process was killed here."""


class GatewayNode:
    """One gateway; `start` and `die` are its restarts, the database stays."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cores = world.cores
        self.chance = random.Random(world.chance.random())
        self.database: dict[Identity, Payload] = {}
        self.running = False
        self.crash_in: int | None = None  # steps until the process is killed
        self.clock_ahead_ms: int | None = 0  # None: time not known
        self.wanted: tuple[int, bytes] = (0, b"")
        self.confirmed: tuple[int, bytes] | None = None
        self.claim: tuple[int, int] | None = None  # (epoch, newest) of the last caught_up
        self.alarmed = False
        self.connect_at_ms = 0.0
        self.conn: Connection | None = None
        self.session: Any = None
        self.reassembler: Any = None
        self.sync: Any = None
        self._answer_by = self._poll_at = 0.0
        self._waiting_for: int | None = None
        self._own_id = _OWN_IDS

    def start(self) -> None:
        """The process runs."""
        self.running = True

    def die(self) -> None:
        """Killed: RAM and link are gone."""
        self.running = False
        self.crash_in = None
        if self.conn:
            self.conn.breaks()
        self.disconnected()

    def _step(self) -> None:
        """A moment at which the process may be killed."""
        if self.crash_in is None:
            return
        self.crash_in -= 1
        if self.crash_in <= 0:
            raise GatewayCrashError

    # --- the sink --------------------------------------------------------------------------------

    def known(self, epoch: int) -> int:
        """The highest seq committed of that log."""
        return max((seq for e, seq in self.database if e == epoch), default=0)

    def commit(self, epoch: int, records: list[Any]) -> None:
        """One transaction."""
        rows = [payload(record) for record in records]
        self.database.update({(epoch, seq): flat for seq, flat in rows})
        self.world.judge.records.committed(epoch, rows)

    def time_fields(self) -> tuple[int, int, int, int, int]:
        """SET_TIME's fields."""
        if self.clock_ahead_ms is None:
            return 0, 0, 540, 0, 0
        wall_ms = int(self.world.now_ms) + self.clock_ahead_ms
        return ORIGIN_S + wall_ms // 1000, wall_ms % 1000, 540, 0, 0

    def want(self, version: int, blob: bytes) -> None:
        """A person changed the schedule."""
        self.wanted = (version, blob)
        self.confirmed = None
        self.world.judge.commands.schedule_given(version, blob)
        if self.sync is not None:
            self._carry_out(self.sync.put_schedule(version, blob))

    # --- conversation ----------------------------------------------------------------------------

    def connected(self, conn: Connection) -> None:
        """The link stands: begin the handshake."""
        c, now = self.cores, self.world.now_ms
        self.conn = conn
        self.session = c.session.Session(c.session.GATEWAY, KEY, DEVICE_ID, KIND)
        self.reassembler = c.frame.Reassembler(lossy=True)
        self._answer_by = now + HANDSHAKE_MS
        self._send_frame(self.session.start(self.chance.randbytes(16)))

    def disconnected(self) -> None:
        """The link is gone."""
        self.conn = self.session = self.reassembler = self.sync = None
        self._waiting_for = None
        self.connect_at_ms = self.world.now_ms + PAUSE_MS

    def _hang_up(self) -> None:
        self.session = self.sync = None
        if self.conn:
            self.conn.breaks()

    def piece(self, conn: Connection, piece: bytes) -> None:
        """A notification has arrived."""
        if conn is not self.conn or self.reassembler is None or self.session is None:
            return
        try:
            frame = self.reassembler.feed(piece)
            gap_said = False
            for step in self.session.receive(frame) if frame else ():
                gap_said = gap_said or step[0] == "gap"
                self._take(frame, step, gap_said)
        except self.cores.errors.RemoteProtocolError:
            self._hang_up()

    def _take(self, frame: bytes, step: tuple[str, bytes], gap_said: bool) -> None:
        if step[0] == "send":
            self._send_frame(step[1])
        elif step[0] == "established":
            self.world.judge.session.established(TO_GATEWAY)
            self._begin_sync()
        elif self.sync is None:
            return  # failed, and hung up, by what came before
        elif step[0] == "gap":
            self._carry_out(self.sync.lost())
        else:
            self.world.judge.session.opened(TO_GATEWAY, frame, step[1], gap_said=gap_said)
            self._answer_by = self.world.now_ms + ANSWER_MS
            self._carry_out(self.sync.receive(step[1]))

    def _begin_sync(self) -> None:
        sync = self.sync = self.cores.sync.Sync(self.known, self.time_fields)
        self._poll_at = self.world.now_ms + POLL_MS
        self._carry_out(sync.start())
        if self.wanted[0]:
            self._carry_out(sync.put_schedule(*self.wanted))

    def tick(self) -> None:
        """Look at the time-outs."""
        now, sync = self.world.now_ms, self.sync
        if self.conn is None:
            return
        if sync is None:
            if now >= self._answer_by:
                self._hang_up()
        elif sync.waiting_for is not None and now >= self._answer_by:
            self._waiting_for = None
            self._carry_out(sync.timeout(sync.waiting_for))
        elif now >= self._poll_at:
            self._poll_at = now + POLL_MS
            self._carry_out(sync.poll())

    def _carry_out(self, actions: list[tuple[Any, ...]]) -> None:
        sync = self.sync
        if sync is None or self.conn is None:
            return
        todo = list(actions)
        while todo:
            action = todo.pop(0)
            self._step()
            if action[0] == "send":
                self._send(action[1])
            elif action[0] == "commit":
                self.commit(action[1], action[2])
                self._step()
                todo += sync.committed(action[1], action[2][-1].seq)
            else:
                self._tell(action)
        if sync.waiting_for != self._waiting_for:
            self._waiting_for = sync.waiting_for
            self._answer_by = self.world.now_ms + ANSWER_MS

    def _tell(self, action: tuple[Any, ...]) -> None:
        judge = self.world.judge
        match action:
            case ("caught_up", state):
                self.claim = (state["epoch"], state["newest_seq"])
                judge.records.caught_up(*self.claim, self.world.claim_ms(state["wall_s"]))
            case ("schedule_confirmed", *_):
                self.confirmed = self.wanted
                judge.commands.schedule_confirmed(*self.wanted)
            case ("new_log", epoch):
                judge.records.epoch_noticed(epoch)
            case ("gap", epoch, first, last):
                judge.records.gap_noticed(epoch, first, last)
            case ("failed", why):
                if "went back" in why and self.world.device.powered:
                    self.alarmed = True
                    judge.records.step_back_noticed(judge.records.epoch)
                self._hang_up()

    def prompt_test(self, compartment: int) -> None:
        """Give a one-shot command, twice with one request id as after a lost answer."""
        if self.sync is None:
            return
        m = self.cores.messages
        self._own_id += 1
        message = m.encode(m.PROMPT_TEST, self._own_id, compartment)
        self._send(message)
        self._send(message)

    def _send(self, message: bytes) -> None:
        session, conn = self.session, self.conn
        if session is None or conn is None:
            return
        self.world.judge.commands.ordered((conn.number, message))
        frame = session.seal(message)
        self.world.judge.session.sealed(TO_DEVICE, frame, message)
        self._send_frame(frame)

    def _send_frame(self, frame: bytes) -> None:
        conn = self.conn
        if conn:
            conn.send_frame(TO_DEVICE, self.cores.frame.fragment(frame, conn.room_bytes))
