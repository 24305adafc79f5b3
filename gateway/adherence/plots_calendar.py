"""The calendar plot: a column a weekday, a row a week, a sign for every dose.

Knows: how days lie in weeks and doses in a day. May not know: times of opening, the time now.
"""

from __future__ import annotations

from datetime import date, timedelta

from gateway.adherence.metrics_input import as_date
from gateway.adherence.metrics_words import day_words, say
from gateway.adherence.plots_frame import TEXT_SIZE, Chart, foot, head, legend, signs, whole
from gateway.adherence.plots_svg import (
    LINE,
    MARGIN,
    PAPER,
    SHADE,
    WIDTH,
    Sign,
    element,
    sign,
    text,
    width_of,
)
from gateway.roster import LABELS

COLUMN = (WIDTH - 2 * MARGIN) / 7
DAY_SIZE = 15
TITLE = "calendar.title"


def calendar_plot(chart: Chart) -> str:
    """The SVG of a period's days, a week a row, Monday first."""
    days = signs(chart.doses)
    labels = _labels([fact.label for of_day in days.values() for fact, _ in of_day])
    drawn, y = head(chart, TITLE)
    for n in range(7):
        middle = MARGIN + (n + 0.5) * COLUMN
        words = say(chart.language, f"weekday.{n}")
        drawn += text(middle, y + 10, words, TEXT_SIZE, text_anchor="middle", font_weight=700)
    y += 20
    first, last = as_date(chart.doses.from_day), as_date(chart.doses.to_day)
    monday = first - timedelta(first.weekday())
    while monday <= last:
        for day in (monday + timedelta(n) for n in range(7)):
            if first <= day <= last:
                of_day = {fact.label: kind for fact, kind in days.get(day.isoformat(), [])}
                drawn += _cell(chart, day, y, labels, of_day, named=day == first or day.day == 1)
        monday += timedelta(7)
        y += _height(labels)
    used = [kind for of_day in days.values() for _, kind in of_day]
    drawn, y = _key(chart, labels, used, drawn, y + 26)
    below, y = foot(chart, y)
    return whole(chart, TITLE, drawn + below, y, used)


def _labels(found: list[str]) -> tuple[str, ...]:
    """The slot labels of the period in the order of the day."""
    named = tuple(label for label in LABELS if label in found)
    return named + tuple(sorted(set(found) - set(LABELS)))


def _places(labels: tuple[str, ...]) -> tuple[list[tuple[float, float]], float]:
    """Where each label's sign stands below the day's number, and how large the signs are."""
    middle = COLUMN / 2
    if len(labels) <= 1:
        return [(middle, 18.0)], 31.0
    size, step = 20.5, 11.6
    return [
        (middle + (step if n % 2 else -step), 13.0 + 23.5 * (n // 2)) for n in range(len(labels))
    ], size


def _height(labels: tuple[str, ...]) -> float:
    places, size = _places(labels)
    return 21 + places[-1][1] + size / 2 + 6


def _cell(
    chart: Chart,
    day: date,
    y: float,
    labels: tuple[str, ...],
    of_day: dict[str, Sign],
    *,
    named: bool,
) -> str:
    x = MARGIN + day.weekday() * COLUMN
    away = bool(of_day) and set(of_day.values()) == {Sign.AWAY}
    drawn = element(
        "rect", x=x, y=y, width=COLUMN, height=_height(labels), stroke=LINE,
        fill=SHADE if away else PAPER,
    )  # fmt: skip
    number = day_words(chart.language, day, "date.short") if named else str(day.day)
    drawn += text(x + 4, y + 17, number, DAY_SIZE, font_weight=700 if named else 400)
    places, size = _places(labels)
    for label, (dx, dy) in zip(labels, places, strict=False):  # one place where no label is
        if label in of_day:
            drawn += sign(of_day[label], x + dx, y + 21 + dy, size, chart.ident)
    return drawn


def _key(
    chart: Chart, labels: tuple[str, ...], used: list[Sign], drawn: str, y: float
) -> tuple[str, float]:
    """The legend, and which place in a day is which slot."""
    below, y = legend(chart, used, y)
    drawn += below
    if len(labels) > 1:
        words = say(chart.language, "calendar.order")
        drawn += text(MARGIN, y + 10, words, TEXT_SIZE, font_weight=700)
        x = MARGIN + width_of(words, TEXT_SIZE) + 12
        wide = max(width_of(_name(chart, label), TEXT_SIZE) for label in labels) + 16
        for n, label in enumerate(labels):
            at_x, at_y = x + wide * (n % 2), y - 8 + 25 * (n // 2)
            drawn += element("rect", x=at_x, y=at_y, width=wide, height=25, fill=PAPER, stroke=LINE)
            middle = at_x + wide / 2
            drawn += text(middle, at_y + 18, _name(chart, label), TEXT_SIZE, text_anchor="middle")
        y += 25 * ((len(labels) + 1) // 2) + 6
    return drawn, y + 4


def _name(chart: Chart, label: str) -> str:
    return say(chart.language, f"label.{label}") if label in LABELS else label
