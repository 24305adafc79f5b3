"""Several Dosages read as one dosing, or refused.

Knows: what belongs together: meals of one day, steps of one taper.
May not know: how a single Dosage is read, requests.

R4: Dosages of the same `sequence` are concurrent, those of different ones sequential. So meals
stand beside each other under one number, and under several numbers stands a taper: the same times,
other amounts. Anything else is more than one bag line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from gateway.fhir.codes import BEDTIME
from gateway.fhir.dosages import Item, read_dosage
from gateway.fhir.nodes import Node
from gateway.fhir.wanted import Wanted
from gateway.prescription.medication import AtMeals, Days, Dosing, Relation, Step
from gateway.roster import LABELS

OWN_BEDTIME = AtMeals((BEDTIME,), Relation.AT)


@dataclass(frozen=True, slots=True)
class Sig:
    """What a list of Dosages says. `days_supply` 0: it does not say how long."""

    dosing: Dosing
    days: Days
    amount: Fraction
    unit: str
    taper: tuple[Step, ...]
    days_supply: int


def read_sig(node: Node) -> Sig | None:
    """The dosing; None where anything was refused."""
    rows = node.rows()
    if not rows:
        node.refuse(Wanted.SOME_DOSAGE)
        return None
    items = [(row, read_dosage(row)) for row in rows]
    groups: dict[int | None, list[tuple[Node, Item]]] = {}
    for row, item in items:
        if item is None:
            return None
        groups.setdefault(item.sequence, []).append((row, item))
    if len(groups) > 1 and None in groups:
        groups[None][0][0].at("sequence").refuse(Wanted.SEQUENCE)
        return None
    ordered = sorted(groups.items(), key=lambda g: g[0] or 0)
    steps = [(group[0][0], _together(group)) for _, group in ordered]
    return _taper(steps)


def _together(group: list[tuple[Node, Item]]) -> Item | None:
    """Concurrent Dosages as one: the same in everything, each at other labels."""
    (_, first), *others = group
    taken = set(first.dosing.labels) if isinstance(first.dosing, AtMeals) else set()
    for row, item in others:
        if not isinstance(item.dosing, AtMeals) or not taken:
            row.refuse(Wanted.ONE_LINE)
            return None
        if taken & set(item.dosing.labels):
            row.at("timing").at("repeat").at("when").refuse(Wanted.MEAL_ONCE)
            return None
        if replace(item, dosing=first.dosing) != first:
            row.refuse(Wanted.SAME_DOSE)
            return None
        taken |= set(item.dosing.labels)
    meals = [item.dosing for _, item in group if isinstance(item.dosing, AtMeals)]
    joined = _joined(meals) if others else first.dosing
    if joined is None:
        group[-1][0].at("timing").at("repeat").refuse(Wanted.SAME_RELATION)
        return None
    return replace(first, dosing=joined)


def _joined(meals: list[AtMeals]) -> AtMeals | None:
    """All as one, None where they are not one; bedtime at its own time goes beside any meals."""
    rest = [m for m in meals if m != OWN_BEDTIME]
    if len({(m.relation, m.offset_min) for m in rest}) != 1:
        return None
    if any(m.labels == OWN_BEDTIME.labels for m in rest):
        return None
    labels = {label for m in meals for label in m.labels}
    return AtMeals(tuple(x for x in LABELS if x in labels), rest[0].relation, rest[0].offset_min)


def _taper(steps: list[tuple[Node, Item | None]]) -> Sig | None:
    taper = []
    first = steps[0][1]
    for row, item in steps:
        if item is None or first is None:
            return None
        if (item.dosing, item.days, item.unit) != (first.dosing, first.days, first.unit):
            row.refuse(Wanted.AMOUNT_ONLY)
            return None
        if len(steps) > 1 and not item.bounds:
            row.at("timing").at("repeat").at("boundsDuration").refuse(Wanted.STEP_DAYS)
            return None
        if len(steps) > 1 and item.prn:
            row.refuse(Wanted.ONE_AS_NEEDED)
            return None
        taper.append(Step(item.bounds, item.amount))
    if first is None:
        return None
    whole = sum(s.days for s in taper)
    more = tuple(taper) if len(taper) > 1 else ()
    return Sig(first.dosing, first.days, first.amount, first.unit, more, whole)
