"""Folding and reading outcomes: order and repetition do not matter, silence is not "missed"."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.adherence import How, Reason, State, outcome
from gateway.events import (
    DeviceRecord,
    Event,
    GatewayStarted,
    LinkDown,
    LinkUp,
    ScheduleOnBox,
    SlotId,
    from_json,
    to_json,
)
from gateway.home import Home
from tests.gateway.home_facts import BOX, EVENING, at, begun, caught_up, record

KINDS = [
    wire.SLOT_DUE,
    wire.SLOT_TAKEN,
    wire.SLOT_LATE,
    wire.SLOT_MISSED,
    wire.SLOT_SKIPPED,
    wire.SLOT_DOUBTFUL,
    wire.SLOT_UNKNOWN,
    wire.SLOT_POSTPONED,
    wire.SLOT_UNWATCHED,
    wire.LID_OPENED,
    wire.HELP_PRESSED,
]

records = st.builds(
    record,
    st.integers(1, 40),
    st.sampled_from(KINDS),
    st.integers(at("17:00"), at("23:00")),
    epoch=st.sampled_from([7, 9]),
    value=st.integers(0, 3),
    wall_ms=st.none() | st.integers(at("17:00"), at("23:00")),
    quality=st.sampled_from([wire.UNKNOWN, wire.DRIFTING, wire.SYNCED]),
)


def _unique(found: list[DeviceRecord]) -> list[DeviceRecord]:
    return list({(r.epoch, r.seq): r for r in found}.values())


@given(st.lists(records, max_size=25).map(_unique), st.randoms(use_true_random=False))
def test_order_and_repetition_of_records_do_not_matter(
    found: list[DeviceRecord], chance: random.Random
) -> None:
    """Records in any order, any of them repeated later, give the same household."""
    again = [*found, *(r for r in found if chance.random() < 0.5)]
    chance.shuffle(again)
    # A repeat is learnt later than the first time, in whichever order they are folded.
    one, other = begun(at("12:00")), begun(at("12:00"))
    for fact in found:
        one.fold(fact)
    for fact in again:
        other.fold(fact)
    assert one.household == other.household
    now_ms = at("23:30")
    assert outcome(one.household, EVENING, now_ms) == outcome(other.household, EVENING, now_ms)


@given(st.lists(records, max_size=12).map(_unique), st.integers(0, 12))
def test_a_record_may_arrive_before_or_after_anything_else(
    found: list[DeviceRecord], split: int
) -> None:
    """Where the other facts stand among the records makes no difference to the slots."""
    others: list[Event] = [
        LinkUp(at("20:00"), BOX),
        caught_up(at("20:01")),
        LinkDown(at("20:02"), BOX, "gone"),
    ]
    homes = [begun(at("12:00")), begun(at("12:00"))]
    for home, facts in zip(
        homes, ([*found[:split], *others, *found[split:]], [*others, *found]), strict=True
    ):
        for fact in facts:
            home.fold(fact)
    assert homes[0].household == homes[1].household


def test_facts_survive_json() -> None:
    """Every fact of a begun home comes back equal from what the log keeps."""
    for fact in (record(1, wire.SLOT_TAKEN, at("18:40")), caught_up(None, at("18:00"))):
        assert from_json(fact.kind, to_json(fact)) == fact
    made = begun(at("12:00")).household.made[BOX]
    assert from_json(made.kind, to_json(made)) == made


@pytest.mark.parametrize(
    ("clock", "state", "reason"),
    [
        ("17:59", State.WAITING, Reason.NOT_YET_OPEN),
        ("18:00", State.OPEN, Reason.WINDOW_OPEN),
        ("18:30", State.DUE, Reason.WINDOW_OPEN),
        ("19:00", State.UNKNOWN, Reason.AWAITING_RECORDS),
        ("19:05", State.UNKNOWN, Reason.NO_RECORDS),
        ("23:00", State.UNKNOWN, Reason.NO_RECORDS),
    ],
)
def test_without_records_a_slot_ends_unknown(clock: str, state: State, reason: Reason) -> None:
    """By time alone a slot is never missed, at most not confirmed."""
    seen = outcome(begun(at("12:00")).household, EVENING, at(clock))
    assert (seen.state, seen.reason) == (state, reason)


def _after(*facts: Event) -> Home:
    home = begun(at("12:00"))
    for fact in facts:
        home.fold(fact)
    return home


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (record(1, wire.SLOT_LATE, at("19:00")), State.LATE),
        (caught_up(at("18:59:59"), at("19:10")), State.UNKNOWN),  # one second is missing
        (caught_up(at("19:00"), at("19:10")), State.UNKNOWN),  # its word was lost
        (caught_up(at("19:00"), at("19:10"), quality=wire.DRIFTING), State.UNKNOWN),
        (caught_up(at("19:00"), at("19:10"), quality=wire.UNKNOWN), State.UNKNOWN),
        (caught_up(None, at("19:10")), State.UNKNOWN),
        (caught_up(at("23:00"), at("18:50")), State.UNKNOWN),  # its clock is ahead of ours
        (caught_up(at("19:00"), at("19:10"), schedule_version=0), State.UNKNOWN),  # box was reset
    ],
)
def test_missed_needs_the_boxs_own_word(fact: Event, state: State) -> None:
    """A box that watched writes how a slot ended: silence never means it stayed shut."""
    assert outcome(_after(fact).household, EVENING, at("19:20")).state is state


def test_a_box_that_never_had_the_schedule_misses_nothing() -> None:
    """Without the read-back of the schedule silence means nothing."""
    home = begun(at("12:00"))
    home.household.slots[EVENING].on_box_ms = None
    home.fold(caught_up(at("19:01")))
    seen = outcome(home.household, EVENING, at("19:20"))
    assert (seen.state, seen.reason) == (State.UNKNOWN, Reason.NOT_ON_BOX)
    late = begun(at("12:00"))
    late.household.slots[EVENING].on_box_ms = None
    made = late.household.made[BOX]
    late.fold(ScheduleOnBox(at("19:30"), BOX, made.version, made.crc))
    late.fold(caught_up(at("19:31")))
    assert outcome(late.household, EVENING, at("19:40")).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("kinds", "value", "state", "how"),
    [
        ([wire.SLOT_TAKEN], 0, State.TAKEN, How.EARLY),
        ([wire.SLOT_TAKEN], 1, State.TAKEN, How.ON_TIME),
        ([wire.SLOT_LATE, wire.SLOT_TAKEN], 2, State.TAKEN, How.LATE),
        ([wire.SLOT_MISSED, wire.SLOT_TAKEN], 3, State.TAKEN, How.BY_WORD),
        ([wire.SLOT_TAKEN], 77, State.TAKEN, How.LATE),
        ([wire.SLOT_LATE], 0, State.LATE, None),
        ([wire.SLOT_LATE, wire.SLOT_MISSED], 0, State.MISSED, None),
        ([wire.SLOT_LATE, wire.SLOT_SKIPPED], 0, State.SKIPPED, None),
        ([wire.SLOT_LATE, wire.SLOT_DOUBTFUL], 0, State.DOUBTFUL, None),
        ([wire.SLOT_UNKNOWN, wire.SLOT_MISSED], 0, State.UNKNOWN, None),
    ],
)
def test_the_boxs_word(kinds: list[int], value: int, state: State, how: How | None) -> None:
    """What the box says about a slot decides, an opening before everything else."""
    facts = [record(n, k, at("19:10"), value=value) for n, k in enumerate(kinds, 1)]
    seen = outcome(_after(*facts).household, EVENING, at("19:30"))
    assert (seen.state, seen.how) == (state, how)


@pytest.mark.parametrize(
    ("kind", "value", "state", "reason"),
    [
        (wire.SLOT_SKIPPED, wire.SKIPPED_LATE, State.SKIPPED, Reason.BOX_SAYS_SKIPPED),
        (wire.SLOT_SKIPPED, wire.SKIPPED_SPACING, State.SKIPPED, Reason.SKIPPED_SPACING),
        (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD, State.SKIPPED, Reason.SKIPPED_BY_WORD),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_WRONG_LID, State.DOUBTFUL, Reason.DOUBT_WRONG_LID),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF, State.DOUBTFUL, Reason.DOUBT_BRIEF),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_SHAKEN, State.DOUBTFUL, Reason.DOUBT_SHAKEN),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_BLIND, State.DOUBTFUL, Reason.DOUBT_BLIND),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_TOO_SOON, State.DOUBTFUL, Reason.DOUBT_TOO_SOON),
        (wire.SLOT_DOUBTFUL, wire.DOUBT_REFILL, State.DOUBTFUL, Reason.DOUBT_REFILL),
        (wire.SLOT_DOUBTFUL, 99, State.DOUBTFUL, Reason.BOX_SAYS_DOUBTFUL),
    ],
)
def test_the_value_says_why(kind: int, value: int, state: State, reason: Reason) -> None:
    """Why it was skipped, and what left it in doubt, is kept as the reason."""
    seen = outcome(
        _after(record(1, kind, at("18:40"), value=value)).household, EVENING, at("18:41")
    )
    assert (seen.state, seen.reason) == (state, reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0, Reason.UNWATCHED_OFF),
        (1, Reason.UNWATCHED_CLOCK),
        (2, Reason.UNWATCHED_LID),
        (9, Reason.BOX_LOST_ITS_LOG),
    ],
)
def test_unknown_says_what_was_in_the_way(value: int, reason: Reason) -> None:
    """The box said before why it could not watch to the end; by itself that decides nothing."""
    why = record(1, wire.SLOT_UNWATCHED, at("18:40"), value=value)
    assert outcome(_after(why).household, EVENING, at("18:41")).state is State.DUE
    home = _after(record(2, wire.SLOT_UNKNOWN, at("19:00")), why)
    seen = outcome(home.household, EVENING, at("19:01"))
    assert (seen.state, seen.reason) == (State.UNKNOWN, reason)


def test_a_word_closes_a_doubt() -> None:
    """Doubtful, then asked: "no" is skipped by word, "yes" is taken by word."""
    doubt = record(1, wire.SLOT_DOUBTFUL, at("18:33"))
    no = record(2, wire.SLOT_SKIPPED, at("18:50"), value=wire.SKIPPED_BY_WORD)
    yes = record(3, wire.SLOT_TAKEN, at("18:51"), value=3)
    assert outcome(_after(doubt, no).household, EVENING, at("19:30")).state is State.SKIPPED
    seen = outcome(_after(doubt, no, yes).household, EVENING, at("19:30"))
    assert (seen.state, seen.how) == (State.TAKEN, How.BY_WORD)


@pytest.mark.parametrize(
    ("clock", "state", "reason"),
    [
        ("18:29", State.OPEN, Reason.WINDOW_OPEN),
        ("18:30", State.WAITING, Reason.POSTPONED),
        ("19:09", State.WAITING, Reason.POSTPONED),
        ("19:10", State.DUE, Reason.WINDOW_OPEN),
        ("19:39", State.DUE, Reason.WINDOW_OPEN),
        ("19:40", State.UNKNOWN, Reason.AWAITING_RECORDS),
        ("19:45", State.UNKNOWN, Reason.NO_RECORDS),
    ],
)
def test_a_slot_put_off_is_waited_for(clock: str, state: State, reason: Reason) -> None:
    """Forty minutes later by the box's word: so much later it begins, closes and is asked for."""
    put_off = record(1, wire.SLOT_POSTPONED, at("18:30"), value=40)
    seen = outcome(_after(put_off).household, EVENING, at(clock))
    assert (seen.state, seen.reason) == (state, reason)


