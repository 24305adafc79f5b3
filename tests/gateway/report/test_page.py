"""The page before it is printed: words whole in both languages, text that stays text."""

from __future__ import annotations

import string
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adherence.metrics_cleaned import Group, table
from gateway.adherence.metrics_input import Correction, Doses, Window
from gateway.adherence.outcomes import State
from gateway.adherence.summary import summary
from gateway.report.page import candidates, figures
from gateway.report.page.bars import BARS_MOST, KINDS, stretches
from gateway.report.page.markup import Markup, clip, tag
from gateway.report.page.sheet import DENSITIES
from gateway.report.page.words import CATALOGUES
from gateway.roster import LABELS
from tests.gateway.adherence.records import FIRST, dose, records
from tests.gateway.report.months import MONTHS, history_of, medication, month

VOID = {"meta", "br"}
BOOK = {drug: medication(n, LABELS) for n, drug in enumerate("ab")}


class Tags(HTMLParser):
    """Elements that are open, and whether each was closed in its turn; the addresses they name."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.asked += [value or "" for name, value in attrs if name in {"src", "href", "data"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def parsed(page: str) -> Tags:
    """The page as a parser that nobody here wrote sees it."""
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


@settings(max_examples=40)
@given(records(), st.text(max_size=20), st.sampled_from(list(CATALOGUES)))
def test_any_history_is_a_page(doses: Doses, typed: str, language: str) -> None:
    """Any record and any name give whole pages: every element closed, nothing to be fetched."""
    book = {k: replace(m, name=typed or "x", strength=typed) for k, m in BOOK.items()}
    history = replace(history_of(doses, book, 3), name=typed)
    for page in candidates(history, summary(history), language):
        tags = parsed(page)
        assert (tags.open, tags.wrong, tags.asked) == ([], [], [])
        assert not tags.seen & {"script", "img", "link", "iframe", "object"}


def test_words_are_the_same_in_both_languages() -> None:
    """Both catalogues have the same keys, in one order, with the same places for values."""
    korean, english = CATALOGUES["ko"], CATALOGUES["en"]
    assert list(korean) == list(english)
    for key in korean:
        assert _places(korean[key]) == _places(english[key]), key


def _places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_text_is_escaped_once() -> None:
    """Typed text is escaped, markup is not escaped again, and control characters are gone."""
    assert tag("b", "<i>&\x07") == "<b>&lt;i&gt;&amp; </b>"
    assert tag("b", tag("i", "x"), Markup("&nbsp;")) == "<b><i>x</i>&nbsp;</b>"
    assert tag("td", colspan=2, class_='"x') == '<td colspan="2" class="&quot;x"></td>'


@given(st.text(max_size=50), st.integers(2, 40))
def test_clipped_text_says_so(words: str, most: int) -> None:
    """A text is never longer than allowed, and one that lost something ends in a sign."""
    short = clip(words, most)
    assert len(short) <= most
    assert short == words or short.endswith("…")


def test_figures_carry_what_belongs_to_them() -> None:
    """A figure's line holds formula and window; raw and cleaned counts, interval, days, unknown."""
    history = MONTHS["ordinary"]
    rows = [r for r in summary(history).rows if r.group is Group.ALL]
    table = figures.overall(rows, "ko", symbols=True)
    (taken,) = [line for line in table.split("<tr>") if "복용률" in line]
    assert "복용한 횟수 ÷ 처방 횟수" in taken
    assert "100·Σn_d / Σp_d" in taken
    assert "−60/+60" in taken
    for figure in (rows[0].raw, rows[0].cleaned):
        assert f"{figure.numerator}/{figure.denominator}" in taken
        assert f"{figure.low:.1f}–{figure.high:.1f}" in taken
        assert f">{figure.monitored_days}<" in taken
        assert f">{figure.unknown} ({figure.doubtful})<" in taken


def test_a_window_of_the_cleaned_figure_alone_is_printed() -> None:
    """Where only a correction made a dose known, its window stands there all the same."""
    at_night = replace(dose(FIRST, "evening", None, State.UNKNOWN), window=Window(30, 30))
    said = Correction(1, at_night.slot, 1, "딸", "보았음")
    rows = table(Doses((at_night,), FIRST, FIRST), (said,))
    lines = figures.overall(rows, "ko", symbols=True).split("<tr>")
    (taken,) = [line for line in lines if "복용률" in line]
    assert "– → −30/+30" in taken


def test_a_week_is_named_by_its_days_in_the_period() -> None:
    """The first and the last week are cut where the period is."""
    rows = summary(MONTHS["ordinary"]).rows
    table = figures.grouped(rows, (Group.WEEK,), "ko")
    assert "3/4–3/8" in table
    assert "3/30–3/31" in table


@settings(max_examples=20, deadline=None)
@given(st.integers(36, 1200))
def test_bars_hold_every_dose(days: int) -> None:
    """However long, there are few bars, and what they show adds up to every dose of the period."""
    doses = month(days=days, drugs=1, labels=1).doses
    size, every = stretches(doses)
    assert len(every) <= BARS_MOST
    assert (size == 1) == (len(every) * 7 < days + 14 and days <= BARS_MOST * 7)
    assert sum(sum(counted.values()) for _, counted in every) == len(doses.facts)
    assert {kind for _, counted in every for kind in counted} <= set(KINDS)


def test_a_full_page_gives_way_step_by_step() -> None:
    """Letters never grow, the chronology goes before the charts, the lists go last."""
    sizes = [d.font_pt for d in DENSITIES]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 6
    charts = [(d.chart_mm > 0, d.times) for d in DENSITIES]
    assert charts == sorted(charts, reverse=True)
    assert all(d.drugs_most >= 12 for d in DENSITIES if d.chart_mm)
