"""The golden vectors once more, out of a home's log: reckoned by hand, not by the formulas."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from anbu_wire import messages as wire
from gateway.adherence.history import History, history
from gateway.adherence.metrics_cleaned import Group, Row, table
from gateway.adherence.metrics_input import Doses, Figure
from gateway.adherence.outcomes import State
from gateway.adherence.plots import Chart, calendar_plot, chronology
from gateway.adherence.summary import Summary, summary
from gateway.events import DoseCorrected, Event, MedicationStopped, NotMonitored, PlannedSlot
from tests.gateway.adherence.lived import (
    CLOCKS,
    MIN_MS,
    PERSON,
    about,
    begin,
    folded,
    planned,
    prescribed,
)
from tests.gateway.adherence.records import (
    BY_HAND,
    CLEANED,
    FILLS,
    FIRST,
    HOSPITAL,
    LAST,
    RAW,
    SAID,
)
from tests.gateway.adherence.test_supply import PATIENT_37, PATIENT_76
from tests.gateway.home_facts import at

IDS = {"amlodipine": "1/0", "metformin": "2/0"}
ENDS = {
    State.MISSED: (wire.SLOT_MISSED, 0, 120),
    State.SKIPPED: (wire.SLOT_SKIPPED, wire.SKIPPED_LATE, 60),
    State.PAUSED: (wire.SLOT_PAUSED, 0, 0),
}
# The third dose of the last day was no opening of the due lid: it is in no raw record of a box.
LOGGED = {**RAW, "taking": (10, 17, 9, 1), "correct_dosing": (4, 8, 8, 1)}
THREE = DoseCorrected(at("11:30", LAST), SAID[3].slot, 2, "neighbour", "two pouches")


def _log() -> list[Event]:
    """The record that BY_HAND writes out, as a gateway logs it."""
    pairs = [(planned(f.day, f.label, tuple(IDS[d] for d in f.drugs)), f) for f in BY_HAND.facts]
    facts = [
        *begin([slot for slot, _ in pairs], at("00:00", FIRST)),
        prescribed(1, "Amlodipine", FIRST, 30),
        prescribed(2, "Metformin", FIRST, 30),
    ]
    for seq, (slot, dose) in enumerate(pairs, start=1):
        if dose.opened_ms is not None:
            after_min = (dose.opened_ms - slot.due_ms) // MIN_MS
            facts += _opening(slot, 2 * seq, after_min)
        elif dose.state in ENDS:
            kind, value, after_min = ENDS[dose.state]
            facts.append(about(slot, 2 * seq, kind, after_min, value=value))
    stay = (HOSPITAL.from_day, HOSPITAL.to_day, HOSPITAL.why, "daughter")
    facts.append(NotMonitored(at("09:00", LAST), PERSON, *stay))
    said = [DoseCorrected(c.at_ms, c.slot, c.taken, c.by, c.why) for c in SAID]
    return [*facts, THREE, *said]


def _opening(slot: PlannedSlot, seq: int, after_min: int) -> list[Event]:
    return [
        about(slot, seq, wire.LID_OPENED, after_min, value=wire.OPENED_AS_DUE),
        about(slot, seq + 1, wire.SLOT_TAKEN, after_min, value=2 if after_min > 60 else 1),
    ]


def _history() -> History:
    return history(folded(_log()), PERSON, FIRST, LAST, at("12:00", "2026-03-14"))


def _counts(figure: Figure) -> tuple[int, int, int, int]:
    return figure.numerator, figure.denominator, figure.monitored_days, figure.unknown


def _of(told: Summary, group: Group) -> dict[str, Row]:
    return {r.raw.metric: r for r in told.rows if r.group is group}


@pytest.mark.parametrize("metric", LOGGED)
def test_golden_by_the_way_of_the_log(metric: str) -> None:
    """From records and words in a log to the very counts that were reckoned by hand."""
    row = _of(summary(_history()), Group.ALL)[metric]
    assert (_counts(row.raw), _counts(row.cleaned)) == (LOGGED[metric], CLEANED[metric])
    assert row.raw.metric == row.cleaned.metric == metric
    assert row.raw.window == (BY_HAND.facts[0].window,)


def test_every_definition_gives_another_number() -> None:
    """On one log no two formulas agree, and cleaning alone moves each of them."""
    rows = _of(summary(_history()), Group.ALL)
    names = ("taking", "correct_dosing", "timing_window", "timing_interval", "any_dose")
    raw = [round(rows[n].raw.value or 0, 1) for n in names]
    clean = [round(rows[n].cleaned.value or 0, 1) for n in names]
    assert raw == [58.8, 50.0, 52.9, 75.0, 62.5]
    assert clean == [66.7, 55.6, 56.2, 85.7, 77.8]
    assert len({*raw, *clean}) == 10


def test_every_group_is_that_of_the_written_record() -> None:
    """Per drug, slot and week the log gives what the record written by hand gives."""
    by_hand = replace(BY_HAND, facts=tuple(replace(f, extra=0) for f in BY_HAND.facts))
    expected = {
        (r.group, r.key, r.raw.metric): (_counts(r.raw), _counts(r.cleaned))
        for r in table(by_hand, SAID)
    }
    found = {
        (r.group, r.key.lower(), r.raw.metric): (_counts(r.raw), _counts(r.cleaned))
        for r in summary(_history()).rows
    }
    assert found == expected
    assert {k[1] for k in found if k[0] is Group.DRUG} == {"amlodipine", "metformin"}
    assert {k[1] for k in found if k[0] is Group.WEEK} == {"2026-03-02", "2026-03-09"}
    assert {k[1] for k in found if k[0] is Group.LABEL} == {"morning", "evening"}


def test_the_newest_word_of_each_slot_is_in_force() -> None:
    """Five words were said of three slots; three hold, all five are told, with who and why."""
    told = _history()
    assert {(c.slot, c.taken, c.by) for c in told.corrections} == {
        (c.slot, c.taken, c.by) for c in (SAID[0], SAID[2], SAID[3])
    }
    assert len(told.words) == 5
    assert all(c.by and c.why for c in told.words)


# --- supply ---------------------------------------------------------------------------------


def _supply(fills: list[tuple[str, int]], window: tuple[str, str], *more: Event) -> list[Row]:
    bags = [prescribed(n, "Med", day, days) for n, (day, days) in enumerate(fills, start=1)]
    house = folded([*begin([], at("00:00", fills[0][0])), *bags, *more])
    told = history(house, PERSON, *window, at("12:00", "2040-01-01"))
    return list(summary(told).supply)


def _pdc_mpr(rows: list[Row]) -> tuple[tuple[int, int], ...]:
    assert [r.raw.metric for r in rows] == ["pdc", "mpr"]
    assert all(r.raw == r.cleaned and r.key == "Med" for r in rows)
    return tuple((r.raw.numerator, r.raw.denominator) for r in rows)


SPRING = [(f.day, f.days_supply) for f in FILLS]
SPRING_DAYS = ("2026-01-01", "2026-05-31")


@pytest.mark.parametrize(
    ("fills", "window", "counts"),
    [
        (SPRING, SPRING_DAYS, ((112, 151), (90, 129))),
        # AdhereR's published patients (test_supply.py)
        (PATIENT_76, ("2036-06-12", "2037-06-11"), ((252, 365), (210, 150))),
        (PATIENT_37, ("2036-10-09", "2037-10-08"), ((149, 365), (90, 223))),
    ],
)
def test_supply_by_the_way_of_the_book(
    fills: list[tuple[str, int]], window: tuple[str, str], counts: tuple[tuple[int, int], ...]
) -> None:
    """Prescriptions written down over months give the PDC and MPR reckoned by hand or published."""
    assert _pdc_mpr(_supply(fills, window)) == counts


def test_ten_days_away_use_nothing_up() -> None:
    """Days in hospital leave the period and push the supply on: 112 of 141."""
    stay = NotMonitored(
        at("12:00", "2026-02-11"), PERSON, "2026-02-01", "2026-02-10", "hospital", "d"
    )
    assert _pdc_mpr(_supply(SPRING, SPRING_DAYS, stay))[0] == (112, 141)


def test_a_refill_is_the_same_drug() -> None:
    """However its name was spaced, a refill is one drug with what was before, by its last name."""
    bags = prescribed(1, "med  5MG", "2026-03-02", 2), prescribed(2, "Med 5mg", "2026-03-04", 2)
    slots = [planned(f"2026-03-0{n}", "morning", (f"{n // 2}/0",)) for n in range(2, 6)]
    taken = [f for n, s in enumerate(slots) for f in _opening(s, 2 * n + 1, 5)]
    house = folded([*begin(slots, at("00:00", "2026-03-02")), *bags, *taken])
    told = summary(history(house, PERSON, "2026-03-02", "2026-03-05", at("12:00", "2026-03-20")))
    assert {(r.key, r.raw.numerator) for r in told.supply} == {("Med 5mg", 4), ("Med 5mg", 2)}
    (row,) = (r for r in told.rows if r.group is Group.DRUG and r.raw.metric == "taking")
    assert (row.key, row.raw.numerator, row.raw.denominator) == ("Med 5mg", 4, 4)


def test_a_stop_ends_what_is_judged() -> None:
    """Stopped on 10 January, the drug is judged over its ten days, all of them covered."""
    stop = MedicationStopped(at("12:00", "2026-01-10"), PERSON, "1/0", "2026-01-10", "doctor", "x")
    assert _pdc_mpr(_supply(SPRING[:1], SPRING_DAYS, stop))[0] == (10, 10)


def test_days_between_a_stop_and_the_next_fill_are_no_gap() -> None:
    """Stopped on 10 January, begun again on 1 March for ten days: twenty of twenty days."""
    stop = MedicationStopped(at("12:00", "2026-01-10"), PERSON, "1/0", "2026-01-10", "doctor", "x")
    fills = [("2026-01-01", 30), ("2026-03-01", 10)]
    assert _pdc_mpr(_supply(fills, ("2026-01-01", "2026-03-10"), stop))[0] == (20, 20)
    assert _pdc_mpr(_supply(fills, ("2026-01-01", "2026-03-10")))[0] == (40, 69)


def test_a_drug_of_long_ago_is_not_judged() -> None:
    """What was used up before the period and never renewed says nothing about it."""
    assert _supply([("2025-01-01", 5)], SPRING_DAYS) == []


def test_days_to_come_are_not_judged() -> None:
    """On the tenth day of a month only ten of its days count."""
    house = folded([*begin([], at("00:00", "2026-01-01")), prescribed(1, "Med", "2026-01-01", 5)])
    told = history(house, PERSON, "2026-01-01", "2026-01-31", at("12:00", "2026-01-10"))
    pdc = summary(told).supply[0].raw
    assert (pdc.numerator, pdc.denominator) == (5, 10)


def test_two_ways_of_one_drug_are_asked_about() -> None:
    """The same drug in two doses at once gives no PDC, says where, and leaves those days out."""
    bags = [prescribed(1, "Med", "2026-03-02", 5), prescribed(2, "Med", "2026-03-05", 5)]
    body = {**bags[1].medications[0], "amount": "2"}
    twice = replace(bags[1], medications=(body,))
    slots = [planned(f"2026-03-0{n}", "morning", ("1/0",)) for n in range(2, 8)]
    taken = [f for n, s in enumerate(slots) for f in _opening(s, 2 * n + 1, 5)]
    house = folded([*begin(slots, at("00:00", "2026-03-02")), bags[0], twice, *taken])
    told = summary(history(house, PERSON, "2026-03-02", "2026-03-07", at("12:00", "2026-03-20")))
    assert [r.raw.value for r in told.supply] == [None, None]
    (overlap,) = told.supply[0].overlaps
    assert (overlap.from_day, overlap.to_day) == ("2026-03-05", "2026-03-06")
    (row,) = (r for r in told.rows if r.group is Group.DRUG and r.raw.metric == "taking")
    assert (row.raw.numerator, row.raw.denominator) == (4, 4)


# --- charts -----------------------------------------------------------------------------------


def test_a_history_feeds_the_charts() -> None:
    """Both charts are drawn of it, raw and cleaned, and cleaned they say how many corrections."""
    told = _history()
    charts = [
        Chart(told.doses, "en", "raw"),
        Chart(told.cleaned, "en", "clean", corrected=len(told.corrections)),
    ]
    calendars = [calendar_plot(chart) for chart in charts]
    times = [chronology(chart, told.zone) for chart in charts]
    assert told.zone == ZoneInfo("Asia/Seoul")
    assert all("corrections: 3" in drawn for drawn in (calendars[1], times[1]))
    assert all("not corrected by anybody" in drawn for drawn in (calendars[0], times[0]))


def test_an_opening_on_a_day_away_is_drawn() -> None:
    """Nobody could see, but the lid was seen opened: the chart says so, and no figure counts it."""
    slots = [planned("2026-03-02", label) for label in CLOCKS if label != "bedtime"]
    stay = NotMonitored(at("12:00", FIRST), PERSON, FIRST, FIRST, "travel", "daughter")
    log = [*begin(slots, at("00:00", FIRST)), *_opening(slots[0], 1, 5), stay]
    told = history(folded(log), PERSON, FIRST, FIRST, at("12:00", "2026-03-04"))
    drawn = calendar_plot(Chart(told.doses, "en", "x"))
    assert "opened 1, away 1" in drawn
    assert _of(summary(told), Group.ALL)["taking"].raw.denominator == 0
    assert Doses((), FIRST, FIRST, told.away) == replace(told.doses, facts=())
