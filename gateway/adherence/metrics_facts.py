"""Dose facts out of the folded household.

Knows: how a slot's belief becomes a dose fact, and what persons said of it at the box or beside it.
May not know: any formula, words, the time (an argument).

The raw record is the box's own, and all of it: a dose stands there as taken by word only where the
box itself wrote that down (OK was pressed, or it took the word from the gateway), so that a raw
figure can be had from the box's log alone; how many those are stands beside it. What was said by a
reply or on the page, a pouch taken along for one, is a correction, and counts when cleaned. An
opening whose time nobody can trust has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from anbu_wire import messages as wire
from gateway.adherence.metrics_input import Correction, DoseFact, Window, as_date
from gateway.adherence.outcomes import Outcome, State, outcome
from gateway.adherence.spoken import BY_WORD, correction, corrections, opened_ms
from gateway.events import DoseCorrected, PlannedSlot
from gateway.household import Evidence, Household, SlotBelief
from gateway.roster import AS_NEEDED
from gateway.units import MIN_MS

# Whose word it was, the box does not record; nobody who enters something can be called so.
THE_BOX = ""


def doses_seen(
    household: Household, person_id: str, from_day: str, to_day: str, now_ms: int
) -> tuple[tuple[DoseFact, Outcome], ...]:
    """What the box says of every planned slot of the period, both days included, and why."""
    found = []
    for planned, belief in planned_slots(household, person_id, from_day, to_day):
        seen = outcome(household, planned.slot, now_ms, corrected=False)
        found.append((_fact(household, belief, planned, seen), seen))
    return tuple(found)


def standing(
    household: Household, person_id: str, from_day: str, to_day: str, now_ms: int
) -> tuple[Correction, ...]:
    """The corrections of the period's slots that hold, one a slot."""
    found = []
    for planned, _belief in planned_slots(household, person_id, from_day, to_day):
        one = correction(household, planned.slot, now_ms)
        if one is not None:
            found.append(_correction(one))
    return tuple(found)


def said(
    household: Household, person_id: str, from_day: str, to_day: str
) -> tuple[Correction, ...]:
    """All that persons said about slots of the period, at the box and beside it."""
    found: list[Correction] = []
    for planned, belief in planned_slots(household, person_id, from_day, to_day):
        found += box_words(household, belief, planned)
        found += [_correction(one) for one in corrections(household, planned.slot)]
    return tuple(found)


def box_words(
    household: Household, belief: SlotBelief, planned: PlannedSlot
) -> Iterator[Correction]:
    """What was said at the box about a slot."""
    for identity, evidence in sorted(belief.evidence.items(), key=lambda one: (one[1], one[0])):
        if _by_word(evidence):
            at_ms = household.when_ms(identity, evidence.stamp, evidence.at_ms)
            taken = int(evidence.record_kind == wire.SLOT_TAKEN)
            yield Correction(at_ms, planned.slot, taken, THE_BOX, "by_word")


def planned_slots(
    household: Household, person_id: str, from_day: str, to_day: str
) -> Iterator[tuple[PlannedSlot, SlotBelief]]:
    """The planned slots of the period; a window may end days after its day, in any zone."""
    first = datetime.combine(as_date(from_day), time(), UTC) - timedelta(2)
    last = datetime.combine(as_date(to_day), time(), UTC) + timedelta(4)
    from_ms, to_ms = (round(t.timestamp() * 1000) for t in (first, last))
    for planned in household.closing(from_ms, to_ms, person_id):
        if from_day <= planned.slot.day <= to_day:
            yield planned, household.slots[planned.slot]


def _fact(
    household: Household, belief: SlotBelief, planned: PlannedSlot, seen: Outcome
) -> DoseFact:
    as_made = belief.made or planned  # the window as prescribed, not as it was put off
    early_ms, late_ms = as_made.due_ms - as_made.opens_ms, as_made.closes_ms - as_made.due_ms
    return DoseFact(
        slot=planned.slot,
        label=planned.label,
        due_ms=planned.due_ms,
        state=seen.state,
        how=seen.how,
        opened_ms=opened_ms(household, belief) if seen.state is State.TAKEN else None,
        drugs=tuple(content.medication_id for content in as_made.contents),
        window=Window(early_ms // MIN_MS, late_ms // MIN_MS),
        as_needed=planned.label == AS_NEEDED,
    )


def _correction(one: DoseCorrected) -> Correction:
    return Correction(one.at_ms, one.slot, one.taken, one.by, one.why)


def _by_word(evidence: Evidence) -> bool:
    kind, value = evidence.record_kind, evidence.value
    return (kind == wire.SLOT_TAKEN and value == BY_WORD) or (
        kind == wire.SLOT_SKIPPED and value == wire.SKIPPED_BY_WORD
    )
