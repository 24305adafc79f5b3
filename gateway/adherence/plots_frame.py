"""What every chart of doses has around it: title, legend, and what EMERGE asks to be said.

Knows: the parts and their order, what a screen reader is told. May not know: the drawing inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.adherence.metrics_days import KNOWN, UNCONFIRMED, look
from gateway.adherence.metrics_input import DoseFact, Doses
from gateway.adherence.metrics_words import emerge, period_words, say
from gateway.adherence.outcomes import How, State
from gateway.adherence.plots_svg import (
    LINE,
    MARGIN,
    SOFT,
    WIDTH,
    Sign,
    element,
    framed,
    paragraph,
    sign,
    text,
    width_of,
)

TITLE_SIZE = 23
TEXT_SIZE = 16
SMALL_SIZE = 15
LEGEND_STEP = 31
ROOM = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw. `ident` is unlike that of any other chart on the page.

    `corrected`: how many corrections by persons are in the doses; None: the raw record.
    `statement`: False only where the page says under several charts what EMERGE asks, once.
    """

    doses: Doses
    language: str
    ident: str
    corrected: int | None = None
    statement: bool = True


def sign_of(fact: DoseFact, unseen: frozenset[str]) -> Sign:
    """What a chart says of a dose, without its time."""
    if fact.state is State.PAUSED or (fact.day in unseen and fact.state is not State.TAKEN):
        return Sign.AWAY
    if fact.state in UNCONFIRMED:
        return Sign.UNKNOWN
    if fact.state not in KNOWN:
        return Sign.AHEAD
    if fact.state is State.TAKEN:
        return Sign.WORD if fact.how is How.BY_WORD else Sign.OPENED
    return Sign.NOT_OPENED


def signs(doses: Doses) -> dict[str, list[tuple[DoseFact, Sign]]]:
    """The period's doses and their signs, by day."""
    seen = look(doses)
    found: dict[str, list[tuple[DoseFact, Sign]]] = {}
    for fact in seen.prescribed:
        found.setdefault(fact.day, []).append((fact, sign_of(fact, seen.unseen)))
    return found


def head(chart: Chart, title: str) -> tuple[str, float]:
    """Title and period, and the y below them."""
    language, doses = chart.language, chart.doses
    name = text(MARGIN, 27, say(language, title), TITLE_SIZE, font_weight=700)
    period = period_words(language, doses.from_day, doses.to_day)
    lines, y = paragraph(MARGIN, 52, period, TEXT_SIZE, ROOM, fill=SOFT)
    return name + lines, y + 4


def legend(chart: Chart, used: Iterable[Sign], y: float) -> tuple[str, float]:
    """The signs that were used with their words, in their order, two in a row where they fit."""
    drawn, size, column = "", 22, 0
    these = set(used)
    for kind in (kind for kind in Sign if kind in these):
        words = say(chart.language, f"sign.{kind}")
        wide = size + 6 + width_of(words, TEXT_SIZE) > ROOM / 2
        if column and wide:
            column, y = 0, y + LEGEND_STEP
        x = MARGIN + column * ROOM / 2
        drawn += sign(kind, x + size / 2, y + 4, size, chart.ident)
        drawn += text(x + size + 6, y + 10, words, TEXT_SIZE)
        column = 0 if column or wide else 1
        y += 0 if column else LEGEND_STEP
    return drawn, y + (LEGEND_STEP if column else 0)


def foot(chart: Chart, y: float) -> tuple[str, float]:
    """A rule, and under it what EMERGE asks to be said."""
    if not chart.statement:
        return "", y
    drawn = element("path", d=f"M{MARGIN} {y:.1f} H{WIDTH - MARGIN}", stroke=LINE, stroke_width=1)
    y += 25
    heading = say(chart.language, "emerge.title")
    lines, y = paragraph(MARGIN, y, heading, SMALL_SIZE, ROOM, font_weight=700)
    drawn += lines
    for sentence in emerge(chart.doses, chart.language, chart.corrected):
        lines, y = paragraph(MARGIN, y + 5, sentence, SMALL_SIZE, ROOM, fill=SOFT)
        drawn += lines
    return drawn, y


def whole(chart: Chart, title: str, drawn: str, height: float, all_signs: list[Sign]) -> str:
    """The chart as one SVG element, with a title and a description for who cannot see it."""
    language, ident = chart.language, chart.ident
    counts = Counter(all_signs)
    told = [
        say(language, "summary", sign=say(language, f"sign.{kind}"), count=counts[kind])
        for kind in Sign
        if counts[kind]
    ]
    period = period_words(language, chart.doses.from_day, chart.doses.to_day)
    spoken = ". ".join([", ".join(told), *emerge(chart.doses, language, chart.corrected)])
    says = f"{say(language, title)}, {period}", spoken
    return framed(ident, says, language, height, drawn)
