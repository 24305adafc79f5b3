"""Whom to link, when, for how long: the gateway's manners on the air, without the air.

Knows: every radio heard, the life of a link as a table, whose turn it is.
May not know: bleak, a session, the time or chance (both are handed in).

At most one connection is being made, the scan stops meanwhile. At most `links` links are held:
while more devices are heard than that, each that has nothing left to say makes room for the one
whose last turn is longest ago. A revoked device is never connected again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway.sources.radio.ladder import Ladder
from gateway.units import MIN_MS

# states of a radio
IDLE = "idle"
CONNECTING = "connecting"  # link, discovery, Hello
PROVING = "proving"  # it says whose it is, now it must prove it
BUSY = "busy"
SERVED = "served"  # linked, and nothing is left to do
LEAVING = "leaving"  # asked to end

# what happens to it
CONNECT = "connect"
IDENTIFIED = "identified"
PROVED = "proved"
WORKS = "works"
RESTS = "rests"
ASKED = "asked"
FAILED = "failed"  # before a session stood
UNPROVEN = "unproven"  # it could not prove that it holds the key
STRANGER = "stranger"  # not of this home, or revoked
ENDED = "ended"  # after a session stood

# what follows for its next turn
NOTHING = "nothing"
FORGIVE = "forgive"
PAUSE = "pause"
BACK_OFF = "back_off"
DISTRUST = "distrust"
SHUN = "shun"

# (state, what happened): (state after it, what follows). What is not here changes nothing.
TRANSITIONS = {
    (IDLE, CONNECT): (CONNECTING, NOTHING),
    (CONNECTING, IDENTIFIED): (PROVING, NOTHING),
    (CONNECTING, FAILED): (IDLE, BACK_OFF),
    (CONNECTING, STRANGER): (IDLE, SHUN),
    (PROVING, PROVED): (BUSY, FORGIVE),
    (PROVING, UNPROVEN): (IDLE, DISTRUST),
    (PROVING, FAILED): (IDLE, BACK_OFF),
    (PROVING, ASKED): (LEAVING, NOTHING),
    (BUSY, RESTS): (SERVED, NOTHING),
    (BUSY, ASKED): (LEAVING, NOTHING),
    (BUSY, ENDED): (IDLE, PAUSE),
    (SERVED, WORKS): (BUSY, NOTHING),
    (SERVED, ASKED): (LEAVING, NOTHING),
    (SERVED, ENDED): (IDLE, PAUSE),
    (LEAVING, PROVED): (LEAVING, FORGIVE),
    (LEAVING, UNPROVEN): (IDLE, DISTRUST),
    (LEAVING, FAILED): (IDLE, BACK_OFF),
    (LEAVING, ENDED): (IDLE, PAUSE),
}

UNPROVEN_TOLD = 2  # so many failed proofs in a row are told to a person
MAX_PEERS = 256  # radios remembered; beyond it the strangers longest not heard are forgotten


@dataclass(frozen=True)
class Limits:
    """The numbers of good manners, in ms."""

    links: int = 4  # what a Raspberry Pi's own radio holds
    pause_ms: int = 3_000  # between a link's end and the next attempt
    backoff_max_ms: int = MIN_MS
    seen_for_ms: int = 30_000  # older says nothing about who is here; BlueZ repeats within 15 s
    stranger_ms: int = 600_000  # a device that is not of this home is not asked again for so long
    turn_ms: int = 10_000  # what a served link keeps at least while others wait
    session_ms: int = 120_000  # what any link keeps at most while others wait
    silence_ms: int = 90_000
    rest_ms: int = 900_000  # between two climbs of the whole ladder
    unseen_ms: int = 900_000  # a device later than the wake it announced by so much is missed


@dataclass
class Peer:
    """One radio, by its address. `device_id` as its Hello says, once that is a device of ours."""

    address: str
    device_id: str = ""
    state: str = IDLE
    heard_ms: int = 0
    turn_ms: int = -1  # when it was last connected to; -1 = never
    not_before_ms: int = 0
    failures: int = 0
    unproven: int = 0


@dataclass(frozen=True)
class Plan:
    """What the edge should do now, in this order, and when to ask again at the latest."""

    rung: str | None  # of the ladder
    end: tuple[str, ...]  # addresses whose link should end
    connect: str | None  # an address; the scan stops meanwhile
    scan: bool
    wake_ms: int | None


class Manners:
    """Tell it what is heard and what happens, ask it for the `plan`. All times are `now_ms`.

    `devices`: ids of this home. `chance()` gives 0 ≤ x < 1, for the jitter.
    """

    def __init__(
        self, devices: Iterable[str], chance: Callable[[], float], limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._devices = set(devices)
        self._chance = chance
        self._ladder = Ladder(self.limits.silence_ms, self.limits.rest_ms)
        self._peers: dict[str, Peer] = {}
        self._wanted: set[str] = set()
        self._rests: dict[str, int] = {}  # device id → until when its silence is no wonder
        self._new_may_wait = False  # the last unknown radio was a stranger: known devices first

    # --- what is known ---------------------------------------------------------------------

    def know(self, devices: Iterable[str]) -> None:
        """These are the devices of this home from now on; links to others end.

        Who was a stranger may be a new one: all that are not known are asked once more.
        """
        before, self._devices = self._devices, set(devices)
        if self._devices - before:
            for peer in self._peers.values():
                peer.not_before_ms = 0 if not peer.device_id else peer.not_before_ms

    def want(self, device_id: str) -> None:
        """Somebody waits for this device: its next turn comes first."""
        self._wanted.add(device_id)

    def heard(self, address: str, now_ms: int) -> None:
        """An advertisement of an Anbu device."""
        self._ladder.heard(now_ms)
        peer = self._peers.get(address)
        if peer is None:
            self._make_room()
            peer = self._peers[address] = Peer(address)
        peer.heard_ms = now_ms

    def rests(self, device_id: str, until_ms: int) -> None:
        """It said that it is not heard before then; should it come earlier, all the better."""
        self._rests[device_id] = until_ms + self.limits.unseen_ms
        for peer in self._peers.values():
            if peer.device_id == device_id:
                peer.heard_ms = -self.limits.seen_for_ms  # before it is heard anew it is not here

    def _make_room(self) -> None:
        if len(self._peers) >= MAX_PEERS:
            idle = [p for p in self._peers.values() if p.state == IDLE]
            oldest = min(idle, key=lambda p: (bool(p.device_id), p.heard_ms))
            del self._peers[oldest.address]

    def identified(self, address: str, device_id: str, now_ms: int) -> None:
        """Hello says which device of ours it is."""
        self._peers[address].device_id = device_id
        self.happened(address, IDENTIFIED, now_ms)

    def happened(self, address: str, what: str, now_ms: int) -> bool:
        """Something of the table. True: its proof failed so often that a person should know."""
        peer = self._peers[address]
        if not peer.device_id and what in (STRANGER, FAILED):
            self._new_may_wait = True
        peer.state, follows = TRANSITIONS.get((peer.state, what), (peer.state, NOTHING))
        return self._follow(peer, follows, now_ms)

    def _follow(self, peer: Peer, follows: str, now_ms: int) -> bool:
        limits = self.limits
        if follows == FORGIVE:
            peer.failures = peer.unproven = 0
            self._wanted.discard(peer.device_id)
            self._rests.pop(peer.device_id, None)
        elif follows == PAUSE:
            peer.not_before_ms = now_ms + limits.pause_ms
        elif follows == SHUN:
            peer.not_before_ms = now_ms + limits.stranger_ms
        elif follows in (BACK_OFF, DISTRUST):
            peer.failures += 1
            wait_ms = max(limits.pause_ms, self.backoff_ms(peer.failures))
            peer.not_before_ms = now_ms + wait_ms
        if follows != DISTRUST:
            return False
        peer.unproven += 1
        return peer.unproven == UNPROVEN_TOLD

    def backoff_ms(self, failures: int) -> int:
        """How long to wait after so many failures in a row: 1 s doubled up to the longest."""
        longest_ms = min(self.limits.backoff_max_ms, 1000 << min(failures, 10))
        return max(1000, round(longest_ms * (0.5 + self._chance() / 2)))

    def all_lost(self, now_ms: int) -> None:
        """The adapter is gone, and every link with it; who was here must be heard anew."""
        for peer in self._peers.values():
            if peer.state != IDLE:
                self._follow(peer, PAUSE, now_ms)
            peer.state = IDLE
            peer.heard_ms = -self.limits.seen_for_ms
        self._ladder.pause()

    def failures(self, address: str) -> int:
        """Failed attempts in a row."""
        peer = self._peers.get(address)
        return peer.failures if peer else 0

    # --- what to do ------------------------------------------------------------------------

    def plan(self, now_ms: int) -> Plan:
        """What to do now."""
        held = [p for p in self._peers.values() if p.state != IDLE]
        searching = bool(self._devices - {p.device_id for p in held})
        waiting = self._waiting(now_ms, held) if searching else []
        connect = None
        if waiting and len(held) < self.limits.links:
            connect = self._whose_turn(waiting)
            connect.turn_ms = now_ms
            self._new_may_wait = False
            self.happened(connect.address, CONNECT, now_ms)
        end = self._to_end(held, waiting if connect is None else [], now_ms)
        for peer in end:
            self.happened(peer.address, ASKED, now_ms)
        rung = self._climb(self._missed(held, now_ms), held, now_ms)
        return Plan(
            rung,
            tuple(p.address for p in end),
            connect.address if connect else None,
            searching and connect is None,
            self._wake_ms(held, waiting, now_ms),
        )

    def _missed(self, held: list[Peer], now_ms: int) -> bool:
        """Whether a device is not linked that should be heard; one that rests need not be."""
        away = self._devices - {p.device_id for p in held}
        return any(self._rests.get(device_id, now_ms) <= now_ms for device_id in away)

    def _climb(self, missed: bool, held: list[Peer], now_ms: int) -> str | None:
        if not missed:
            self._ladder.pause()
            return None
        linked = any(p.state in (BUSY, SERVED) for p in held)
        return self._ladder.climb(now_ms, linked=linked)

    def _here(self, now_ms: int, held: list[Peer]) -> list[Peer]:
        """Idle radios that were heard just now and may be ours; a revoked one is not."""
        linked = {p.device_id for p in held}
        return [
            p
            for p in self._peers.values()
            if p.state == IDLE and now_ms - p.heard_ms < self.limits.seen_for_ms
            if not p.device_id or (p.device_id in self._devices and p.device_id not in linked)
        ]

    def _waiting(self, now_ms: int, held: list[Peer]) -> list[Peer]:
        return [p for p in self._here(now_ms, held) if p.not_before_ms <= now_ms]

    def _whose_turn(self, waiting: list[Peer]) -> Peer:
        """Who is wanted; else the longest not served, an unknown radio before all others.

        After a stranger a known device comes first, because anybody can make up radios.
        """
        fitting = [p for p in waiting if p.device_id in self._wanted]
        if not fitting and self._new_may_wait:
            fitting = [p for p in waiting if p.device_id]
        return min(fitting or waiting, key=lambda p: p.turn_ms)

    def _to_end(self, held: list[Peer], waiting: list[Peer], now_ms: int) -> list[Peer]:
        """Links to revoked devices; and the one that makes room for somebody who waits."""
        can = [p for p in held if p.state in (PROVING, BUSY, SERVED)]
        revoked = [p for p in can if p.device_id not in self._devices]
        if revoked or not waiting or any(p.state == LEAVING for p in held):
            return revoked
        urgent = any(p.device_id in self._wanted for p in waiting)
        ripe = [p for p in can if self._ripe_ms(p, urgent=urgent) <= now_ms]
        return [min(ripe, key=lambda p: p.turn_ms)] if ripe else []

    def _ripe_ms(self, peer: Peer, *, urgent: bool) -> int:
        """From when on a link should make room for somebody who waits."""
        if peer.state != SERVED:
            return peer.turn_ms + self.limits.session_ms
        return peer.turn_ms + (0 if urgent else self.limits.turn_ms)

    def _wake_ms(self, held: list[Peer], waiting: list[Peer], now_ms: int) -> int | None:
        moments = [p.not_before_ms for p in self._here(now_ms, held)]
        if waiting:
            moments += [self._ripe_ms(p, urgent=False) for p in held]
        moments += self._rests.values()
        due_ms = self._ladder.due_ms()
        if due_ms is not None:
            moments.append(due_ms)
        return min((ms for ms in moments if ms > now_ms), default=None)
