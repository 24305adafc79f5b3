"""Whether a call asks about today's medicine, by what the household knows of today's lids.

Knows: outcomes of slots. May not know: words, what her answer means.

Who is asked before a dose is due may take it too early: then nothing is asked. What her box saw
opened is not asked, but said; what somebody vouched for is neither. Of a dose that is doubtful a
person asks, not a machine. All else, what nobody could see included, is asked in the same plain
words, which tell her to take nothing.
"""

from __future__ import annotations

from datetime import date

from gateway.adherence.outcomes import How, State, outcome
from gateway.calls.questions import ANY_MEDICINE, MEDICATION, OPENED
from gateway.household import Household
from gateway.units import DAY_MS
from gateway.zones import instant_ms

NOT_ASKED = frozenset({State.PAUSED, State.SKIPPED, State.WAITING})


def question_of(household: Household, person_id: str, day: str, now_ms: int) -> str:
    """Which question stands in the medicine's place; "": none."""
    roster = household.roster
    if roster is None:
        return ""
    begins_ms = instant_ms(date.fromisoformat(day), "00:00", roster.zone)
    hers = list(household.closing(begins_ms - DAY_MS, begins_ms + 2 * DAY_MS, person_id))
    if not hers:
        return ANY_MEDICINE
    due = [p.slot for p in hers if p.slot.day == day and p.due_ms <= now_ms]
    found = [o for o in (outcome(household, of, now_ms) for of in due) if o.state not in NOT_ASKED]
    states = {of.state for of in found}
    if not states or State.DOUBTFUL in states:
        return ""
    if states != {State.TAKEN}:
        return MEDICATION
    return OPENED if any(of.how is not How.BY_WORD for of in found) else ""
