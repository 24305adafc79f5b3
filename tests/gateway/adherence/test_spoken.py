"""What persons say of a slot: which word holds, over what, and from when on."""

from __future__ import annotations

import pytest

from anbu_wire import messages as wire
from gateway.adherence import How, Outcome, Reason, State, outcome
from gateway.adherence.outcomes import not_opened
from gateway.adherence.spoken import BY_WORD, corrections
from gateway.events import DeviceRecord, DoseCorrected, Event, NotMonitored
from tests.gateway.adherence.lived import PERSON, about, begin, folded, planned
from tests.gateway.home_facts import at

DAY = "2026-03-02"
SLOT = planned(DAY, "evening")  # 19:00 to 21:00, offered until 22:00
BEGUN = begin([SLOT], at("12:00", DAY))
OPENED = about(SLOT, 1, wire.SLOT_TAKEN, 30, value=1)
MISSED = about(SLOT, 1, wire.SLOT_MISSED, 120)
DOUBT = about(SLOT, 1, wire.SLOT_DOUBTFUL, 6, value=wire.DOUBT_WRONG_LID)


def _said(taken: int, clock: str, by: str = "daughter") -> DoseCorrected:
    return DoseCorrected(at(clock, DAY), SLOT.slot, taken, by, "was there")


def _away(from_day: str = DAY, to_day: str = DAY) -> NotMonitored:
    return NotMonitored(at("12:00", DAY), PERSON, from_day, to_day, "hospital", "daughter")


def _seen(*facts: Event, clock: str = "23:00", corrected: bool = True) -> Outcome:
    home = folded([*BEGUN, *facts])
    return outcome(home, SLOT.slot, at(clock, DAY), corrected=corrected)


def test_a_word_stands_over_the_box_and_beside_it() -> None:
    """Taken by word, since it was said; the box alone still says missed."""
    seen, raw = (_seen(MISSED, _said(1, "22:30"), corrected=c) for c in (True, False))
    assert (seen.state, seen.how, seen.reason) == (State.TAKEN, How.BY_WORD, Reason.CORRECTED)
    assert seen.since_ms == at("22:30", DAY)
    assert (raw.state, raw.reason) == (State.MISSED, Reason.BOX_SAYS_MISSED)


@pytest.mark.parametrize("told", [MISSED, DOUBT, about(SLOT, 1, wire.SLOT_PAUSED, 0)])
@pytest.mark.parametrize("clock", ["19:40", "20:30", "23:00"])
def test_taken_by_word_holds_at_once(told: DeviceRecord, clock: str) -> None:
    """Whatever the box says and however long the lid is still offered, the word closes the slot."""
    assert _seen(told, _said(1, "19:30"), clock=clock).how is How.BY_WORD
    assert _seen(_said(2, "19:30"), clock=clock).how is How.BY_WORD


def test_an_opening_that_was_seen_keeps_its_time() -> None:
    """Who says how many were taken does not make the box's opening a word."""
    seen = _seen(OPENED, _said(2, "22:30"))
    assert (seen.how, seen.since_ms, seen.reason) == (
        How.ON_TIME, at("20:30", DAY), Reason.CORRECTED,
    )  # fmt: skip


def test_not_taken_holds_when_the_slot_is_over() -> None:
    """While the lid is offered she may still take it; after that the word is believed."""
    assert _seen(_said(0, "20:10"), clock="20:30").state is State.DUE
    assert _seen(about(SLOT, 1, wire.SLOT_LATE, 60), _said(0, "21:10"), clock="21:59").state is (
        State.LATE
    )
    over = _seen(_said(0, "20:10"), clock="22:00")
    assert (over.state, over.reason) == (State.MISSED, Reason.CORRECTED)


def test_not_taken_is_not_held_against_a_later_opening() -> None:
    """An opening is not undone by what was said before it, and is by what was said after."""
    assert _seen(_said(0, "20:10"), OPENED).state is State.TAKEN
    assert _seen(_said(0, "22:30"), OPENED).state is State.MISSED


def test_a_miss_by_word_worries_nobody() -> None:
    """A person spoke of it already: no incident begins with it."""
    assert not not_opened(_seen(OPENED, _said(0, "22:30")))
    assert not_opened(_seen(MISSED))


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([_said(1, "22:10"), _said(0, "22:20")], State.MISSED),
        ([_said(0, "22:20"), _said(1, "22:10")], State.MISSED),  # told in another order
        ([_said(0, "22:20"), _said(1, "22:20")], State.TAKEN),  # at one instant: the log's order
        ([_said(1, "22:20"), _said(0, "22:20")], State.MISSED),
        ([_said(0, "22:20"), _said(1, "22:20"), _said(0, "22:20")], State.TAKEN),  # told again
    ],
)
def test_the_newest_word_holds(entries: list[DoseCorrected], state: State) -> None:
    """By the time it was said, then by its place in the log; one told twice is said once."""
    assert _seen(OPENED, *entries).state is state
    assert len(corrections(folded([*BEGUN, *entries]), SLOT.slot)) == 2


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ((), State.PAUSED),
        ((MISSED,), State.PAUSED),
        ((about(SLOT, 1, wire.SLOT_SKIPPED, 90),), State.PAUSED),
        ((OPENED,), State.TAKEN),
        ((about(SLOT, 1, wire.SLOT_TAKEN, 30, value=BY_WORD),), State.TAKEN),
        ((DOUBT,), State.DOUBTFUL),
        ((about(SLOT, 1, wire.SLOT_SKIPPED, 9, value=wire.SKIPPED_BY_WORD),), State.SKIPPED),
        ((_said(1, "22:30"),), State.TAKEN),
        ((_said(0, "22:30"),), State.MISSED),
    ],
)
def test_a_day_nobody_could_see(told: tuple[Event, ...], state: State) -> None:
    """Paused with a reason of its own, never missed; what a hand did there stays, and a word."""
    seen = _seen(_away(), *told)
    assert seen.state is state
    assert (seen.reason is Reason.NOT_MONITORED) == (state is State.PAUSED)
    assert _seen(_away(), *told, corrected=False) == _seen(*told, corrected=False)


@pytest.mark.parametrize(
    "stays",
    [
        [_away("2026-03-03", "2026-03-09")],
        [_away("2026-02-20", "2026-03-01")],
        [_away(), _away(DAY, "2026-03-01")],  # taken back
        [_away(DAY, "2026-03-01")],
    ],
)
def test_other_days_are_watched(stays: list[NotMonitored]) -> None:
    """A stay before, after or taken back pauses nothing."""
    assert _seen(*stays, MISSED).state is State.MISSED


def test_by_word_is_the_boxs_value() -> None:
    """The value of the record is the place of BY_WORD among the ways a slot is taken."""
    assert list(How)[BY_WORD] is How.BY_WORD
