"""gateway.life.detector: what is true of every line, and what each detector says of plain lives.

Knows: signs made here. May not know: recordings, people.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.life.cuddihy import RAISED, usual_min
from gateway.life.detector import (
    Choice,
    Detector,
    Line,
    Seen,
    Why,
    due,
    fit,
    seen_silence_ms,
)
from gateway.life.history import SLOT_MS, history, quantile
from gateway.units import DAY_MS
from gateway.zones import instant_ms, local

SEOUL = ZoneInfo("Asia/Seoul")
HOUR_MS, MIN_MS = 3_600_000, 60_000
START_MS = 1_800_000_000_000 // DAY_MS * DAY_MS - 9 * HOUR_MS  # a midnight in Seoul
DETECTORS = st.sampled_from(list(Detector))
CAPS_H = st.sampled_from([4, 6, 24, 36, 50])


def lived(days: int, seed: int, hours: tuple[int, ...] = (7, 8, 12, 18, 21)) -> tuple[int, ...]:
    """Signs at about these hours of each day."""
    draw = Random(seed)
    return tuple(
        START_MS + day * DAY_MS + hour * HOUR_MS + draw.randrange(50) * MIN_MS
        for day in range(days)
        for hour in hours
        if draw.random() < 0.9
    )


def end_of(days: int) -> int:
    return START_MS + days * DAY_MS + 3 * HOUR_MS


def learnt(days: int = 60, seed: int = 1, choice: Choice | None = None) -> Line:
    seen = Seen(lived(days, seed), (), START_MS)
    return fit(seen, SEOUL, end_of(days), choice or Choice())


LINES = {
    (detector, seed): learnt(60, seed, Choice(detector)) for detector in Detector for seed in (1, 2)
}
ANY_LINE = st.sampled_from(list(LINES.values()))
LAST = st.integers(0, DAY_MS - 1).map(lambda ms: end_of(60) + ms)
SPANS = st.lists(
    st.tuples(st.integers(-2 * DAY_MS, 4 * DAY_MS), st.integers(0, DAY_MS)).map(
        lambda span: (end_of(60) + span[0], end_of(60) + span[0] + span[1])
    ),
    max_size=4,
)


@given(line=ANY_LINE, last_ms=LAST, unseen=SPANS, cap_h=CAPS_H)
def test_never_beyond_the_cap_never_under_six_hours(
    line: Line, last_ms: int, unseen: list[tuple[int, int]], cap_h: int
) -> None:
    """Whatever was learnt and hidden: six seen hours (or the cap) ≤ due ≤ cap, in seen time."""
    told = due(line, last_ms, unseen, cap_h, SEOUL)
    assert told.at_ms <= told.cap_ms
    assert seen_silence_ms(last_ms, told.cap_ms, tuple(unseen)) == cap_h * HOUR_MS
    silent_ms = seen_silence_ms(last_ms, told.at_ms, tuple(unseen))
    assert min(6, cap_h) * HOUR_MS <= silent_ms <= cap_h * HOUR_MS


@given(line=ANY_LINE, last_ms=LAST, unseen=SPANS)
def test_a_higher_cap_is_never_earlier(
    line: Line, last_ms: int, unseen: list[tuple[int, int]]
) -> None:
    """24, 36 and 50 hours come in this order; the personal line inside them stays where it is."""
    told = [due(line, last_ms, unseen, cap_h, SEOUL) for cap_h in (24, 36, 50)]
    assert [each.at_ms for each in told] == sorted(each.at_ms for each in told)
    assert len({each.at_ms for each in told if each.why is Why.LINE}) <= 1


@given(line=ANY_LINE, last_ms=LAST, unseen=SPANS)
def test_hidden_time_never_counts(line: Line, last_ms: int, unseen: list[tuple[int, int]]) -> None:
    """The instant is never inside a hidden span, and never earlier because of one at the cap."""
    told = due(line, last_ms, unseen, 24, SEOUL)
    for at_ms in (told.at_ms, told.cap_ms):
        assert not any(begin < at_ms - 1 < end - 1 for begin, end in unseen)
    assert told.cap_ms >= due(line, last_ms, [], 24, SEOUL).cap_ms


@given(last_ms=LAST, hidden_min=st.integers(1, 2_000))
def test_a_hidden_beginning_moves_the_floor_by_itself(last_ms: int, hidden_min: int) -> None:
    """Hidden from the last sign on: six hours count from where it could be seen again."""
    seen_again = last_ms + hidden_min * MIN_MS
    flat = dataclasses.replace(LINES[Detector.CUDDIHY, 1], limits_min=(10,) * 48)
    told = due(flat, last_ms, [(last_ms, seen_again)], 24, SEOUL)
    assert (told.at_ms, told.why) == (seen_again + 6 * HOUR_MS, Why.FLOOR)


FACTORS = st.tuples(st.floats(0.5, 3), st.floats(0.5, 3)).map(sorted)


@settings(max_examples=20)
@given(factors=FACTORS, last_ms=LAST, detector=st.sampled_from(["cuddihy", "usual", "margin"]))
def test_a_greater_factor_is_never_earlier(
    factors: list[float], last_ms: int, detector: str
) -> None:
    """Cuddihy's strictness, the usual silence's factor and its margin: more of it is later."""
    made = {
        "cuddihy": lambda f: Choice(Detector.CUDDIHY, cuddihy_factor=f),
        "usual": lambda f: Choice(Detector.USUAL, usual_factor=f),
        "margin": lambda f: Choice(Detector.USUAL, usual_margin_min=int(f * 180)),
    }
    lines = [learnt(60, 1, made[detector](factor)) for factor in factors]
    told = [due(line, last_ms, [], 50, SEOUL).at_ms for line in lines]
    assert told == sorted(told)


@settings(max_examples=20)
@given(alarms=st.tuples(st.floats(0.01, 5), st.floats(0.01, 5)).map(sorted), last_ms=LAST)
def test_fewer_alarms_a_month_are_never_earlier(alarms: list[float], last_ms: int) -> None:
    """The hazard: who wants fewer false alarms waits at least as long."""
    few, many = (
        learnt(60, 1, Choice(Detector.HAZARD, hazard_alarms_a_month=each)) for each in alarms
    )
    assert due(few, last_ms, [], 50, SEOUL).at_ms >= due(many, last_ms, [], 50, SEOUL).at_ms


@settings(max_examples=20)
@given(detector=DETECTORS, seed=st.integers(0, 99), spans=SPANS)
def test_the_same_facts_in_any_order_are_the_same_line(
    detector: Detector, seed: int, spans: list[tuple[int, int]]
) -> None:
    """A line is a function of what was seen: not of the order, nor of how often it is asked."""
    signs, hidden = list(lived(60, 1)), [(a - 40 * DAY_MS, b - 40 * DAY_MS) for a, b in spans]
    ordered = Seen(tuple(signs), tuple(hidden), START_MS)
    Random(seed).shuffle(signs)
    Random(seed).shuffle(hidden)
    shuffled = Seen(tuple(signs), tuple(hidden), START_MS)
    lines = [fit(s, SEOUL, end_of(60), Choice(detector)) for s in (ordered, shuffled, shuffled)]
    assert lines[0] == lines[1] == lines[2]


@settings(max_examples=15)
@given(detector=DETECTORS, later=st.lists(st.integers(0, 5 * DAY_MS), max_size=5))
def test_what_comes_later_is_not_known_yet(detector: Detector, later: list[int]) -> None:
    """Signs at and after the instant of learning change nothing."""
    now_ms, signs = end_of(60), lived(60, 1)
    more = (*signs, *(now_ms + ms for ms in later))
    known, foreseen = (Seen(each, (), START_MS) for each in (signs, more))
    choice = Choice(detector)
    assert fit(known, SEOUL, now_ms, choice) == fit(foreseen, SEOUL, now_ms, choice)


def test_signs_before_the_sixty_days_do_not_matter() -> None:
    """What is older than sixty days and an absence before them changes no line."""
    signs = lived(100, 1)
    first_ms = START_MS + 100 * DAY_MS - 62 * DAY_MS
    young = tuple(ms for ms in signs if ms >= first_ms)
    lines = [fit(Seen(s, (), START_MS), SEOUL, end_of(100)) for s in (signs, young)]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("detector", [Detector.CUDDIHY, Detector.USUAL, Detector.HAZARD])
def test_a_silence_does_not_teach_that_it_is_usual(detector: Detector) -> None:
    """Three nights into a silence its end is not a day later than on the first one."""
    seen, last_ms = Seen(lived(60, 1), (), START_MS), max(lived(60, 1))
    told = [
        due(fit(seen, SEOUL, end_of(60 + n), Choice(detector)), last_ms, [], 50, SEOUL).at_ms
        for n in range(3)
    ]
    assert max(told) - min(told) < 3 * HOUR_MS


def test_an_absence_teaches_nothing() -> None:
    """A week elsewhere: no half hour's usual silence grows by more than its fewer days explain."""
    signs = lived(60, 1)
    away = tuple(ms for ms in signs if not 20 <= (ms - START_MS) / DAY_MS < 27)
    home, gone = (
        usual_min(history(Seen(each, (), START_MS), SEOUL, end_of(60))) for each in (signs, away)
    )
    assert max(g - h for h, g in zip(home, gone, strict=True)) < 150  # the week itself is 10,000
    assert max(gone) < DAY_MS / MIN_MS


