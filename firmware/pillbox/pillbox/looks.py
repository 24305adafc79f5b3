"""Which meaning each compartment's light has now.

Knows: slots and their states, the meanings of signals. May not know: why a state is so, chips.
"""

from micropython import const

from pillbox import signals
from pillbox.slot import DOUBTFUL, DUE, LATE, MISSED, TAKEN, Slot

SHOWN_S = const(57_600)  # how long taken and not-taken stay visible after due

_FINAL = {
    TAKEN: signals.TAKEN,
    MISSED: signals.NOT_TAKEN,
    DOUBTFUL: signals.ASK,
}


def show(
    meanings: bytearray, slots: "list[Slot]", wall_s: int, fault: bool, wrong_lids: int
) -> bytearray:
    """Writes one meaning a compartment into `meanings`; an unknown time (0) shows the fault."""
    for i in range(len(meanings)):
        meanings[i] = signals.FAULT if fault or not wall_s else signals.DARK
    if not wall_s:
        return meanings
    for slot in slots:
        meaning = _meaning(slot, wall_s)
        if meaning != signals.DARK:
            meanings[slot.entry.compartment] = meaning
    for i in range(len(meanings) if wrong_lids else 0):
        if wrong_lids >> i & 1:
            meanings[i] = signals.WRONG_LID
    return meanings


def _meaning(slot: Slot, wall_s: int) -> int:
    if slot.state == DUE:
        return signals.TAKE if slot.armed else signals.DARK
    if slot.state == LATE:
        return signals.LATE
    if wall_s - slot.entry.due_wall_s > SHOWN_S:
        return signals.DARK
    return _FINAL.get(slot.state, signals.DARK)
