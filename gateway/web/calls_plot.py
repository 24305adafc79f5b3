"""What she answered over weeks, as a plot: one row a question, one column a week.

Knows: figures by week, how charts here are drawn. May not know: words (they are handed in), where
figures are from, Flask.

The well answer is full, the other one hatched within a line, no answer an empty line: told apart
without colour. Nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.adherence.plots_svg import (
    CELADON,
    LINE,
    MARGIN,
    PAPER,
    SLATE,
    VERMILION,
    WIDTH,
    element,
    framed,
    text,
)
from gateway.calls.trend import Week

_IDENT = "calls"
_SIZE, _SMALL = 14.0, 12.0
_LEGEND, _ROW, _BAR, _GAP = 76.0, 64.0, 30.0, 4.0


@dataclass(frozen=True, slots=True)
class Says:
    """The words: `told` is all of it in sentences, for who cannot see it."""

    title: str
    told: str
    good: str
    not_good: str
    open: str
    since: str  # the first week's day
    now: str
    language: str


def plot(rows: Sequence[tuple[str, Sequence[Week]]], says: Says) -> str:
    """One SVG element: (question, its weeks) from above."""
    drawn = "".join(_row(name, weeks, _LEGEND + n * _ROW) for n, (name, weeks) in enumerate(rows))
    base = _LEGEND + len(rows) * _ROW
    foot = text(MARGIN, base + 6, says.since, _SMALL)
    foot += text(WIDTH - MARGIN, base + 6, says.now, _SMALL, text_anchor="end")
    whole = _legend(says) + drawn + foot
    return framed(_IDENT, (says.title, says.told), says.language, base + 14, whole)


def _legend(says: Says) -> str:
    drawn = ""
    for n, (paint, word) in enumerate(
        ((_good, says.good), (_not_good, says.not_good), (_open, says.open))
    ):
        y = 4 + n * 22
        drawn += paint(MARGIN, y, 16, 16) + text(MARGIN + 24, y + 13, word, _SIZE)
    return drawn


def _row(name: str, weeks: Sequence[Week], top: float) -> str:
    step = (WIDTH - 2 * MARGIN) / max(1, len(weeks))
    most = max((w.good + w.not_good + w.open for w in weeks), default=0) or 1
    base = top + _ROW - 12
    drawn = text(MARGIN, top + 12, name, _SIZE, font_weight=700)
    drawn += element("path", d=f"M{MARGIN} {base:.1f} H{WIDTH - MARGIN}", stroke=LINE)
    for n, week in enumerate(weeks):
        y = base
        parts = ((_good, week.good), (_not_good, week.not_good), (_open, week.open))
        for paint, count in parts:
            high = _BAR * count / most
            y -= high
            drawn += paint(MARGIN + n * step + _GAP / 2, y, step - _GAP, high) if count else ""
    return drawn


def _good(x: float, y: float, wide: float, high: float) -> str:
    return element("rect", x=x, y=y, width=wide, height=high, fill=CELADON)


def _not_good(x: float, y: float, wide: float, high: float) -> str:
    box = {"x": x, "y": y, "width": wide, "height": high}
    lined = {"fill": f"url(#{_IDENT}-hatch)", "stroke": VERMILION, "stroke_width": 1.4}
    return element("rect", **box, fill=PAPER) + element("rect", **box, **lined)


def _open(x: float, y: float, wide: float, high: float) -> str:
    lined = {"fill": "none", "stroke": SLATE, "stroke_dasharray": "3 2"}
    return element("rect", x=x, y=y, width=wide, height=high, **lined)
