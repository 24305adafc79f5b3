"""What the edges tell, as facts.

Knows: the wire's records and states, and the facts they become.
May not know: where facts go; the time is an argument.
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.events import DeviceCaughtUp, DeviceRecord
from gateway.household import Household
from gateway.units import MIN_MS
from gateway.zones import iso_day, unix_ms

FRESH_ENOUGH_MS = 5 * MIN_MS  # a box that repeats that nothing happened is noted so often


def device_record(device_id: str, epoch: int, record: wire.Record, now_ms: int) -> DeviceRecord:
    """A record of a device's log as a fact."""
    day, index = record.slot
    known = (day, index) != wire.NO_SLOT
    return DeviceRecord(
        at_ms=now_ms,
        device_id=device_id,
        epoch=epoch,
        seq=record.seq,
        boot=record.boot,
        uptime_ms=record.uptime_ms,
        wall_ms=unix_ms(record.wall_s),
        timeline=record.timeline,
        quality=record.quality,
        record_kind=record.kind,
        compartment=None if record.compartment == wire.NO_COMPARTMENT else record.compartment,
        slot_day=iso_day(day) if known else None,
        slot_index=index if known else None,
        schedule_version=record.schedule_version,
        value=record.value,
    )


def caught_up(device_id: str, state: dict[str, int], now_ms: int) -> DeviceCaughtUp:
    """A device's state, all its records being here, as a fact."""
    percent = state["battery_percent"]
    return DeviceCaughtUp(
        at_ms=now_ms,
        device_id=device_id,
        epoch=state["epoch"],
        up_to_seq=state["newest_seq"],
        device_wall_ms=unix_ms(state["wall_s"]),
        quality=state["quality"],
        battery_percent=None if percent == wire.NO_BATTERY else percent,
        schedule_version=state["schedule_version"],
    )


def worth_keeping(household: Household, fact: DeviceCaughtUp) -> bool:
    """Whether a "caught up" says more than the one before it; a linked box says it twice a minute.

    It does where it ends a synchronising, changes a belief, passes a slot's border, or is not
    fresh any more.
    """
    belief = household.device(fact.device_id)
    before = (belief.quality, belief.battery_percent, belief.box_version)
    if belief.syncing or before != (fact.quality, fact.battery_percent, fact.schedule_version):
        return True
    if fact.device_wall_ms is None or belief.caught_up_ms is None:
        return fact.at_ms - belief.state_ms >= FRESH_ENOUGH_MS
    up_to_ms = min(fact.device_wall_ms, fact.at_ms)
    if up_to_ms - belief.caught_up_ms >= FRESH_ENOUGH_MS:
        return True
    since_ms = belief.caught_up_ms + 1
    return any(True for _ in household.closing_by(fact.device_id, since_ms, up_to_ms + 1))
