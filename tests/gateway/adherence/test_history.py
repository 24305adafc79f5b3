"""A person's history out of the log: in any order, from the database, with what comes late."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.adherence import outcome
from gateway.adherence.history import History, history
from gateway.adherence.metrics_cleaned import Group, Row
from gateway.adherence.metrics_input import away_days
from gateway.adherence.openings import AS_DUE
from gateway.adherence.outcomes import Outcome, Reason, State
from gateway.adherence.summary import Summary, summary
from gateway.events import DeviceRecord, Event, SlotId
from gateway.household import Household, fold
from gateway.log import Log
from tests.gateway.adherence.lived import (
    PERSON,
    Life,
    about,
    begin,
    boot_of,
    folded,
    lives,
    planned,
    prescribed,
    told_anyhow,
)
from tests.gateway.home_facts import at, caught_up

KNOWN = (State.TAKEN, State.MISSED, State.SKIPPED)
ANY = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def _history(home: Household, life: Life, now_ms: int | None = None) -> History:
    when_ms = now_ms or life.ends_ms()
    return history(home, PERSON, life.from_day, life.to_day, when_ms)


def _outcomes(home: Household, life: Life, now_ms: int) -> dict[SlotId, tuple[Outcome, Outcome]]:
    return {
        s.slot: (
            outcome(home, s.slot, now_ms),
            outcome(home, s.slot, now_ms, corrected=False),
        )
        for s in life.slots
    }


def _bits(found: Summary) -> tuple[str, str]:
    """The summary to its last bit: as Python writes it, and as JSON."""
    return repr(found), json.dumps(asdict(found), ensure_ascii=False)


@ANY
@given(life=lives(), data=st.data())
def test_any_order_any_repetition(life: Life, data: st.DataObject) -> None:
    """However often and in what order the box's facts came, everything comes out the same.

    At the end, and in the middle of a window with half the days still ahead.
    """
    _any_order(life, data)


@pytest.mark.long
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(life=lives(), data=st.data())
def test_any_order_of_many_lives(life: Life, data: st.DataObject) -> None:
    """The same over many more lives."""
    _any_order(life, data)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_in_which_the_box_caught_up(order: tuple[int, ...]) -> None:
    """A dose put off, what was there before its later end and after it: in any order the same.

    The first catching up is before the end as it was put off, the second after the one that was
    planned, the third after both.
    """
    life = _one_life()
    slot = life.slots[0]
    facts = [
        about(slot, 1, wire.SLOT_POSTPONED, 0, value=90),
        *(caught_up(slot.closes_ms + minutes * 60_000) for minutes in (-5, 30, 200)),
    ]
    home = folded([*life.begun, *(facts[n] for n in order)])
    assert outcome(home, slot.slot, life.ends_ms()).reason is Reason.RECORDS_COMPLETE
    home = folded([*life.begun, *(facts[n] for n in order if n != 3)])
    assert outcome(home, slot.slot, life.ends_ms()).reason is Reason.NO_RECORDS


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_was_told_twice_was_learnt_the_first_time(order: tuple[int, ...]) -> None:
    """A record without a time is dated by when it was learnt first, in whatever order it came."""
    life = _one_life()
    blind = replace(
        about(life.slots[0], 1, wire.SLOT_TAKEN, 5, value=1), quality=wire.UNKNOWN, wall_ms=None
    )
    twice = (blind, replace(blind, at_ms=blind.at_ms + 60_000))
    home = folded([*life.begun, *(twice[n] for n in order)])
    seen = outcome(home, life.slots[0].slot, life.ends_ms())
    assert seen.since_ms == blind.at_ms
    assert _history(home, life).doses.facts[0].opened_ms is None


def _any_order(life: Life, data: st.DataObject) -> None:
    one, other = folded(life.in_order()), folded(data.draw(told_anyhow(life)))
    for now_ms in (life.ends_ms(), life.slots[len(life.slots) // 2].due_ms + 1):
        assert _outcomes(one, life, now_ms) == _outcomes(other, life, now_ms)
        told, again = (_history(home, life, now_ms) for home in (one, other))
        assert told == again
        assert _bits(summary(told)) == _bits(summary(again))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(life=lives())
def test_replay_from_the_database(life: Life) -> None:
    """What is read back from SQLite alone gives the same history and summary, bit for bit."""
    lived = folded(life.in_order())
    log = Log(None, "home-1")
    log.append(life.in_order())
    replayed = folded(log.facts())
    log.close()
    one, other = (_history(home, life) for home in (lived, replayed))
    assert repr(one) == repr(other)
    assert _bits(summary(one)) == _bits(summary(other))


def test_replay_after_the_gateway_was_closed(tmp_path: Path) -> None:
    """The file of a gateway that ended is opened anew and gives the same figures again."""
    life = _one_life()
    log = Log(tmp_path / "anbu.db", "home-1")
    for fact in life.in_order():
        log.append([fact])
    log.close()
    again = Log(tmp_path / "anbu.db", "home-1")
    replayed = folded(again.facts())
    again.close()
    told = summary(_history(folded(life.in_order()), life))
    assert _bits(told) == _bits(summary(_history(replayed, life)))
    assert told.rows[0].raw.denominator > 0


@ANY
@given(life=lives(), data=st.data())
def test_a_late_record_changes_its_own_slot(life: Life, data: st.DataObject) -> None:
    """What a box tells at last about one slot changes that slot and no other: not a bit of it.

    Each boot told its time before, or else one trusted time would rightly date its other records.
    """
    late = data.draw(st.sampled_from(life.slots)).slot
    held = [f for f in life.device if _is_about(f, late)]
    known = [f for f in (*_anchors(life), *life.in_order()) if f not in held]
    home = folded([*life.begun, *known])
    before, facts = _outcomes(home, life, life.ends_ms()), _history(home, life)
    for fact in held:
        fold(home, fact)
    after, told = _outcomes(home, life, life.ends_ms()), _history(home, life)
    assert {s for s in before if before[s] != after[s]} <= {late}
    assert [f for f in facts.doses.facts if f.slot != late] == [
        f for f in told.doses.facts if f.slot != late
    ]
    assert {f.slot for f in facts.doses.facts} == {f.slot for f in told.doses.facts}
    old, new = ({o.record for o in h.openings} for h in (facts, told))
    assert old <= new
    if any(isinstance(f, DeviceRecord) and f.record_kind == wire.SLOT_TAKEN for f in held):
        assert after[late][1].state is State.TAKEN


@ANY
@given(life=lives())
def test_no_dose_belongs_to_two_slots(life: Life) -> None:
    """Each planned slot is one fact, each opening is one slot's, and the groups add up."""
    told = _history(folded(life.in_order()), life)
    assert Counter(f.slot for f in told.doses.facts) == Counter(s.slot for s in life.slots)
    assert len({o.record for o in told.openings}) == len(told.openings)
    of_slot: dict[SlotId, set[int | None]] = {}
    for opening in told.openings:
        if opening.meaning == AS_DUE and opening.slot is not None:
            of_slot.setdefault(opening.slot, set()).add(opening.at_ms)
    for fact in told.doses.facts:
        if fact.opened_ms is not None:
            assert fact.opened_ms in of_slot[fact.slot]
    rows = [r for r in summary(told).rows if r.raw.metric == "taking"]
    for group in (Group.LABEL, Group.WEEK):
        parts = [r for r in rows if r.group is group]
        assert _sum(parts) == _sum([r for r in rows if r.group is Group.ALL])


