"""What is left of each medicine of a person, by what she confirmed and which lids were opened.

Knows: supplies of one drug follow one another, what lies in a slot's pouch, PRN openings of a box.
May not know: what an outcome is (`used` is an argument), who is reminded, the time.

The stock is of the drug: it is told for its newest supply, for the ones before nothing is left. A
slot of the past that nobody watched, as those before the plan was confirmed, may have been taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from anbu_wire import messages as wire
from gateway.events import SlotId, StockReckoned
from gateway.household import Household
from gateway.prescription.compartments import SLOTS_A_DAY
from gateway.prescription.doses import doses_of
from gateway.prescription.medication import AsNeeded
from gateway.prescription.stock import NO_SLOT, Dose, Stock, stock, stock_as_needed
from gateway.prescription.stock_basis import DAY, KEPT_DAYS, Basis, Key
from gateway.prescription.supplies import Supply
from gateway.prescription.windows import DAY_MIN
from gateway.units import MIN_MS

# A shorter supply, and a taper, is a course that ends by itself: nobody is to fetch more of it.
COURSE_DAYS = 14
REFUSED = (wire.OPENED_PRN_TOO_SOON, wire.OPENED_PRN_TOO_MANY)  # opened, and perhaps taken

Used = Callable[[SlotId], int | None]  # doses taken at a slot; None: nobody knows
Holidays = Callable[[date], bool]


def changed(
    household: Household, of: Basis, used: Used, is_holiday: Holidays, now_ms: int
) -> list[StockReckoned]:
    """The stocks that are not what was reckoned before."""
    before = household.stocks.get(of.person_id, {})
    found = []
    for new in _reckoned(household, of, used, is_holiday, now_ms):
        old = before.get(new.medication_id)
        if old is None or replace(old, at_ms=now_ms) != new:
            found.append(new)
    return found


def _reckoned(
    household: Household, of: Basis, used: Used, is_holiday: Holidays, now_ms: int
) -> Iterator[StockReckoned]:
    past = list(_past(household, of, used, now_ms))
    for chain in of.drugs:
        newest = chain[-1]
        if isinstance(newest.medication.dosing, AsNeeded):
            found = _as_needed(household, of, chain, is_holiday)
        else:
            found = _by_slots(of, chain, past, is_holiday)
        for supply in chain[:-1]:
            yield _told(of, supply, Stock(Fraction(0), Fraction(0), None, None, None), now_ms)
        before = household.stocks.get(of.person_id, {}).get(of.ids[newest.place])
        yield _told(of, newest, _reminded(of, before, _worth_fetching(newest, found)), now_ms)


def _told(of: Basis, supply: Supply, found: Stock, now_ms: int) -> StockReckoned:
    return StockReckoned(
        now_ms,
        of.person_id,
        of.ids[supply.place],
        str(found.left),
        str(found.at_most),
        found.days_left,
        found.runs_out_on.isoformat() if found.runs_out_on else None,
        found.fetch_by.isoformat() if found.fetch_by else None,
    )


def _worth_fetching(supply: Supply, found: Stock) -> Stock:
    course = supply.medication.days_supply < COURSE_DAYS or bool(supply.medication.taper)
    return replace(found, fetch_by=None) if course else found


def _reminded(of: Basis, before: StockReckoned | None, found: Stock) -> Stock:
    """A day that somebody is reminded of stays, though a dose left over makes it last longer."""
    if before is None or before.runs_out_on is None or before.fetch_by is None:
        return found
    runs_out_on, fetch_by = (date.fromisoformat(d) for d in (before.runs_out_on, before.fetch_by))
    begun = fetch_by - of.stock_days * DAY <= of.today
    later = found.runs_out_on is not None and found.runs_out_on > runs_out_on
    if not (begun and later and found.fetch_by):
        return found
    return replace(found, runs_out_on=runs_out_on, fetch_by=fetch_by)


# --- medicines with slots ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot until now: what was in its pouch, and how many doses of it were taken."""

    key: Key
    contents: Mapping[str, Fraction]
    taken: int | None


