"""The judge of frames, commands and time: the oracle's other half.

Knows: the same design page: a frame is opened once, in order and unaltered; a lost notification is
noticed; a jump towards the device ends the session; commands are idempotent by request id; an older
schedule is refused and a schedule is whole; within one timeline the wall clock ran like true time.
May not know: any file of the firmware, of anbu_wire or of the gateway.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulation.oracle import Findings

TO_DEVICE = "gateway to device"
TO_GATEWAY = "device to gateway"

FRAME_ALTERED = "frame opened that was never sealed"
FRAME_REPEATED = "frame opened twice or out of order"
FRAME_LOSS_HIDDEN = "lost frame not noticed"
EARLY_FRAME = "frame accepted before the handshake"
OLDER_SCHEDULE = "older schedule accepted"
FOREIGN_SCHEDULE = "schedule stored that nobody made"
SCHEDULE_LOST = "schedule not kept over a restart"
FALSE_CONFIRMATION = "schedule confirmed that the device does not have"
EFFECT_TWICE = "effect of one command executed twice"
FOREIGN_EFFECT = "effect of a command that was never given"
TIMELINE_BROKEN = "clock jumped inside one timeline"
ORDER_BROKEN = "boot or uptime ran backwards"
CLOCK_NOT_SET = "clock not set right"
FALSE_SYNCED = "time called synced is wrong"


@dataclass
class Direction:
    """One direction of one connection: what was sealed, and how far it was opened."""

    sealed: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)  # frame: (place, message)
    opened: int = 0


@dataclass
class SessionOracle:
    """Follows the messages through the sealed frames of one connection at a time."""

    findings: Findings
    ways: dict[str, Direction] = field(default_factory=dict)
    handshakes: set[str] = field(default_factory=set)

    def connected(self) -> None:
        """A new connection: new nonces, nothing of the old one may be opened again."""
        self.ways = {TO_DEVICE: Direction(), TO_GATEWAY: Direction()}
        self.handshakes = set()

    def established(self, way: str) -> None:
        """The end that opens `way` says that its peer has proved itself."""
        self.handshakes.add(way)

    def sealed(self, way: str, frame: bytes, message: bytes) -> None:
        """One message was sealed into one frame."""
        sealed = self.ways[way].sealed
        if frame in sealed:
            self.findings.say(FRAME_REPEATED, f"{way}: the same frame sealed twice")
        sealed[frame] = (len(sealed), message)

    def opened(self, way: str, frame: bytes, message: bytes, *, gap_said: bool) -> None:
        """One end accepted a frame and got this message out of it."""
        direction = self.ways[way]
        if way not in self.handshakes:
            self.findings.say(EARLY_FRAME, way)
        place, sealed = direction.sealed.get(frame, (-1, b""))
        if place < 0 or message != sealed:
            self.findings.say(FRAME_ALTERED, f"{way}: {message!r}")
            return
        if place < direction.opened:
            self.findings.say(FRAME_REPEATED, f"{way}: {place} after {direction.opened - 1}")
        skipped = place - direction.opened
        if skipped > 0 and (way == TO_DEVICE or not gap_said):
            self.findings.say(FRAME_LOSS_HIDDEN, f"{way}: {skipped} skipped")
        direction.opened = place + 1


Schedule = tuple[int, bytes]  # (version, its bytes)
Mark = tuple[int, bytes]  # (connection, the command's bytes): tells one command from all others


@dataclass
class CommandsOracle:
    """Follows schedules and one-shot commands."""

    findings: Findings
    given: set[Schedule] = field(default_factory=set)
    stored: Schedule = (0, b"")
    begun: Schedule | None = None
    ever_stored: set[Schedule] = field(default_factory=set)
    orders: set[Mark] = field(default_factory=set)
    effects: dict[Mark, int] = field(default_factory=dict)

    def store_changed(self, stored: Schedule) -> None:
        """The store was created anew or put back to an older copy: this is in it."""
        self.stored = stored
        self.begun = None

    def schedule_given(self, version: int, blob: bytes) -> None:
        """The gateway was asked to bring this schedule to the device."""
        self.given.add((version, blob))

    def schedule_begun(self, version: int, blob: bytes) -> None:
        """The device begins to store a schedule: a power cut leaves the old one or this one."""
        self.begun = (version, blob)

    def schedule_stored(self, version: int, blob: bytes) -> None:
        """The device made a schedule its own."""
        if version <= self.stored[0] and (version, blob) != self.stored:
            self.findings.say(OLDER_SCHEDULE, f"{version} over {self.stored[0]}")
        if (version, blob) not in self.given:
            self.findings.say(FOREIGN_SCHEDULE, f"version {version}, {len(blob)} bytes")
        self.stored = (version, blob)
        self.begun = None
        self.ever_stored.add(self.stored)

    def booted(self, version: int, blob: bytes) -> None:
        """The device has started and runs this schedule."""
        if (version, blob) == self.begun:
            self.schedule_stored(version, blob)
        elif (version, blob) != self.stored:
            self.findings.say(SCHEDULE_LOST, f"runs {version}, had {self.stored[0]}")
        self.begun = None

    def schedule_confirmed(self, version: int, blob: bytes) -> None:
        """The gateway says of its schedule: read back, active on the device."""
        if (version, blob) not in self.ever_stored:
            self.findings.say(FALSE_CONFIRMATION, f"version {version}")

    def ordered(self, mark: Mark) -> None:
        """A one-shot command was given (sent again it is still the same command)."""
        self.orders.add(mark)

    def effect(self, mark: Mark) -> None:
        """The device did what the command says."""
        self.effects[mark] = self.effects.get(mark, 0) + 1
        if mark not in self.orders:
            self.findings.say(FOREIGN_EFFECT, f"{mark}")
        elif self.effects[mark] > 1:
            self.findings.say(EFFECT_TWICE, f"{mark}: {self.effects[mark]} times")


@dataclass(frozen=True)
class Stamp:
    """The time fields of one record, with the true time the simulation knows."""

    true_ms: int
    boot: int
    uptime_ms: int
    wall_s: int  # seconds since 2000, 0 = unknown
    timeline: int
    synced: bool


@dataclass
class TimeOracle:
    """Judges stamps: order, timelines, and the word "synced"."""

    findings: Findings
    origin_s: int  # wall seconds at true_ms 0
    gateway_right: bool  # whether the gateway's own clock is never wrong in this run
    tolerance_ms: int
    last: dict[int, Stamp] = field(default_factory=dict)  # timeline -> last stamp of it
    previous: Stamp | None = None

    def store_created(self) -> None:
        """Forget the old store's order; counters of the clock may begin again."""
        self.last.clear()
        self.previous = None

    def jump_unwritten(self) -> None:
        """The clock was set while the log could take no record: known limit, not judged.

        The timeline is kept in the log only; after a restart nothing tells that it was raised.
        """
        self.last.clear()

    def stamped(self, stamp: Stamp) -> None:
        """A record of the device carries these times."""
        if self.previous is not None:
            self._judge_order(self.previous, stamp)
        self.previous = stamp
        before = self.last.get(stamp.timeline)
        if stamp.wall_s:
            if before is not None:
                self._judge_timeline(before, stamp)
            self.last[stamp.timeline] = stamp
        true_wall_ms = self.origin_s * 1000 + stamp.true_ms
        believed = stamp.synced and self.gateway_right
        if believed and abs(stamp.wall_s * 1000 - true_wall_ms) > self.tolerance_ms:
            self.findings.say(FALSE_SYNCED, f"{stamp}")

    def at_rest(self, true_ms: int, wall_s: int) -> None:
        """Long after the faults the device's clock is right, whatever they did to it."""
        if abs((wall_s - self.origin_s) * 1000 - true_ms) > self.tolerance_ms:
            self.findings.say(CLOCK_NOT_SET, f"{wall_s} at {true_ms} ms")

    def _judge_order(self, before: Stamp, after: Stamp) -> None:
        if after.boot < before.boot or after.timeline < before.timeline:
            self.findings.say(ORDER_BROKEN, f"{before} then {after}")
        elif after.boot == before.boot:
            ran = after.uptime_ms - before.uptime_ms
            if ran < 0 or abs(ran - (after.true_ms - before.true_ms)) > self.tolerance_ms:
                self.findings.say(ORDER_BROKEN, f"{before} then {after}")

    def _judge_timeline(self, before: Stamp, after: Stamp) -> None:
        ran = (after.wall_s - before.wall_s) * 1000
        if abs(ran - (after.true_ms - before.true_ms)) > self.tolerance_ms:
            self.findings.say(TIMELINE_BROKEN, f"{before} then {after}")
