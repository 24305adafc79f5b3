"""When a device was without power: between the last record of one boot and the next power-on.

Knows: boots, their first and last record, the reset cause. May not know: whose device it is, what
its records say, the time.

A restart by watchdog or software is over at once and leaves no gap; only what begins by power-on
was dark before. Between two records a device without power cannot be told from one that had nothing
to write: a care plug writes an hourly summary, so that is an hour at the most. The order of `note`
and repetition are no matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import DeviceRecord
from gateway.life.spans import Span, united
from gateway.timelines import Boot, Stamp, Timelines, stamp, when_ms

POWER_ON = 1  # BOOT's value: machine.PWRON_RESET
LATEST_KEPT = 200  # boots of a device


@dataclass(slots=True)
class Life:
    """One boot: its first and its last record, each with when it was learnt."""

    first: tuple[Stamp, int]
    last: tuple[Stamp, int]
    by_power: bool = False


@dataclass(slots=True)
class Lives:
    """Every boot of every device; folded by gateway.household."""

    boots: dict[str, dict[Boot, Life]] = field(default_factory=dict)

    def note(self, event: DeviceRecord) -> None:
        """A record was learnt."""
        told = (stamp(event), event.at_ms)
        of_device = self.boots.setdefault(event.device_id, {})
        boot = (event.device_id, event.epoch, event.boot)
        life = of_device.setdefault(boot, Life(told, told))
        life.first = min(life.first, told, key=_by_seq)
        life.last = min(life.last, told, key=_by_seq_down)
        life.by_power |= event.record_kind == wire.BOOT and event.value == POWER_ON
        if len(of_device) > LATEST_KEPT:
            del of_device[min(of_device, key=lambda b: of_device[b].first[1])]

    def began_ms(self, device_id: str, timelines: Timelines) -> int | None:
        """When its oldest record was written; None: there is none."""
        boots = self.boots.get(device_id, {}).items()
        return min((_when(boot, life.first, timelines) for boot, life in boots), default=None)

    def dark(self, device_id: str, timelines: Timelines) -> list[Span]:
        """When it was without power, as far as that is over."""
        found: list[tuple[int, int, bool]] = []
        for boot, life in self.boots.get(device_id, {}).items():
            begin, end = (_when(boot, told, timelines) for told in (life.first, life.last))
            found.append((begin, end, life.by_power))
        found.sort()
        spans: list[Span] = []
        alive_ms = found[0][1] if found else 0
        for begin, end, by_power in found[1:]:
            if by_power:
                spans.append((alive_ms, begin))
            alive_ms = max(alive_ms, end)
        return united(spans)


def _when(boot: Boot, told: tuple[Stamp, int], timelines: Timelines) -> int:
    return when_ms(timelines, boot[0], boot[1], *told)


def _by_seq(told: tuple[Stamp, int]) -> tuple[int, int]:
    return told[0].seq, told[1]


def _by_seq_down(told: tuple[Stamp, int]) -> tuple[int, int]:
    return -told[0].seq, told[1]
