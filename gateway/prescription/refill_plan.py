"""Which pouch goes into which compartment in the coming days, for whoever fills the box.

Knows: the box's columns and rows, what lies in a pouch, which doses are too near to be filled now.
May not know: what is in a compartment, orders, words; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gateway.events import PlannedRule, PlannedSlot
from gateway.household import Household
from gateway.prescription.compartments import SLOTS_A_DAY
from gateway.prescription.current import coming, confirmed_of, told
from gateway.prescription.medication import Medication
from gateway.roster import COMPARTMENTS
from gateway.units import DAY_MS, MIN_MS
from gateway.zones import local

REFILL_DAYS = 7  # the box holds a week
SOON_MS = 30 * MIN_MS  # a dose that may be opened so soon is not mixed up with filling


@dataclass(frozen=True, slots=True)
class Pill:
    """What of one medicine goes into a pouch: `amount` in `unit`."""

    medication_id: str
    name: str
    strength: str
    amount: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One pouch. `column`: the weekday, 0 Monday; `row`: the place of the day, 0 morning.

    `day`: the ISO date whose dose it is; of a PRN compartment the first day of its supply.
    """

    day: str
    label: str
    compartment: int
    column: int
    row: int
    due_ms: int
    contents: tuple[Pill, ...]


@dataclass(frozen=True, slots=True)
class RefillPlan:
    """`fill` by due time; `left`: too near, or open now, so not touched; `as_needed`: PRN.

    `empty`: compartments that nothing goes into. `mask`: of `fill`, as the box's refill has it.
    """

    fill: tuple[Row, ...]
    left: tuple[Row, ...]
    as_needed: tuple[Row, ...]
    empty: tuple[int, ...]
    mask: int


def to_fill(
    household: Household, person_id: str, now_ms: int, days: int = REFILL_DAYS
) -> tuple[PlannedSlot, ...]:
    """The doses of the coming days, without those that may be opened now or soon."""
    return tuple(
        s for s in _of_days(household, person_id, now_ms, days) if s.opens_ms > now_ms + SOON_MS
    )


def mask_of(slots: Iterable[PlannedSlot]) -> int:
    """Their compartments as the box has them, bit 0 the first."""
    return sum(1 << compartment for compartment in {s.compartment for s in slots})


def refill_plan(
    household: Household, person_id: str, now_ms: int, days: int = REFILL_DAYS
) -> RefillPlan:
    """What goes where, for `days` days from now."""
    confirmed = confirmed_of(household, person_id)
    known = confirmed.medications if confirmed else {}
    fill = to_fill(household, person_id, now_ms, days)
    near = [
        s
        for s in _of_days(household, person_id, now_ms, days)
        if s.opens_ms <= now_ms + SOON_MS and s.ends_ms > now_ms
    ]
    prn = [r.first for r in _prn(household, person_id, now_ms, days)]
    used = {s.compartment for s in (*fill, *near, *prn)}
    return RefillPlan(
        tuple(_row(s, known) for s in fill),
        tuple(_row(s, known) for s in near),
        tuple(_row(s, known) for s in prn),
        tuple(n for n in range(COMPARTMENTS) if n not in used),
        mask_of(fill),
    )


def _of_days(
    household: Household, person_id: str, now_ms: int, days: int
) -> tuple[PlannedSlot, ...]:
    wanted = coming(household, person_id, now_ms, days + 2)
    return tuple(s for s in wanted if s.due_ms <= now_ms + days * DAY_MS)


def _prn(household: Household, person_id: str, now_ms: int, days: int) -> Iterable[PlannedRule]:
    """The PRN compartments whose supply begins within these days and is not over."""
    roster = household.roster
    if roster is None:
        return []
    today = local(now_ms, roster.zone).date().isoformat()
    _slots, rules = told(household, roster, person_id, now_ms, days)
    return [
        r
        for r in rules
        if r.daily_max
        and r.first.due_ms <= now_ms + days * DAY_MS
        and (r.until_day or today) >= today
    ]


def _row(slot: PlannedSlot, known: Mapping[str, Medication]) -> Row:
    column, row = divmod(slot.compartment, SLOTS_A_DAY)
    pills = [
        Pill(
            c.medication_id,
            known[c.medication_id].name,
            known[c.medication_id].strength,
            Fraction(c.amount),
            known[c.medication_id].unit,
        )
        for c in slot.contents
    ]
    at = (slot.slot.day, slot.label, slot.compartment, column, row)
    return Row(*at, slot.due_ms, tuple(pills))
