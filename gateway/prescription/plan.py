"""Regimens and a meal clock become the dose slots of the coming days, and the box's schedule.

Knows: where a slot lies in the week's 28 compartments, how schedules follow one another.
May not know: what happened to a slot; the time is an argument.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable
from datetime import date, timedelta

from anbu_wire import messages as wire
from gateway.events import PlannedSlot, ScheduleMade, SlotId
from gateway.household import Household
from gateway.prescription.windows import DAY_MIN, window
from gateway.roster import LABELS, MEAL_DEFAULTS, MEALS, MIN_MS, Person, Regimen, Roster
from gateway.zones import day_number, instant_ms, iso_day, local, wall_s

SLOTS_A_DAY = len(LABELS)
MAX_VERSION = 0xFFFF


def plan(roster: Roster, person_id: str, now_ms: int) -> tuple[PlannedSlot, ...]:
    """Every slot of a person from yesterday on for the policy's days, by due time.

    Yesterday is there because a slot may reach past midnight.
    """
    person = roster.person(person_id)
    if person is None:
        return ()
    first = local(now_ms, roster.zone).date() - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(roster.policy.days + 1)]
    slots = [
        _slot(roster, person, regimen, label, day)
        for day in days
        for regimen in roster.regimens_of(person_id)
        for label in regimen.slots
    ]
    return tuple(sorted(slots, key=lambda s: (s.due_ms, s.slot.index)))


def due_clock(person: Person, regimen: Regimen, label: str) -> str:
    """The local "HH:MM" of a label: the regimen's own time, else the person's meal."""
    meal = MEALS[LABELS.index(label)]
    return regimen.due or person.meal_clock.get(meal, MEAL_DEFAULTS[meal])


def _slot(roster: Roster, person: Person, regimen: Regimen, label: str, day: date) -> PlannedSlot:
    index = LABELS.index(label)
    early, after, late = window(
        regimen, len(regimen.slots), _to_next_min(person, regimen, label), roster.policy
    )
    due_ms = instant_ms(day, due_clock(person, regimen, label), roster.zone)
    closes_ms = due_ms + after * MIN_MS
    return PlannedSlot(
        slot=SlotId(person.id, day.isoformat(), index),
        label=label,
        compartment=day.weekday() * SLOTS_A_DAY + index,
        due_ms=due_ms,
        opens_ms=due_ms - early * MIN_MS,
        closes_ms=closes_ms,
        ends_ms=closes_ms + late * MIN_MS,
        criticality=regimen.criticality,
    )


def _to_next_min(person: Person, regimen: Regimen, label: str) -> int:
    """Minutes from a dose to the same regimen's next one, today or tomorrow."""
    own = _minutes(due_clock(person, regimen, label))
    others = [_minutes(due_clock(person, regimen, other)) for other in regimen.slots]
    return min((other - own - 1) % DAY_MIN + 1 for other in others)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


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
    slots = _still_to_come(household, plan(roster, device.person_id, now_ms), device_id, now_ms)
    made = household.made.get(device_id)
    running = None if made is None else tuple(s for s in made.slots if s.ends_ms > now_ms)
    if slots == running and not anew:
        return None
    belief = household.device(device_id)
    version = max(belief.version_made, belief.box_version or 0) + 1
    if version > MAX_VERSION:
        raise ValueError(f"{device_id}: schedule versions are used up; provision the box anew")
    return ScheduleMade(now_ms, device_id, version, crc32(to_wire(slots)), slots)


def _still_to_come(
    household: Household, wanted: Iterable[PlannedSlot], device_id: str, now_ms: int
) -> tuple[PlannedSlot, ...]:
    """What has begun, as it was planned, and what is wanted and not yet due."""
    made = household.made.get(device_id)
    begun = {s.slot: s for s in (made.slots if made else ()) if s.opens_ms <= now_ms < s.ends_ms}
    # On the very first day a slot whose window is open but which is not yet due is taken up.
    first = made is None
    coming = [s for s in wanted if s.slot not in begun and _may_start(s, now_ms, first=first)]
    slots = sorted([*begun.values(), *coming], key=lambda s: (s.due_ms, s.slot.index))
    return tuple(slots[: wire.MAX_ENTRIES])


def _may_start(planned: PlannedSlot, now_ms: int, *, first: bool) -> bool:
    return (planned.due_ms if first else planned.opens_ms) > now_ms


def to_wire(slots: Iterable[PlannedSlot]) -> bytes:
    """The schedule as the box stores it."""
    return wire.encode_schedule([_entry(s) for s in slots])


def _entry(planned: PlannedSlot) -> wire.ScheduleEntry:
    return wire.ScheduleEntry(
        slot=(day_number(date.fromisoformat(planned.slot.day)), planned.slot.index),
        compartment=planned.compartment,
        due_wall_s=wall_s(planned.due_ms),
        early_min=(planned.due_ms - planned.opens_ms) // MIN_MS,
        window_min=(planned.closes_ms - planned.due_ms) // MIN_MS,
        late_min=(planned.ends_ms - planned.closes_ms) // MIN_MS,
        criticality=(wire.TIME_CRITICAL if planned.criticality == "time_critical" else wire.NORMAL),
    )


def slot_id_of(person_id: str, day: int, index: int) -> SlotId | None:
    """The slot id of a record's `(day, index)`; None where the record concerns no slot."""
    return SlotId(person_id, iso_day(day), index) if day else None
