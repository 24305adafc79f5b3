"""The one page: what stands on it in which order, and how it gives way where there is much.

Knows: the parts, and what is left out first. May not know: how long a line becomes on paper.

A page that is too full is set smaller, then loses the chronology, then the charts, then the end of
its lists; each time it says so on itself. The last candidate has so few lines that it always fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.adherence.history import History
from gateway.adherence.metrics_cleaned import Group
from gateway.adherence.metrics_words import period_words
from gateway.adherence.summary import Summary
from gateway.report.page import charts, figures, notes
from gateway.report.page.drugs import drugs
from gateway.report.page.markup import Markup, clip, document, tag
from gateway.report.page.styles import sheet
from gateway.report.page.words import say
from gateway.zones import local

NAME_MOST = 40


@dataclass(frozen=True, slots=True)
class Density:
    """How full a page may be set."""

    font_pt: float
    chart_mm: int = 0  # 0: no charts
    times: bool = True  # the chronology too
    symbols: bool = True  # formulas in symbols too, not in words alone
    drugs_most: int = 40
    notes_most: int = 8


DENSITIES = (
    Density(7.4, 46),
    Density(7.0, 48),
    Density(6.6, 46, symbols=False),
    Density(6.2, 42, symbols=False),
    Density(6.0, 38, symbols=False, notes_most=5),
    Density(6.0, 50, symbols=False, times=False, notes_most=5),
    Density(6.0, 0, symbols=False, times=False, notes_most=5),
    Density(6.0, 0, symbols=False, times=False, drugs_most=8, notes_most=2),
)
TIGHT_MM = 44  # with wider charts the table beside them has narrow columns


def candidates(history: History, summary: Summary, language: str) -> tuple[str, ...]:
    """The page as HTML documents, the fullest first: the first that fits one sheet is the page.

    Raises KeyError for a language there is not.
    """
    return tuple(_page(history, summary, language, density) for density in DENSITIES)


def _page(history: History, summary: Summary, language: str, density: Density) -> str:
    period = period_words(language, history.from_day, history.to_day)
    name = clip(history.name or history.person_id, NAME_MOST)
    style = sheet(density.font_pt, density.chart_mm)
    return document(
        language,
        say(language, "title.whole", name=name, period=period),
        style,
        tag("h1", say(language, "title"), " — ", say(language, "name", name=name)),
        tag("p", tag("b", period), " · ", say(language, "made", at=_made(history))),
        tag("p", say(language, "not_an_ingestion"), class_="caution"),
        tag("h2", say(language, "drugs")),
        drugs(history, summary, language, density.drugs_most),
        tag("h2", say(language, "figures")),
        figures.overall(summary.rows, language, symbols=density.symbols),
        tag("p", say(language, "figures.key"), class_="key"),
        _below(history, summary, language, density),
        _foot(history, language),
    )


def _made(history: History) -> str:
    then: datetime = local(history.as_of_ms, history.zone)
    return then.strftime("%Y-%m-%d %H:%M")


def _below(history: History, summary: Summary, language: str, density: Density) -> Markup:
    """Charts on the left, slots, weeks and what persons said on the right."""
    after = history.cleaned
    many = charts.long(after)
    count = len(history.corrections)
    drawn = (
        charts.charts(after, count, history.zone, language, times=density.times)
        if density.chart_mm
        else ()
    )
    labels = {fact.slot: fact.label for fact in history.doses.facts}
    groups = (Group.LABEL,) if many else (Group.LABEL, Group.WEEK)
    side = tag(
        "div",
        figures.grouped(summary.rows, groups, language),
        notes.corrections(history.corrections, labels, language, density.notes_most),
        notes.as_needed(summary.as_needed, history.zone, language, density.notes_most),
        notes.away(history.away, language, density.notes_most),
        charts.left_out(after, language, drawn=bool(density.chart_mm), times=density.times),
        class_=_side(density),
    )
    above = charts.weeks(after, language) if many else Markup("")
    return tag("div", above, tag("div", *drawn, side, class_="below") if drawn else side)


def _side(density: Density) -> str:
    """How the table beside the charts breaks its cells."""
    if not density.chart_mm:
        return "side alone"
    return "side tight" if density.chart_mm > TIGHT_MM else "side"


def _foot(history: History, language: str) -> Markup:
    count = len(history.corrections)
    return tag("footer", notes.emerge(history.cleaned, language, count))
