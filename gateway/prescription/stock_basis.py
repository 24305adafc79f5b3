"""What a person's stocks are reckoned from: her supplies, drug by drug, and all their pouches.

Knows: which supplies still count. May not know: what was opened, who is reminded; the time is an
argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.prescription.book import Confirmed
from gateway.prescription.compartments import Place, places
from gateway.prescription.current import table_of
from gateway.prescription.merge import merge
from gateway.prescription.slots import DoseSlot
from gateway.prescription.supplies import Supply, drug, supplies
from gateway.roster import Roster
from gateway.zones import instant_ms, local

DAY = timedelta(days=1)
# What was over of a supply that ended so long ago is not counted any more.
KEPT_DAYS = 120
Key = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Basis:
    """What stocks are reckoned from, for as long as neither plan nor day is another.

    `drugs`: the supplies of each drug, the oldest first. `pouches`: by day and index.
    """

    person_id: str
    ids: tuple[str, ...]
    today: date
    first: date
    stock_days: int
    confirmed: Confirmed
    drugs: tuple[tuple[Supply, ...], ...]
    pouches: Mapping[Key, DoseSlot]
    as_needed: tuple[Place, ...]
    first_ms: int


def basis(roster: Roster, person_id: str, confirmed: Confirmed, now_ms: int) -> Basis:
    """The supplies that count, and their pouches until the last one ends."""
    today = local(now_ms, roster.zone).date()
    medications = list(confirmed.medications.values())
    by_drug: dict[tuple[str, str], list[Supply]] = {}
    for supply in sorted(supplies(medications)[0], key=lambda s: s.first):
        if supply.last >= today - KEPT_DAYS * DAY:
            by_drug.setdefault(drug(supply.medication, supply.place), []).append(supply)
    every = [s for chain in by_drug.values() for s in chain]
    first = min((s.first for s in every), default=today)
    last = max((s.last for s in every), default=today)
    table, policy = table_of(roster), roster.policy
    merged = merge(medications, confirmed.meal_clock, first, max(first, last), table, policy)
    ids = tuple(confirmed.medications)
    return Basis(
        person_id,
        ids,
        today,
        first,
        policy.stock_days,
        confirmed,
        tuple(tuple(chain) for chain in by_drug.values()),
        {(s.day, s.index): s for s in merged.slots},
        tuple(places(merged.as_needed, ids, merged.slots)),
        instant_ms(first, "00:00", roster.zone),
    )
