"""A person's history as what is told of it in FHIR.

Knows: which part of a history is told. May not know: resources, IO, the time.

The slots are told as the box saw them, each word of a person by itself. Of days that nobody could
see only what a hand did at a lid is told: anything else is paused, and not told at all.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.adherence.history import History
from gateway.adherence.metrics_input import DoseFact, away_days
from gateway.adherence.outcomes import SOMEBODY_THERE, State
from gateway.fhir.export_input import Told, slot_facts


def told(history: History) -> Told:
    """All that is told of a history."""
    unseen = away_days(history.away)
    facts = (_seen(fact, unseen) for fact in history.doses.facts)
    return Told(
        person_id=history.person_id,
        name=history.name,
        zone=history.zone,
        device_id=history.device_id,
        as_of_ms=history.as_of_ms,
        medications=history.medications,
        slots=slot_facts(facts, history.reasons),
        openings=history.openings,
        words=history.words,
    )


def _seen(fact: DoseFact, unseen: frozenset[str]) -> DoseFact:
    if fact.day in unseen and fact.state not in SOMEBODY_THERE:
        return replace(fact, state=State.PAUSED)
    return fact
