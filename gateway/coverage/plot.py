"""The year as a plot: of each month how many are held by a net, and how many by none.

Knows: figures by month, how charts here are drawn. May not know: words (they are handed in), where
figures are from.

Held and not held differ in fill and in place, not in colour alone; each bar has its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.adherence.plots_svg import (
    CELADON,
    LINE,
    MARGIN,
    PAPER,
    VERMILION,
    WIDTH,
    element,
    framed,
    text,
)
from gateway.coverage.rows import Figures

MONTHS = 12
_TOP, _HEIGHT, _FOOT, _GAP, _SIZE = 64.0, 150.0, 26.0, 5.0, 14.0
_IDENT = "year"


@dataclass(frozen=True, slots=True)
class Month:
    """A month's name and figures; None: nothing was known then yet."""

    name: str
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Says:
    """The words of the plot: `told` is all of it in a sentence, for who cannot see it."""

    title: str
    covered: str
    uncovered: str
    told: str
    language: str


def year(months: Sequence[Month], says: Says) -> str:
    """One SVG element."""
    most = max((m.figures.people for m in months if m.figures), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(1, len(months))
    bars = "".join(
        _bar(month, MARGIN + n * step, step - _GAP, most) for n, month in enumerate(months)
    )
    base = _TOP + _HEIGHT
    axis = element("path", d=f"M{MARGIN} {base:.1f} H{WIDTH - MARGIN}", stroke=LINE, stroke_width=1)
    drawn = _legend(says) + bars + axis
    return framed(_IDENT, (says.title, says.told), says.language, base + _FOOT, drawn)


def _legend(says: Says) -> str:
    held = element("rect", x=MARGIN, y=6, width=16, height=16, fill=CELADON)
    open_ = _open(MARGIN, 30, 16, 16)
    words = text(MARGIN + 24, 19, says.covered, 14) + text(MARGIN + 24, 43, says.uncovered, 14)
    return held + open_ + words


def _bar(month: Month, x: float, wide: float, most: int) -> str:
    base, middle = _TOP + _HEIGHT, x + wide / 2
    name = text(middle, base + 18, month.name, _SIZE, text_anchor="middle")
    if month.figures is None or not month.figures.people:
        return name
    covered = _HEIGHT * month.figures.covered / most
    uncovered = _HEIGHT * month.figures.uncovered / most
    drawn = element("rect", x=x, y=base - covered, width=wide, height=covered, fill=CELADON)
    drawn += _open(x, base - covered - uncovered, wide, uncovered)
    top = base - covered - uncovered - 4
    return drawn + name + text(middle, top, str(month.figures.uncovered), _SIZE,
                               text_anchor="middle", font_weight=700, fill=VERMILION)  # fmt: skip


def _open(x: float, y: float, wide: float, high: float) -> str:
    """Hatched, within a line: held by nothing."""
    box = {"x": x, "y": y, "width": wide, "height": high}
    return element("rect", **box, fill=PAPER) + element(
        "rect", **box, fill=f"url(#{_IDENT}-hatch)", stroke=VERMILION, stroke_width=1
    )
