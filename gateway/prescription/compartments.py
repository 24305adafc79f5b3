"""Where on the box a pouch lies: a column a weekday, and what is left for medicines as needed.

Knows: the 28 compartments, which of them a plan's slots use, how a box names a PRN compartment.
May not know: hours, windows, what is in a compartment today.

A medicine as needed gets the last compartment that no slot of the plan ever uses; a refill of it
the same one. The index under which the box counts its openings follows from its id alone, so that
it stays the same over all schedules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.prescription.slots import AsNeededDrug, DoseSlot
from gateway.roster import COMPARTMENTS, LABELS

SLOTS_A_DAY = len(LABELS)
LINES = 12  # of one prescription, before indices of two prescriptions could be the same
_INDICES = 256 - SLOTS_A_DAY  # a slot's index is a byte


@dataclass(frozen=True, slots=True)
class Place:
    """A PRN medicine on the box; `compartment` None: there is none free."""

    asked: AsNeededDrug
    medication_id: str
    index: int
    compartment: int | None


def in_week(day: date, index: int) -> int:
    """The compartment of a slot: its weekday's column, its index' row."""
    return day.weekday() * SLOTS_A_DAY + index


def places(
    as_needed: Iterable[AsNeededDrug], ids: Sequence[str], slots: Iterable[DoseSlot]
) -> list[Place]:
    """Where each PRN medicine lies. `ids`: of the medications that were merged, by place."""
    used = {in_week(slot.day, slot.index) for slot in slots}
    free = [n for n in range(COMPARTMENTS) if n not in used]
    by_drug: dict[tuple[str, str], int | None] = {}
    taken: set[int] = set()
    found = []
    for asked in sorted(as_needed, key=lambda a: _number(ids[a.drug.place])):
        medication_id = ids[asked.drug.place]
        name = (_folded(asked.drug.name), _folded(asked.drug.strength))
        drug = name if name[0] else ("", medication_id)
        if drug not in by_drug:
            by_drug[drug] = free.pop() if free else None
        index = _number(medication_id) % _INDICES
        while index in taken:
            index = (index + 1) % _INDICES
        taken.add(index)
        found.append(Place(asked, medication_id, SLOTS_A_DAY + index, by_drug[drug]))
    return found


def _number(medication_id: str) -> int:
    """The order of all medications: by prescription, then by line."""
    prescription, place = medication_id.split("/")
    return int(prescription) * LINES + int(place)


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
