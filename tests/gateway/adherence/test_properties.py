"""What holds of the formulas for any record, and that a second, naive reckoning agrees."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adherence import metrics
from gateway.adherence.metrics_cleaned import IMPLEMENTATION, table
from gateway.adherence.metrics_days import UNCONFIRMED, days_of
from gateway.adherence.metrics_input import Correction, Doses, Supply
from gateway.adherence.outcomes import State
from gateway.adherence.proportions import Z_95, wilson
from tests.gateway.adherence import naive
from tests.gateway.adherence.records import records, supplies

COUNTED = ("taking", "correct_dosing", "timing_window", "timing_interval", "any_dose")


@pytest.mark.parametrize("metric", COUNTED)
@given(doses=records())
def test_naive_agrees_on_doses(metric: str, doses: Doses) -> None:
    """A percentage is what the plainest reckoning counts, of what it counts."""
    figure = getattr(metrics, metric)(doses)
    part, whole = getattr(naive, metric)(doses)
    assert (figure.numerator, figure.denominator) == (part, whole)
    assert figure.value == (100 * part / whole if whole else None)


@given(doses=records())
def test_naive_agrees_on_runs(doses: Doses) -> None:
    """Holidays and persistence are what the plainest reckoning finds."""
    judged = len(naive.judged(doses))
    assert metrics.drug_holidays(doses).value == (naive.drug_holidays(doses) if judged else None)
    assert metrics.persistence(doses).numerator == naive.persistence(doses)


@given(supply=supplies())
def test_naive_agrees_on_supply(supply: Supply) -> None:
    """PDC is a cupboard emptied day by day; MPR a sum over a span."""
    pdc, mpr = metrics.pdc(supply), metrics.mpr(supply)
    assert (pdc.numerator, pdc.denominator) == naive.pdc(supply)
    assert (mpr.numerator, mpr.denominator) == naive.mpr(supply)


@given(doses=records(), shuffled=st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(doses: Doses, shuffled: object) -> None:
    """The same facts in another order, some of them told twice, give the same figures."""
    facts = [*doses.facts, *doses.facts[::2]]
    shuffled.shuffle(facts)  # type: ignore[attr-defined]
    assert table(replace(doses, facts=tuple(facts))) == table(doses)


@given(supply=supplies(), shuffled=st.randoms(use_true_random=False))
def test_order_and_repetition_of_fills_change_nothing(supply: Supply, shuffled: object) -> None:
    """Fills told in any order, some of them twice, give the same PDC and MPR."""
    fills = [*supply.fills, *supply.fills[1:]]
    shuffled.shuffle(fills)  # type: ignore[attr-defined]
    again = replace(supply, fills=tuple(fills))
    assert (metrics.pdc(again), metrics.mpr(again)) == (metrics.pdc(supply), metrics.mpr(supply))


@given(doses=records())
def test_unknown_never_enters_a_denominator(doses: Doses) -> None:
    """Without the unknown doses the counts of doses are the same, no other denominator less."""
    without = replace(doses, facts=tuple(f for f in doses.facts if f.state not in UNCONFIRMED))
    for of_doses in (metrics.taking, metrics.timing_window):
        one, other = of_doses(doses), of_doses(without)
        assert (one.numerator, one.denominator) == (other.numerator, other.denominator)
    for formula in IMPLEMENTATION:
        assert formula(doses).denominator <= formula(without).denominator
    unknown = {f.day for f in doses.facts if f.state in UNCONFIRMED and not f.as_needed}
    assert unknown.isdisjoint(day.day for day in days_of(doses) if day.whole)


@given(doses=records(), data=st.data())
def test_a_late_record_changes_its_own_day(doses: Doses, data: st.DataObject) -> None:
    """What arrives late about one dose changes that day's counts and no other's."""
    open_ended = [f for f in doses.facts if f.state is State.UNKNOWN]
    if not open_ended:
        return
    late = data.draw(st.sampled_from(open_ended))
    told = replace(late, state=State.TAKEN, opened_ms=late.due_ms)
    after = replace(doses, facts=tuple(told if f == late else f for f in doses.facts))
    before_days, after_days = ({d.day: d for d in days_of(x)} for x in (doses, after))
    changed = {d for d in before_days if before_days[d] != after_days[d]}
    assert changed <= {late.day}
    seen = late.day in before_days and not late.as_needed
    assert bool(changed) == seen


@given(doses=records(), data=st.data())
def test_corrections_in_any_order(doses: Doses, data: st.DataObject) -> None:
    """Who said what in which order it arrived changes nothing: the last said counts."""
    if not doses.facts:
        return
    slot = data.draw(st.sampled_from([f.slot for f in doses.facts]))
    said = [Correction(n % 2, slot, n % 3, f"p{n}", "saw it") for n in range(4)]
    shuffled = data.draw(st.permutations(said))
    assert table(doses, [*shuffled, *said]) == table(doses, said)


@given(doses=records())
def test_shares_lie_in_their_intervals(doses: Doses) -> None:
    """A share lies between its bounds; what is no share has none."""
    for formula in IMPLEMENTATION:
        figure = formula(doses)
        if figure.value is None or figure.value > 100:
            assert figure.low is None
        elif formula is metrics.taking and figure.low is None:
            assert any(f.extra for f in doses.facts)
        else:
            assert figure.low is not None
            assert figure.high is not None
            assert 0 <= figure.low <= figure.value <= figure.high <= 100


@given(trials=st.integers(1, 4000), data=st.data())
def test_wilson_is_where_the_score_test_turns(trials: int, data: st.DataObject) -> None:
    """At either end p, the share lies exactly z standard errors of p away."""
    successes = data.draw(st.integers(0, trials))
    for p in wilson(successes, trials) or ():
        gap = abs(successes / trials - p)
        assert math.isclose(gap**2 * trials, Z_95**2 * p * (1 - p), rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [
        ((8, 10), (0.4902, 0.9433)),
        ((0, 10), (0.0, 0.2775)),
        ((10, 10), (0.7225, 1.0)),
        ((1, 2), (0.0945, 0.9055)),
    ],
)
def test_wilson_by_hand(counts: tuple[int, int], bounds: tuple[float, float]) -> None:
    """Known intervals of 95 %, to four places."""
    assert [round(x, 4) for x in wilson(*counts) or ()] == list(bounds)


def test_wilson_of_nothing() -> None:
    """No trial gives no interval; more successes than trials are a mistake."""
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
