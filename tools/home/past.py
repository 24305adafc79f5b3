"""What was before a story began: the same records in the plugs' flash and in the gateway's log.

Knows: the device's record, the gateway's sink and clock. May not know: a process, radio, what a
story wants to see.

The gateway of the past is the real one under a clock that is set from day to day; it hears what
the flash says, decides what follows, and ends just now. Only what mattered is in such a log: what
a day had besides (summaries each hour) is not made up.
"""

from __future__ import annotations

import secrets
from itertools import groupby
from typing import TYPE_CHECKING

from anbu_wire import messages as m
from gateway.app import Gateway
from gateway.clock import SystemClock
from gateway.config import load
from gateway.sources.radio import load_backend
from gateway.units import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from pathlib import Path

    from tools.home.lived import Lived
    from tools.home.story import Story


class _Clock(SystemClock):
    """A clock that is set."""

    def __init__(self, now_ms: int) -> None:
        self.ms = now_ms

    def now_ms(self) -> int:
        return self.ms


class Past:
    """The past of one home."""

    def __init__(self, story: Story, lived: Lived | None = None) -> None:
        """It begins at the midnight before its first record. `lived`: of the first plug."""
        told = [
            (story.clock_ms(was.clock) - day * DAY_MS, was.plug, was.kind, was.value)
            for was in story.past
            for day in range(was.days)
        ]
        if lived is not None:
            since_ms = story.clock_ms(story.fridge_since)
            told += [(since_ms + ms, 0, kind, value) for ms, kind, value in lived.records]
        told.sort()
        self._last: tuple[Gateway, _Clock] | None = None
        self.since_ms = story.clock_ms("00:00")
        while self.since_ms > told[0][0]:
            self.since_ms -= DAY_MS
        self._records: dict[str, list[m.Record]] = {}
        for at_ms, plug, kind, value in told:
            own = self._records.setdefault(story.household.plugs[plug].device_id, [])
            own.append(self._record(len(own) + 1, at_ms, kind, value))
        self.epochs = {each: 1 + secrets.randbelow((1 << 32) - 1) for each in self._records}

    def _record(self, seq: int, at_ms: int, kind: int, value: int) -> m.Record:
        wall_s = at_ms // 1000 - m.EPOCH_2000_UNIX_S
        return m.Record(
            seq=seq, boot=1, uptime_ms=at_ms - self.since_ms, wall_s=wall_s, timeline=1,
            quality=m.SYNCED, kind=kind, compartment=m.NO_COMPARTMENT, slot=m.NO_SLOT,
            schedule_version=0, value=value,
        )  # fmt: skip

    def blob(self, device_id: str) -> bytes:
        """The plug's log as its flash has it."""
        return b"".join(m.encode_record(r) for r in self._records.get(device_id, []))

    def live(self, config: Path, now_ms: int) -> None:
        """The gateway lives through it: its log then says what it knew, told and decided."""
        settings = load(config)
        clock = _Clock(self.since_ms)
        # Its radio is never opened.
        gateway = Gateway(settings, load_backend(settings.radio.backend), clock=clock)
        gateway.begin()
        for device in settings.roster.devices:
            gateway.sink.link_up(device.id)
            belief = gateway.hub.home.household.device(device.id)
            if belief.version_made:  # it runs on the box
                gateway.sink.schedule_on_box(device.id, belief.version_made, belief.crc_made)
            self._caught_up(gateway, device.id, self.since_ms, 0)
        for at_ms, device_id, records in self._in_order(now_ms):
            clock.ms = at_ms
            if device_id is not None:
                gateway.sink.commit(device_id, self.epochs[device_id], records)
                self._caught_up(gateway, device_id, at_ms, records[-1].seq)
            gateway.decider.settle()
        gateway.hub.log.close()
        self._last = gateway, clock
        self.goes_on(now_ms)

    def goes_on(self, now_ms: int) -> None:
        """The gateway of the past is still at work at that moment: the next one has missed nothing.

        A process takes seconds to start, which are many minutes of a fast house.
        """
        if self._last is not None:
            gateway, clock = self._last
            clock.ms = now_ms
            gateway.alive.mark()

    def _caught_up(self, gateway: Gateway, device_id: str, at_ms: int, seq: int) -> None:
        wall_s = at_ms // 1000 - m.EPOCH_2000_UNIX_S
        belief = gateway.hub.home.household.device(device_id)
        state = {
            "epoch": self.epochs.get(device_id, 0),
            "newest_seq": seq,
            "wall_s": wall_s,
            "quality": m.SYNCED,
            "battery_percent": m.NO_BATTERY,
            "schedule_version": belief.version_made,
            "schedule_crc": belief.crc_made,
        }
        gateway.sink.caught_up(device_id, state)

    def _in_order(self, now_ms: int) -> list[tuple[int, str | None, list[m.Record]]]:
        """Every moment at which something is heard or, each hour, looked at; the last is now."""
        hours = range(self.since_ms, now_ms, HOUR_MS)
        told: list[tuple[int, str | None, list[m.Record]]] = [(ms, None, []) for ms in hours]
        for device_id, records in self._records.items():
            for wall_s, same in groupby(records, key=lambda record: record.wall_s):
                at_ms = (wall_s + m.EPOCH_2000_UNIX_S) * 1000
                told.append((at_ms, device_id, list(same)))
            last_ms = (records[-1].wall_s + m.EPOCH_2000_UNIX_S) * 1000
            told.append((max(now_ms, last_ms), device_id, records[-1:]))
        return sorted(told, key=lambda entry: entry[0])