def _past(household: Household, of: Basis, used: Used, now_ms: int) -> Iterator[_Slot]:
    """Every slot from the first supply's first day to today that may have used up something."""
    minute = (now_ms - of.first_ms) // MIN_MS + of.first.toordinal() * DAY_MIN
    days = (of.first + n * DAY for n in range((of.today - of.first).days + 1))
    for key in ((day, index) for day in days for index in range(SLOTS_A_DAY)):
        slot = SlotId(of.person_id, key[0].isoformat(), key[1])
        belief, pouch = household.slots.get(slot), of.pouches.get(key)
        planned = belief.planned if belief else None
        told = bool(belief and belief.evidence) or slot in household.corrections
        if planned is not None or told:
            taken = used(slot)
        elif pouch is not None and pouch.absolute_min <= minute:
            taken = None
        else:
            continue
        contents = (
            {c.medication_id: Fraction(c.amount) for c in planned.contents} if planned else {}
        )
        if not contents and pouch is not None:
            contents = {of.ids[d.place]: d.amount for d in pouch.drugs}
        if taken != 0:
            yield _Slot(key, contents, taken)


def _by_slots(
    of: Basis, chain: tuple[Supply, ...], past: list[_Slot], is_holiday: Holidays
) -> Stock:
    """The stock of a drug with slots."""
    ids = {of.ids[s.place] for s in chain}
    doses: list[Dose] = []
    opened: set[Key] = set()
    unknown: set[Key] = set()
    for slot in past:
        amount = sum((a for m, a in slot.contents.items() if m in ids), Fraction(0))
        if amount:
            (unknown if slot.taken is None else opened).add(slot.key)
            doses.append(Dose(*slot.key, amount * (slot.taken or 1)))
    clock = of.confirmed.meal_clock
    total = sum((d.amount for s in chain for d in doses_of(s, clock, s.first, s.last)), Fraction(0))
    doses += _ahead(of, chain, opened | unknown)
    return stock(total, doses, opened, unknown, of.today, is_holiday)


def _ahead(of: Basis, chain: tuple[Supply, ...], seen: set[Key]) -> Iterator[Dose]:
    """The doses from today on, and as if the newest supply went on: all may still be there."""
    mine = {s.place for s in chain}
    for key, pouch in of.pouches.items():
        amount = sum((d.amount for d in pouch.drugs if d.place in mine), Fraction(0))
        if pouch.day >= of.today and key not in seen and amount:
            yield Dose(*key, amount)
    newest = chain[-1]
    begin = max(newest.last + DAY, of.today)
    until = begin + (newest.last - chain[0].first) + KEPT_DAYS * DAY
    for one in doses_of(replace(newest, last=until), of.confirmed.meal_clock, begin, until):
        yield Dose(one.day, NO_SLOT, one.amount)


# --- medicines as needed -----------------------------------------------------------------------


def _as_needed(
    household: Household, of: Basis, chain: tuple[Supply, ...], is_holiday: Holidays
) -> Stock:
    """The stock of a PRN medicine by the openings of its compartment.

    It runs out on no day that anybody knows: one is told once less than the reminder's days are
    left of it. What the bag does not say is taken once a day.
    """
    newest = chain[-1].place
    mine = {p.asked.drug.place: p for p in of.as_needed}
    amount = chain[-1].medication.amount
    total = sum((_dispensed(s) for s in chain), Fraction(0))
    indices = {mine[s.place].index for s in chain if s.place in mine}
    counted, doubtful = _openings(household, of, chain[0].first, indices)
    most = mine[newest].asked.daily_max if newest in mine else 1
    found = stock_as_needed(total, amount, counted, most, of.today, is_holiday, doubtful=doubtful)
    lasts = found.days_left is None or found.days_left >= of.stock_days
    return replace(found, runs_out_on=None, fetch_by=None) if lasts else found


def _dispensed(supply: Supply) -> Fraction:
    dosing = supply.medication.dosing
    often = dosing.daily_max if isinstance(dosing, AsNeeded) and dosing.daily_max else 1
    return supply.medication.amount * often * supply.medication.days_supply


def _openings(household: Household, of: Basis, first: date, indices: set[int]) -> tuple[int, int]:
    """How often since `first` the compartments were opened as their doses, how often perhaps.

    The newest that was learnt comes first: what is older than all supplies is not looked at.
    """
    counted = doubtful = 0
    for opened in reversed(household.opened.values()):
        if opened.learnt_ms < of.first_ms:
            break
        day, index = opened.slot or ("", -1)
        if opened.person_id != of.person_id or index not in indices or day < first.isoformat():
            continue
        counted += opened.value == wire.OPENED_PRN
        doubtful += opened.value in REFUSED
    return counted, doubtful