def test_an_outage_is_no_silence() -> None:
    """A plug that was out for a day and a half: the usual silence of no half hour grows by it."""
    signs = lived(60, 1)
    out = (START_MS + 30 * DAY_MS, START_MS + 31 * DAY_MS + 12 * HOUR_MS)
    kept = tuple(ms for ms in signs if not out[0] <= ms < out[1])
    whole, hidden, naive = (
        usual_min(history(seen, SEOUL, end_of(60)))
        for seen in (
            Seen(signs, (), START_MS), Seen(kept, (out,), START_MS), Seen(kept, (), START_MS),
        )
    )  # fmt: skip
    longer = [h - w for w, h in zip(whole, hidden, strict=True)]
    assert max(longer) < 60
    assert max(n - w for w, n in zip(whole, naive, strict=True)) > max(longer)


def test_the_first_days_have_only_the_cap() -> None:
    """With 27 days nothing is personal, with 28 the line holds; unseen days are not days."""
    last_ms = START_MS + 28 * DAY_MS + 12 * HOUR_MS
    for days, hidden, why in ((27, (), Why.NEW), (28, (), Why.LINE)):
        seen = Seen(lived(days, 1), hidden, START_MS)
        line = fit(seen, SEOUL, end_of(days))
        assert due(line, last_ms, [], 24, SEOUL).why is why
    unseen = ((START_MS, START_MS + 2 * DAY_MS),)
    line = fit(Seen(lived(29, 1), unseen, START_MS), SEOUL, end_of(29))
    assert (line.warm, line.days) == (False, 27)