@ANY
@given(life=lives())
def test_what_nobody_knows_enters_no_denominator(life: Life) -> None:
    """Every denominator is what one counts by hand: known doses, or days all of whose are known."""
    told = _history(folded(life.in_order()), life)
    away = away_days(told.away)
    for doses, side in ((told.doses, "raw"), (told.cleaned, "cleaned")):
        watched = [f for f in doses.facts if f.day not in away]
        known = [f for f in watched if f.state in KNOWN]
        whole = {f.day for f in watched} - {f.day for f in watched if f.state not in KNOWN}
        timeless = [f for f in known if f.state is State.TAKEN and f.opened_ms is None]
        rows = {r.raw.metric: r for r in summary(told).rows if r.group is Group.ALL}
        figures = {name: getattr(row, side) for name, row in rows.items()}
        assert figures["taking"].denominator == len(known)
        assert figures["timing_window"].denominator == len(known) - len(timeless)
        for metric in ("correct_dosing", "any_dose", "drug_holidays"):
            assert figures[metric].denominator == len(whole)
        assert figures["timing_interval"].denominator <= max(0, len(known) - len(timeless) - 1)


@ANY
@given(life=lives())
def test_as_needed_is_listed_and_never_reckoned(life: Life) -> None:
    """Without the PRN openings every figure is the same; with them each stands in the list."""
    with_them = summary(_history(folded(life.in_order()), life))
    prn = [
        f for f in life.device if isinstance(f, DeviceRecord) and f.value == wire.OPENED_PRN
        if f.record_kind == wire.LID_OPENED
    ]  # fmt: skip
    without = folded([f for f in (*_anchors(life), *life.in_order()) if f not in prn])
    anchored = folded([*_anchors(life), *life.in_order()])
    assert summary(_history(anchored, life)).rows == summary(_history(without, life)).rows
    assert len(with_them.as_needed) == len(prn)


