"""What a downloaded schedule must be before the box believes it.

Knows: the bounds of a schedule entry. May not know: clocks, storage, who sent it.
"""

from micropython import const

from anbu_wire.messages import OK, REFUSED_RANGE, TIME_CRITICAL, ScheduleEntry

_WINDOW_MAX_MIN = const(720)
_FIRST_DUE_S = const(757_382_400)  # 2024-01-01: an earlier dose is a typo or a lost clock


def check(entries: "list[ScheduleEntry]", compartments: int) -> int:
    """OK, or REFUSED_RANGE when any entry could not be a dose slot of this box."""
    seen: set[tuple[int, int]] = set()
    for entry in entries:
        if entry.slot in seen or entry.slot == (0, 0):
            return REFUSED_RANGE
        seen.add(entry.slot)
        if entry.compartment >= compartments or entry.due_wall_s < _FIRST_DUE_S:
            return REFUSED_RANGE
        if not 1 <= entry.window_min <= _WINDOW_MAX_MIN or entry.early_min > _WINDOW_MAX_MIN:
            return REFUSED_RANGE
        if entry.late_min > _WINDOW_MAX_MIN or entry.criticality > TIME_CRITICAL:
            return REFUSED_RANGE
    return OK
