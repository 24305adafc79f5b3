"""What it costs to fold the years of one resident, and every figure of adherence over them.

`history`: out of the folded household; `summary`: all figures of it, raw and cleaned, of all doses,
each drug, slot and week.

Knows: which calls are timed and against what. May not know: how the years are drawn, how it is
told.

The baseline of the same run is `json.loads` of the same facts as the log keeps them: to read them
at all costs so much. `growth`: an event of the last year by one of the first, or a metric over all
years by as many times the first year; 1 = the cost does not grow with what lies before.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from gateway import household as households
from gateway.adherence import metrics, metrics_cleaned
from gateway.adherence.history import History, history
from gateway.adherence.metrics_days import days_of
from gateway.adherence.metrics_input import Correction, Doses, Supply
from gateway.adherence.metrics_supply import to_be_asked
from gateway.adherence.summary import summary
from gateway.events import DeviceRecord, Event, to_json
from gateway.home import Home
from gateway.household import Household
from gateway.units import DAY_MS
from tools.bench.years import BEGAN, PERSON, YEAR_DAYS, Plans, Resident, midnight_ms

REPEATS = 3
LOOKS = 50
OF_DOSES: tuple[Callable[[Doses], object], ...] = (
    *metrics_cleaned.IMPLEMENTATION,
    *metrics_cleaned.OF_THE_WHOLE,
    metrics.holiday_runs,
    days_of,
)
OF_SUPPLY: tuple[Callable[[Supply], object], ...] = (metrics.pdc, metrics.mpr, to_be_asked)
OF_BOTH: tuple[Callable[[Doses, tuple[Correction, ...]], object], ...] = (
    metrics_cleaned.cleaned,
    metrics_cleaned.table,
)


def measure(years: int) -> dict[str, Any]:
    """Lives the years, folds them, counts; the report as one object."""
    days = years * YEAR_DAYS
    log, ends = _lived(days)
    lines = [json.dumps(to_json(fact), ensure_ascii=False) for fact in log]
    reading_s = _best(lambda: [json.loads(line) for line in lines])
    folds = [_fold(log, ends) for _ in range(REPEATS)]
    fold_s = min(total for _household, total, _growth in folds)
    household = folds[0][0]
    slot_events = sum(isinstance(f, DeviceRecord) and f.slot_day is not None for f in log)
    return {
        "years": years,
        "facts": len(log),
        "slot_events": slot_events,
        "json_loads_s": round(reading_s, 3),
        "fold_s": round(fold_s, 3),
        "fold_us_a_fact": round(1e6 * fold_s / len(log), 2),
        "fold_to_json_loads": round(fold_s / reading_s, 2),
        "fold_growth": round(sorted(growth for _h, _s, growth in folds)[REPEATS // 2], 2),
        "look_us": {year: _look_us(log[: ends[year - 1]], year) for year in sorted({1, years})},
        **_figures(household, days, reading_s),
    }


def _lived(days: int) -> tuple[list[Event], list[int]]:
    """The log, and how long it was at the end of each year."""
    resident = Resident(Plans(days), seed=1)
    log, ends = [*resident.begin()], []
    for day in range(days):
        log += resident.day(day)
        if day % YEAR_DAYS == YEAR_DAYS - 1:
            ends.append(len(log))
    return log, ends


def _fold(log: list[Event], ends: list[int]) -> tuple[Household, float, float]:
    """The household, seconds for all, and a fact of the last year by one of the first."""
    household, begin, each = Household(), 0, []
    for end in ends:
        started = time.process_time()
        for fact in log[begin:end]:
            households.fold(household, fact)
        each.append((time.process_time() - started, end - begin))
        begin = end
    (first_s, first), (last_s, last) = each[0], each[-1]
    return household, sum(s for s, _n in each), (last_s / last) / (first_s / first)


def _look_us(log: list[Event], years: int) -> float:
    """To ask a home once, and when it is to be asked again: at each noon of the last days."""
    home, end_ms = Home(), midnight_ms(years * YEAR_DAYS)
    noons = [end_ms - day * DAY_MS - DAY_MS // 2 for day in range(LOOKS)]
    for fact in log:
        home.fold(fact)

    def looks() -> None:
        for now_ms in noons:
            home.decide(now_ms)
            home.next_deadline(now_ms)

    return round(1e6 * _best(looks) / LOOKS, 1)


def _figures(household: Household, days: int, reading_s: float) -> dict[str, Any]:
    gc.collect()
    gc.freeze()  # the collector's walks through the household are not the figures' cost
    of_year, of_all = _timed(household, YEAR_DAYS), _timed(household, days)
    gc.unfreeze()
    told = _history(household, days)
    rows = {name: _row(of_all[name], of_year[name], days, reading_s) for name in of_all}
    return {
        "doses": len(told.doses.facts),
        "corrections": len(told.corrections),
        "openings": len(told.openings),
        "fills": sum(len(supply.fills) for supply in told.supplies),
        "figures": sum(2 for _row in (*summary(told).rows, *summary(told).supply)),
        "taking_percent": round(metrics.taking(told.doses).value or 0, 2),
        "metrics": rows,
    }


def _timed(household: Household, days: int) -> dict[str, float]:
    """Seconds of the history, of each figure and of the summary of the first so many days."""
    told = _history(household, days)
    (supply,) = told.supplies
    work: dict[str, Callable[[], object]] = {
        "history": partial(_history, household, days),
        **{figure.__name__: partial(figure, told.doses) for figure in OF_DOSES},
        **{figure.__name__: partial(figure, supply) for figure in OF_SUPPLY},
        **{figure.__name__: partial(figure, told.doses, told.corrections) for figure in OF_BOTH},
        "summary": partial(summary, told),
    }
    return {name: _best(each) for name, each in work.items()}


def _row(all_s: float, year_s: float, days: int, reading_s: float) -> dict[str, float]:
    return {
        "ms": round(1000 * all_s, 2),
        "to_json_loads": round(all_s / reading_s, 3),
        "growth": round(all_s / year_s / (days / YEAR_DAYS), 2),
    }


def _history(household: Household, days: int) -> History:
    """The history of the first so many days, as of their end."""
    last = (BEGAN + timedelta(days - 1)).isoformat()
    return history(household, PERSON, BEGAN.isoformat(), last, midnight_ms(days))


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs: the others were disturbed."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)
