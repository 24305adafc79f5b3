"""Dose facts out of the folded household: what the box saw, and what a person said."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from gateway.adherence import metrics
from gateway.adherence.history import history
from gateway.adherence.metrics_days import days_of
from gateway.adherence.metrics_facts import THE_BOX
from gateway.adherence.metrics_input import DoseFact, Doses, Window
from gateway.adherence.outcomes import How, State
from gateway.adherence.spoken import BY_WORD
from gateway.events import DeviceRecord, DoseCorrected, Event, SlotId
from gateway.home import Home
from tests.gateway.home_facts import at, begun, caught_up, record

FIRST, LAST = "2026-03-02", "2026-03-06"
NOW = at("12:00", "2026-03-06")


def _told(seq: int, day: str, kind: int, clock: str, **fields: object) -> DeviceRecord:
    return record(seq, kind, at(clock, day), slot_day=day, **fields)


# Monday opened, Tuesday missed, Wednesday nothing heard, Thursday by word; Friday is still ahead.
RECORDS = (
    _told(1, "2026-03-02", wire.SLOT_TAKEN, "18:40", value=1),
    _told(2, "2026-03-03", wire.SLOT_MISSED, "20:00"),
    _told(3, "2026-03-05", wire.SLOT_TAKEN, "19:10", value=BY_WORD),
)
HEARD = (*RECORDS, caught_up(NOW, up_to_seq=3))


def _folded(facts: list[Event] | tuple[Event, ...]) -> Home:
    home = begun(at("12:00"))
    for fact in facts:
        home.fold(fact)
    return home


def _facts(home: Home, to_day: str = LAST) -> tuple[DoseFact, ...]:
    return history(home.household, "soonja", FIRST, to_day, NOW).doses.facts


def test_every_planned_slot_is_a_fact() -> None:
    """Opened, missed, not known, by word, ahead: in that order; the window is the prescribed."""
    facts = _facts(_folded(HEARD))
    assert [f.state for f in facts] == [
        State.TAKEN, State.MISSED, State.UNKNOWN, State.TAKEN, State.WAITING,
    ]  # fmt: skip
    assert (facts[0].opened_ms, facts[0].how) == (at("18:40"), How.ON_TIME)
    assert facts[3].how is How.BY_WORD
    assert {f.opened_ms for f in facts[1:]} == {None}
    assert {f.window for f in facts} == {Window(30, 30)}


def test_a_word_in_the_boxs_own_record_is_raw() -> None:
    """What the box wrote down as said counts raw, is counted apart, and its time is nobody's."""
    told = history(_folded(HEARD).household, "soonja", FIRST, LAST, NOW)
    assert [(c.slot.day, c.taken, c.by) for c in told.words] == [("2026-03-05", 1, THE_BOX)]
    assert told.corrections == ()
    taken, in_time = metrics.taking(told.doses), metrics.timing_window(told.doses)
    assert (taken.numerator, taken.denominator, taken.unknown, taken.by_word) == (2, 3, 1, 1)
    assert (in_time.numerator, in_time.denominator, in_time.unknown) == (1, 2, 2)


def test_a_word_from_elsewhere_is_a_correction() -> None:
    """A pouch taken along, told by a reply or on the page, counts cleaned and never raw."""
    home = _folded(HEARD)
    slot = SlotId("soonja", "2026-03-03", 2)
    home.fold(DoseCorrected(NOW, slot, 1, "daughter", "pouch taken along"))
    told = history(home.household, "soonja", FIRST, LAST, NOW)
    figures = [metrics.taking(doses) for doses in (told.doses, told.cleaned)]
    assert [(f.numerator, f.denominator, f.by_word) for f in figures] == [(2, 3, 1), (3, 3, 2)]


def test_a_word_against_it_is_the_boxs_word() -> None:
    """A word against a dose, said at the box, leaves it not taken: skipped, and no doubt."""
    told = (
        _told(1, "2026-03-02", wire.SLOT_DOUBTFUL, "18:40"),
        _told(2, "2026-03-02", wire.SLOT_SKIPPED, "19:30", value=wire.SKIPPED_BY_WORD),
    )
    (fact,) = _facts(_folded(told), FIRST)
    assert fact.state is State.SKIPPED


def test_an_opening_after_the_word_is_the_opening() -> None:
    """What the box saw is told by what it saw, whatever was said before."""
    told = (
        _told(1, "2026-03-02", wire.SLOT_TAKEN, "18:20", value=BY_WORD),
        _told(2, "2026-03-02", wire.SLOT_TAKEN, "18:50", value=1),
    )
    (fact,) = _facts(_folded(told), FIRST)
    assert (fact.how, fact.opened_ms) == (How.ON_TIME, at("18:50"))


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_records_in_any_order_any_number_of_times(order: tuple[int, ...]) -> None:
    """However the box's records came in, and however often, the facts are the same."""
    shuffled = [HEARD[n] for n in order]
    assert _facts(_folded([*shuffled, *shuffled[:2]])) == _facts(_folded(HEARD))


def test_a_late_record_changes_its_slot_only() -> None:
    """What the box tells at last of Wednesday changes Wednesday and nothing else."""
    home = _folded(HEARD)
    before = _facts(home)
    home.fold(_told(4, "2026-03-04", wire.SLOT_TAKEN, "18:35", value=1, at_ms=NOW))
    after = _facts(home)
    changed = [(a.day, a.opened_ms) for a, b in zip(after, before, strict=True) if a != b]
    assert changed == [("2026-03-04", at("18:35", "2026-03-04"))]
    days = [days_of(Doses(facts, FIRST, LAST)) for facts in (before, after)]
    assert {d.day for d in set(days[0]) ^ set(days[1])} == {"2026-03-04"}


def test_a_clock_that_knew_nothing_gives_no_time() -> None:
    """An opening under an unknown clock is an opening, at no time anybody may reckon with."""
    told = _told(1, "2026-03-02", wire.SLOT_TAKEN, "18:40", value=1, quality=wire.UNKNOWN)
    (fact,) = _facts(_folded((replace(told, wall_ms=None),)), FIRST)
    assert (fact.state, fact.opened_ms) == (State.TAKEN, None)
    figure = metrics.timing_window(Doses((fact,), FIRST, FIRST))
    assert (figure.denominator, figure.unknown) == (0, 1)


def test_only_that_person_and_those_days() -> None:
    """Nobody else's slots, none before or after; of what the plan does not say, no drug."""
    home = _folded(HEARD)
    assert history(home.household, "somebody", FIRST, LAST, NOW).doses.facts == ()
    one = history(home.household, "soonja", LAST, LAST, NOW).doses.facts
    assert [(f.day, f.drugs) for f in one] == [(LAST, ())]
