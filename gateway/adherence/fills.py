"""What the pharmacy dispensed, out of a person's book of prescriptions.

Knows: which entries are fills of one drug and of one course, and over which days a drug is judged.
May not know: openings of the box, formulas, words, the time (the last day is an argument).

A drug is what `prescription.supplies` takes for the same; its name is the one written last. A way
of taking it (dosing, days, amount) is a course, named by the entry that began it. A drug is judged
from its first fill on: to the end of the period, or to the last day where its newest fill was
stopped; the days between a stop and the next fill are nobody's gap. Whether an ended course was to
be renewed is not guessed: a stop says that it was not. PRN medicine has no days' supply to be
judged by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from gateway.adherence.metrics_input import Away, Fill, Supply, as_date
from gateway.prescription.book import Entered, PersonBook
from gateway.prescription.medication import AsNeeded, Medication
from gateway.prescription.supplies import drug


def drug_names(book: PersonBook) -> dict[str, str]:
    """Medication id → its drug's name, the same for all fills of that drug."""
    newest: dict[tuple[str, str], str] = {}
    keys = {}
    for entered in book.entered.values():
        medication = entered.medication
        named = " ".join(filter(None, (medication.name, medication.strength)))
        keys[entered.id] = drug(medication, 0) if medication.name else ("", entered.id)
        newest[keys[entered.id]] = " ".join(named.split()) or entered.id
    return {medication_id: newest[key] for medication_id, key in keys.items()}


def supplies_of(
    book: PersonBook, from_day: str, to_day: str, away: tuple[Away, ...]
) -> tuple[Supply, ...]:
    """The supply of each drug that was at home or dispensed in the period, by the drug's name."""
    names = drug_names(book)
    by_drug: dict[str, list[Entered]] = {}
    for entered in book.entered.values():
        if entered.medication.dispensed_on and not isinstance(entered.medication.dosing, AsNeeded):
            by_drug.setdefault(names[entered.id], []).append(entered)
    found = (_supply(name, by_drug[name], from_day, to_day, away) for name in sorted(by_drug))
    return tuple(supply for supply in found if supply is not None)


def _supply(
    name: str, every: Iterable[Entered], from_day: str, to_day: str, away: tuple[Away, ...]
) -> Supply | None:
    filled = {e: f for e in every if (f := _fill(name, e)) is not None}
    if not filled:
        return None
    courses = _courses(filled)
    fills = [Fill(f.day, f.id, name, f.days_supply, courses[f.id]) for f in filled.values()]
    fills.sort()
    last = max(filled, key=lambda e: (filled[e].day, e.at_ms, e.prescription_id))
    ends = [to_day, last.stopped.last_day] if last.stopped else [to_day]
    begin, end = max(from_day, fills[0].day), min(ends)
    if begin > end or not any(_until(e) >= begin for e in filled):
        return None
    return Supply(tuple(fills), begin, end, (*away, *_not_wanted(filled)))


def _not_wanted(filled: Mapping[Entered, Fill]) -> Iterator[Away]:
    """The days between a stop and the fill after it: nothing was to be taken."""
    in_order = sorted(filled, key=lambda e: filled[e])
    for before, after in pairwise(in_order):
        if before.stopped is not None:
            first = as_date(before.stopped.last_day) + timedelta(1)
            last = as_date(filled[after].day) - timedelta(1)
            yield Away(first.isoformat(), last.isoformat(), "stopped")


def _fill(name: str, entered: Entered) -> Fill | None:
    """What was dispensed and was to be taken; None where it was stopped before its first day."""
    medication = entered.effective
    if medication is None or medication.dispensed_on is None or medication.days_supply < 1:
        return None
    return Fill(medication.dispensed_on.isoformat(), entered.id, name, medication.days_supply)


def _until(entered: Entered) -> str:
    """The last day a fill is meant for, refills carried on."""
    first, medication = entered.begins or entered.medication.dispensed_on, entered.effective
    if first is None or medication is None:
        return ""
    return (first + timedelta(medication.days_supply - 1)).isoformat()


def _courses(filled: Mapping[Entered, Fill]) -> dict[str, str]:
    """Medication id → the id of the first entry that is taken in the same way."""
    first: dict[str, str] = {}
    return {e.id: first.setdefault(_way(e.medication), e.id) for e in filled}


def _way(medication: Medication) -> str:
    m = medication
    return repr((m.dosing, m.days, m.amount, m.unit, m.taper))


def in_force(book: PersonBook, from_day: str, to_day: str) -> dict[str, Medication]:
    """The medications that are to be taken on some day of the period, by id, as shortened."""
    found = {}
    for entered in book.entered.values():
        first, medication = entered.begins or entered.medication.dispensed_on, entered.effective
        if first is None or medication is None:
            continue
        if first.isoformat() <= to_day and _until(entered) >= from_day:
            found[entered.id] = medication
    return found
