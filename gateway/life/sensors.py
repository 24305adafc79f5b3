"""Which of a device's sensors were dead, and when: a linked device without its meter sees nothing.

Knows: faults of chips, boots, which sensor each record of a plug shows. May not know: whose device
it is, links, the time.

A start forgets what was dead: the device looks anew and says so again. Of a plug those sensors are
fitted that it ever measured with, or called dead. The order of `note` and repetition are no matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import DeviceRecord
from gateway.life.spans import Span
from gateway.timelines import Stamp, Timelines, stamp, when_ms

METER, LIGHT = 0, 1  # SENSOR_FAULT's value of a plug: which bit of its faults
LIDS = frozenset({0, 1})  # of a box: the chips at which its lids are
ENDLESS_MS = 1 << 62
KEPT = 200  # records of a chip
_START = -1  # in the place of a chip: all of them

SHOWS = {
    wire.LOAD_ON: METER,
    wire.LOAD_OFF: METER,
    wire.LOAD_PERIODIC: METER,
    wire.ACTIVITY: METER,
    wire.LIGHT_STEP: LIGHT,
    wire.BRIGHTNESS: LIGHT,
}
_FAULTS = (wire.SENSOR_FAULT, wire.SENSOR_BACK)


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says of a chip, and when it was learnt."""

    learnt_ms: int
    dead: bool
    stamp: Stamp


@dataclass(slots=True)
class Sensors:
    """Every device's; folded by gateway.household."""

    shown: dict[str, set[int]] = field(default_factory=dict)
    # device, chip → (epoch, seq) → what it says
    said: dict[tuple[str, int], dict[tuple[int, int], Said]] = field(default_factory=dict)

    def note(self, event: DeviceRecord) -> None:
        """A record was learnt."""
        chip = SHOWS.get(event.record_kind)
        if event.record_kind in _FAULTS and event.value in LIDS:
            chip = event.value
            self._keep(event, chip)
        elif event.record_kind == wire.BOOT:
            self._keep(event, _START)
        if chip is not None:
            self.shown.setdefault(event.device_id, set()).add(chip)

    def _keep(self, event: DeviceRecord, chip: int) -> None:
        of_chip = self.said.setdefault((event.device_id, chip), {})
        identity = (event.epoch, event.seq)
        before = of_chip.get(identity)
        learnt_ms = event.at_ms if before is None else min(event.at_ms, before.learnt_ms)
        of_chip[identity] = Said(learnt_ms, event.record_kind == wire.SENSOR_FAULT, stamp(event))
        if len(of_chip) > KEPT:
            del of_chip[min(of_chip, key=lambda i: (of_chip[i].learnt_ms, i))]

    def dead(self, device_id: str, chip: int, timelines: Timelines) -> list[Span]:
        """When a chip was dead; until ENDLESS_MS where it still is."""
        if not self.said.get((device_id, chip)):
            return []
        found: list[tuple[int, int, int, bool]] = []
        for of in (chip, _START):
            for (epoch, seq), said in self.said.get((device_id, of), {}).items():
                at_ms = when_ms(timelines, device_id, epoch, said.stamp, said.learnt_ms)
                found.append((at_ms, epoch, seq, said.dead))
        spans: list[Span] = []
        since_ms: int | None = None
        for at_ms, _epoch, _seq, dead in sorted(found):
            if dead and since_ms is None:
                since_ms = at_ms
            elif not dead and since_ms is not None:
                spans.append((since_ms, at_ms))
                since_ms = None
        return spans if since_ms is None else [*spans, (since_ms, ENDLESS_MS)]
