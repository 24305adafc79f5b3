"""A lid was opened that the box warned of: its dose was opened before, or it is too soon for it.

Knows: which openings are one worry. May not know: other rules, guardians, texts.
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.beliefs import RecordId, Warned
from gateway.events import SlotId
from gateway.household import Household
from gateway.rules.worry import Worry, WorryKind
from gateway.units import DAY_MS

LOOK_BACK_MS = 7 * DAY_MS
# value of LID_OPENED: (what it is called, why)
KINDS = {
    wire.OPENED_AGAIN: (WorryKind.DOUBLE_DOSE, "opened_again"),
    wire.OPENED_TOO_SOON: (WorryKind.DOSE_TOO_SOON, "opened_too_soon"),
    wire.OPENED_PRN_TOO_SOON: (WorryKind.DOSE_TOO_SOON, "opened_too_soon"),
    wire.OPENED_PRN_TOO_MANY: (WorryKind.DOUBLE_DOSE, "opened_too_many"),
}


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry for each slot (of a PRN compartment: each day), due at its first such opening."""
    first: dict[SlotId, tuple[int, Warned]] = {}
    for when_ms, _identity, warned in _by_time(household, now_ms - LOOK_BACK_MS):
        first.setdefault(SlotId(warned.person_id, warned.day, warned.index), (when_ms, warned))
    return [_worry(slot, min(ms, now_ms), warned) for slot, (ms, warned) in first.items()]


def _by_time(household: Household, after_ms: int) -> list[tuple[int, RecordId, Warned]]:
    """Those after an instant, each dated as well as that is known now."""
    kept = household.warned
    lately = kept.in_order[kept.after(after_ms) :]  # nothing is learnt before it happens
    dated = [(household.when_ms(of, w.stamp, w.learnt_ms), of, w) for w, of in lately]
    return sorted((entry for entry in dated if entry[0] > after_ms), key=lambda entry: entry[:2])


def _worry(slot: SlotId, due_ms: int, warned: Warned) -> Worry:
    kind, reason = KINDS[warned.value]
    return Worry(kind, f"double/{slot}", slot.person_id, slot, due_ms, reason)


def next_deadline(household: Household, now_ms: int) -> int | None:
    """None: such an opening worries when it comes, never by time alone."""
    del household, now_ms
    return None
