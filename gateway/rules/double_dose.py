"""A lid was opened that the box warned of: its dose was opened before, or it is too soon for it.

Knows: which openings are one worry. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.beliefs import Warned
from gateway.events import SlotId
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind

LOOK_BACK_MS = 7 * 86_400_000
# value of LID_OPENED: (what it is called, why)
KINDS = {
    wire.OPENED_AGAIN: (WorryKind.DOUBLE_DOSE, "opened_again"),
    wire.OPENED_TOO_SOON: (WorryKind.DOSE_TOO_SOON, "opened_too_soon"),
    wire.OPENED_PRN_TOO_SOON: (WorryKind.DOSE_TOO_SOON, "opened_too_soon"),
    wire.OPENED_PRN_TOO_MANY: (WorryKind.DOUBLE_DOSE, "opened_too_many"),
}


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each slot (of a PRN compartment: each day), due at its first such opening."""
    first: dict[SlotId, Warned] = {}
    every = household.warned
    for warned, _identity in every.in_order[every.after(now_ms - LOOK_BACK_MS) :]:
        first.setdefault(SlotId(warned.person_id, warned.day, warned.index), warned)
    return [_worry(slot, warned, now_ms) for slot, warned in first.items()]


def _worry(slot: SlotId, warned: Warned, now_ms: int) -> Worry:
    kind, reason = KINDS[warned.value]
    due_ms = min(warned.when_ms, now_ms)
    return Worry(kind, f"double/{slot}", slot.person_id, slot, due_ms, reason)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: such an opening worries when it comes, never by time alone."""
    del household, now_ms
    return None
