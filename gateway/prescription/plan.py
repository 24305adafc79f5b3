"""Regimens and a meal clock become the dose slots of the coming days, and the rules behind them.

Knows: where a slot lies in the week's 28 compartments, how far one slot is from its regimen's next.
May not know: what happened to a slot, how schedules follow one another; the time is an argument.
"""

from __future__ import annotations

from datetime import date, timedelta

from gateway.events import PlannedRule, PlannedSlot, SlotId
from gateway.prescription import days as regimen_days
from gateway.prescription.windows import DAY_MIN, skip_after_min, spacing_min, window
from gateway.roster import (
    AS_NEEDED,
    LABELS,
    MEAL_DEFAULTS,
    MEALS,
    AsNeeded,
    Person,
    Regimen,
    Roster,
)
from gateway.units import MIN_MS
from gateway.zones import instant_ms, local

SLOTS_A_DAY = len(LABELS)


def first_day(roster: Roster, now_ms: int) -> date:
    """Where a plan begins: yesterday, because a slot may reach past midnight."""
    return local(now_ms, roster.zone).date() - timedelta(days=1)


def plan(
    roster: Roster, person_id: str, now_ms: int, days: int | None = None
) -> tuple[PlannedSlot, ...]:
    """Every slot of a person from yesterday on for so many days, by due time.

    `days` None: the policy's.
    """
    person = roster.person(person_id)
    if person is None:
        return ()
    length = (roster.policy.days if days is None else days) + 1
    first = first_day(roster, now_ms)
    slots = [
        _slot(roster, person, regimen, label, day)
        for day in (first + timedelta(days=n) for n in range(length))
        for regimen in roster.regimens_of(person_id)
        if regimen_days.applies(regimen, day)
        for label in regimen.slots
    ]
    return tuple(sorted(slots, key=lambda s: (s.due_ms, s.slot.index)))


def rules(
    roster: Roster, person_id: str, now_ms: int, days: int | None = None
) -> tuple[PlannedRule, ...]:
    """What repeats from the day after the last one of `plan`, and the PRN compartments."""
    person = roster.person(person_id)
    if person is None:
        return ()
    length = roster.policy.days if days is None else days
    first = first_day(roster, now_ms)
    found = []
    for regimen in roster.regimens_of(person_id):
        begin = regimen_days.first_from(regimen, first + timedelta(days=length + 1))
        if begin is not None:
            found += [_rule(roster, person, regimen, label, begin) for label in regimen.slots]
    as_needed = enumerate(roster.as_needed_of(person_id), start=SLOTS_A_DAY)
    prn = [_prn(roster, asked, index, first) for index, asked in as_needed]
    today = local(now_ms, roster.zone).date().isoformat()
    return (*found, *(r for r in prn if not r.until_day or r.until_day >= today))


def due_clock(person: Person, regimen: Regimen, label: str) -> str:
    """The local "HH:MM" of a label: the regimen's own time, else the person's meal."""
    meal = MEALS[LABELS.index(label)]
    return regimen.due or person.meal_clock.get(meal, MEAL_DEFAULTS[meal])


def shortest_interval_min(person: Person, regimen: Regimen) -> int:
    """The least time between two doses of a regimen."""
    return min(_to_next_min(person, regimen, label) for label in regimen.slots)


def _slot(roster: Roster, person: Person, regimen: Regimen, label: str, day: date) -> PlannedSlot:
    gap_days = regimen_days.days_since_last(regimen, day)
    return _planned(roster, person, regimen, label, day, gap_days)


def _rule(roster: Roster, person: Person, regimen: Regimen, label: str, day: date) -> PlannedRule:
    gap_days = regimen_days.least_gap_days(regimen)
    return PlannedRule(
        first=_planned(roster, person, regimen, label, day, gap_days),
        every_days=regimen.every_days,
        weekdays=regimen_days.weekday_mask(regimen),
        until_day=regimen.until_day,
        step=SLOTS_A_DAY,
    )


def _prn(roster: Roster, asked: AsNeeded, index: int, day: date) -> PlannedRule:
    """Valid from its first day on, or for as long as anybody asks."""
    begin = date.fromisoformat(asked.from_day) if asked.from_day else day
    from_ms = instant_ms(begin, "00:00", roster.zone)
    slot = PlannedSlot(
        slot=SlotId(asked.person_id, begin.isoformat(), index),
        label=AS_NEEDED,
        compartment=asked.compartment,
        due_ms=from_ms,
        opens_ms=from_ms,
        closes_ms=from_ms + MIN_MS,
        ends_ms=from_ms + MIN_MS,
        criticality="normal",
        spacing_min=asked.spacing_min,
    )
    return PlannedRule(slot, 0, until_day=asked.until_day, daily_max=asked.daily_max)


def _planned(
    roster: Roster,
    person: Person,
    regimen: Regimen,
    label: str,
    day: date,
    gap_days: int | None,
) -> PlannedSlot:
    """One slot; `gap_days`: to the regimen's day before, None where this is its first."""
    index, doses = LABELS.index(label), len(regimen.slots)
    next_min = _to_next_min(person, regimen, label)
    width = window(regimen, doses, next_min, roster.policy)
    spacing, after_days, after_index = 0, 0, 0
    since_min, before = _since_last_min(person, regimen, label)
    wraps = since_min >= _minutes(due_clock(person, regimen, label)) + 1
    if gap_days is not None or not wraps:
        after_days = (gap_days or 0) if wraps else 0
        since_min += (after_days - 1) * DAY_MIN if wraps else 0
        spacing = spacing_min(regimen, doses, since_min, width.window_min)
        after_index = LABELS.index(before)
    due_ms = instant_ms(day, due_clock(person, regimen, label), roster.zone)
    closes_ms = due_ms + width.window_min * MIN_MS
    return PlannedSlot(
        slot=SlotId(person.id, day.isoformat(), index),
        label=label,
        compartment=day.weekday() * SLOTS_A_DAY + index,
        due_ms=due_ms,
        opens_ms=due_ms - width.early_min * MIN_MS,
        closes_ms=closes_ms,
        ends_ms=closes_ms + width.late_min * MIN_MS,
        criticality=regimen.criticality,
        skip_after_min=skip_after_min(regimen, doses, next_min, width.window_min),
        spacing_min=spacing,
        after_days=after_days,
        after_index=after_index,
    )


def _to_next_min(person: Person, regimen: Regimen, label: str) -> int:
    """Minutes from a dose to the same regimen's next one, on that day or its next day."""
    own = _minutes(due_clock(person, regimen, label))
    later = [_minutes(due_clock(person, regimen, other)) - own for other in regimen.slots]
    following = [m for m in later if m > 0]
    if following:
        return min(following)
    return min(later) + regimen_days.least_gap_days(regimen) * DAY_MIN


def _since_last_min(person: Person, regimen: Regimen, label: str) -> tuple[int, str]:
    """Minutes from the same regimen's dose before, as if it had one each day; its label."""
    own = _minutes(due_clock(person, regimen, label))
    since = [
        ((own - _minutes(due_clock(person, regimen, other)) - 1) % DAY_MIN + 1, other)
        for other in regimen.slots
    ]
    return min(since)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
