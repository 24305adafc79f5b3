"""The schedule a box should run: what has begun, what is planned, and the rules behind it.

Knows: the box's limit of entries, how one schedule follows another.
May not know: hours and windows (plan.py), what happened to a slot; the time is an argument.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable
from dataclasses import replace

from anbu_wire.schedule import MAX_ENTRIES, encode_schedule
from gateway.entries import schedule_of
from gateway.events import PlannedRule, PlannedSlot, ScheduleMade
from gateway.household import Household
from gateway.prescription.plan import plan, rules
from gateway.roster import Roster
from gateway.zones import time_fields

MAX_VERSION = 0xFFFF


def make_schedule(
    household: Household, device_id: str, now_ms: int, *, anew: bool = False
) -> ScheduleMade | None:
    """The schedule a device should have from now on; None where the newest one still says it.

    Slots that have begun stay as they are until they end. `anew` makes a new version even where
    nothing changed: the box runs something else under the old number.
    Raises ValueError when the version numbers of this device are used up.
    """
    roster = household.roster
    device = roster.device(device_id) if roster else None
    if roster is None or device is None:
        return None
    made = household.made.get(device_id)
    slots, repeating = _wanted(roster, device.person_id, made, now_ms)
    zone = time_fields(now_ms, roster.zone)[2:]
    if made is not None and not anew:
        running = tuple(s for s in made.slots if s.ends_ms > now_ms)
        if (running, made.rules, made.zone) == (slots, repeating, zone):
            return None
    belief = household.device(device_id)
    version = max(belief.version_made, belief.box_version or 0) + 1
    if version > MAX_VERSION:
        raise ValueError(f"{device_id}: schedule versions are used up; provision the box anew")
    draft = ScheduleMade(now_ms, device_id, version, 0, slots, repeating, zone)
    return replace(draft, crc=crc32(to_wire(draft)))


def to_wire(made: ScheduleMade) -> bytes:
    """The schedule as the box stores it."""
    return encode_schedule(schedule_of(made))


def _wanted(
    roster: Roster, person_id: str, made: ScheduleMade | None, now_ms: int
) -> tuple[tuple[PlannedSlot, ...], tuple[PlannedRule, ...]]:
    """Explicit slots for as many of the policy's days as leave room for the rules, and these.

    The room is reckoned with yesterday's slots too, so that it is the same at any hour of a day.
    """
    for days in range(roster.policy.days, 0, -1):
        wanted, repeating = (
            plan(roster, person_id, now_ms, days),
            rules(roster, person_id, now_ms, days),
        )
        slots = _still_to_come(made, wanted, now_ms)
        if len({s.slot for s in (*wanted, *slots)}) + len(repeating) <= MAX_ENTRIES:
            break
    return slots[: MAX_ENTRIES - len(repeating)], repeating


def _still_to_come(
    made: ScheduleMade | None, wanted: Iterable[PlannedSlot], now_ms: int
) -> tuple[PlannedSlot, ...]:
    """What has begun, as it was planned, and what is wanted and not yet due."""
    begun = {s.slot: s for s in (made.slots if made else ()) if s.opens_ms <= now_ms < s.ends_ms}
    # On the very first day a slot whose window is open but which is not yet due is taken up.
    first = made is None
    coming = [s for s in wanted if s.slot not in begun and _may_start(s, now_ms, first=first)]
    return tuple(sorted([*begun.values(), *coming], key=lambda s: (s.due_ms, s.slot.index)))


def _may_start(planned: PlannedSlot, now_ms: int, *, first: bool) -> bool:
    return (planned.due_ms if first else planned.opens_ms) > now_ms
