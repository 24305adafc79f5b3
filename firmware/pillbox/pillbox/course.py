"""What time brings to a dose slot: which step comes next, and when.

Knows: a slot's moments, in what order they come. May not know: lids, lights, storage; the time is
handed in. Steps come in the order of their moments, even when one look finds several gone by.
"""

from pillbox.slot import (
    CLOSES,
    DUE,
    ENDED_UNWATCHED,
    ENDS,
    FALLS_DUE,
    GOES_ON,
    LATE,
    NEVER,
    OPENED,
    OPENS,
    POSTPONES,
    RECEDES,
    STAYED_BRIEF,
    TAKEN,
    TOO_LATE,
    TOO_NEAR,
    TOUCHED,
    WAITING,
    Slot,
)


def stimulus_at(slot: Slot, wall_s: int, at_start: bool) -> int:
    """The next stimulus time brings by `wall_s`, 0 for none.

    `at_start`: the box was off.
    """
    state = slot.state
    if state >= TAKEN or state == OPENED or wall_s < slot.opens_s:
        return 0
    if state == TOUCHED:
        return STAYED_BRIEF if wall_s >= slot.closes_s else 0
    if at_start and wall_s >= min(slot.ends_s, slot.skips_s):
        return ENDED_UNWATCHED
    if state in (DUE, LATE):
        return _offered(slot, wall_s)
    if slot.unwatched and wall_s >= min(slot.closes_s, slot.skips_s):
        return ENDED_UNWATCHED  # a prompt that nobody could have seen is not written either
    return OPENS if state == WAITING else _before(slot, wall_s)


def _before(slot: Slot, wall_s: int) -> int:
    """OPEN: due, postponed, or skipped for the sake of the spacing."""
    base_s = slot.prompt_wall_s
    if base_s > slot.entry.due_wall_s and wall_s >= slot.entry.due_wall_s:
        if base_s >= slot.skips_s:
            return TOO_NEAR
        if not slot.postponed:
            return POSTPONES
    if wall_s >= base_s:
        return GOES_ON if slot.prompted else FALLS_DUE
    return 0


def _offered(slot: Slot, wall_s: int) -> int:
    """DUE or LATE: over, late, or put off because the dose before was opened meanwhile."""
    if slot.entry.due_wall_s <= wall_s < slot.prompt_wall_s:
        if slot.prompt_wall_s >= slot.skips_s:
            return TOO_NEAR
        return RECEDES if slot.postponed else POSTPONES
    closing = slot.state == DUE
    over_s = slot.closes_s if closing else slot.ends_s
    skips_s = slot.skips_s
    if wall_s >= skips_s and skips_s < over_s:
        return TOO_LATE
    if wall_s < over_s:
        return 0
    if slot.unwatched:
        return ENDED_UNWATCHED
    return CLOSES if closing and slot.entry.late_min else ENDS


def next_s(slot: Slot, wall_s: int) -> int:
    """When time changes this slot next, NEVER where it does not."""
    if slot.state >= TAKEN or slot.state == OPENED:
        return NEVER
    soonest = NEVER
    for moment_s in (
        slot.opens_s,
        slot.entry.due_wall_s,
        slot.prompt_wall_s,
        slot.closes_s,
        slot.ends_s,
        slot.skips_s,
    ):
        if wall_s < moment_s < soonest:
            soonest = moment_s
    return soonest
