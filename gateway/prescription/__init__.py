"""What should be taken when: regimens and a meal clock become dose slots with windows.

Knows: Korean meal anchors, window policy, the box's limits.
May not know: what happened to a slot, the time (every function takes it), any IO.
"""

from gateway.prescription.plan import plan, rules, slot_id_of
from gateway.prescription.schedule import make_schedule, to_wire

__all__ = ["make_schedule", "plan", "rules", "slot_id_of", "to_wire"]