def test_a_late_dose_put_off_is_offered_longer() -> None:
    """LATE at 19:40 becomes missed an hour later, not at 20:00 as planned before."""
    home = _after(
        record(1, wire.SLOT_POSTPONED, at("18:30"), value=40),
        record(2, wire.SLOT_LATE, at("19:40")),
    )
    home.fold(caught_up(at("20:39")))
    assert outcome(home.household, EVENING, at("20:40")).state is State.LATE
    home.fold(caught_up(at("20:40")))
    assert outcome(home.household, EVENING, at("20:40")).state is State.MISSED


def test_a_slot_that_only_a_rule_made_is_planned_from_it() -> None:
    """The gateway was away for twenty days: what the box did alone has its time and its place."""
    home = begun(at("12:00"))
    day = "2026-03-22"
    now_ms = at("09:00", "2026-03-23")
    for seq, kind in ((2, wire.SLOT_LATE), (1, wire.SLOT_POSTPONED)):
        home.fold(record(seq, kind, now_ms, slot_day=day, wall_ms=at("19:10", day), value=40))
    belief = home.household.slots[SlotId("soonja", day, 2)]
    assert belief.planned is not None
    assert (belief.planned.due_ms, belief.planned.closes_ms) == (at("18:30", day), at("19:40", day))
    assert belief.planned.label == "evening"
    assert belief.device_id == BOX
    assert belief.planned in list(home.household.closing(at("00:00", day)))
    unknown = record(3, wire.SLOT_LATE, now_ms, slot_day="2026-04-01", schedule_version=9)
    home.fold(unknown)
    assert home.household.slots[SlotId("soonja", "2026-04-01", 2)].planned is None


