"""What the gateway could see, and since when not: its own absences, failed parts, mains.

Knows: what a fact says about that. May not know: the time, whom any of it worries.

Of records the order and the number of times is no matter: each is a maximum per device and kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import DeviceRecord, IncidentOpened, IncidentResolved

ABSENCES_KEPT = 20
MAINS = frozenset({wire.MAINS_LOST, wire.MAINS_BACK})
LIFE = "life/"  # how the key of a silence begins (gateway.life.silence)
BY_PERSON = frozenset({"by_person", "false_alarm"})  # incidents.reasons: somebody looked after her


@dataclass(slots=True)
class Sight:
    """Folded by gateway.household."""

    absences: list[tuple[int, int]] = field(default_factory=list)  # (from, until), newest last
    failed: dict[str, tuple[int, str]] = field(default_factory=dict)  # part → since when, why
    mains: dict[str, tuple[int, int]] = field(default_factory=dict)  # device → (when, record kind)
    silences: dict[int, str] = field(default_factory=dict)  # live incident → key of the silence

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
        """An incident began; of those about a silence its key is kept."""
        if event.key.startswith(LIFE):
            self.silences[event.incident_id] = event.key

    def looked_after(self, event: IncidentResolved) -> str | None:
        """Who was called or visited by the person who ended her silence; None: nobody was."""
        key = self.silences.pop(event.incident_id, None)
        return key.split("/")[1] if key is not None and event.reason in BY_PERSON else None