@pytest.mark.parametrize("line", [Line.cold(0), fit(Seen((), (), 0), UTC, 99 * DAY_MS)])
def test_where_nothing_is_known_the_cap_holds(line: Line) -> None:
    """Nobody known, or no sign ever: the cap to the millisecond, and nothing is usual."""
    told = due(line, 5, [], 36, UTC)
    assert (told.at_ms, told.cap_ms, told.why) == (5 + 36 * HOUR_MS, 5 + 36 * HOUR_MS, Why.NEW)
    assert told.usual_ms is None


def test_caps_know_no_line() -> None:
    """The detector `caps` says the cap, and why."""
    told = due(LINES[Detector.CAPS, 1], end_of(60), [], 24, SEOUL)
    assert (told.at_ms, told.why) == (end_of(60) + 24 * HOUR_MS, Why.CAP)


def test_a_line_beyond_the_cap_is_the_caps() -> None:
    """Whose line is longer than her level: due at the cap, and said to be the cap's."""
    long = dataclasses.replace(LINES[Detector.CUDDIHY, 1], limits_min=(30 * 60,) * 48)
    told = [due(long, end_of(60), [], cap_h, SEOUL) for cap_h in (24, 30, 36)]
    assert [each.why for each in told] == [Why.CAP, Why.CAP, Why.LINE]
    assert [(each.at_ms - end_of(60)) // HOUR_MS for each in told] == [24, 30, 30]
    inside = dataclasses.replace(
        long, limits_min=(24 * 60 + 10,) * 48
    )  # in the half hour of the cap
    assert due(inside, end_of(60) + 10 * MIN_MS, [], 24, SEOUL).why is Why.CAP


def test_no_half_hour_of_an_outage_teaches() -> None:
    """What begins in a hidden span is left out: nobody knows whether she was silent."""
    out = (START_MS + 30 * DAY_MS, START_MS + 30 * DAY_MS + 5 * HOUR_MS)
    past = history(Seen(lived(60, 1), (out,), START_MS), SEOUL, end_of(60))
    assert past.half_hours
    assert not [h for h in past.half_hours if out[0] <= h.at_ms < out[1]]


def test_cuddihys_line_by_hand() -> None:
    """One sign at 08:10 a day: the usual silence at 08:00 is 23 h 50, raised ×1.82×1.5 and cut."""
    signs = tuple(START_MS + day * DAY_MS + 490 * MIN_MS for day in range(60))
    seen = Seen(signs, (), START_MS)
    usual = usual_min(history(seen, SEOUL, end_of(60)))
    assert usual[16] == pytest.approx(1_430)  # the greatest around 07:30, 08:00 and 08:30
    assert usual[20] == pytest.approx((110 + 140 + 170) / 3)  # of 10:00, 10:30 and 11:00
    line = fit(seen, SEOUL, end_of(60), Choice(Detector.CUDDIHY))
    assert line.limits_min[16] == round(1_430 * RAISED * 1.5)


def test_usual_is_when_nine_days_of_ten_had_a_sign() -> None:
    """Up at 07:00 on most days, at 09:20 on every tenth: after an evening it is usual by 09:20."""
    signs = []
    for day in range(60):
        wakes_min = 560 if day % 8 == 0 else 420
        signs += [START_MS + day * DAY_MS + m * MIN_MS for m in (wakes_min, 780, 1_270)]
    line = fit(Seen(tuple(signs), (), START_MS), SEOUL, end_of(60))
    told = due(line, max(signs), [], 24, SEOUL)
    assert told.usual_ms is not None
    assert local(told.usual_ms, SEOUL).strftime("%H:%M") == "09:20"


def test_a_regular_morning_is_missed_the_same_day() -> None:
    """Every morning at about seven since weeks: one without a sign is noticed that day."""
    for detector in (Detector.CUDDIHY, Detector.USUAL):
        told = due(LINES[detector, 1], max(lived(60, 1)), [], 24, SEOUL)
        assert told.why is Why.LINE
        assert local(told.at_ms, SEOUL).hour in range(9, 18)


def test_a_late_sleeper_is_not_woken_by_the_clock_change() -> None:
    """In the night of summer time a line still reads the local hour: due in seen hours, no jump."""
    berlin = ZoneInfo("Europe/Berlin")
    before = instant_ms(local(1_774_700_000_000, berlin).date(), "21:00", berlin)  # 2026-03-28
    limits = tuple(60 if slot == 20 else 7 * 1_440 for slot in range(48))  # only 10:00 counts
    line = Line(Detector.USUAL, 0, 60, warm=True, limits_min=limits)
    told = due(line, before, [], 24, berlin)
    assert local(told.at_ms, berlin).strftime("%d %H:%M") == "29 10:00"
    assert told.at_ms - before == 12 * HOUR_MS  # one hour was left out that night


@given(values=st.lists(st.integers(0, 5_000), min_size=1), share=st.floats(0, 1))
def test_a_quantile_lies_among_its_values(values: list[int], share: float) -> None:
    """Never under the least, never over the greatest; the middle of two is halfway."""
    ordered = sorted(values)
    assert ordered[0] <= quantile(ordered, share) <= ordered[-1]
    assert quantile([1, 2], 0.5) == pytest.approx(1.5)


def test_half_hours_are_local() -> None:
    """The first half hour of a day in Seoul has number 0 and begins at its midnight."""
    past = history(Seen(lived(60, 1), (), START_MS), SEOUL, end_of(60))
    firsts = [h for h in past.half_hours if h.slot == 0]
    assert {h.at_ms % DAY_MS for h in firsts} == {START_MS % DAY_MS}
    assert all(h.at_ms % SLOT_MS == 0 for h in past.half_hours)
