"""The chronology: the hour of each opening over the days, with the windows behind.

Knows: how clock times lie on a day's line. May not know: weeks, the time now.

A dose stands on the line of the day it belongs to: one that was opened after midnight stands
above 24 hours, on the day before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from gateway.adherence.metrics_input import DoseFact, as_date
from gateway.adherence.metrics_words import day_words, say
from gateway.adherence.plots_frame import TEXT_SIZE, Chart, foot, head, legend, signs, whole
from gateway.adherence.plots_svg import (
    CELADON,
    INK,
    LINE,
    MARGIN,
    PAPER,
    SHADE,
    SOFT,
    UMBER,
    WASH,
    WIDTH,
    Sign,
    element,
    sign,
    text,
)
from gateway.units import MIN_MS
from gateway.zones import local

TITLE = "chronology.title"
AXIS = 50
DAYS_A_ROW = 14
COLUMN = (WIDTH - AXIS - MARGIN) / DAYS_A_ROW
HOUR = 13.5
STEP_H = 3  # hours from line to line
SIGN_SIZE = 17.0
DAY_SIZE = 14


@dataclass(frozen=True, slots=True)
class Scale:
    """Hours of a day as heights; `top` is the y of the first hour."""

    first_h: int
    last_h: int
    top: float

    def y(self, hours: float) -> float:
        """The height of an hour of the day."""
        return self.top + (hours - self.first_h) * HOUR

    @property
    def bottom(self) -> float:
        """The y of the last hour."""
        return self.y(self.last_h)


def chronology(chart: Chart, zone: tzinfo) -> str:
    """The SVG of a period's openings in the home's zone, two weeks a panel."""
    days = {d: [(f, _sign(f, kind)) for f, kind in of] for d, of in signs(chart.doses).items()}
    every = [one for of_day in days.values() for one in of_day]
    hours = [h for fact, kind in every for h in _reach(fact, kind, zone)] or [6.0, 22.0]
    first_h = math.floor((min(hours) - 0.4) / STEP_H) * STEP_H
    last_h = math.ceil((max(hours) + 0.4) / STEP_H) * STEP_H
    drawn, y = head(chart, TITLE)
    day, last = as_date(chart.doses.from_day), as_date(chart.doses.to_day)
    while day <= last:
        scale = Scale(first_h, last_h, y + 6)
        panel = [day + timedelta(n) for n in range(min(DAYS_A_ROW, (last - day).days + 1))]
        drawn += _grid(chart, scale, len(panel))
        for n, one in enumerate(panel):
            of_day = days.get(one.isoformat(), [])
            drawn += _column(chart, scale, n, of_day, zone) + _day(chart, scale, n, one)
        day += timedelta(DAYS_A_ROW)
        y = scale.bottom + 46
    used = [kind for _, kind in every]
    below, y = _legend(chart, used, y + 12)
    under, y = foot(chart, y + 4)
    return whole(chart, TITLE, drawn + below + under, y, used)


def _sign(fact: DoseFact, kind: Sign) -> Sign:
    """The sign with its time: opened, but not within its window, is told apart."""
    if kind is not Sign.OPENED or fact.opened_ms is None:
        return kind
    minutes = (fact.opened_ms - fact.due_ms) / MIN_MS
    inside = -fact.window.early_min <= minutes <= fact.window.late_min
    return kind if inside else Sign.OUTSIDE


def _hours(ms: int, day: str, zone: tzinfo) -> float:
    """Clock hours from the midnight a day begins with; 25.5 is half past one the night after."""
    then = local(ms, zone)
    return (then.date() - as_date(day)).days * 24 + then.hour + then.minute / 60


def _at(fact: DoseFact, kind: Sign, zone: tzinfo) -> float:
    """Where the sign stands: at its opening, else at its due time."""
    opened = kind in (Sign.OPENED, Sign.OUTSIDE) and fact.opened_ms is not None
    ms = fact.opened_ms if opened and fact.opened_ms is not None else fact.due_ms
    return _hours(ms, fact.day, zone)


def _reach(fact: DoseFact, kind: Sign, zone: tzinfo) -> Iterable[float]:
    due = _hours(fact.due_ms, fact.day, zone)
    yield from (due - fact.window.early_min / 60, due + fact.window.late_min / 60)
    yield _at(fact, kind, zone)


def _grid(chart: Chart, scale: Scale, columns: int) -> str:
    right = AXIS + columns * COLUMN
    drawn = ""
    for hour in range(scale.first_h, scale.last_h + 1, STEP_H):
        y = scale.y(hour)
        midnight = hour % 24 == 0
        drawn += element(
            "path", d=f"M{AXIS} {y:.1f} H{right:.1f}", stroke=SOFT if midnight else LINE,
            stroke_width=1.4 if midnight else 0.7, stroke_dasharray=None if midnight else "2 3",
        )  # fmt: skip
        words = say(chart.language, "clock", hour=hour % 24)
        drawn += text(AXIS - 6, y + 5, words, DAY_SIZE, text_anchor="end")
    return drawn


def _column(
    chart: Chart, scale: Scale, n: int, of_day: list[tuple[DoseFact, Sign]], zone: tzinfo
) -> str:
    """One day: the windows as bands with their due time, the signs on top."""
    x = AXIS + n * COLUMN
    bands, marks = "", ""
    for fact, kind in of_day:
        due = _hours(fact.due_ms, fact.day, zone)
        begin = scale.y(due - fact.window.early_min / 60)
        end = scale.y(due + fact.window.late_min / 60)
        bands += element(
            "rect", x=x + 0.5, y=begin, width=COLUMN - 1, height=end - begin,
            fill=SHADE if kind is Sign.AWAY else WASH,
        )  # fmt: skip
        if kind is not Sign.AWAY:
            level = f"M{x + 0.5:.1f} {scale.y(due):.1f} h{COLUMN - 1:.1f}"
            bands += element("path", d=level, stroke=CELADON, stroke_width=1)
    for fact, kind in sorted(of_day, key=lambda one: one[1] is Sign.OUTSIDE):
        at, middle = scale.y(_at(fact, kind, zone)), x + COLUMN / 2
        if kind is Sign.OUTSIDE:  # so that it is seen to which dose it belongs
            due_y = scale.y(_hours(fact.due_ms, fact.day, zone))
            stem = f"M{middle:.1f} {due_y:.1f} V{at:.1f}"
            bands += element("path", d=stem, stroke=UMBER, stroke_width=2)
        parted = kind not in (Sign.AWAY, Sign.AHEAD)
        marks += sign(kind, middle, at, SIGN_SIZE, chart.ident, halo=parted)
    return bands + marks


def _day(chart: Chart, scale: Scale, n: int, day: date) -> str:
    """The day's number below its column; the month below the first, and where it changes."""
    x = AXIS + (n + 0.5) * COLUMN
    heavy = 700 if day.weekday() == 0 else 400
    drawn = text(
        x, scale.bottom + 19, str(day.day), DAY_SIZE, text_anchor="middle", font_weight=heavy
    )
    if n == 0 or day.day == 1:
        month = day_words(chart.language, day, "month")
        drawn += text(x - COLUMN / 2 + 2, scale.bottom + 38, month, DAY_SIZE, font_weight=700)
    return drawn


def _legend(chart: Chart, used: list[Sign], y: float) -> tuple[str, float]:
    """The signs, and what the bands are."""
    drawn, y = legend(chart, used, y)
    drawn += element("rect", x=MARGIN, y=y - 6, width=22, height=20, fill=WASH, stroke=PAPER)
    drawn += element("path", d=f"M{MARGIN} {y + 4:.1f} h22", stroke=CELADON, stroke_width=1.5)
    drawn += text(MARGIN + 28, y + 10, say(chart.language, "sign.window"), TEXT_SIZE, fill=INK)
    return drawn, y + 27
