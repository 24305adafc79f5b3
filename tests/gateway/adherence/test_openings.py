"""The openings of a history: each once, by the box's own word, with the trust of its time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anbu_wire import messages as wire
from gateway.adherence.history import history
from gateway.adherence.openings import MEANINGS, Opening, Quality
from gateway.events import DeviceRecord, Event
from tests.gateway.adherence.lived import PERSON, about, begin, folded, planned
from tests.gateway.home_facts import BOX, at

DAY, NEXT = "2026-03-02", "2026-03-03"
SLOT = planned(DAY, "bedtime")  # 23:30, so that an opening may come after midnight
BEGUN = begin([SLOT], at("12:00", DAY))
NOW = at("12:00", NEXT)


def _opened(
    seq: int, after_min: int, value: int = wire.OPENED_AS_DUE, **more: object
) -> DeviceRecord:
    return about(SLOT, seq, wire.LID_OPENED, after_min, value=value, **more)


def _openings(*facts: Event, day: str = DAY) -> tuple[Opening, ...]:
    return history(folded([*BEGUN, *facts]), PERSON, day, day, NOW).openings


def test_one_record_is_one_opening() -> None:
    """Told twice, learnt late, it is there once, with slot, compartment and record."""
    told = _opened(4, 45)
    (seen,) = _openings(replace(told, at_ms=NOW), told)
    assert seen == Opening(f"{BOX}/7/4", 3, "as_due", at("00:15", NEXT), SLOT.slot, Quality.SYNCED)


def test_after_midnight_it_stays_with_its_slot() -> None:
    """A quarter past midnight it is the evening's opening, not the next day's."""
    assert len(_openings(_opened(4, 45))) == 1
    assert _openings(_opened(4, 45), day=NEXT) == ()
    without = _opened(4, 45, wire.OPENED_NO_SLOT, slot_day=None, slot_index=None)
    assert _openings(without) == ()
    assert len(_openings(without, day=NEXT)) == 1


@pytest.mark.parametrize("value", sorted(MEANINGS))
def test_it_says_what_the_box_said(value: int) -> None:
    """Every word that the box has for an opening comes through."""
    (seen,) = _openings(_opened(4, 5, value))
    assert seen.meaning == MEANINGS[value]


def test_a_clock_that_knew_nothing_gives_no_time() -> None:
    """Such an opening has none, unless its boot learnt the time later: then it is counted back."""
    blind = _opened(4, 5, quality=wire.UNKNOWN, wall_ms=None)
    (seen,) = _openings(blind)
    assert (seen.at_ms, seen.quality) == (None, Quality.UNKNOWN)
    later = about(SLOT, 5, wire.CLOCK_SET, 20, slot_day=None, slot_index=None)
    (dated,) = _openings(blind, later)
    assert (dated.at_ms, dated.quality) == (at("23:35", DAY), Quality.RECKONED)


def test_a_drifting_clock_is_said() -> None:
    """Its time is told, and that it drifts."""
    (seen,) = _openings(_opened(4, 5, quality=wire.DRIFTING))
    assert (seen.at_ms, seen.quality) == (at("23:35", DAY), Quality.DRIFTING)
