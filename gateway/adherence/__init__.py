"""What became of the dose slots: outcomes with their reasons.

Knows: how beliefs about a slot are read. May not know: whom that worries, the time.
"""

from gateway.adherence.outcomes import How, Outcome, Reason, State, outcome

__all__ = ["How", "Outcome", "Reason", "State", "outcome"]
