"""What counts of what was told about a slot: which verdict of the box, which word of a person.

Knows: that an opening stands before a word, and the newest word before older ones.
May not know: what a slot's state is called, persons, the time (an argument).
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.beliefs import Evidence, Household, RecordId, SlotBelief
from gateway.events import DoseCorrected, SlotId

BY_WORD = 3  # SLOT_TAKEN's value where nobody saw the lid: OK was pressed, or the gateway told it


def verdicts(
    belief: SlotBelief, kind: int, value: int | None = None
) -> list[tuple[Evidence, RecordId]]:
    """The box's verdicts of one kind: what it saw before what it was told, then the first learnt.

    `value` None: whatever their value.
    """
    found = [
        (e, i)
        for i, e in belief.evidence.items()
        if e.record_kind == kind and value in (None, e.value)
    ]
    return sorted(found, key=lambda one: (_by_word(one[0]), one))


def _by_word(evidence: Evidence) -> bool:
    return evidence.record_kind == wire.SLOT_TAKEN and evidence.value == BY_WORD


def opened_ms(household: Household, belief: SlotBelief) -> int | None:
    """When the lid was opened, by the verdict that counts; None: it was not, or nobody knows when.

    Only a clock that knew the time is trusted, or one instant of the same boot at which it did.
    """
    for verdict, (device_id, epoch, _seq) in verdicts(belief, wire.SLOT_TAKEN)[:1]:
        if not _by_word(verdict):
            return household.timelines.wall_ms(device_id, epoch, verdict.stamp)
    return None


def corrections(household: Household, slot: SlotId) -> list[DoseCorrected]:
    """All that persons said of a slot, by its time and then its place in the log, each once."""
    each_once = dict.fromkeys(household.corrections.get(slot, ()))
    return sorted(each_once, key=lambda said: said.at_ms)


def correction(household: Household, slot: SlotId, now_ms: int) -> DoseCorrected | None:
    """What a person said last about a slot; None where nobody did, or where it does not hold.

    "None taken" does not hold while the lid is still offered, nor of a lid that was opened after
    it was said.
    """
    every = corrections(household, slot)
    if not every or every[-1].taken:
        return every[-1] if every else None
    belief = household.slots.get(slot, SlotBelief())
    if belief.planned is not None and now_ms < belief.planned.ends_ms:
        return None
    when_ms = opened_ms(household, belief)
    return None if when_ms is not None and when_ms > every[-1].at_ms else every[-1]


def not_monitored(household: Household, slot: SlotId) -> bool:
    """Whether a person said that nobody could see on the slot's day."""
    stays = household.not_monitored.get(slot.person_id, {})
    return any(stay.from_day <= slot.day <= stay.to_day for stay in stays.values())