def test_corrected_doses_are_what_is_believed() -> None:
    """Cleaned, a dose stands as its outcome does: figures and page never say two things."""
    life = _one_life()
    home = folded(life.in_order())
    told = _history(home, life)
    for fact in told.cleaned.facts:
        seen = outcome(home, fact.slot, told.as_of_ms)
        assert seen.state in (fact.state, State.PAUSED)


@ANY
@given(life=lives())
def test_cleaned_is_the_outcome(life: Life) -> None:
    """In any life a cleaned dose is the corrected outcome; on days away that one may be paused."""
    home = folded(life.in_order())
    for now_ms in (life.ends_ms(), life.slots[-1].due_ms):
        told = _history(home, life, now_ms)
        away = away_days(told.away)
        for fact in told.cleaned.facts:
            seen = outcome(home, fact.slot, now_ms)
            paused = fact.day in away and seen.state is State.PAUSED
            assert paused or (seen.state, seen.how) == (fact.state, fact.how)


def _sum(rows: list[Row]) -> tuple[int, ...]:
    return tuple(
        sum(getattr(figure, part) for figure in figures)
        for figures in ([r.raw for r in rows], [r.cleaned for r in rows])
        for part in ("numerator", "denominator", "unknown")
    )


def _is_about(fact: Event, slot: SlotId) -> bool:
    if not isinstance(fact, DeviceRecord):
        return False
    return (fact.slot_day, fact.slot_index) == (slot.day, slot.index)


def _anchors(life: Life) -> list[Event]:
    """What begins every boot: the gateway's time came to the box."""
    slot, days = life.slots[0], {s.slot.day for s in life.slots}
    told = about(slot, 0, wire.CLOCK_SET, -300, slot_day=None, slot_index=None)
    return [replace(told, seq=boot_of(day), boot=boot_of(day)) for day in sorted(days)]


def _one_life() -> Life:
    """A life written out, of two days."""
    slots = (planned("2026-03-06", "morning", ("1/0",)), planned("2026-03-07", "morning", ("1/0",)))
    return Life(
        tuple(begin(slots, at("00:00", "2026-03-06"))),
        (prescribed(1, "암로디핀", "2026-03-06", 30),),
        (
            about(slots[0], 1, wire.LID_OPENED, 5, value=wire.OPENED_AS_DUE),
            about(slots[0], 2, wire.SLOT_TAKEN, 5, value=1),
            about(slots[1], 3, wire.SLOT_MISSED, 120),
        ),
        slots,
        "2026-03-06",
        "2026-03-07",
    )
