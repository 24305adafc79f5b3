"""When it happened, where the device did not know the time yet or knew a wrong one.

Knows: boots, milliseconds since boot, timelines, and that one trusted instant of a boot dates all
of it. May not know: what happened, to whom, what time it is now.

A device raises its timeline whenever its clock was lost or jumped. A record of an older timeline,
or of none, keeps its order; its time is counted from the moment of the same boot at which the
gateway's time first came to the device in the newest timeline. A boot that never got the time
gives none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import DeviceRecord

Boot = tuple[str, int, int]  # device id, log epoch, boot counter


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a record says about its time. `wall_ms` UTC ms, None: its clock knew no time."""

    seq: int
    boot: int
    uptime_ms: int
    wall_ms: int | None
    timeline: int
    quality: int


def stamp(record: DeviceRecord) -> Stamp:
    """The stamp of a record."""
    return Stamp(
        record.seq,
        record.boot,
        record.uptime_ms,
        record.wall_ms,
        record.timeline,
        record.quality,
    )


def when_ms(of: Timelines, device_id: str, epoch: int, told: Stamp, learnt_ms: int) -> int:
    """When it happened, at the latest when it was learnt: a clock may be ahead."""
    wall_ms = of.wall_ms(device_id, epoch, told)
    return learnt_ms if wall_ms is None else min(wall_ms, learnt_ms)


@dataclass(slots=True)
class Timelines:
    """The first trusted record of every timeline of every boot; the order of `note` is no matter.

    Grows by one entry a boot and timeline that was synced.
    """

    anchors: dict[Boot, dict[int, Stamp]] = field(default_factory=dict)

    def note(self, device_id: str, epoch: int, new: Stamp) -> bool:
        """A record was learnt; whether that dates the records of its boot anew."""
        if new.quality != wire.SYNCED or new.wall_ms is None:
            return False
        of_boot = self.anchors.setdefault((device_id, epoch, new.boot), {})
        old = of_boot.get(new.timeline)
        if old is not None and new.seq >= old.seq:
            return False
        of_boot[new.timeline] = new
        return True

    def wall_ms(self, device_id: str, epoch: int, told: Stamp) -> int | None:
        """When it happened, UTC ms; None where neither its clock nor its boot tells."""
        own_ms = told.wall_ms if told.quality != wire.UNKNOWN else None
        of_boot = self.anchors.get((device_id, epoch, told.boot))
        if not of_boot:
            return own_ms
        anchor = max(of_boot.values(), key=lambda a: a.seq)
        if own_ms is not None and (told.timeline == anchor.timeline or told.seq > anchor.seq):
            return own_ms
        if anchor.wall_ms is None:  # never noted
            return own_ms
        return anchor.wall_ms + told.uptime_ms - anchor.uptime_ms