def test_late_becomes_missed_when_it_is_no_longer_offered() -> None:
    """After the late offer ended a slot that stayed shut is missed, once all records are here."""
    home = _after(record(1, wire.SLOT_LATE, at("19:00")))
    home.fold(caught_up(at("19:59")))
    assert outcome(home.household, EVENING, at("19:59")).state is State.LATE
    home.fold(caught_up(at("20:00")))
    assert outcome(home.household, EVENING, at("20:00")).state is State.MISSED


def test_late_is_not_missed_while_the_link_is_down() -> None:
    """She may have taken it late: "missed" waits for the records up to the end of the offer."""
    home = _after(record(1, wire.SLOT_LATE, at("19:00")), caught_up(at("19:00")))
    home.fold(LinkDown(at("19:01"), BOX, "lost"))
    assert outcome(home.household, EVENING, at("21:00")).state is State.LATE
    home.fold(record(2, wire.SLOT_TAKEN, at("21:30"), wall_ms=at("19:40"), value=2))
    assert outcome(home.household, EVENING, at("21:30")).state is State.TAKEN


def test_an_opening_is_told_by_the_time_it_happened() -> None:
    """A record hours late says when the lid was opened; without a clock, when we learnt."""
    known = record(1, wire.SLOT_TAKEN, at("22:00"), wall_ms=at("18:41"))
    unknown = record(1, wire.SLOT_TAKEN, at("22:00"), wall_ms=at("03:00"), quality=wire.UNKNOWN)
    assert outcome(_after(known).household, EVENING, at("22:01")).since_ms == at("18:41")
    assert outcome(_after(unknown).household, EVENING, at("22:01")).since_ms == at("22:00")


def test_grace_after_a_start_is_given_once() -> None:
    """A gateway that was down waits for the box first; one that starts in a circle does not."""
    home = _after(GatewayStarted(at("21:00"), "x"), GatewayStarted(at("21:04"), "x"))
    reasons = [
        outcome(home.household, EVENING, at(clock)).reason for clock in ("21:04:59", "21:05")
    ]
    assert reasons == [Reason.AWAITING_RECORDS, Reason.NO_RECORDS]


def test_a_restart_ends_every_link() -> None:
    """After a restart no device is believed to be linked."""
    home = _after(LinkUp(at("18:00"), BOX))
    assert home.household.device(BOX).link_up
    home.fold(GatewayStarted(at("18:10"), "x"))
    assert not home.household.device(BOX).link_up
