"""What the radio tells, taken to the hub, and what it asks, answered from the beliefs.

Knows: the radio's Sink, facts. May not know: bleak, SQL, whom a fact worries.
"""

from __future__ import annotations

from collections.abc import Callable

from anbu_wire import messages as wire
from gateway.app import facts
from gateway.app.hub import Hub
from gateway.events import (
    BroadcastsHeard,
    ClockSet,
    DeviceRests,
    LinkDown,
    LinkUp,
    PartFailed,
    ScheduleOnBox,
)
from gateway.prescription.schedule import to_wire
from gateway.roster import CAREPLUG
from gateway.sync import Expected
from gateway.sync.kinds import plug_at
from gateway.zones import time_fields

# So far ahead of what was heard is noted what does not count after a restart: a plug has a new
# counter each minute, so that a fact comes of it every quarter of an hour.
BROADCASTS_AHEAD = 16


class RadioSink:
    """Implements gateway.sources.conversation.Sink. Commits before it returns."""

    def __init__(self, hub: Hub, make_anew: Callable[[str], None]) -> None:
        """`make_anew(device_id)`: the box runs a schedule that is not ours under our number."""
        self._hub = hub
        self._make_anew = make_anew
        # device id → (heard_ms, caught_up_ms): newer than the log where nothing else happened
        self.fresh: dict[str, tuple[int, int | None]] = {}

    def last_known(self, device_id: str, epoch: int) -> int:
        """The newest record of that log that is committed, 0 for none."""
        belief = self._hub.home.household.devices.get(device_id)
        return belief.newest.get(epoch, 0) if belief else 0

    def commit(self, device_id: str, epoch: int, records: list[wire.Record]) -> None:
        """Commit records in one transaction."""
        now_ms = self._hub.clock.now_ms()
        belief = self._hub.home.household.device(device_id)
        if belief.newest and epoch not in belief.newest:
            self.trouble(device_id, f"its log began anew as {epoch:08x}; the old one is kept here")
        self._hub.record(*(facts.device_record(device_id, epoch, r, now_ms) for r in records))

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        """All records up to this state are committed."""
        fact = facts.caught_up(device_id, state, self._hub.clock.now_ms())
        self.fresh[device_id] = (fact.at_ms, fact.device_wall_ms)
        if facts.worth_keeping(self._hub.home.household, fact):
            self._hub.record(fact)
        if self._kind(device_id) != CAREPLUG:
            self._compare_schedule(device_id, state["schedule_version"], state["schedule_crc"])

    def _kind(self, device_id: str) -> str | None:
        roster = self._hub.home.household.roster
        device = roster.device(device_id) if roster else None
        return device.kind if device else None

    def _compare_schedule(self, device_id: str, version: int, crc: int) -> None:
        belief = self._hub.home.household.device(device_id)
        if (version, crc) == (belief.version_made, belief.crc_made):
            self.schedule_on_box(device_id, version, crc)
        elif version >= belief.version_made:
            self._make_anew(device_id)

    def link_up(self, device_id: str) -> None:
        """An authenticated session began."""
        self._hub.record(LinkUp(self._hub.clock.now_ms(), device_id))

    def link_down(self, device_id: str, why: str) -> None:
        """It ended, or could not begin; told again only where the reason is another."""
        belief = self._hub.home.household.device(device_id)
        if belief.link_up or belief.link_why != why:
            self._hub.note(LinkDown(self._hub.clock.now_ms(), device_id, why))

    def rests(self, device_id: str, seconds: int) -> None:
        """It said that it is not heard for so long; the session is over with that."""
        now_ms = self._hub.clock.now_ms()
        self._hub.note(DeviceRests(now_ms, device_id, now_ms + seconds * 1000))

    def expected(self, device_id: str) -> Expected:
        """By the roster: a pill box, or a care plug at this home's place."""
        roster = self._hub.home.household.roster
        if roster is None or self._kind(device_id) != CAREPLUG:
            return Expected()
        return plug_at(roster.latitude, roster.longitude)

    def broadcasts_known(self, device_id: str, key_id: str) -> int:
        """The highest counter of that key that does not count any more, -1 for none."""
        known_id, up_to = self._hub.home.household.device(device_id).broadcasts
        return up_to if known_id == key_id else -1

    def broadcast(self, device_id: str, key_id: str, counter: int) -> None:
        """A broadcast with this counter was heard. Nothing but freshness follows from it."""
        now_ms = self._hub.clock.now_ms()
        if counter > self.broadcasts_known(device_id, key_id):
            up_to = counter + BROADCASTS_AHEAD
            self._hub.note(BroadcastsHeard(now_ms, device_id, key_id, up_to))
        if counter <= self.broadcasts_known(device_id, key_id):  # else it could not be noted
            _before_ms, caught_up_ms = self.fresh.get(device_id, (0, None))
            self.fresh[device_id] = (now_ms, caught_up_ms)

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        """The newest schedule made for a device."""
        made = self._hub.home.household.made.get(device_id)
        return (made.version, to_wire(made)) if made else None

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        """The box read back this schedule."""
        if self._hub.home.household.device(device_id).confirmed != (version, crc):
            self._hub.record(ScheduleOnBox(self._hub.clock.now_ms(), device_id, version, crc))

    def clock_set(self, device_id: str) -> None:
        """The device took the gateway's time."""
        self._hub.record(ClockSet(self._hub.clock.now_ms(), device_id))

    def time_fields(self) -> tuple[int, int, int, int, int]:
        """The gateway's time as SET_TIME carries it."""
        roster = self._hub.home.household.roster
        if roster is None:
            raise ValueError("no roster: the radio starts only after the configuration is stored")
        return time_fields(self._hub.clock.now_ms(), roster.zone)

    def trouble(self, part: str, why: str) -> None:
        """Something a technician should know."""
        self._hub.note(PartFailed(self._hub.clock.now_ms(), part, why))
