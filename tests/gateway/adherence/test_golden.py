"""Every formula of dosing against numbers reckoned by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.adherence import metrics
from gateway.adherence.metrics_cleaned import Group, cleaned, table
from gateway.adherence.metrics_input import (
    Away,
    Correction,
    Course,
    Doses,
    Figure,
    Window,
    overlaps,
)
from gateway.adherence.outcomes import How, State
from gateway.events import SlotId
from tests.gateway.adherence.records import (
    BY_HAND,
    CLEANED,
    FIRST,
    LAST,
    PERSON,
    RAW,
    SAID,
    dose,
    plus,
)
from tests.gateway.home_facts import at


def _counts(figure: Figure) -> tuple[int, int, int, int]:
    return figure.numerator, figure.denominator, figure.monitored_days, figure.unknown


@pytest.mark.parametrize("metric", RAW)
def test_by_hand(metric: str) -> None:
    """The record written out by hand gives the counts reckoned by hand, raw and cleaned."""
    formula = getattr(metrics, metric)
    assert _counts(formula(BY_HAND)) == RAW[metric]
    assert _counts(formula(cleaned(BY_HAND, SAID))) == CLEANED[metric]


def test_every_definition_gives_another_number() -> None:
    """On one record no two formulas agree, and cleaning alone moves each of them."""
    formulas = (metrics.taking, metrics.correct_dosing, metrics.timing_window,
                metrics.timing_interval, metrics.any_dose)  # fmt: skip
    raw = [round(f(BY_HAND).value or 0, 1) for f in formulas]
    clean = [round(f(cleaned(BY_HAND, SAID)).value or 0, 1) for f in formulas]
    assert raw == [64.7, 37.5, 52.9, 75.0, 62.5]
    assert clean == [66.7, 55.6, 56.2, 85.7, 77.8]
    assert len({*raw, *clean}) == 10


def test_the_window_decides_and_is_printed() -> None:
    """±20 minutes takes out the dose at half past eight in the evening; ±120 brings one in."""
    figures = [metrics.timing_window(BY_HAND, Window(n, n)) for n in (20, 60, 120)]
    assert [f.numerator for f in figures] == [8, 9, 10]
    assert [f.window for f in figures] == [((20, 20),), ((60, 60),), ((120, 120),)]
    assert metrics.timing_window(BY_HAND).window == (Window(60, 60),)


def test_only_the_windows_of_the_doses_in_it_are_printed() -> None:
    """A window of a dose without a time, or of a day that is not judged, is not the figure's."""
    wide = dose("2026-03-02", "morning", "08:00")
    by_word = replace(
        dose("2026-03-02", "evening", None, State.TAKEN), how=How.BY_WORD, window=Window(30, 30)
    )
    in_time = metrics.timing_window(Doses((wide, by_word), FIRST, LAST))
    assert (in_time.denominator, in_time.window, in_time.by_word) == (1, (Window(60, 60),), 0)
    half_known = (
        replace(dose("2026-03-03", "morning", "08:00"), window=Window(30, 30)),
        dose("2026-03-03", "evening", None, State.UNKNOWN),
    )
    doses = Doses((wide, *half_known), FIRST, LAST)
    for formula in (metrics.correct_dosing, metrics.any_dose, metrics.drug_holidays):
        assert formula(doses).window == (Window(60, 60),)
    assert metrics.taking(doses).window == (Window(30, 30), Window(60, 60))


def test_a_double_dose_beside_a_missed_one_is_no_proportion() -> None:
    """Two doses of two, one of them never taken: 100 % by the formula, and no interval to it."""
    facts = (dose(FIRST, "morning", None), plus(dose(FIRST, "evening", "20:00"), 1))
    figure = metrics.taking(Doses(facts, FIRST, LAST))
    assert (figure.value, figure.low, figure.high) == (100.0, None, None)


def test_a_correction_of_a_day_away_is_in_no_figure() -> None:
    """The corrections beside a figure are those of doses in it."""
    facts = (dose(FIRST, "morning", None), dose("2026-03-03", "morning", None))
    doses = Doses(facts, FIRST, LAST, (Away("2026-03-03", "2026-03-03", "hospital"),))
    said = [Correction(1, f.slot, 1, "d", "saw it") for f in facts]
    (row,) = (r for r in table(doses, said) if r.group is Group.ALL and r.raw.metric == "taking")
    assert row.corrections == (said[0],)


