"""Reports of households nobody knows, and their states.

Knows: the facts about reports, which state follows which. May not know: the time, who is known
already (gateway.coverage.register), a page.

Nothing is thrown away: a report that may be about somebody known is kept and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.looking_in import HouseholdReported, IntakeChanged


class State(StrEnum):
    """Where a report stands."""

    NEW = "new"
    VISITED = "visited"  # an officer was there
    ENROLLED = "enrolled"  # she is looked after here now
    REFERRED = "referred"  # another office has it
    NOTHING_FOUND = "nothing_found"


# Which states follow which. What is over may be taken up again: somebody was not at home.
FOLLOWS: dict[State, tuple[State, ...]] = {
    State.NEW: (State.VISITED, State.ENROLLED, State.REFERRED, State.NOTHING_FOUND),
    State.VISITED: (State.ENROLLED, State.REFERRED, State.NOTHING_FOUND),
    State.ENROLLED: (),
    State.REFERRED: (State.VISITED, State.ENROLLED, State.NOTHING_FOUND),
    State.NOTHING_FOUND: (State.VISITED, State.ENROLLED, State.REFERRED),
}


@dataclass(slots=True)
class Intake:
    """One report and what became of it, the newest change last."""

    reported: HouseholdReported
    changes: list[IntakeChanged] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Its number."""
        return self.reported.intake_id

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.changes[-1].state) if self.changes else State.NEW

    @property
    def person_id(self) -> str:
        """Whom it turned out to be about; "" = nobody here."""
        return next((c.person_id for c in reversed(self.changes) if c.person_id), "")
