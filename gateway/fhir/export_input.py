"""What is told of one person: plain facts, so that no database is needed.

Knows: slots with what became of them, openings of lids, persons' words; told.py fills it.
May not know: FHIR, where the facts come from, the time.

Times are UTC ms, days ISO dates in the person's zone. A word is metrics_input.Correction: how many
doses were taken at a slot, who says so and why they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from gateway.adherence.metrics_input import Correction, DoseFact
from gateway.adherence.openings import AS_DUE, Opening
from gateway.adherence.outcomes import How, Reason, State
from gateway.events import SlotId
from gateway.prescription.medication import Medication
from gateway.units import MIN_MS

__all__ = ["AS_DUE", "TOLD", "Opening", "SlotFact", "Told", "slot_facts"]

# Over, and told; a slot that is not over yet is in no export.
TOLD = frozenset({State.TAKEN, State.MISSED, State.SKIPPED, State.DOUBTFUL, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class SlotFact:
    """A dose slot, what became of it, and why that is believed (a Reason's value).

    `opened_ms` None: not opened, or at a time nobody can trust. `drugs`: keys of Told.medications,
    empty where it is not known what was in its pouch.
    """

    slot: SlotId
    label: str
    opens_ms: int
    closes_ms: int
    state: State
    reason: str
    opened_ms: int | None = None
    drugs: tuple[str, ...] = ()
    how: How | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of one person over some days, as of `as_of_ms`."""

    person_id: str
    name: str
    zone: ZoneInfo
    device_id: str
    as_of_ms: int
    medications: Mapping[str, Medication] = field(default_factory=dict)
    slots: tuple[SlotFact, ...] = ()
    openings: tuple[Opening, ...] = ()
    words: tuple[Correction, ...] = ()


def slot_facts(
    facts: Iterable[DoseFact], reasons: Mapping[SlotId, Reason] | None = None
) -> tuple[SlotFact, ...]:
    """The dose facts that the metrics are fed with, as slots to be told; PRN ones are none."""
    why = reasons or {}
    return tuple(
        SlotFact(
            slot=f.slot,
            label=f.label,
            opens_ms=f.due_ms - f.window.early_min * MIN_MS,
            closes_ms=f.due_ms + f.window.late_min * MIN_MS,
            state=f.state,
            reason=why[f.slot].value if f.slot in why else f.state.value,
            opened_ms=f.opened_ms,
            drugs=f.drugs,
            how=f.how,
        )
        for f in facts
        if not f.as_needed
    )
