"""Planned slots and rules as the entries of a schedule, and back.

Knows: anbu_wire.schedule, the labels of a day. May not know: why a slot was planned, what became
of it, the time.
"""

from __future__ import annotations

from datetime import date

from anbu_wire import schedule as wire
from gateway.events import Content, PlannedRule, PlannedSlot, ScheduleMade, SlotId
from gateway.roster import AS_NEEDED, LABELS
from gateway.units import MIN_MS
from gateway.zones import day_number, iso_day, unix_ms, wall_s

CRITICALITY = {"normal": wire.NORMAL, "time_critical": wire.TIME_CRITICAL, "low": wire.LOW}
_NAMES = {number: name for name, number in CRITICALITY.items()}
_DAY_S = 86_400


def schedule_of(made: ScheduleMade) -> wire.Schedule:
    """The schedule as it crosses the air: explicit slots first, then the rules."""
    offset_min, change_wall_s, next_offset_min = made.zone
    entries = [_once(s) for s in made.slots] + [_rule(r) for r in made.rules]
    return wire.Schedule(wire.Zone(offset_min, change_wall_s, next_offset_min), entries)


def slot_by_rule(made: ScheduleMade, slot: SlotId) -> PlannedSlot | None:
    """The slot that a rule of a schedule makes on its day; None where no rule does."""
    schedule = schedule_of(made)
    day = day_number(date.fromisoformat(slot.day))
    # A dose lies on its day or in the night after it, which is within three days of UTC.
    around = (max(0, (day - 1) * _DAY_S), (day + 3) * _DAY_S)
    for entry, rule in zip(schedule.entries[len(made.slots) :], made.rules, strict=True):
        for one in wire.occurrences(entry, schedule.zone, *around):
            if one.slot == (day, slot.index):
                return _planned(one, slot.person_id, rule.first.contents)
    return None


def label_of(index: int) -> str:
    """The label of a slot's index: a time of day, or that of a PRN compartment."""
    return LABELS[index] if index < len(LABELS) else AS_NEEDED


def _number(day: str) -> int:
    return day_number(date.fromisoformat(day))


def _once(planned: PlannedSlot) -> wire.Entry:
    windows = (
        (planned.due_ms - planned.opens_ms) // MIN_MS,
        (planned.closes_ms - planned.due_ms) // MIN_MS,
        (planned.ends_ms - planned.closes_ms) // MIN_MS,
    )
    return wire.once(
        (_number(planned.slot.day), planned.slot.index),
        planned.compartment,
        wall_s(planned.due_ms),
        windows,
        CRITICALITY[planned.criticality],
        planned.skip_after_min,
        (planned.spacing_min, planned.after_days, planned.after_index),
    )


def _rule(rule: PlannedRule) -> wire.Entry:
    first = _once(rule.first)
    # Its compartment is that of a Monday; `step` is added for each weekday.
    return first._replace(
        compartment=first.compartment - rule.step * wire.weekday(first.slot[0]),
        every_days=rule.every_days,
        weekdays=rule.weekdays,
        until_day=_number(rule.until_day) if rule.until_day else 0,
        step=rule.step,
        daily_max=rule.daily_max,
    )


def _planned(entry: wire.Entry, person_id: str, contents: tuple[Content, ...]) -> PlannedSlot:
    due_ms = unix_ms(entry.due_wall_s) or 0
    closes_ms = due_ms + entry.window_min * MIN_MS
    day, index = entry.slot
    return PlannedSlot(
        slot=SlotId(person_id, iso_day(day), index),
        label=label_of(index),
        compartment=entry.compartment,
        due_ms=due_ms,
        opens_ms=due_ms - entry.early_min * MIN_MS,
        closes_ms=closes_ms,
        ends_ms=closes_ms + entry.late_min * MIN_MS,
        criticality=_NAMES[entry.criticality],
        skip_after_min=entry.skip_after_min,
        spacing_min=entry.spacing_min,
        after_days=entry.after_days,
        after_index=entry.after_index,
        contents=contents,
    )
