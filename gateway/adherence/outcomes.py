"""The outcome of one slot at one instant, and why it is believed.

Knows: the life of a dose slot as seen from the gateway, and that UNKNOWN is not MISSED.
May not know: persons, texts, the time (an argument).

"Missed" is said only with the box's own word. All its records without that word mean that it was
lost (a broken flash, a gap in the log), not that the lid stayed shut.

What persons said stands over what the box said, and beside it: `corrected=False` is the box alone.
A correction is by how many doses were taken. Some or one: at once, the slot is taken by word (an
opening that was seen keeps its time). None: not before the slot is over, and not against an opening
after it was said; such a miss worries nobody, because a person spoke of it already. On days that
nobody could see a dose is paused, unless a hand was seen at its lid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from anbu_wire import messages as wire
from gateway.adherence.spoken import correction, not_monitored, verdicts
from gateway.beliefs import Evidence, SlotBelief
from gateway.events import PlannedSlot, SlotId
from gateway.household import Household
from gateway.roster import Policy
from gateway.units import MIN_MS


class State(StrEnum):
    """Where a slot stands."""

    WAITING = "waiting"
    OPEN = "open"
    DUE = "due"
    LATE = "late"
    TAKEN = "taken"
    MISSED = "missed"
    SKIPPED = "skipped"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    PAUSED = "paused"


class How(StrEnum):
    """How a taken slot was taken; the order is the record's `value`."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    BY_WORD = "by_word"


