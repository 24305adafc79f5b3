"""What the gateway could see, and since when not: its own absences, failed parts, mains.

Knows: what a fact says about that. May not know: the time, whom any of it worries.

Of records the order and the number of times is no matter: each is a maximum per device and kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import (
    DeviceRecord,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
    TextDecided,
)

ABSENCES_KEPT = 20
MAINS = frozenset({wire.MAINS_LOST, wire.MAINS_BACK})
LIFE = "life/"  # how the key of a silence begins (gateway.life.silence)
BY_PERSON = frozenset({"by_person", "false_alarm"})  # incidents.reasons: somebody looked after her


@dataclass(slots=True)
class Standing:
    """A live incident about a silence: its key, its worry, since when, whether anybody was told."""

    key: str
    worry: str
    begun_ms: int
    told: bool = False


@dataclass(slots=True)
class Sight:
    """Folded by gateway.household."""

    absences: list[tuple[int, int]] = field(default_factory=list)  # (from, until), newest last
    failed: dict[str, tuple[int, str]] = field(default_factory=dict)  # part → since when, why
    mains: dict[str, tuple[int, int]] = field(default_factory=dict)  # device → (when, record kind)
    silences: dict[int, Standing] = field(default_factory=dict)  # by incident, live ones

    def away(self, from_ms: int, until_ms: int) -> None:
        """The gateway was not there."""
        self.absences.append((from_ms, until_ms))
        del self.absences[:-ABSENCES_KEPT]

    def part_failed(self, part: str, at_ms: int, why: str) -> None:
        """A part does not work; since when stays as it was first told."""
        since_ms = self.failed.get(part, (at_ms, why))[0]
        self.failed[part] = (since_ms, why)

    def part_works(self, part: str) -> None:
        """It works again."""
        self.failed.pop(part, None)

    def record(self, event: DeviceRecord) -> None:
        """A device's record; when it happened is the earlier of its clock and its learning."""
        when_ms = min(event.at_ms, event.wall_ms or event.at_ms)
        if event.record_kind in MAINS:
            told = (when_ms, event.record_kind)
            self.mains[event.device_id] = max(told, self.mains.get(event.device_id, told))

    def silence(self, event: IncidentOpened) -> None:
        """An incident began; those about a silence are kept."""
        if event.key.startswith(LIFE):
            standing = Standing(event.key, event.worry, event.at_ms)
            self.silences[event.incident_id] = standing

    def changed(self, event: IncidentChanged) -> None:
        """More is known of it."""
        if event.incident_id in self.silences:
            self.silences[event.incident_id].worry = event.worry

    def told(self, event: TextDecided) -> None:
        """Somebody reads of it."""
        for incident_id in (event.incident_id or 0, *event.also):
            if incident_id in self.silences:
                self.silences[incident_id].told = True

    def stands(self, person_id: str) -> Standing | None:
        """The silence of hers that somebody was told of and that is not over."""
        mine = f"{LIFE}{person_id}/"
        hers = (s for s in self.silences.values() if s.told and s.key.startswith(mine))
        return next(hers, None)

    def looked_after(self, event: IncidentResolved) -> str | None:
        """Who was called or visited by the person who ended her silence; None: nobody was."""
        standing = self.silences.pop(event.incident_id, None)
        looked = standing is not None and event.reason in BY_PERSON
        return standing.key.split("/")[1] if standing is not None and looked else None
