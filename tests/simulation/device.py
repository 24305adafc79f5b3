"""The simulated device: the real logbook, clock, service and link on a model of flash.

Knows: how main and edge/radio join the device's cores.
May not know: the gateway.
"""

from __future__ import annotations

import random
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.simulation import taps
from tests.simulation.flash import Flash
from tests.simulation.oracle import Payload
from tests.simulation.oracle_manners import TO_DEVICE, TO_GATEWAY

if TYPE_CHECKING:
    from tests.simulation.air import Connection
    from tests.simulation.world import World

KEY = bytes(range(16))
DEVICE_ID = "box-1"
KIND = 1
ORIGIN_S = 800_000_000  # wall seconds (since 2000) at the simulation's beginning
_TICKS = 1 << 30
_OUTBOX = 8
_COMPARTMENTS = 28
_BOOT = 1
_NOT_SET = (0, 0)


class Rtc:
    """A clock chip: runs through restarts, can lose its time."""

    def __init__(self) -> None:
        self.ahead_ms: float | None = None  # None: lost power

    def read_s(self, now_ms: float) -> int | None:
        """Wall seconds, None where it does not know."""
        return None if self.ahead_ms is None else ORIGIN_S + int(now_ms + self.ahead_ms) // 1000


class DeviceNode:
    """One device; `power_on` and `die` are its restarts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cores = world.cores
        self.chance = random.Random(world.chance.random())
        self.flash = Flash(self.chance)
        self.flash.flushed = lambda: taps.flushed(self)
        self.rtc = Rtc()
        self.boot = 0
        self.powered = False
        self.wiped = True
        self.box = types.SimpleNamespace(
            compartments=_COMPARTMENTS,
            adopt=lambda schedule, wall_s: None,
            clock_jumped=lambda: None,
        )
        self.reactions = types.SimpleNamespace(test_light=self._test_light)
        self.conn: Connection | None = None
        self.session: Any = None
        self.reassembler: Any = None
        self.cut_at_set_time = False
        self.command = (0, b"")  # what the link is carrying out now
        self._outbox: list[bytes] = []
        self._ticks_base = 0
        self._on_ms = 0.0

    # --- restarts ----------------------------------------------------------------------------

    def power_on(self) -> None:
        """As main does it; may be cut again by PowerCutError."""
        c, judge = self.cores, self.world.judge
        self.powered = True
        self._on_ms = self.world.now_ms
        self._ticks_base = _TICKS - self.chance.randrange(1, 100_000)
        self.clock = c.clock.DeviceClock(self._ticks(), 0)
        self.boot += 1
        c.logbook.__dict__["urandom"] = self.chance.randbytes
        self.log = c.logbook.Logbook(self.flash, self.clock, self.boot)
        judge.records.store_opened(self.log.journal.epoch, wiped=self.wiped)
        if self.wiped:
            judge.time.store_created()
            judge.commands.store_changed((0, b""))
        self.wiped = False
        self.log.read_in(lambda record: None)
        self.service = c.service.Service(self, self.flash)
        taps.tap(self)
        wall_s = self.rtc.read_s(self.world.now_ms)
        if wall_s is not None:
            self.clock.set_from_rtc(wall_s)
        self.service.load_schedule()
        self.log.schedule_version = self.service.version
        self.link = c.link.DeviceLink(self.service)
        judge.records.booted(self.held(), int(self.world.now_ms))
        judge.commands.booted(*self.service.schedule_blob())
        self.write([(_BOOT, _NOT_SET, 0xFF, 1)])

    def die(self) -> None:
        """The power is gone, and with it all RAM and the link."""
        self.powered = False
        self.flash.cut_in = None
        if self.conn:
            self.conn.breaks()
        self.disconnected()

    def wipe(self) -> None:
        """The log store is created anew at the next start; only while powered off."""
        self.flash.held.clear()
        self.wiped = True

    # --- for the oracle ----------------------------------------------------------------------

    def held(self) -> dict[int, Payload]:
        """What can be read back of the log now."""
        journal, m = self.log.journal, self.cores.messages
        found = {}
        for blob in self.log.records(journal.oldest_seq, journal.newest_seq):
            try:
                seq, flat = taps.payload(m.decode_record(blob))
            except self.cores.errors.RemoteProtocolError:
                continue
            found[seq] = flat
        return found

    # --- what the service asks of main -----------------------------------------------------------

    def _ticks(self) -> int:
        return int(self._ticks_base + self.world.now_ms - self._on_ms) % _TICKS

    def wall_s(self) -> int:
        """The time the device believes now."""
        self.clock.advance(self._ticks())
        wall_s: int = self.clock.wall_s()
        return wall_s

    def write(self, effects: list[tuple[int, tuple[int, int], int, int]]) -> None:
        """Make effects durable, then push them."""
        self.clock.advance(self._ticks())
        for effect in effects:
            blob = self.log.append(*effect)
            if blob and self.established:
                self._outbox = [*self._outbox, self.link.push(blob)][-_OUTBOX:]
                self.world.later(self.chance.uniform(0, 300), self._send_pushed)

    def write_rtc(self, wall_s: int) -> None:
        """Set the clock chip."""
        self.rtc.ahead_ms = (wall_s - ORIGIN_S) * 1000 - self.world.now_ms

    def battery_percent(self) -> int:
        """A full battery."""
        return 100

    def helped(self, up_to_seq: int) -> None:
        """Nobody calls for help here."""

    def _test_light(self, compartment: int) -> None:
        """The effect of a one-shot command."""
        self.world.judge.commands.effect(self.command)

    # --- edge/radio ----------------------------------------------------------------------------

    @property
    def established(self) -> bool:
        """Whether messages may be sent."""
        return self.session is not None and self.session.established

    def connected(self, conn: Connection) -> None:
        """A central has connected."""
        c = self.cores
        self.conn = conn
        self.session = c.session.Session(c.session.DEVICE, KEY, DEVICE_ID, KIND)
        self.reassembler = c.frame.Reassembler()

    def disconnected(self) -> None:
        """The link is gone."""
        self.conn = self.session = self.reassembler = None
        self._outbox = []

    def piece(self, conn: Connection, piece: bytes) -> None:
        """A write has arrived."""
        if conn is not self.conn or self.session is None or self.reassembler is None:
            return
        self.clock.advance(self._ticks())
        try:
            frame = self.reassembler.feed(piece)
            if frame is not None:
                nonce = self.chance.randbytes(16) if self.session.needs_nonce else None
                for step in self.session.receive(frame, nonce):
                    self._step(conn, frame, step)
        except self.cores.errors.RemoteProtocolError:
            self.session = None
            conn.breaks()

    def _step(self, conn: Connection, frame: bytes, step: tuple[str] | tuple[str, bytes]) -> None:
        judge = self.world.judge.session
        if step[0] == "established":
            judge.established(TO_DEVICE)
            self.link.begin()
        elif len(step) > 1 and step[0] == "send":
            self._send_frame(step[1])
        elif len(step) > 1:
            judge.opened(TO_DEVICE, frame, step[1], gap_said=False)
            self.command = (conn.number, step[1])
            for answer in self.link.receive(step[1]):
                self._send(answer)

    def _send_pushed(self) -> None:
        if self._outbox:
            self._send(self._outbox.pop(0))

    def _send(self, message: bytes) -> None:
        if self.session is not None and self.session.established:
            frame = self.session.seal(message)
            self.world.judge.session.sealed(TO_GATEWAY, frame, message)
            self._send_frame(frame)

    def _send_frame(self, frame: bytes) -> None:
        conn = self.conn
        if conn:
            pieces: Callable[[bytes, int], list[bytes]] = self.cores.frame.fragment
            conn.send_frame(TO_GATEWAY, pieces(frame, conn.room_bytes))
