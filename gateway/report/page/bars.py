"""A long period as bars, one a week or one for several: what became of how many doses.

Knows: how weeks are put together and drawn. May not know: days, drugs, the time now.
"""

from __future__ import annotations

import math
from collections import Counter

from gateway.adherence.metrics_cleaned import by_week
from gateway.adherence.metrics_input import Doses, as_date
from gateway.adherence.metrics_words import day_words, period_words
from gateway.adherence.plots_frame import signs
from gateway.adherence.plots_svg import (
    CELADON,
    FONT,
    INK,
    LINE,
    PAPER,
    SLATE,
    VERMILION,
    Sign,
    element,
    escape,
    hatch,
    text,
    width_of,
)
from gateway.report.page.words import say

WIDTH, HEIGHT = 760, 70  # of the drawing, of the highest bar
BARS_MOST = 60
SIZE = 11
IDENT = "bars"
# From the ground up. Told apart without colour: full, crossed out by a frame, hatched, a thin line.
KINDS = {
    "taken": (Sign.OPENED, Sign.OUTSIDE, Sign.WORD),
    "missed": (Sign.NOT_OPENED,),
    "unknown": (Sign.UNKNOWN,),
    "away": (Sign.AWAY,),
}
PAINT: dict[str, dict[str, object]] = {
    "taken": {"fill": CELADON},
    "missed": {"fill": PAPER, "stroke": VERMILION, "stroke_width": 1.6},
    "unknown": {"fill": f"url(#{IDENT}-hatch)", "stroke": SLATE, "stroke_width": 0.8},
    "away": {"fill": PAPER, "stroke": LINE, "stroke_width": 0.8, "stroke_dasharray": "2 2"},
}


def stretches(doses: Doses) -> tuple[int, list[tuple[str, Counter[str]]]]:
    """How many weeks a bar has, and of each its first day and how many doses of each kind."""
    every = list(by_week(doses).values())
    size = max(1, math.ceil(len(every) / BARS_MOST))
    found = []
    for n in range(0, len(every), size):
        counted: Counter[str] = Counter()
        for week in every[n : n + size]:
            counted.update(_kinds(week))
        found.append((every[n].from_day, counted))
    return size, found


def _kinds(week: Doses) -> Counter[str]:
    drawn = [sign for of_day in signs(week).values() for _, sign in of_day]
    return Counter(kind for kind, of in KINDS.items() for sign in drawn if sign in of)


def bars(doses: Doses, language: str) -> str:
    """The bars as one SVG with a title, a text for every bar, and a legend."""
    size, every = stretches(doses)
    most = max((sum(counted.values()) for _, counted in every), default=0) or 1
    step = min(26.0, WIDTH / len(every))
    drawn, ground = "", 24 + HEIGHT
    labelled = math.ceil(width_of("88/88 ", SIZE) / step)
    for n, (day, counted) in enumerate(every):
        drawn += _bar(n * step, step, ground, HEIGHT / most, counted)
        words = day_words(language, as_date(day), "date.short")
        if n % labelled == 0 and n * step + width_of(words, SIZE) <= WIDTH:
            drawn += text(n * step, ground + 16, words, SIZE)
    title = say(language, "bars") if size == 1 else say(language, "bars.several", count=size)
    period = period_words(language, doses.from_day, doses.to_day)
    drawn += element("path", d=f"M0 {ground} H{WIDTH}", stroke=LINE, stroke_width=1)
    told = ". ".join(say(language, "bars.told", day=day, **_all(c)) for day, c in every)
    return element(
        "svg",
        element("title", escape(f"{title}, {period}")),
        element("desc", escape(told)),
        hatch(IDENT),
        text(0, 14, title, SIZE + 1, font_weight=700),
        _legend(language),
        drawn,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {ground + 22}", width="100%",
        role="img", lang=language, font_family=FONT, fill=INK,
    )  # fmt: skip


def _all(counted: Counter[str]) -> dict[str, int]:
    return {kind: counted[kind] for kind in KINDS}


def _bar(x: float, step: float, ground: float, scale: float, counted: Counter[str]) -> str:
    drawn, y = "", ground
    for kind in KINDS:
        high = counted[kind] * scale
        y -= high
        if high:
            width = step * 0.72
            drawn += element("rect", x=x, y=y, width=width, height=high, **PAINT[kind])
    return drawn


def _legend(language: str) -> str:
    drawn, x = "", WIDTH * 0.5
    for kind in KINDS:
        words = say(language, f"bar.{kind}")
        drawn += element("rect", x=x, y=4.0, width=13, height=11, **PAINT[kind])
        drawn += text(x + 20, 14, words, SIZE)
        x += 20 + width_of(words, SIZE) + 16
    return drawn