def test_given_interval() -> None:
    """With τ given as 24 h only the evening after a missed morning is an interval of a day."""
    figure = metrics.timing_interval(BY_HAND, tau_min=24 * 60)
    assert (figure.numerator, figure.denominator) == (1, 8)


@pytest.mark.parametrize(
    ("clock", "right"), [("05:00", 1), ("11:00", 1), ("04:59", 0), ("11:01", 0)]
)
def test_a_quarter_of_the_interval(clock: str, right: int) -> None:
    """Twelve hours three shorter or longer are kept; a minute more is not."""
    facts = (dose("2026-03-02", "evening", "20:00"), dose("2026-03-03", "morning", clock))
    figure = metrics.timing_interval(Doses(facts, FIRST, LAST))
    assert (figure.numerator, figure.denominator) == (right, 1)


def test_no_interval_over_a_day_away() -> None:
    """Between two doses with a day away between them nobody knows the interval."""
    facts = (dose("2026-03-02", "morning", "08:00"), dose("2026-03-04", "morning", "08:00"))
    doses = Doses(facts, FIRST, LAST)
    elsewhere = replace(doses, away=(Away("2026-03-03", "2026-03-03", "travel"),))
    assert [metrics.timing_interval(d).denominator for d in (doses, elsewhere)] == [1, 0]


def test_more_than_prescribed_is_not_capped() -> None:
    """Three doses of two are 150 %, which is no proportion and gets no interval."""
    last = replace(BY_HAND, from_day=LAST)
    figure = metrics.taking(last)
    assert (figure.value, figure.low, figure.high) == (150.0, None, None)
    assert metrics.correct_dosing(last).value == 0.0


def test_a_holiday_is_three_days_of_which_all_is_known() -> None:
    """The run is the three days; one dose nobody knows of in its middle ends it."""
    assert metrics.holiday_runs(BY_HAND) == (("2026-03-06", "2026-03-07", "2026-03-08"),)
    unsure = dose("2026-03-07", "morning", None, State.UNKNOWN)
    facts = [unsure if f.slot == unsure.slot else f for f in BY_HAND.facts]
    assert metrics.holiday_runs(replace(BY_HAND, facts=tuple(facts))) == ()


def test_a_day_without_a_dose_does_not_end_a_holiday() -> None:
    """Every other day missed three times is a holiday; with days away in between it is not."""
    days = ("2026-03-02", "2026-03-04", "2026-03-06")
    doses = Doses(tuple(dose(d, "morning", None) for d in days), FIRST, LAST)
    assert metrics.holiday_runs(doses) == (days,)
    elsewhere = replace(doses, away=(Away("2026-03-03", "2026-03-03", "travel"),))
    assert metrics.holiday_runs(elsewhere) == ()


def test_nothing_known_is_no_figure() -> None:
    """Where all is unknown every figure is None, never 0 % and never 100 %."""
    doses = Doses((dose(FIRST, "morning", None, State.UNKNOWN),), FIRST, FIRST)
    rows = table(doses)
    assert {row.raw.value for row in rows} == {None}
    assert {row.raw.denominator for row in rows if row.raw.metric != "persistence"} == {0}
    assert {row.raw.unknown for row in rows} == {1}


def test_doubtful_is_told_apart() -> None:
    """An opening that proves nothing is left out like an unknown one, and counted as doubtful."""
    doubtful = dose("2026-03-09", "evening", None, State.DOUBTFUL)
    facts = [doubtful if f.slot == doubtful.slot else f for f in BY_HAND.facts]
    figure = metrics.taking(replace(BY_HAND, facts=tuple(facts)))
    assert (_counts(figure), figure.doubtful) == (RAW["taking"], 1)


