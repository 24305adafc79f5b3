"""From which day to which day each medication is taken: refills carried on, conflicts found.

Knows: dispensing dates and days' supply, what the same drug is, what a plan may find wrong.
May not know: hours, windows, slots, today.

A refill of the same drug with the same dosing that comes early begins when the supply before it
ends. The same drug with another dosing inside that time is nobody's guess: the one that runs goes
on, the other is not planned until a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, product

from gateway.prescription.medication import Medication

DAY = timedelta(days=1)


class Reason(StrEnum):
    """What a plan found; those of BLOCKING must be decided by a person before it is used."""

    NOT_DISPENSED = "not_dispensed"  # no dispensing date: it is not known when it begins
    SAME_DRUG_TWICE = "same_drug_twice"
    NO_COMPARTMENT = "no_compartment"
    NO_PRN_COMPARTMENT = "no_prn_compartment"
    OTHER_STRENGTH = "other_strength"
    EARLY_REFILL = "early_refill"
    GAP = "gap"
    SUPPLY_ENDS = "supply_ends"
    WINDOWS_DISAGREE = "windows_disagree"
    SEVERAL_SPACINGS = "several_spacings"
    UNKNOWN_CLASS = "unknown_class"
    BEYOND_BOX = "beyond_box"  # `day`: up to then the box reminds without a gateway


BLOCKING = frozenset(
    {
        Reason.NOT_DISPENSED,
        Reason.SAME_DRUG_TWICE,
        Reason.NO_COMPARTMENT,
        Reason.NO_PRN_COMPARTMENT,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`medications`: places in the list that was given; `day` from which, `days` for how many."""

    reason: Reason
    medications: tuple[int, ...]
    day: date | None = None
    days: int = 0

    @property
    def blocks(self) -> bool:
        """Whether a person must decide before the plan is used."""
        return self.reason in BLOCKING


@dataclass(frozen=True, slots=True)
class Supply:
    """One medication from its first to its last day; every n-th day is counted from `anchor`."""

    place: int
    medication: Medication
    first: date
    last: date
    anchor: date


def drug(medication: Medication, place: int) -> tuple[str, str]:
    """What makes it the same drug; one without a name is only itself."""
    name = " ".join(medication.name.casefold().split())
    strength = "".join(medication.strength.casefold().split())
    return (name, strength) if name else ("", str(place))


def supplies(medications: Sequence[Medication]) -> tuple[list[Supply], list[Finding]]:
    """All medications that can be planned, in the order given, and what was found."""
    found: list[Finding] = []
    chains: dict[tuple[str, str], list[Supply]] = {}
    dated = []
    for place, medication in enumerate(medications):
        if medication.dispensed_on is None:
            found.append(Finding(Reason.NOT_DISPENSED, (place,)))
        else:
            dated.append((medication.dispensed_on, place, medication))
    for dispensed_on, place, medication in sorted(dated, key=lambda d: d[:2]):
        chain = chains.setdefault(drug(medication, place), [])
        supply = _following(chain, place, medication, dispensed_on, found)
        if supply is not None:
            chain.append(supply)
    found += _other_strengths(chains)
    return sorted((s for c in chains.values() for s in c), key=lambda s: s.place), found


def _following(
    chain: list[Supply],
    place: int,
    medication: Medication,
    dispensed_on: date,
    found: list[Finding],
) -> Supply | None:
    """The supply after those of the same drug; None where it contradicts the one that runs."""
    first, anchor = dispensed_on, dispensed_on
    before = chain[-1] if chain else None
    if before is not None:
        both = (before.place, place)
        overlap = (before.last - dispensed_on).days + 1
        same = _same_dosing(before.medication, medication)
        if overlap > 0 and not same:
            found.append(Finding(Reason.SAME_DRUG_TWICE, both, dispensed_on, overlap))
            return None
        if overlap > 0:
            found.append(Finding(Reason.EARLY_REFILL, both, dispensed_on, overlap))
            first = before.last + DAY
        elif overlap < 0:
            found.append(Finding(Reason.GAP, both, before.last + DAY, -overlap))
        if same and overlap >= 0:
            anchor = before.anchor
    last = first + timedelta(days=medication.days_supply - 1)
    return Supply(place, medication, first, last, anchor)


def _same_dosing(one: Medication, other: Medication) -> bool:
    alike = [(m.dosing, m.days, m.amount, m.unit) for m in (one, other)]
    return alike[0] == alike[1] and not one.taper and not other.taper


def _other_strengths(chains: Mapping[tuple[str, str], list[Supply]]) -> list[Finding]:
    """The same name in two strengths on the same days: meant so, or a changed dose."""
    by_name: dict[str, list[list[Supply]]] = {}
    for (name, _strength), chain in chains.items():
        if name:
            by_name.setdefault(name, []).append(chain)
    pairs = (both for strengths in by_name.values() for both in combinations(strengths, 2))
    found = []
    for one, other in (pair for chain, another in pairs for pair in product(chain, another)):
        begin, end = max(one.first, other.first), min(one.last, other.last)
        if begin <= end:
            places = (min(one.place, other.place), max(one.place, other.place))
            found.append(Finding(Reason.OTHER_STRENGTH, places, begin, (end - begin).days + 1))
    return found


def endings(planned: Sequence[Supply], last: date) -> list[Finding]:
    """Which drugs end within a range that goes up to `last`, with nothing after them."""
    newest: dict[tuple[str, str], Supply] = {}
    for supply in sorted(planned, key=lambda s: s.last):
        newest[drug(supply.medication, supply.place)] = supply
    ending = [s for s in newest.values() if s.last < last]
    return [Finding(Reason.SUPPLY_ENDS, (s.place,), s.last, (last - s.last).days) for s in ending]
