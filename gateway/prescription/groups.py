"""Which doses of one day go into one pouch, and which place of the day a pouch has.

Knows: windows that agree, meals that part doses, the day's four places.
May not know: other days, names of drugs, spacing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.prescription.doses import SingleDose
from gateway.prescription.medication import AtMeals, Dosing, Relation
from gateway.prescription.windows import Window
from gateway.roster import LABELS


class Side(StrEnum):
    """On which side of its meal a dose lies, in the order in which a day's pouches are filled."""

    MEAL = "meal"  # with it or after it
    ANY = "any"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One dose that looks for its pouch."""

    dose: SingleDose
    side: Side
    criticality: str
    window: Window
    skip_after_min: int

    def covers(self, minute: int) -> bool:
        """Whether a minute of its day lies in its window."""
        due = self.dose.due_min
        return due - self.window.early_min <= minute <= due + self.window.window_min


@dataclass(slots=True)
class Group:
    """The doses of one pouch; `index` None where the day has no place left."""

    members: list[Candidate]
    label: str
    index: int | None = field(default=None)

    @property
    def due_min(self) -> int:
        """When the pouch is due: with the earliest of its doses."""
        return min(c.dose.due_min for c in self.members)

    def takes(self, candidate: Candidate) -> bool:
        """Whether a dose agrees with every dose that is in it."""
        return all(agree(candidate, member) for member in self.members)


def side_of(dosing: Dosing, label: str) -> Side:
    """The side of a dose; bedtime is no meal."""
    if not isinstance(dosing, AtMeals) or label == LABELS[-1] or dosing.relation is Relation.AT:
        return Side.ANY
    return Side.BEFORE if dosing.relation is Relation.BEFORE else Side.MEAL


def agree(one: Candidate, other: Candidate) -> bool:
    """Whether two doses may share a pouch."""
    parted = {one.side, other.side} == {Side.MEAL, Side.BEFORE}
    windows = one.covers(other.dose.due_min) and other.covers(one.dose.due_min)
    return windows and not parted


def grouped(
    candidates: Sequence[Candidate], anchors: Sequence[int]
) -> tuple[list[Group], list[tuple[int, ...]]]:
    """The pouches of a day, and the places of medications that disagree at one label.

    `anchors`: the minute of each label of the day.
    """
    order = list(Side)
    ranked = sorted(candidates, key=lambda c: (not c.dose.label, order.index(c.side), c.dose))
    groups: list[Group] = []
    disagreeing: list[tuple[int, ...]] = []
    for candidate in ranked:
        label = candidate.dose.label
        near = [g for g in groups if not label or g.label == label]
        near.sort(key=lambda g: abs(g.due_min - candidate.dose.due_min))
        fitting = next((g for g in near if g.takes(candidate)), None)
        if fitting is not None:
            fitting.members.append(candidate)
            continue
        if label and near:
            places = {candidate.dose.place, *(c.dose.place for c in near[0].members)}
            disagreeing.append(tuple(sorted(places)))
        groups.append(Group([candidate], label))
    _place(groups, anchors)
    return sorted(groups, key=lambda g: g.due_min), disagreeing


def _place(groups: list[Group], anchors: Sequence[int]) -> None:
    """Each label's first pouch has the label's place, every other one the nearest that is free."""
    free = set(range(len(LABELS)))
    for group in groups:
        index = LABELS.index(group.label) if group.label else -1
        if index in free:
            group.index = index
            free.remove(index)
    for group in sorted((g for g in groups if g.index is None), key=lambda g: g.due_min):
        if free:
            due = group.due_min
            group.index = min(free, key=lambda i: (abs(anchors[i] - due), i))
            free.remove(group.index)
