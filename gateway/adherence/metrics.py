"""Adherence, one public function a formula (ABC taxonomy; AdhereR; CleanADHdata).

Knows: the formulas. May not know: where doses come from, words, the time.

D: watched days with at least one prescribed dose, every one of them known; p_d, n_d: prescribed
and taken doses of day d; s, t: due and opened. PRN is in none of them, UNKNOWN in no denominator.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import replace

from gateway.adherence.metrics_days import KNOWN, Seen, bare, holding, look, n_taken, percent
from gateway.adherence.metrics_input import (
    DoseFact,
    Doses,
    Figure,
    Supply,
    Window,
    as_date,
    away_days,
    days_between,
)
from gateway.adherence.metrics_supply import covered_days, kept, last_fill_apart, to_be_asked
from gateway.adherence.outcomes import State
from gateway.units import MIN_MS

INTERVAL_SHARE = 0.25  # an interval may be this share of the prescribed one shorter or longer
HOLIDAY_DAYS = 3
ADHERENT_FROM = 0.80  # of days covered


def taking(doses: Doses) -> Figure:
    """Doses taken of those prescribed, in percent; above 100 where more were taken.

    A dose taken twice beside one not taken is no proportion: no interval then.
    """
    seen = look(doses)
    counts = sum(n_taken(f) for f in seen.known), len(seen.known)
    figure = percent(seen, "taking", counts, seen.known_days)
    return replace(figure, low=None, high=None) if any(f.extra for f in seen.known) else figure


def correct_dosing(doses: Doses) -> Figure:
    """Days with exactly the prescribed number of doses, in percent of D."""
    seen = look(doses)
    days = seen.whole_days
    right = sum(day.taken == day.prescribed for day in days)
    return holding(percent(seen, "correct_dosing", (right, len(days)), len(days)), seen.whole)


def timing_window(doses: Doses, window: Window | None = None) -> Figure:
    """Doses opened from a before to b after they were due, in percent of those prescribed.

    `window` (a, b in minutes) for all of them; None: each dose's own. A dose that was taken at an
    unknown time is unknown here.
    """
    seen = look(doses)
    facts = [f for f in seen.known if not _timeless(f)]
    inside = sum(_inside(f, window or f.window) for f in facts)
    figure = percent(
        seen,
        "timing_window",
        (inside, len(facts)),
        len({f.slot.day for f in facts}),
        more_unknown=len(seen.known) - len(facts),
    )
    figure = holding(figure, facts)
    return replace(figure, window=(window,)) if window else figure


def _timeless(fact: DoseFact) -> bool:
    return fact.state is State.TAKEN and fact.opened_ms is None


def _inside(fact: DoseFact, window: Window) -> bool:
    if fact.state is not State.TAKEN or fact.opened_ms is None:
        return False
    begin_ms = fact.due_ms - window.early_min * MIN_MS
    return begin_ms <= fact.opened_ms <= fact.due_ms + window.late_min * MIN_MS


def timing_interval(doses: Doses, tau_min: int | None = None) -> Figure:
    """Intervals between openings within a quarter of the prescribed one, in percent.

    `tau_min` is the prescribed interval; None: that of the plan, from the dose due just before.
    No interval is counted over a dose that nobody knows of, a pause or a day away.
    """
    seen = look(doses)
    found = list(_intervals(seen))
    right = 0
    for taken_ms, planned_ms in found:
        tau_ms = tau_min * MIN_MS if tau_min else planned_ms
        right += abs(taken_ms - tau_ms) <= INTERVAL_SHARE * tau_ms
    more = sum(_timeless(f) for f in seen.known)
    counts = right, len(found)
    figure = percent(seen, "timing_interval", counts, seen.known_days, more)
    return holding(figure, [f for f in seen.known if not _timeless(f)])


def _intervals(seen: Seen) -> Iterator[tuple[int, int]]:
    """(opening to opening, due to due of the dose just before), both ms, where both are known."""
    before: DoseFact | None = None  # the dose due just before
    opened_ms: int | None = None  # the last opening, if nothing unknown lies after it
    unseen = sorted(seen.unseen)
    for fact in seen.prescribed:
        away = fact.day in seen.unseen
        broken = before is not None and _gap(unseen, before.day, fact.day)
        if broken or away or fact.state not in KNOWN or _timeless(fact):
            opened_ms = None
        if fact.state is State.TAKEN and fact.opened_ms is not None and not away:
            if before is not None and opened_ms is not None:
                yield fact.opened_ms - opened_ms, fact.due_ms - before.due_ms
            opened_ms = fact.opened_ms
        before = fact


def _gap(unseen: list[str], from_day: str, to_day: str) -> bool:
    """Whether nobody could see on any day from one to the other; `unseen` in order."""
    at = bisect.bisect_left(unseen, from_day)
    return at < len(unseen) and unseen[at] <= to_day


def any_dose(doses: Doses) -> Figure:
    """Days with at least one dose taken, in percent of D."""
    seen = look(doses)
    days = seen.whole_days
    some = sum(day.taken >= 1 for day in days)
    return holding(percent(seen, "any_dose", (some, len(days)), len(days)), seen.whole)


def drug_holidays(doses: Doses) -> Figure:
    """How many drug holidays there were; numerator: their days, denominator: the days of D."""
    seen = look(doses)
    runs = _runs(seen)
    judged = len(seen.whole_days)
    return replace(
        holding(bare(seen, "drug_holidays", judged), seen.whole),
        value=float(len(runs)) if judged else None,
        numerator=sum(map(len, runs)),
        denominator=judged,
        unit="runs",
    )


def holiday_runs(doses: Doses) -> tuple[tuple[str, ...], ...]:
    """The days of each drug holiday.

    A day without a prescribed dose neither ends a run nor counts in it; a day that cannot be
    judged, or on which nobody could see, ends it.
    """
    return _runs(look(doses))


def _runs(seen: Seen) -> tuple[tuple[str, ...], ...]:
    days = {day.day: day for day in seen.days}
    runs: list[tuple[str, ...]] = []
    run: tuple[str, ...] = ()
    for name in sorted(days.keys() | seen.unseen):
        day = days.get(name)
        if day is not None and day.whole and day.taken == 0:
            run = (*run, name)
            continue
        runs.append(run)
        run = ()
    return tuple(r for r in (*runs, run) if len(r) >= HOLIDAY_DAYS)


def persistence(doses: Doses) -> Figure:
    """Days from the first dose taken to the last, both included; apart from implementation."""
    seen = look(doses)
    taken = [day.day for day in seen.days if day.taken]
    length = (as_date(taken[-1]) - as_date(taken[0])).days + 1 if taken else 0
    whole = (as_date(doses.to_day) - as_date(doses.from_day)).days + 1
    return replace(
        bare(seen, "persistence", seen.known_days),
        value=float(length) if taken else None,
        numerator=length,
        denominator=whole,
        unit="days",
    )


def pdc(supply: Supply) -> Figure:
    """Days covered by supply of the days in the period; early refills are carried forward.

    Days away leave both and use nothing up. None where courses of the drug overlap: whether one
    adds to the other is not guessed.
    """
    unseen = away_days(supply.away)
    period = [d for d in days_between(supply.from_day, supply.to_day) if d not in unseen]
    covered = len(covered_days(supply) & frozenset(period))
    nothing = look(Doses((), supply.from_day, supply.to_day))
    figure = percent(nothing, "pdc", (covered, len(period)), len(period))
    if to_be_asked(supply):
        return replace(bare(nothing, "pdc", len(period)), unit="ratio")
    return _as_ratio(figure)


def _as_ratio(figure: Figure) -> Figure:
    value = figure.numerator / figure.denominator if figure.value is not None else None
    low = figure.low / 100 if figure.low is not None else None
    high = figure.high / 100 if figure.high is not None else None
    return replace(figure, value=value, low=low, high=high, unit="ratio")


def adherent(figure: Figure) -> bool | None:
    """Whether a PDC reaches what is called adherent; None where there is no PDC."""
    return None if figure.value is None else figure.value >= ADHERENT_FROM


def mpr(supply: Supply) -> Figure:
    """Medication possession ratio (CMA1), not capped: days' supply over days, last fill left out.

    Only fills within the period count; None for fewer than two days of fills, and where courses
    of the drug overlap.
    """
    before, last_day = last_fill_apart(kept(supply))
    days = sum(f.days_supply for f in before)
    whole = (as_date(last_day) - as_date(before[0].day)).days if before else 0
    nothing = look(Doses((), supply.from_day, supply.to_day))
    figure = replace(bare(nothing, "mpr", whole), unit="ratio")
    if to_be_asked(supply) or not whole:
        return figure
    return replace(figure, value=days / whole, numerator=days, denominator=whole)
