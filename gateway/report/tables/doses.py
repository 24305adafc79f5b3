"""One row a dose slot: what the box saw, and what a person said of it, side by side.

Knows: which fact stands in which column. May not know: figures, CSV, words for people.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.adherence.history import History
from gateway.adherence.metrics_input import Correction, DoseFact, away_days
from gateway.adherence.openings import Quality
from gateway.adherence.outcomes import How, State
from gateway.report.tables.cells import Cell, Column, Table, moment
from gateway.units import MIN_MS

DOSES = Table(
    "doses",
    (
        Column("person", required=True),
        Column("day", "date", required=True),
        Column("index", "integer", required=True),
        Column("label", required=True),
        Column("as_needed", "boolean", required=True),
        Column("due", "datetime", required=True),
        Column("opens", "datetime", required=True),
        Column("closes", "datetime", required=True),
        Column("state", required=True, values=tuple(State)),
        Column("how", values=tuple(How)),
        Column("reason"),
        Column("opened", "datetime"),
        Column("time_quality", values=tuple(Quality)),
        Column("drugs"),
        Column("monitored", "boolean", required=True),
        Column("corrected_taken", "integer"),
        Column("corrected_by"),
        Column("corrected_why"),
        Column("corrected_at", "datetime"),
        Column("schedule_version", "integer"),
    ),
    ("person", "day", "index"),
)


def dose_rows(history: History) -> Iterator[dict[str, Cell]]:
    """A row for every slot of the history, in the order they were due."""
    said = {one.slot: one for one in history.corrections}
    unseen = away_days(history.away)
    for fact in sorted(history.doses.facts, key=lambda f: (f.due_ms, f.slot.index)):
        yield {
            **_slot(fact, history),
            **_seen(fact, history),
            "monitored": fact.day not in unseen,
            **_said(said.get(fact.slot), history),
            "schedule_version": history.versions.get(fact.slot),
        }


def _slot(fact: DoseFact, history: History) -> dict[str, Cell]:
    opens_ms = fact.due_ms - fact.window.early_min * MIN_MS
    closes_ms = fact.due_ms + fact.window.late_min * MIN_MS
    return {
        "person": fact.slot.person_id,
        "day": fact.day,
        "index": fact.slot.index,
        "label": fact.label,
        "as_needed": fact.as_needed,
        "due": moment(fact.due_ms, history.zone),
        "opens": moment(opens_ms, history.zone),
        "closes": moment(closes_ms, history.zone),
        "drugs": " | ".join(_drug(drug, history) for drug in fact.drugs) or None,
    }


def _drug(drug: str, history: History) -> str:
    medication = history.medications.get(drug)
    if medication is None:
        return drug
    return " ".join(filter(None, (drug, medication.name, medication.strength)))


def _seen(fact: DoseFact, history: History) -> dict[str, Cell]:
    reason = history.reasons.get(fact.slot)
    return {
        "state": fact.state.value,
        "how": fact.how.value if fact.how else None,
        "reason": reason.value if reason else None,
        "opened": moment(fact.opened_ms, history.zone),
        "time_quality": _quality(fact, history),
    }


def _quality(fact: DoseFact, history: History) -> str | None:
    """How far the time of the opening that counts is trusted; None where none was seen."""
    if fact.state is not State.TAKEN or fact.how is How.BY_WORD:
        return None
    if fact.opened_ms is None:
        return Quality.UNKNOWN.value
    same = (o for o in history.openings if o.slot == fact.slot and o.at_ms == fact.opened_ms)
    found = next(same, None)
    return found.quality.value if found else None


def _said(one: Correction | None, history: History) -> dict[str, Cell]:
    return {
        "corrected_taken": one.taken if one else None,
        "corrected_by": one.by if one else None,
        "corrected_why": one.why if one else None,
        "corrected_at": moment(one.at_ms, history.zone) if one else None,
    }
