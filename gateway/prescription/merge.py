"""All medications of one person become the dose slots of a range of days: one pouch a slot.

Knows: which doses may share a slot, which slot follows which for a drug, how many slots a day has.
May not know: what was taken, compartments by weekday, schedules, UTC, today.

Doses share a slot where their windows agree: each is due inside the window of every other, and none
is before a meal that another is after. The slot is then due with the earliest of them, and its
windows are what all of them allow. Doses that do not agree get a slot of their own, as near as
there is one free; that is reported. PRN medicines have no slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from gateway.prescription.doses import (
    Clock,
    SingleDose,
    anchor_min,
    doses_of,
    next_min,
    rules_of,
)
from gateway.prescription.groups import Candidate, Group, grouped, side_of
from gateway.prescription.medication import AsNeeded, Medication
from gateway.prescription.policy_table import TABLE, Table, policy_of
from gateway.prescription.slots import AsNeededDrug, DoseSlot, Drug, Merged
from gateway.prescription.spacing import spaced
from gateway.prescription.supplies import (
    Finding,
    Reason,
    Supply,
    endings,
    supplies,
)
from gateway.roster import CRITICALITIES, LABELS, Policy

LOOK_BACK_DAYS = 28  # for the dose before the range's first


def merge(
    medications: Sequence[Medication],
    clock: Clock,
    first: date,
    last: date,
    table: Table = TABLE,
    policy: Policy | None = None,
) -> Merged:
    """The slots from `first` to `last`, both included."""
    house = policy or Policy()
    planned, found = supplies(medications)
    found += [
        Finding(Reason.UNKNOWN_CLASS, (s.place,))
        for s in planned
        if s.medication.drug_class not in table
    ]
    by_day: dict[date, list[Candidate]] = {}
    for supply in planned:
        for dose in doses_of(supply, clock, first - timedelta(days=LOOK_BACK_DAYS), last):
            candidate = _candidate(supply, dose, clock, table, house)
            by_day.setdefault(dose.day, []).append(candidate)
    slots, disagreements = _slots(by_day, clock, planned)
    apart, several = spaced(slots, planned, table)
    inside = [s for s in apart if s.day >= first]
    found += endings(planned, last)
    found += _gathered(f for f in [*disagreements, *several] if f.day and f.day >= first)
    prn = tuple(_prn(s, table) for s in planned if _is_prn(s, first, last))
    return Merged(tuple(inside), prn, tuple(sorted(found, key=_order)))


def _order(finding: Finding) -> tuple[bool, str, tuple[int, ...], date]:
    return (not finding.blocks, finding.reason, finding.medications, finding.day or date.min)


def _candidate(
    supply: Supply, dose: SingleDose, clock: Clock, table: Table, policy: Policy
) -> Candidate:
    """One dose with the windows of its own."""
    medication = supply.medication
    row = policy_of(medication.drug_class, table)
    rules = rules_of(medication, row, next_min(supply, clock, dose), policy)
    side = side_of(medication.dosing, dose.label)
    return Candidate(dose, side, row.criticality, rules.window, rules.skip_after_min)


def _slots(
    by_day: dict[date, list[Candidate]], clock: Clock, planned: list[Supply]
) -> tuple[list[DoseSlot], list[Finding]]:
    """Every day's pouches, each with its index of the day."""
    medications = {s.place: s.medication for s in planned}
    anchors = [anchor_min(clock, label) for label in LABELS]
    slots, found = [], []
    for day in sorted(by_day):
        groups, disagreeing = grouped(by_day[day], anchors)
        found += [Finding(Reason.WINDOWS_DISAGREE, places, day, 1) for places in disagreeing]
        for group in groups:
            if group.index is None:
                places = tuple(sorted(c.dose.place for c in group.members))
                found.append(Finding(Reason.NO_COMPARTMENT, places, day, 1))
            else:
                slots.append(_slot(day, group.index, group, medications))
    return sorted(slots, key=lambda s: (s.absolute_min, s.index)), found


def _slot(day: date, index: int, group: Group, medications: dict[int, Medication]) -> DoseSlot:
    """What all doses of a group allow, as one slot."""
    due = group.due_min
    closes = min(c.dose.due_min + c.window.window_min for c in group.members)
    ends = min(c.dose.due_min + c.window.window_min + c.window.late_min for c in group.members)
    drugs = [_drug(medications[c.dose.place], c.dose) for c in group.members]
    severest = [CRITICALITIES.index(c.criticality) for c in group.members]
    time_critical = CRITICALITIES.index("time_critical")
    return DoseSlot(
        day=day,
        index=index,
        label=LABELS[index],
        due_min=due,
        early_min=due - max(c.dose.due_min - c.window.early_min for c in group.members),
        window_min=closes - due,
        late_min=ends - closes,
        skip_after_min=min(c.dose.due_min + c.skip_after_min for c in group.members) - due,
        criticality=CRITICALITIES[time_critical if time_critical in severest else min(severest)],
        drugs=tuple(sorted(drugs, key=lambda d: d.place)),
    )


def _drug(medication: Medication, dose: SingleDose) -> Drug:
    names = (medication.name, medication.strength)
    return Drug(dose.place, *names, dose.amount, medication.unit, dose.due_min)


def _gathered(findings: Iterable[Finding]) -> list[Finding]:
    """The same finding of several days as one, from its first day, with the number of days."""
    together: dict[tuple[Reason, tuple[int, ...]], Finding] = {}
    for finding in findings:
        key = (finding.reason, finding.medications)
        known = together.get(key)
        together[key] = replace(known, days=known.days + 1) if known else finding
    return list(together.values())


def _is_prn(supply: Supply, first: date, last: date) -> bool:
    wanted = isinstance(supply.medication.dosing, AsNeeded)
    return wanted and supply.first <= last and supply.last >= first


def _prn(supply: Supply, table: Table) -> AsNeededDrug:
    """A PRN medicine; the stricter of its own limits and nothing, else its class's."""
    medication = supply.medication
    row = policy_of(medication.drug_class, table)
    asked = medication.dosing if isinstance(medication.dosing, AsNeeded) else AsNeeded()
    names = (medication.name, medication.strength)
    return AsNeededDrug(
        drug=Drug(supply.place, *names, medication.amount, medication.unit, 0),
        min_interval_min=asked.min_interval_min or row.prn_min_interval_min,
        daily_max=asked.daily_max or row.prn_daily_max,
        from_day=supply.first,
        until_day=supply.last,
    )
