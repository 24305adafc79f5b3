"""What was prescribed, what would change, what goes into the box, as the API says it.

Knows: the book, the proposal, the refill plan, the stock. May not know: how any is reckoned.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look
from gateway.events import PlannedSlot
from gateway.picture_plan import stocks_of
from gateway.prescription import stored
from gateway.prescription.book import Entered, PersonBook
from gateway.prescription.changes import Change
from gateway.prescription.proposal import Proposal, propose
from gateway.prescription.refill_plan import Row, refill_plan
from gateway.prescription.supplies import Finding

Json = dict[str, Any]

_POUCH = (
    "label", "compartment", "due_ms", "opens_ms", "closes_ms", "ends_ms", "spacing_min",
    "criticality",
)  # fmt: skip


def medications(look: Look) -> Json:
    """What was entered, whether it is confirmed; what is left of it."""
    book = look.book
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "meal_clock": dict(book.meal_clock or look.person.meal_clock),
        "medications": [_medication(entered, book) for entered in book.entered.values()],
        "stocks": stocks_of(look.home.household, look.person.id),
    }


def plan(look: Look) -> Json:
    """What a confirmation now would change."""
    proposal = propose(look.home.household, look.person.id, look.now_ms)
    first = proposal.holds_from
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        "waiting": proposal.waiting,
        "blocked": proposal.blocked,
        "digest": proposal.digest,
        "replaces_file": proposal.replaces_file,
        "holds_from_ms": first.due_ms if first and proposal.waiting else None,
        "changes": [_change(change) for change in proposal.changes],
        "findings": [_finding(finding, proposal) for finding in proposal.findings],
    }


def refill(look: Look) -> Json:
    """Which pouch goes where in the coming week."""
    made = refill_plan(look.home.household, look.person.id, look.now_ms)
    rows = {"fill": made.fill, "left": made.left, "as_needed": made.as_needed}
    return {
        "as_of_ms": look.now_ms,
        **look.line,
        **{name: [_row(row) for row in found] for name, found in rows.items()},
        "empty": list(made.empty),
    }


def _medication(entered: Entered, book: PersonBook) -> Json:
    stopped, confirmed = entered.stopped, book.confirmed
    return {
        "id": entered.id,
        **stored.to_json(entered.medication),
        "prescription_id": entered.prescription_id,
        "entered_ms": entered.at_ms,
        "entered_by": entered.by,
        "source": entered.source,
        "stopped": {"last_day": stopped.last_day, "by": stopped.by, "why": stopped.why}
        if stopped
        else None,
        "confirmed": bool(confirmed and entered.id in confirmed.medications),
    }


def _change(change: Change) -> Json:
    return {
        "kind": str(change.kind),
        "label": change.label,
        "days": list(change.on),
        "goes_on": change.goes_on,
        "before": _pouch(change.before),
        "after": _pouch(change.after),
    }


def _pouch(slot: PlannedSlot | None) -> Json | None:
    if slot is None:
        return None
    inside = [
        {"medication_id": one.medication_id, "amount": str(one.amount)} for one in slot.contents
    ]
    return {**{name: getattr(slot, name) for name in _POUCH}, "contents": inside}


def _finding(finding: Finding, proposal: Proposal) -> Json:
    listed = list(proposal.medications)
    return {
        "reason": str(finding.reason),
        "blocks": finding.blocks,
        "medications": [listed[place] for place in finding.medications],
        "day": finding.day.isoformat() if finding.day else None,
        "days": finding.days,
    }


def _row(row: Row) -> Json:
    return {
        "day": row.day,
        "label": row.label,
        "compartment": row.compartment,
        "due_ms": row.due_ms,
        "contents": [
            {
                "medication_id": pill.medication_id,
                "name": pill.name,
                "strength": pill.strength,
                "amount": str(pill.amount),
                "unit": pill.unit,
            }
            for pill in row.contents
        ],
    }
