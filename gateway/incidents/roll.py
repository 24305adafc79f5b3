"""The roll of an incident: everybody who could be told, and why each was or was not.

Knows: turns, holds, texts. May not know: words, a page; the time is the view's.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.household import Household
from gateway.incidents import ladder
from gateway.incidents.ledger import Ledger
from gateway.incidents.purposes import STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident, Text
from gateway.incidents.table import State
from gateway.incidents.view import View
from gateway.roster import Guardian


@dataclass(frozen=True, slots=True)
class Line:
    """One person. `at_ms`: when she was told or was not; `next_ms`: when it is her turn (again)."""

    guardian_id: str
    name: str
    role: str
    told: bool
    reason: str
    at_ms: int | None
    next_ms: int | None
    delivery: str | None  # the state of the newest text to her about it
    delivered_ms: int | None


def roll(household: Household, ledger: Ledger, incident: Incident, now_ms: int) -> list[Line]:
    """One line for each person registered for the incident, in the order of its ladder."""
    if household.roster is None:
        return []
    view = View(household.roster, household, ledger, now_ms)
    people = [g for step in view.steps(incident) for g in step]
    people += [g for g in view.people(incident) if g not in people]
    turn = ladder.turn(view, incident) if incident.live else None
    return [_line(view, incident, guardian, turn) for guardian in people]


def _line(view: View, incident: Incident, guardian: Guardian, turn: ladder.Turn | None) -> Line:
    telling = incident.tellings.get(guardian.id)
    text = _newest(view, incident, guardian)
    hers = turn is not None and guardian in turn.guardians
    return Line(
        guardian_id=guardian.id,
        name=guardian.name,
        role=guardian.role,
        told=guardian.id in incident.told,
        reason=telling.reason if telling else str(_not_reached(view, incident, guardian)),
        at_ms=telling.at_ms if telling else None,
        next_ms=turn.due_ms if hers and turn else telling.until_ms if telling else None,
        delivery=text.state if text else None,
        delivered_ms=text.delivered_ms if text else None,
    )


def _newest(view: View, incident: Incident, guardian: Guardian) -> Text | None:
    texts = (view.ledger.texts[i] for i in reversed(incident.texts))
    hers = (t for t in texts if t.guardian_id == guardian.id and t.purpose in STEPS)
    return next(hers, None)


def _not_reached(view: View, incident: Incident, guardian: Guardian) -> Reason:
    """Why it was never her turn."""
    if view.stopped(guardian):
        return Reason.STOPPED
    if "" in incident.tellings:
        return Reason.ABSORBED
    if all(guardian not in step for step in view.steps(incident)):
        return Reason.NOT_HER_KIND
    if not incident.live:
        return Reason.TAKEN_ON if incident.acked_by else Reason.OVER_BEFORE
    return Reason.TAKEN_ON if incident.state is State.ACKED else Reason.NOT_YET
