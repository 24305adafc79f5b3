"""Where on the box a pouch lies: a column a weekday, and what is left for medicines as needed.

Knows: the 28 compartments, which of them a plan's slots use, how a box names a PRN compartment.
May not know: hours, windows, what is in a compartment today.

A medicine as needed gets the last compartment that no slot of the plan ever uses; a refill of it
the same one. The index under which the box counts its openings follows from the drug alone, so that
it stays the same over all schedules and supplies: the least time between two doses and the most of
a day hold from one supply to the next.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.prescription.slots import AsNeededDrug, DoseSlot
from gateway.roster import COMPARTMENTS, LABELS

SLOTS_A_DAY = len(LABELS)
LINES = 12  # of one prescription, before two nameless ones begin at the same index
_INDICES = 256 - SLOTS_A_DAY  # a slot's index is a byte
Drug = tuple[str, str]  # its name and strength, folded


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
    by_drug: dict[Drug, int | None] = {}
    taken: dict[int, list[tuple[Drug, AsNeededDrug]]] = {}
    found = []
    for asked in sorted(as_needed, key=lambda a: _number(ids[a.drug.place])):
        medication_id = ids[asked.drug.place]
        name = (_folded(asked.drug.name), _folded(asked.drug.strength))
        drug = name if name[0] else ("", medication_id)
        if drug not in by_drug:
            by_drug[drug] = free.pop() if free else None
        index = _index(drug)
        while any(_clash(drug, asked, *other) for other in taken.get(index, ())):
            index = (index + 1) % _INDICES
        taken.setdefault(index, []).append((drug, asked))
        found.append(Place(asked, medication_id, SLOTS_A_DAY + index, by_drug[drug]))
    return found


def _index(drug: Drug) -> int:
    """Where the search for a drug's index begins: by its name, or by its id where it has none."""
    return (crc32("\0".join(drug).encode()) if drug[0] else _number(drug[1])) % _INDICES


def _clash(drug: Drug, asked: AsNeededDrug, other: Drug, taken: AsNeededDrug) -> bool:
    """Whether the two cannot be counted as one: two drugs, or at the same time."""
    apart = asked.until_day < taken.from_day or taken.until_day < asked.from_day
    return drug != other or not apart


def _number(medication_id: str) -> int:
    """The order of all medications: by prescription, then by line."""
    prescription, place = medication_id.split("/")
    return int(prescription) * LINES + int(place)


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