def test_corrections_name_who_and_why() -> None:
    """The last word about a slot counts; each row names those that touched it."""
    rows = table(BY_HAND, SAID)
    whole = next(r for r in rows if r.group is Group.ALL and r.raw.metric == "taking")
    assert [(c.by, c.why) for c in whole.corrections] == [
        ("daughter", "pouch taken along to the wedding"),
        ("daughter", "was there and saw it"),
        ("pharmacist", "one pouch only"),
    ]
    mornings = [r for r in rows if r.key == "morning"]
    assert {c.by for row in mornings for c in row.corrections} == {"pharmacist"}
    after = {f.slot: f for f in cleaned(BY_HAND, SAID).facts}
    assert after[SlotId(PERSON, "2026-03-09", 2)].how is How.BY_WORD
    assert after[SlotId(PERSON, LAST, 0)].how is How.ON_TIME


@pytest.mark.parametrize(("taken", "counts"), [(0, (0, 1)), (1, (1, 1)), (2, (2, 1))])
def test_a_correction_says_how_many(taken: int, counts: tuple[int, int]) -> None:
    """None, one or two doses at a slot: the correction's number is what was taken."""
    doses = Doses((dose(FIRST, "morning", "08:00"),), FIRST, FIRST)
    said = Correction(at("09:00"), SlotId(PERSON, FIRST, 0), taken, "daughter", "was there")
    figure = metrics.taking(cleaned(doses, [said]))
    assert (figure.numerator, figure.denominator) == counts


def test_a_correction_of_less_than_nothing_is_refused() -> None:
    """Nobody takes fewer than no doses."""
    with pytest.raises(ValueError, match="-1 doses"):
        Correction(0, SlotId(PERSON, FIRST, 0), -1, "daughter", "")


@pytest.mark.parametrize(
    ("group", "key", "counts"),
    [
        (Group.DRUG, "amlodipine", (6, 9)),
        (Group.DRUG, "metformin", (11, 17)),
        (Group.LABEL, "morning", (6, 9)),
        (Group.LABEL, "evening", (5, 8)),
        (Group.WEEK, "2026-03-02", (7, 14)),
        (Group.WEEK, "2026-03-09", (4, 3)),
    ],
)
def test_groups(group: Group, key: str, counts: tuple[int, int]) -> None:
    """A pouch is a dose of each drug in it; the week begins on Monday."""
    rows = table(BY_HAND)
    row = next(r for r in rows if (r.group, r.key, r.raw.metric) == (group, key, "taking"))
    assert (row.raw.numerator, row.raw.denominator) == counts


def test_overlapping_courses_leave_the_drug() -> None:
    """Two courses of a drug at once are named, and their days are in no figure of that drug."""
    courses = (Course("amlodipine", "2026-02-01", "2026-03-03", "clinic A"),
               Course("amlodipine", "2026-03-02", "2026-04-01", "clinic B"))  # fmt: skip
    rows = [r for r in table(BY_HAND, courses=courses) if r.group is Group.DRUG]
    taking = {r.key: r for r in rows if r.raw.metric == "taking"}
    assert (taking["amlodipine"].raw.numerator, taking["amlodipine"].raw.denominator) == (4, 7)
    assert taking["amlodipine"].overlaps == (
        Course("amlodipine", "2026-03-02", "2026-03-03", "clinic A + clinic B"),
    )
    assert (taking["metformin"].raw.denominator, taking["metformin"].overlaps) == (17, ())


def test_one_day_is_an_overlap() -> None:
    """A course that ends on the day on which the next begins overlaps it on that day."""
    one = Course("a", "2026-01-01", "2026-01-30", "A")
    found = overlaps((one, Course("a", "2026-01-30", "2026-02-28", "B"), one))
    assert found == (Course("a", "2026-01-30", "2026-01-30", "A + B"),)
    assert overlaps((one, Course("b", "2026-01-30", "2026-02-28", "B"))) == ()


def test_two_facts_that_disagree_are_refused() -> None:
    """One slot has one fact; which of two to believe is not decided here."""
    twice = (dose(FIRST, "morning", "08:00"), dose(FIRST, "morning", None))
    with pytest.raises(ValueError, match="soonja/2026-03-02/0"):
        metrics.taking(Doses(twice, FIRST, LAST))
