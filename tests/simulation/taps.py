"""Where the oracle listens to the device: its cores' own calls, passed on unchanged.

Knows: the device's log, journal and service by the names of their calls.
May not know: what is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.oracle import Payload
from tests.simulation.oracle_manners import Stamp

if TYPE_CHECKING:
    from tests.simulation.device import DeviceNode

_SYNCED = 2


def payload(record: tuple[object, ...]) -> tuple[int, Payload]:
    """(seq, all other fields in a row) of a record's fields."""
    seq, boot, uptime, wall, timeline, quality, kind, place, slot, version, value = record
    flat = (boot, uptime, wall, timeline, quality, kind, place, *slot, version, value)  # type: ignore[misc]
    return seq, flat  # type: ignore[return-value]


def tap(node: DeviceNode) -> None:
    """Listen to a device that has just started."""
    _tap_log(node)
    _tap_state(node)
    _tap_commands(node)


def flushed(node: DeviceNode) -> None:
    """The flash has made the bytes of the record in flight durable."""
    records, time = node.world.judge.records, node.world.judge.time
    (flat,) = records.in_flight.values()
    boot, uptime, wall, timeline, quality = flat[:5]
    now = int(node.world.now_ms)
    records.recorded(now)
    time.stamped(Stamp(now, boot, uptime, wall, timeline, quality == _SYNCED))


def _tap_log(node: DeviceNode) -> None:
    records, log, journal = node.world.judge.records, node.log, node.log.journal
    make, acknowledge = log._record, journal.acknowledge

    def begin(*args: object) -> tuple[object, ...]:
        made: tuple[object, ...] = make(*args)
        records.begun(*payload(made))
        return made

    def take_acknowledgement(epoch: int, up_to_seq: int) -> bool:
        accepted: bool = acknowledge(epoch, up_to_seq)
        records.acknowledgement(epoch, up_to_seq, accepted=accepted)
        return accepted

    log._record, journal.acknowledge = begin, take_acknowledgement


def _tap_state(node: DeviceNode) -> None:
    records, service = node.world.judge.records, node.service
    state, acknowledge = service.state, service.acknowledge

    def tell_state() -> tuple[int, ...]:
        told: tuple[int, ...] = state()
        records.state_told(told[0], told[2])
        return told

    def free(epoch: int, up_to_seq: int) -> int:
        files = set(node.flash.held)
        code: int = acknowledge(epoch, up_to_seq)
        if files - set(node.flash.held):  # a new one may have come for what was refused before
            records.on_device(node.held())
        return code

    service.state, service.acknowledge = tell_state, free


def _tap_commands(node: DeviceNode) -> None:
    judge, service = node.world.judge, node.service
    store, set_time = service.store_schedule, service.set_time

    def store_schedule(version: int, blob: bytes) -> int:
        judge.commands.schedule_begun(version, blob)
        before = service.version
        code: int = store(version, blob)
        if code == 0 and service.version != before:
            judge.commands.schedule_stored(version, blob)
        return code

    def take_time(fields: dict[str, int]) -> int:
        judge.commands.effect(node.command)
        if node.cut_at_set_time:
            node.cut_at_set_time, node.flash.cut_in = False, 1
        code: int = set_time(fields)
        if node.log.failed:
            judge.time.jump_unwritten()
        return code

    service.store_schedule, service.set_time = store_schedule, take_time
