"""Dose facts out of the folded household.

Knows: how a slot's belief becomes a dose fact, and which of it a person said.
May not know: any formula, words, the time (an argument).

The raw record is what the box saw. A slot that a person's word closed stands in it as it would
without that word, and the word is a correction. An opening whose time nobody can trust has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from anbu_wire import messages as wire
from gateway.adherence.metrics_input import Correction, DoseFact, Window, as_date
from gateway.adherence.outcomes import How, Outcome, State, outcome
from gateway.events import PlannedSlot, SlotId
from gateway.household import Evidence, Household, RecordId, SlotBelief
from gateway.roster import AS_NEEDED

MIN_MS = 60_000
BY_WORD = list(How).index(How.BY_WORD)
THE_BOX = "box"  # whose word it was, the box does not record

DrugsOf = Callable[[SlotId], tuple[str, ...]]


def dose_facts(
    household: Household,
    person_id: str,
    from_day: str,
    to_day: str,
    now_ms: int,
    drugs_of: DrugsOf = lambda _slot: (),
) -> tuple[DoseFact, ...]:
    """What the box saw of every planned slot of the period, both days included, as of `now_ms`."""
    return tuple(
        _fact(household, belief, planned, now_ms, drugs_of(planned.slot))
        for planned, belief in _planned(household, person_id, from_day, to_day)
    )


def words(
    household: Household, person_id: str, from_day: str, to_day: str
) -> tuple[Correction, ...]:
    """What persons said at the box about slots of the period, as corrections."""
    found = []
    for planned, belief in _planned(household, person_id, from_day, to_day):
        said = [(e, i) for i, e in belief.evidence.items() if _by_word(e)]
        for evidence, identity in said:
            at_ms = household.when_ms(identity, evidence.stamp, evidence.at_ms)
            taken = int(evidence.record_kind == wire.SLOT_TAKEN)
            found.append(Correction(at_ms, planned.slot, taken, THE_BOX, "by_word"))
    return tuple(found)


def _planned(
    household: Household, person_id: str, from_day: str, to_day: str
) -> Iterator[tuple[PlannedSlot, SlotBelief]]:
    """The planned slots of the period; a window may end days after its day, in any zone."""
    first = datetime.combine(as_date(from_day), time(), UTC) - timedelta(2)
    last = datetime.combine(as_date(to_day), time(), UTC) + timedelta(4)
    from_ms, to_ms = (round(t.timestamp() * 1000) for t in (first, last))
    for planned in household.closing(from_ms, to_ms):
        if planned.slot.person_id == person_id and from_day <= planned.slot.day <= to_day:
            yield planned, household.slots[planned.slot]


def _fact(
    household: Household,
    belief: SlotBelief,
    planned: PlannedSlot,
    now_ms: int,
    drugs: tuple[str, ...],
) -> DoseFact:
    seen = _seen_by_the_box(household, belief, planned.slot, now_ms)
    as_made = belief.made or planned  # the window as prescribed, not as it was put off
    early_ms, late_ms = as_made.due_ms - as_made.opens_ms, as_made.closes_ms - as_made.due_ms
    return DoseFact(
        slot=planned.slot,
        label=planned.label,
        due_ms=planned.due_ms,
        state=seen.state,
        how=seen.how,
        opened_ms=_opened_ms(household, belief) if seen.state is State.TAKEN else None,
        drugs=drugs,
        window=Window(early_ms // MIN_MS, late_ms // MIN_MS),
        as_needed=planned.label == AS_NEEDED,
    )


def _seen_by_the_box(
    household: Household, belief: SlotBelief, slot: SlotId, now_ms: int
) -> Outcome:
    if not any(_by_word(e) for e in belief.evidence.values()):
        return outcome(household, slot, now_ms)
    seen = {i: e for i, e in belief.evidence.items() if not _by_word(e)}
    unsaid = replace(household, slots={slot: replace(belief, evidence=seen)})
    return outcome(unsaid, slot, now_ms)


def _by_word(evidence: Evidence) -> bool:
    kind, value = evidence.record_kind, evidence.value
    return (kind == wire.SLOT_TAKEN and value == BY_WORD) or (
        kind == wire.SLOT_SKIPPED and value == wire.SKIPPED_BY_WORD
    )


def _opened_ms(household: Household, belief: SlotBelief) -> int | None:
    """When the box says it was opened, by the verdict that counts; None where its clock lies."""
    openings: list[tuple[Evidence, RecordId]] = [
        (e, i)
        for i, e in belief.evidence.items()
        if e.record_kind == wire.SLOT_TAKEN and not _by_word(e)
    ]
    verdict, (device_id, epoch, _seq) = min(openings)
    return household.timelines.wall_ms(device_id, epoch, verdict.stamp)
