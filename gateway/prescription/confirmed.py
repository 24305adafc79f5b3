"""What a person confirmed, as the slots and rules her box runs.

Knows: how pouches become slots in UTC and in compartments, how many entries a box holds.
May not know: what was taken, other persons, schedules that were made before; the time is an
argument.

The days up to the horizon are told slot by slot. What follows until the supplies end is told in
rules, made from the very slots they stand for; a slot that fits into none is told by itself. Where
the box has no room for all, fewer days are told slot by slot; where even that is too much, it is
found up to which day the box reminds without a gateway. A rule keeps to its local hour over the
next change of the zone, which is all that a box knows: about half a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from anbu_wire.schedule import MAX_ENTRIES
from gateway.events import Content, PlannedRule, PlannedSlot, SlotId
from gateway.prescription.book import Confirmed
from gateway.prescription.compartments import SLOTS_A_DAY, Place, in_week, places
from gateway.prescription.merge import merge
from gateway.prescription.policy_table import Table
from gateway.prescription.repeats import repeats
from gateway.prescription.slots import DoseSlot, Drug, Merged
from gateway.prescription.supplies import Finding, Reason, endings, supplies
from gateway.prescription.windows import DAY_MIN
from gateway.roster import AS_NEEDED, Policy
from gateway.units import MIN_MS
from gateway.zones import instant_ms, local

# Slots that have begun stay in a schedule though a new plan has them no more: a day's at the most.
ROOM = MAX_ENTRIES - SLOTS_A_DAY
LONGEST_DAYS = 400  # no supply is planned further ahead
# Today and tomorrow, whose first window may open today: what has begun is never in a rule as well.
LEAST_DAYS = 2
DAY = timedelta(days=1)
Shape = tuple[object, ...]
Entry = PlannedSlot | PlannedRule


@dataclass(frozen=True, slots=True)
class Plan:
    """What the box should run. `merged`: every pouch from yesterday until the supplies end.

    `findings` of the days that are planned; those that block must be decided by a person.
    """

    slots: tuple[PlannedSlot, ...]
    rules: tuple[PlannedRule, ...]
    findings: tuple[Finding, ...]
    merged: Merged


def planned(
    person_id: str,
    confirmed: Confirmed,
    zone: ZoneInfo,
    table: Table,
    policy: Policy,
    now_ms: int,
    days: int,
) -> Plan:
    """The plan of a confirmation from yesterday on; slot by slot for `days` days at the most."""
    ids = list(confirmed.medications)
    yesterday = local(now_ms, zone).date() - DAY
    whole = _merged(confirmed, zone, table, policy, yesterday)
    prn = places(whole.as_needed, ids, whole.slots)
    merged = replace(whole, slots=tuple(s for s in whole.slots if s.day >= yesterday))
    as_needed = [
        as_needed_rule(person_id, place, place.compartment, zone)
        for place in prn
        if place.compartment is not None and place.asked.until_day > yesterday
    ]
    made = {s: to_planned(person_id, s, ids, zone) for s in merged.slots}
    slots, rules, beyond = _fitting(made, yesterday, days, ROOM - len(as_needed))
    return Plan(
        tuple(sorted(slots, key=lambda s: (s.due_ms, s.slot.index))),
        (*rules, *as_needed),
        _findings(confirmed, whole, prn, yesterday + days * DAY, beyond),
        merged,
    )


def _merged(
    confirmed: Confirmed, zone: ZoneInfo, table: Table, policy: Policy, yesterday: date
) -> Merged:
    """All pouches from the confirmation on, so that a PRN compartment is chosen once for all."""
    medications = list(confirmed.medications.values())
    first = min(yesterday, local(confirmed.at_ms, zone).date() - DAY)
    end = max((s.last for s in supplies(medications)[0]), default=first)
    last = min(end, yesterday + LONGEST_DAYS * DAY)
    return merge(medications, confirmed.meal_clock, first, max(first, last), table, policy)


def to_planned(person_id: str, slot: DoseSlot, ids: Sequence[str], zone: ZoneInfo) -> PlannedSlot:
    """A pouch as a slot. `ids`: of the medications that were merged, by place."""
    due_ms = _instant_ms(slot.day, slot.due_min, zone)
    closes_ms = due_ms + slot.window_min * MIN_MS
    spacing = slot.spacing[0] if slot.spacing else None  # a box holds the one that binds latest
    return PlannedSlot(
        slot=SlotId(person_id, slot.day.isoformat(), slot.index),
        label=slot.label,
        compartment=in_week(slot.day, slot.index),
        due_ms=due_ms,
        opens_ms=due_ms - slot.early_min * MIN_MS,
        closes_ms=closes_ms,
        ends_ms=closes_ms + slot.late_min * MIN_MS,
        criticality=slot.criticality,
        skip_after_min=slot.skip_after_min,
        spacing_min=spacing.minutes if spacing else 0,
        after_days=(slot.day - spacing.after_day).days if spacing else 0,
        after_index=spacing.after_index if spacing else 0,
        contents=tuple(_content(drug, ids) for drug in slot.drugs),
    )


def as_needed_rule(person_id: str, place: Place, compartment: int, zone: ZoneInfo) -> PlannedRule:
    """A PRN compartment as the box has it, valid on the days of its supply."""
    asked = place.asked
    from_ms = instant_ms(asked.from_day, "00:00", zone)
    first = PlannedSlot(
        slot=SlotId(person_id, asked.from_day.isoformat(), place.index),
        label=AS_NEEDED,
        compartment=compartment,
        due_ms=from_ms,
        opens_ms=from_ms,
        closes_ms=from_ms + MIN_MS,
        ends_ms=from_ms + MIN_MS,
        criticality="normal",
        spacing_min=asked.min_interval_min,
        contents=(Content(place.medication_id, str(asked.drug.amount)),),
    )
    return PlannedRule(first, 0, until_day=asked.until_day.isoformat(), daily_max=asked.daily_max)


def _content(drug: Drug, ids: Sequence[str]) -> Content:
    return Content(ids[drug.place], str(drug.amount))


def _instant_ms(day: date, minute: int, zone: ZoneInfo) -> int:
    """UTC ms of a local minute, which may lie in the day before or after."""
    days, rest = divmod(minute, DAY_MIN)
    return instant_ms(day + days * DAY, f"{rest // 60:02d}:{rest % 60:02d}", zone)


def _fitting(
    made: dict[DoseSlot, PlannedSlot], yesterday: date, days: int, room: int
) -> tuple[list[PlannedSlot], list[PlannedRule], date | None]:
    """Slots and rules for which there is room, and the last day they all are told; None: for ever.

    As many days slot by slot as leave room for the rest. Where rules that know what is in their
    pouches are too many, they do not know it: the gateway has a use for it, the box has none.
    """
    for length in range(max(days, LEAST_DAYS), LEAST_DAYS - 1, -1):
        last = yesterday + length * DAY
        near = [one for slot, one in made.items() if slot.day <= last]
        later = {s: one for s, one in made.items() if s.day > last}
        for knowing in (True, False):
            single, rules = _repeating(later, knowing=knowing)
            if len(near) + len(single) + len(rules) <= room:
                return near + single, rules, None
    every: list[Entry] = [*near, *single, *rules]
    entries = sorted(every, key=_first_day)
    kept, beyond = entries[:room], date.fromisoformat(_first_day(entries[room])) - DAY
    slots = [e for e in kept if isinstance(e, PlannedSlot)]
    return slots, [e for e in kept if isinstance(e, PlannedRule)], beyond


def _first_day(entry: Entry) -> str:
    return (entry.first if isinstance(entry, PlannedRule) else entry).slot.day


def _repeating(
    made: dict[DoseSlot, PlannedSlot], *, knowing: bool
) -> tuple[list[PlannedSlot], list[PlannedRule]]:
    """Slots as rules that make exactly them, and those that no rule makes."""
    alike: dict[Shape, dict[date, PlannedSlot]] = {}
    for slot, one in made.items():
        shape = (slot.due_min, *_of_day(one), one.contents if knowing else ())
        alike.setdefault(shape, {})[slot.day] = one
    single, rules = [], []
    for by_day in alike.values():
        contents = {one.contents for one in by_day.values()}
        for repeat in repeats(by_day):
            first = by_day[repeat.first]
            if repeat.first == repeat.last:
                single.append(first)
                continue
            if len(contents) > 1:
                first = replace(first, contents=())
            until = repeat.last.isoformat()
            rules.append(PlannedRule(first, repeat.every_days, repeat.weekdays, until, SLOTS_A_DAY))
    return single, sorted(rules, key=lambda r: (r.first.slot.day, r.first.slot.index))


def _of_day(one: PlannedSlot) -> Shape:
    """All that a box is told the same of each day of a rule."""
    due_ms = one.due_ms
    windows = (due_ms - one.opens_ms, one.closes_ms - due_ms, one.ends_ms - due_ms)
    spacing = (one.spacing_min, one.after_days, one.after_index)
    return (one.slot.index, *windows, one.criticality, one.skip_after_min, *spacing)


def _findings(
    confirmed: Confirmed, merged: Merged, prn: Iterable[Place], horizon: date, beyond: date | None
) -> tuple[Finding, ...]:
    """What was found, the blocking first; of endings those before the horizon."""
    found = [f for f in merged.findings if f.reason is not Reason.SUPPLY_ENDS]
    found += endings(supplies(list(confirmed.medications.values()))[0], horizon)
    for place in prn:
        if place.compartment is None:
            asked = place.asked
            found.append(Finding(Reason.NO_PRN_COMPARTMENT, (asked.drug.place,), asked.from_day))
    if beyond is not None:
        untold = {drug.place for s in merged.slots if s.day > beyond for drug in s.drugs}
        found.append(Finding(Reason.BEYOND_BOX, tuple(sorted(untold)), beyond))
    return tuple(sorted(found, key=lambda f: not f.blocks))
