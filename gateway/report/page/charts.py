"""The charts of the page: calendar and chronology, and the weeks as bars where there are many.

Knows: which days a page has room for. May not know: the drawing of a dose, figures, tables.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, tzinfo

from gateway.adherence.metrics_input import Doses, as_date
from gateway.adherence.plots import Chart, calendar_plot, chronology
from gateway.report.page.bars import bars
from gateway.report.page.markup import Markup, tag
from gateway.report.page.words import say

SHOWN_DAYS = 28  # the newest days of a longer period
WHOLE_DAYS_MOST = 35  # so many are shown whole


def length_days(doses: Doses) -> int:
    """How many days the period has."""
    return (as_date(doses.to_day) - as_date(doses.from_day)).days + 1


def long(doses: Doses) -> bool:
    """Whether the weeks are told as bars, and the charts show the newest days only."""
    return length_days(doses) > WHOLE_DAYS_MOST


def recent(doses: Doses) -> Doses:
    """The part of a period that the charts show."""
    if not long(doses):
        return doses
    first = as_date(doses.to_day) - timedelta(SHOWN_DAYS - 1)
    return replace(doses, from_day=first.isoformat())


def charts(
    doses: Doses, corrected: int, zone: tzinfo, language: str, *, times: bool
) -> tuple[Markup, ...]:
    """The calendar, and where there is room the chronology, each one an element."""
    shown = recent(doses)
    drawn = [calendar_plot(Chart(shown, language, "calendar", corrected, statement=False))]
    if times:
        chart = Chart(shown, language, "chronology", corrected, statement=False)
        drawn.append(chronology(chart, zone))
    return tuple(tag("div", Markup(svg), class_="chart") for svg in drawn)


def weeks(doses: Doses, language: str) -> Markup:
    """The whole of a long period as bars."""
    return tag("div", Markup(bars(doses, language)), class_="bars")


def left_out(doses: Doses, language: str, *, drawn: bool, times: bool) -> Markup:
    """What the page has no room for, said in so many words."""
    told = []
    if not drawn:
        told.append(say(language, "charts.none"))
    elif not times:
        told.append(say(language, "charts.no_chronology"))
    if drawn and long(doses):
        told.append(say(language, "charts.recent", days=SHOWN_DAYS))
    return tag("p", " ".join(told), class_="left-out") if told else Markup("")
