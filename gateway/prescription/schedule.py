"""The schedule a box should run: what has begun, what is planned, and the rules behind it.

Knows: the box's limit of entries, how one schedule follows another.
May not know: hours and windows (plan.py, confirmed.py), what happened to a slot; the time is an
argument.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable, Iterator
from dataclasses import replace

from anbu_wire.schedule import MAX_ENTRIES, encode_schedule
from gateway.entries import schedule_of, slot_by_rule
from gateway.events import PlannedRule, PlannedSlot, ScheduleMade, SlotId
from gateway.household import Household
from gateway.prescription.confirmed import LEAST_DAYS
from gateway.prescription.current import told
from gateway.roster import PILLBOX, Roster
from gateway.zones import time_fields

MAX_VERSION = 0xFFFF


def make_schedule(
    household: Household, device_id: str, now_ms: int, *, anew: bool = False
) -> ScheduleMade | None:
    """The schedule a device should have from now on; None where the newest one still says it.

    Slots that have begun stay as they are until they end. `anew` makes a new version even where
    nothing changed: the box runs something else under the old number. A box that is nobody's any
    more is to ask for nothing, not even for what has begun: whoever took it must not be asked.
    Raises ValueError when the version numbers of this device are used up.
    """
    roster = household.roster
    device = roster.device(device_id) if roster else None
    made = household.made.get(device_id)
    if roster is None or (made is None if device is None else device.kind != PILLBOX):
        return None
    whose = device.person_id if device is not None else None
    slots, repeating = _wanted(household, roster, whose, made, now_ms)
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


def to_be_emptied(household: Household) -> list[str]:
    """The boxes that are nobody's and have not read back yet that they are to ask for nothing.

    A box lives by its own schedule for weeks, whether or not anybody speaks to it.
    """
    roster = household.roster
    gone = (m for of, m in household.made.items() if roster and roster.device(of) is None)
    return [made.device_id for made in gone if not _is_empty(household, made)]


def _is_empty(household: Household, made: ScheduleMade) -> bool:
    confirmed = household.device(made.device_id).confirmed
    return not (made.slots or made.rules) and confirmed == (made.version, made.crc)


def to_wire(made: ScheduleMade) -> bytes:
    """The schedule as the box stores it."""
    return encode_schedule(schedule_of(made))


def _wanted(
    household: Household,
    roster: Roster,
    person_id: str | None,
    made: ScheduleMade | None,
    now_ms: int,
) -> tuple[tuple[PlannedSlot, ...], tuple[PlannedRule, ...]]:
    """Explicit slots for as many of the policy's days as leave room for the rules, and these.

    The room is reckoned with yesterday's slots too, so that it is the same at any hour of a day.
    """
    if person_id is None:
        return (), ()
    for days in range(max(roster.policy.days, LEAST_DAYS), LEAST_DAYS - 1, -1):
        wanted, repeating = told(household, roster, person_id, now_ms, days)
        slots = _still_to_come(household, made, wanted, now_ms)
        if len({s.slot for s in (*wanted, *slots)}) + len(repeating) <= MAX_ENTRIES:
            break
    return slots[: MAX_ENTRIES - len(repeating)], repeating


def _still_to_come(
    household: Household, made: ScheduleMade | None, wanted: Iterable[PlannedSlot], now_ms: int
) -> tuple[PlannedSlot, ...]:
    """What has begun, as it was planned, and what is wanted and not yet due."""
    begun = {s.slot: s for s in _running(made, wanted, now_ms)} if made else {}
    # A slot that nobody had before is taken up while it is not due, though its window is open.
    new = {s.slot for s in wanted if made is None or not _known(household, s.slot)}
    coming = [
        s
        for s in wanted
        if s.slot not in begun and (s.due_ms if s.slot in new else s.opens_ms) > now_ms
    ]
    return tuple(sorted([*begun.values(), *coming], key=lambda s: (s.due_ms, s.slot.index)))


def _running(
    made: ScheduleMade, wanted: Iterable[PlannedSlot], now_ms: int
) -> Iterator[PlannedSlot]:
    """The slots of a schedule whose time is now; those too that the box made by a rule of it."""
    listed = {s.slot for s in made.slots}
    ruled = (
        slot_by_rule(made, s.slot)
        for s in wanted
        if s.slot not in listed and s.opens_ms <= now_ms < s.ends_ms
    )
    for slot in (*made.slots, *ruled):
        if slot is not None and slot.opens_ms <= now_ms < slot.ends_ms:
            yield slot


def _known(household: Household, slot: SlotId) -> bool:
    """Whether any schedule had it, or a box told of it."""
    belief = household.slots.get(slot)
    return belief is not None and (belief.planned is not None or bool(belief.evidence))