class Reason(StrEnum):
    """Why the state is believed."""

    NOT_YET_OPEN = "not_yet_open"
    WINDOW_OPEN = "window_open"
    POSTPONED = "postponed"  # the dose before was opened late: not before the spacing is over
    BOX_SAYS_TAKEN = "box_says_taken"
    BOX_SAYS_LATE = "box_says_late"
    BOX_SAYS_MISSED = "box_says_missed"
    BOX_SAYS_SKIPPED = "box_says_skipped"  # too near the next dose, nobody opened it
    SKIPPED_SPACING = "skipped_spacing"  # the dose before was opened so late
    SKIPPED_BY_WORD = "skipped_by_word"
    BOX_SAYS_DOUBTFUL = "box_says_doubtful"
    DOUBT_WRONG_LID = "doubt_wrong_lid"
    DOUBT_BRIEF = "doubt_brief"
    DOUBT_SHAKEN = "doubt_shaken"
    DOUBT_BLIND = "doubt_blind"
    DOUBT_TOO_SOON = "doubt_too_soon"
    DOUBT_REFILL = "doubt_refill"
    BOX_SAYS_PAUSED = "box_says_paused"
    BOX_LOST_ITS_LOG = "box_lost_its_log"
    UNWATCHED_OFF = "unwatched_off"  # the box was off, or busy for too long
    UNWATCHED_CLOCK = "unwatched_clock"  # its clock jumped meanwhile
    UNWATCHED_LID = "unwatched_lid"  # its lid moved while nobody looked
    RECORDS_COMPLETE = "records_complete"  # all records are in, none says how it ended
    AWAITING_RECORDS = "awaiting_records"  # the window just ended, the box has not reported
    NOT_ON_BOX = "not_on_box"  # the box never confirmed the schedule with this slot
    NO_RECORDS = "no_records"  # the box has not reported up to the window's end
    NOT_PLANNED = "not_planned"
    CORRECTED = "corrected"  # a person said how many doses were taken
    NOT_MONITORED = "not_monitored"  # a person said that nobody could see on that day


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is believed about a slot, since when it is so (UTC ms), and why."""

    slot: SlotId
    state: State
    reason: Reason
    how: How | None = None
    since_ms: int | None = None


# The box's verdicts, the strongest first: an opening is not undone by what was said before it, and
# a person's word closes what was in doubt. A value where only that one is meant.
STRENGTH: tuple[tuple[int, int | None, State, Reason], ...] = (
    (wire.SLOT_TAKEN, None, State.TAKEN, Reason.BOX_SAYS_TAKEN),
    (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD, State.SKIPPED, Reason.SKIPPED_BY_WORD),
    (wire.SLOT_DOUBTFUL, None, State.DOUBTFUL, Reason.BOX_SAYS_DOUBTFUL),
    (wire.SLOT_UNKNOWN, None, State.UNKNOWN, Reason.BOX_LOST_ITS_LOG),
    (wire.SLOT_SKIPPED, None, State.SKIPPED, Reason.BOX_SAYS_SKIPPED),
    (wire.SLOT_PAUSED, None, State.PAUSED, Reason.BOX_SAYS_PAUSED),
    (wire.SLOT_MISSED, None, State.MISSED, Reason.BOX_SAYS_MISSED),
    (wire.SLOT_LATE, None, State.LATE, Reason.BOX_SAYS_LATE),
)
# Those that say when nobody came, so that they hold for the windows alone by which they were found.
IN_NO_TIME = frozenset({wire.SLOT_LATE, wire.SLOT_MISSED, wire.SLOT_SKIPPED})
# What the value of a verdict says more exactly.
REASONS: dict[tuple[int, int], Reason] = {
    (wire.SLOT_SKIPPED, wire.SKIPPED_SPACING): Reason.SKIPPED_SPACING,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_WRONG_LID): Reason.DOUBT_WRONG_LID,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF): Reason.DOUBT_BRIEF,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_SHAKEN): Reason.DOUBT_SHAKEN,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_BLIND): Reason.DOUBT_BLIND,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_TOO_SOON): Reason.DOUBT_TOO_SOON,
    (wire.SLOT_DOUBTFUL, wire.DOUBT_REFILL): Reason.DOUBT_REFILL,
}

# Why nobody knows how it ended, by the value of SLOT_UNWATCHED.
UNWATCHED = {0: Reason.UNWATCHED_OFF, 1: Reason.UNWATCHED_CLOCK, 2: Reason.UNWATCHED_LID}

# States in which the dose was, as far as is known, not opened within its window.
NOT_OPENED = frozenset({State.LATE, State.MISSED, State.SKIPPED})
# … but these were not to be opened any more, or somebody said that they were not.
ALL_RIGHT = frozenset({Reason.SKIPPED_SPACING, Reason.SKIPPED_BY_WORD, Reason.CORRECTED})
# How a slot was taken, where that means: within its window, or somebody vouches for it.
IN_TIME = frozenset({How.EARLY, How.ON_TIME, How.BY_WORD})
# A hand was seen at the lid, or a button pressed: somebody was there.
SOMEBODY_THERE = frozenset({State.TAKEN, State.DOUBTFUL})


def outcome(household: Household, slot: SlotId, now_ms: int, *, corrected: bool = True) -> Outcome:
    """The outcome of a slot as believed at `now_ms`; `corrected` False: by the box alone."""
    seen = _by_the_box(household, slot, now_ms)
    if not corrected:
        return seen
    said = correction(household, slot, now_ms)
    if said is not None and said.taken:
        if seen.state is State.TAKEN:
            return replace(seen, reason=Reason.CORRECTED)
        return Outcome(slot, State.TAKEN, Reason.CORRECTED, How.BY_WORD, said.at_ms)
    if said is not None:
        return Outcome(slot, State.MISSED, Reason.CORRECTED, since_ms=said.at_ms)
    there = seen.state in SOMEBODY_THERE or seen.reason is Reason.SKIPPED_BY_WORD
    if not there and not_monitored(household, slot):
        return Outcome(slot, State.PAUSED, Reason.NOT_MONITORED)
    return seen


def _by_the_box(household: Household, slot: SlotId, now_ms: int) -> Outcome:
    belief = household.slots.get(slot, SlotBelief())
    kinds = {verdict.record_kind for verdict in belief.evidence.values()}
    for kind, value, state, reason in STRENGTH if kinds else ():
        if kind not in kinds:
            continue
        told = [v for v in verdicts(belief, kind, value) if not _of_other_times(belief, v[0])]
        for verdict, identity in told[:1]:
            when_ms = household.when_ms(identity, verdict.stamp, verdict.at_ms)
            exactly = REASONS.get((kind, verdict.value), reason)
            if kind == wire.SLOT_UNKNOWN and belief.unwatched is not None:
                exactly = UNWATCHED.get(belief.unwatched, reason)
            said = Outcome(slot, state, exactly, since_ms=when_ms)
            return _by_verdict(household, belief, said, verdict)
    if belief.planned is None:
        return Outcome(slot, State.UNKNOWN, Reason.NOT_PLANNED)
    return _by_silence(household, belief, belief.planned, now_ms)


def _of_other_times(belief: SlotBelief, verdict: Evidence) -> bool:
    """Whether the box judged by other windows: by an older schedule, in which the slot differs.

    Or elsewhere: it had been taken away from her. What it saw at the lid stays true; that nobody
    came in time does not follow.
    """
    if belief.planned is None or verdict.record_kind not in IN_NO_TIME:
        return False
    by_word = (verdict.record_kind, verdict.value) == (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD)
    elsewhere = belief.gone_ms is not None and verdict.at_ms >= belief.gone_ms
    return not by_word and (elsewhere or verdict.version < min(belief.versions, default=0))


def not_opened(seen: Outcome) -> bool:
    """Whether a dose that should have been opened in its window was not, as far as is known."""
    return seen.state in NOT_OPENED and seen.reason not in ALL_RIGHT


def _by_verdict(
    household: Household, belief: SlotBelief, said: Outcome, verdict: Evidence
) -> Outcome:
    """What the box said, as it stands now.

    A late dose is missed when all that the box wrote until its end is here: while the link is down
    it may have been opened since.
    """
    if said.state is State.TAKEN:
        ways = list(How)
        how = ways[verdict.value] if 0 <= verdict.value < len(ways) else How.LATE
        return replace(said, how=how)
    if said.state is State.LATE and belief.planned is not None and belief.device_id is not None:
        caught_up_ms = household.device(belief.device_id).caught_up_ms or 0
        if caught_up_ms >= belief.planned.ends_ms:
            return replace(said, state=State.MISSED)
    return said


def _by_silence(
    household: Household, belief: SlotBelief, planned: PlannedSlot, now_ms: int
) -> Outcome:
    slot = planned.slot
    if now_ms < planned.opens_ms:
        return Outcome(slot, State.WAITING, Reason.NOT_YET_OPEN)
    if now_ms < planned.due_ms:
        return Outcome(slot, State.OPEN, Reason.WINDOW_OPEN, since_ms=planned.opens_ms)
    from_ms = planned.due_ms + belief.postponed_ms
    if now_ms < from_ms:
        return Outcome(slot, State.WAITING, Reason.POSTPONED)
    if now_ms < planned.closes_ms:
        return Outcome(slot, State.DUE, Reason.WINDOW_OPEN, since_ms=from_ms)
    if now_ms < unconfirmed_from_ms(household, planned):
        why = Reason.AWAITING_RECORDS
    elif belief.covered:
        why = Reason.RECORDS_COMPLETE  # a box that watched writes how it ended: that word is lost
    else:
        why = Reason.NOT_ON_BOX if belief.on_box_ms is None else Reason.NO_RECORDS
    return Outcome(slot, State.UNKNOWN, why, since_ms=planned.closes_ms)


def unconfirmed_due_ms(household: Household, planned: PlannedSlot) -> int:
    """When a slot without records has to be told as "not confirmed"."""
    policy = household.roster.policy if household.roster else Policy()
    return planned.closes_ms + policy.grace_min * MIN_MS


def unconfirmed_from_ms(household: Household, planned: PlannedSlot) -> int:
    """When that may be said: the same, but a gateway that was down first lets the box report.

    Counted from its *first* start after the window's end, so that a gateway which starts in a
    circle does not put it off for ever.
    """
    due_ms = unconfirmed_due_ms(household, planned)
    grace_ms = due_ms - planned.closes_ms
    started_ms = household.first_start_after(planned.closes_ms)
    return due_ms if started_ms is None else max(due_ms, started_ms + grace_ms)
