"""Which slot must wait for which: the spacing of every drug put into slots.

Knows: slots, which drug is in which, how far apart a class wants its doses.
May not know: windows of single doses, how slots come about, what was opened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from gateway.prescription.doses import spacing_of
from gateway.prescription.policy_table import Table, policy_of
from gateway.prescription.slots import DoseSlot, Drug, Spacing
from gateway.prescription.supplies import Finding, Reason, Supply, drug

# No spacing reaches further back (SPACING_MAX_MIN is a week); a box counts these days in a byte.
FURTHEST_DAYS = 28
Slots = dict[tuple[date, int], DoseSlot]


def spaced(
    slots: list[DoseSlot], planned: list[Supply], table: Table
) -> tuple[list[DoseSlot], list[Finding]]:
    """Every slot with the slots before it that its drugs must keep away from.

    Where more than one of them can hold a slot back it is reported: a box holds one.
    """
    asked = _asked(slots, planned, table)
    known = {(s.day, s.index): s for s in slots}
    done, found = [], []
    for slot in slots:
        mine = asked.get((slot.day, slot.index), [])
        mine.sort(key=lambda s: (-_earliest_min(s, known), s.place))
        binding = [s for s in mine if _can_bind(s, slot, known)]
        if len({(s.after_day, s.after_index) for s in binding}) > 1:
            places = tuple(sorted(s.place for s in binding))
            found.append(Finding(Reason.SEVERAL_SPACINGS, places, slot.day, 1))
        done.append(replace(slot, spacing=tuple(mine)))
    return done, found


def _asked(
    slots: list[DoseSlot], planned: list[Supply], table: Table
) -> dict[tuple[date, int], list[Spacing]]:
    """For each slot, what each of its drugs asks for; nothing for a drug's first dose."""
    by_place = {s.place: s.medication for s in planned}
    rows: dict[tuple[str, str], list[tuple[DoseSlot, Drug]]] = {}
    for slot in slots:
        for one in slot.drugs:
            rows.setdefault(drug(by_place[one.place], one.place), []).append((slot, one))
    asked: dict[tuple[date, int], list[Spacing]] = {}
    for row in rows.values():
        for (before, _), (slot, one) in pairwise(row):
            if (slot.day - before.day).days > FURTHEST_DAYS:
                continue
            medication = by_place[one.place]
            interval = slot.absolute_min - before.absolute_min
            by_class = policy_of(medication.drug_class, table)
            least = spacing_of(medication, by_class, interval, slot.window_min)
            spacing = Spacing(least, before.day, before.index, one.place)
            asked.setdefault((slot.day, slot.index), []).append(spacing)
    return asked


def _earliest_min(spacing: Spacing, known: Slots) -> int:
    """When it lets go, where the slot before was opened when it was due."""
    return known[spacing.after_day, spacing.after_index].absolute_min + spacing.minutes


def _can_bind(spacing: Spacing, slot: DoseSlot, known: Slots) -> bool:
    """Whether it holds the slot back where the slot before was opened as late as it may be."""
    before = known[spacing.after_day, spacing.after_index]
    late_min = before.window_min + before.late_min
    return _earliest_min(spacing, known) + late_min > slot.absolute_min
