"""How many doses a slot used up, as far as anybody knows.

Knows: what an outcome means for the pouch. May not know: amounts, medicines, stock.
"""

from __future__ import annotations

from gateway.adherence.outcomes import State, outcome
from gateway.adherence.spoken import correction
from gateway.events import SlotId
from gateway.household import Household

# Whether the pouch is still there. None: nobody knows, it may be gone.
GONE: dict[State, bool | None] = {
    State.WAITING: False,
    State.OPEN: False,
    State.DUE: False,
    State.LATE: False,
    State.MISSED: False,
    State.SKIPPED: False,
    State.TAKEN: True,
    State.DOUBTFUL: None,
    State.UNKNOWN: None,
    State.PAUSED: None,  # taken along, or not taken at all
}


def used(household: Household, slot: SlotId, now_ms: int) -> int | None:
    """The doses taken at a slot: 0, 1, or as many as a person said; None: nobody knows."""
    gone = GONE[outcome(household, slot, now_ms).state]
    if not gone:
        return None if gone is None else 0
    said = correction(household, slot, now_ms)
    return max(1, said.taken) if said else 1
