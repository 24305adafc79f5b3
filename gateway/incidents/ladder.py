"""Whose turn it is: the steps of a person's ladder over time.

Knows: delays, failed texts, the repeated last step.
May not know: what a text says.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.incidents.ledger import STEP_PURPOSES, Incident, Ledger
from gateway.incidents.reasons import Reason
from gateway.incidents.table import State
from gateway.roster import MIN_MS, Guardian, Roster


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is to be told next, at which instant that is due, and why."""

    step: int
    guardians: tuple[Guardian, ...]
    due_ms: int
    reason: Reason


def turn(roster: Roster, ledger: Ledger, incident: Incident) -> Turn | None:
    """The next turn of an incident; None where nobody is left to tell.

    While somebody has it the turn is due when that ends.
    """
    steps = roster.steps(incident.person_id)
    if not steps:
        return None
    following = incident.step + 1
    if following < len(steps):
        due_ms, reason = _following_due(steps, ledger, incident, following)
    elif incident.repeats < roster.policy.repeat_limit:
        following = len(steps) - 1
        due_ms = incident.step_ms + roster.policy.repeat_min * MIN_MS
        reason = Reason.REPEAT
    else:
        return None
    if incident.state is State.ACKED and incident.acked_until_ms is not None:
        due_ms, reason = incident.acked_until_ms, Reason.ACK_EXPIRED
    return Turn(following, steps[following], due_ms, reason)


def _following_due(
    steps: tuple[tuple[Guardian, ...], ...], ledger: Ledger, incident: Incident, following: int
) -> tuple[int, Reason]:
    due_ms = incident.opened_ms + steps[following][0].after_min * MIN_MS
    if incident.step < 0:
        return due_ms, Reason.FIRST_STEP
    if _step_failed(ledger, incident):
        return incident.step_ms, Reason.STEP_FAILED
    return due_ms, Reason.NEXT_STEP


def _step_failed(ledger: Ledger, incident: Incident) -> bool:
    """Whether no text of the last step can arrive any more."""
    last = [
        ledger.texts[text_id]
        for text_id in incident.texts
        if ledger.texts[text_id].step == incident.step
        and ledger.texts[text_id].purpose in STEP_PURPOSES
        and ledger.texts[text_id].decided_ms == incident.step_ms
    ]
    return bool(last) and all(text.state == "undelivered" for text in last)


def told(roster: Roster, ledger: Ledger, incident: Incident) -> tuple[Guardian, ...]:
    """Everybody who was told about an incident by a text that has not failed for good."""
    reached = {
        ledger.texts[text_id].guardian_id
        for text_id in incident.texts
        if ledger.texts[text_id].state != "undelivered"
    }
    return tuple(
        g
        for g in roster.guardians
        if g.id in incident.told and g.id in reached and g.person_id == incident.person_id
    )
