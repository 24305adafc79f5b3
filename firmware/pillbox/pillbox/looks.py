"""Which meaning each compartment's light has now.

Knows: slots and their states, the meanings of signals. May not know: why a state is so, chips.

On one lid the more pressing meaning wins: a warning, then what refilling asks for, then a lid left
open, then a dose that may be taken, then what became of the latest dose, then a fault.
"""

from micropython import const

from anbu_wire.messages import NO_COMPARTMENT, REFILL_END, REFILL_TAKE_OUT
from pillbox import signals
from pillbox.slot import DOUBTFUL, DUE, LATE, MISSED, SKIPPED, TAKEN, TOUCHED

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.slot import Slot

SHOWN_S = const(57_600)  # how long after due it is visible what became of a dose: sixteen hours

# what became of a dose → the meaning of its lid's light
BECAME = {
    TOUCHED: signals.ASK,
    TAKEN: signals.TAKEN,
    MISSED: signals.NOT_TAKEN,
    SKIPPED: signals.SKIP,
    DOUBTFUL: signals.ASK,
}
# meanings that ask for a hand on this lid now: nothing that is shown on all lids hides them
HANDS = (
    signals.TAKE,
    signals.LATE,
    signals.WRONG_LID,
    signals.LEFT_OPEN,
    signals.FILL,
    signals.EMPTY,
)
# meanings for all lids that leave alone whatever is lit already
BELOW = (signals.FAULT, signals.CLOCK_FAULT, signals.LOCATE)


def show(
    meanings: bytearray,
    slots: "list[Slot]",
    wall_s: int,
    fault: bool,
    warned_mask: int,
    left_open_mask: int,
    filling: int = REFILL_END,
    next_fill: int = NO_COMPARTMENT,
    filled_mask: int = 0,
) -> bytearray:
    """Writes one meaning a compartment into `meanings`.

    At an unknown time (0) no dose is shown, but the clock's fault. The masks have a bit a lid;
    `filling` is the mode of a refill, which shows only what it asks for and what may be taken.
    """
    nothing = signals.FAULT if fault else signals.DARK
    for i in range(len(meanings)):
        meanings[i] = nothing if wall_s else signals.CLOCK_FAULT
    if wall_s:
        if filling == REFILL_END:
            _show_became(meanings, slots, wall_s)
        _show_open(meanings, slots)
    for i in range(len(meanings)):
        if warned_mask >> i & 1:
            meanings[i] = signals.WRONG_LID
        elif filling != REFILL_END and i == next_fill:
            meanings[i] = signals.EMPTY if filling == REFILL_TAKE_OUT else signals.FILL
        elif left_open_mask >> i & 1:
            meanings[i] = signals.LEFT_OPEN
        elif filled_mask >> i & 1 and meanings[i] not in HANDS:
            meanings[i] = signals.FILLED
    return meanings


def _show_became(meanings: bytearray, slots: "list[Slot]", wall_s: int) -> None:
    for slot in slots:
        meaning = BECAME.get(slot.state)
        if meaning is not None and wall_s - slot.entry.due_wall_s <= SHOWN_S:
            meanings[slot.entry.compartment] = meaning


def _show_open(meanings: bytearray, slots: "list[Slot]") -> None:
    for slot in slots:
        if slot.state == DUE and slot.armed:
            meanings[slot.entry.compartment] = signals.TAKE
        elif slot.state == LATE and meanings[slot.entry.compartment] != signals.TAKE:
            meanings[slot.entry.compartment] = signals.LATE


def over_all(meanings: bytearray, meaning: int) -> None:
    """Shows a meaning of the whole box on every lid that asks for no hand; DARK changes nothing."""
    for i in range(len(meanings) if meaning != signals.DARK else 0):
        free = meanings[i] == signals.DARK or meanings[i] in BELOW
        if free or (meaning not in BELOW and meanings[i] not in HANDS):
            meanings[i] = meaning
